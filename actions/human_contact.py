"""People to talk to."""

from actions.guidance import Guidance


class ActionHumanContact(Guidance):
    need = "human_contact"
