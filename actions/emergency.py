"""Danger now. The number to call stands first; nothing is asked, nothing is counted."""

from actions.guidance import Guidance


class ActionEmergency(Guidance):
    need = "emergency"
    has_next = False
