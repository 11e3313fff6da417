"""The first days in the city."""

from actions.guidance import Guidance


class ActionFirstSteps(Guidance):
    need = "first_steps"
    asks = "residence"
