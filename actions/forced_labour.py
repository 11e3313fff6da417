"""Forced to work, or papers taken. The number to call stands first; nothing is asked, nothing is counted."""

from actions.guidance import Guidance


class ActionForcedLabour(Guidance):
    need = "forced_labour"
    has_next = False
