"""Questions that help to see it, never a verdict."""

from actions.guidance import Guidance


class ActionIsItDiscrimination(Guidance):
    need = "is_it_discrimination"
