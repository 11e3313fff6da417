"""Help to look for work."""

from actions.guidance import Guidance


class ActionFindJob(Guidance):
    need = "find_job"
    asks = "residence"
