"""Where the job centre is, and how to reach it."""

from actions.guidance import Guidance


class ActionJobcentreFind(Guidance):
    need = "jobcentre_find"
