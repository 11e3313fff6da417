"""To whom to complain."""

from actions.guidance import Guidance


class ActionComplaintWhere(Guidance):
    need = "complaint_where"
