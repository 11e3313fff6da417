"""Virksomhedspraktik: trying a job with the job centre's approval."""

from actions.guidance import Guidance


class ActionInternship(Guidance):
    need = "internship"
