"""Where and how to learn Danish."""

from actions.guidance import Guidance


class ActionDanishStart(Guidance):
    need = "danish_start"
    asks = "residence"
