"""Registering as unemployed, from the day it counts."""

from actions.guidance import Guidance


class ActionUnemployedRegister(Guidance):
    need = "unemployed_register"
    asks = "cpr"
