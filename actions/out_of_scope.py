"""What the guide does not serve: who may help instead."""

from actions.guidance import Guidance


class ActionOutOfScope(Guidance):
    need = "out_of_scope"
