"""The columns of the sheets of a release."""

from bot.statistics.files.sheet import FREE, HIDDEN, Column, Kind
from bot.statistics.files.words import word
from bot.statistics.labels import LANGUAGES
from bot.statistics.plan import COUNT, KINDS, MEDIAN, RATIO

MEASURES = "measures"
"""The sheet to which every measure's name refers."""


def named(name: str, *, title: str = "", kind: Kind = Kind.TEXT, may_be_empty: bool = False) -> Column:
    return Column(name, word(f"column.{title or name}"), kind, may_be_empty=may_be_empty)


def in_words(name: str, *, title: str = "", may_be_empty: bool = False) -> tuple[Column, ...]:
    """`<name>_da` and `<name>_en`, which say the column `name` in words."""
    called = word(f"column.{title or name}")
    return tuple(
        Column(
            f"{name}_{language}", word(f"column.{language}_of", title=called), may_be_empty=may_be_empty, label_of=name
        )
        for language in LANGUAGES
    )


PERIOD = named("period")
MEASURE = Column("measure", word("column.measure"), refers_to=(MEASURES, "measure"))
STATUS = Column("status", word("column.status"), among=(FREE, HIDDEN))
COUNTED = named("value", kind=Kind.WHOLE, may_be_empty=True)
"""Of tables of all units; a table by itself names its own."""
KIND = Column("kind", word("column.kind"), among=KINDS)
LONG = (
    MEASURE,
    PERIOD,
    named("row_dimension"),
    named("row"),
    *in_words("row"),
    named("column_dimension", may_be_empty=True),
    named("column", may_be_empty=True),
    *in_words("column", may_be_empty=True),
    COUNTED,
    STATUS,
)
FIGURES = (
    PERIOD,
    MEASURE,
    *in_words("measure"),
    Column("kind", word("column.kind"), among=(RATIO, MEDIAN, COUNT)),
    *in_words("kind"),
    named("value", title="figure", kind=Kind.NUMBER, may_be_empty=True),
    named("n", kind=Kind.WHOLE, may_be_empty=True),
    STATUS,
)
CHANGES = (
    named("number", kind=Kind.WHOLE),
    named("what"),
    *in_words("what"),
    named("measure", may_be_empty=True),
    named("before", may_be_empty=True),
    named("now", may_be_empty=True),
)
REFUSED = (PERIOD, MEASURE, *in_words("measure"), named("reason"), *in_words("reason"))
MERGED = (MEASURE, named("dimension"), named("code"), *in_words("code"), named("line"), *in_words("line"))
DECLARED = (
    named("measure"),
    KIND,
    *in_words("measure"),
    *in_words("definition", may_be_empty=True),
    *in_words("unit", may_be_empty=True),
    *in_words("base", may_be_empty=True),
    named("effort", may_be_empty=True),
    named("targets", may_be_empty=True),
)
LISTED = (named("code"), named("label"), named("da", title="dansk"), named("en", title="engelsk"))
"""Of a list of codes."""
