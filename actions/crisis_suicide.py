"""Not wanting to live. The number to call stands first; nothing is asked, nothing is counted."""

from actions.guidance import Guidance


class ActionCrisisSuicide(Guidance):
    need = "crisis_suicide"
    has_next = False
