"""A first CPR number, or a new address."""

from actions.guidance import Guidance


class ActionCprAddress(Guidance):
    need = "cpr_address"
    asks = "cpr"
