"""What a Danish course costs, and who pays a deposit."""

from actions.guidance import Guidance


class ActionDanishPrice(Guidance):
    need = "danish_price"
    asks = "residence"
