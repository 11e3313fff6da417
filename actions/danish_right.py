"""Who may follow a Danish course, and for how long."""

from actions.guidance import Guidance


class ActionDanishRight(Guidance):
    need = "danish_right"
    asks = "cpr"
