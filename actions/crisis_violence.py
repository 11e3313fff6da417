"""Violence and control by someone near. The number to call stands first; nothing is asked, nothing is counted."""

from actions.guidance import Guidance


class ActionCrisisViolence(Guidance):
    need = "crisis_violence"
    has_next = False
