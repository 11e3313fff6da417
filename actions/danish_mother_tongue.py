"""Help in one's own language while learning Danish."""

from actions.guidance import Guidance


class ActionDanishMotherTongue(Guidance):
    need = "danish_mother_tongue"
