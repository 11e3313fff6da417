"""Everything that the files of one release say: its sheets, and what has to be known to read them."""

from collections.abc import Iterator

from bot.statistics.files.notes import changed, declared, refused, single_figures
from bot.statistics.files.readme import files_said, points
from bot.statistics.files.sheet import Book, Pack, Sheet, marked, prefix
from bot.statistics.files.tables import Tables
from bot.statistics.files.words import day, quarter, same, word, word_or
from bot.statistics.labels import Labels
from bot.statistics.plan import Source, TablePlan
from bot.statistics.release import PUBLIC, Release, hash_of, written
from bot.statistics.targets import Plan, Words

RELEASED = ("csv", "datapackage", "csvw", "xlsx", "parquet", "sqlite")
"""Of words.yml: what is said of each format."""


def pack_of(release: Release, plan: TablePlan, labels: Labels, targets: Plan, licence: str | None = None) -> Pack:
    tables = Tables(release.tables, plan, labels)
    notes = (single_figures(release, plan), changed(release), refused(release, plan), tables.merged())
    sheets = (*tables.each(), *notes, declared(release, plan, targets))
    single = sheets[len(release.tables)]
    title = word(f"title.{release.kind}", quarter=quarter(release.period))
    sources = [it for it in plan.sources.values() if it.export == release.kind]
    caveats = tuple(dict.fromkeys(_caveats(release, sources)))
    return Pack(
        name=release.id,
        title=title,
        facts=_facts(release),
        about=tuple(_about(release, sources, caveats)),
        caveats=caveats,
        on_each=(word(f"not_prevalence.{release.kind}"), word(f"tier.{release.tier}")),
        source="Vejviser",
        sources=tuple(Words(f"Vejviser: {it.base.da}", f"Vejviser: {it.base.en}") for it in sources),
        readme=tuple(_readme(release, title, sources, caveats)),
        made_on=release.made_on,
        simulated=release.simulated,
        books=(Book(release.id, _all(sheets, release), tables.code_lists()),),
        long=_all((tables.in_one(), single), release),
        licence=licence,
    )


def _all(sheets: tuple[Sheet, ...], release: Release) -> tuple[Sheet, ...]:
    return tuple(map(marked, sheets)) if release.simulated else sheets


def _facts(release: Release) -> dict[str, str | int | bool | None]:
    return {
        "release": release.id,
        "kind": release.kind,
        "period": release.period,
        "tier": release.tier,
        "edition": release.edition,
        "plan_version": release.plan,
        "rule_version": release.rules,
        "cut_off": release.cut_off.isoformat(),
        "made_on": release.made_on.isoformat(),
        "simulated": release.simulated,
        "content_hash": hash_of(written(release)),
    }


def _caveats(release: Release, sources: list[Source]) -> Iterator[Words]:
    """R13's first, then what was done to the figures, then what each source says of itself."""
    if release.simulated:
        yield word("simulated")
    yield word(f"not_prevalence.{release.kind}")
    yield word(f"tier.{release.tier}")
    for note in dict.fromkeys(note for table in release.tables for note in table.notes):
        yield word_or(f"note.{note}", note)
    for source in sources:
        yield from source.caveats


def _about(release: Release, sources: list[Source], caveats: tuple[Words, ...]) -> Iterator[tuple[Words, Words]]:
    yield word("about.release"), same(release.id)
    yield word("about.period"), quarter(release.period)
    yield word("about.tier"), word(f"tier.{release.tier}")
    yield word("about.edition"), same(str(release.edition))
    yield word("about.cut_off"), day(release.cut_off)
    yield word("about.made_on"), day(release.made_on)
    yield word("about.plan"), same(release.plan)
    yield word("about.rules"), same(release.rules)
    yield word("about.hidden"), word(f"hidden.{release.tier}")
    for it in sources:
        yield word("about.base"), Words(f"{it.unit.da}: {it.base.da}", f"{it.unit.en}: {it.base.en}")
    for caveat in caveats:
        yield word("about.note"), caveat


def _readme(
    release: Release, title: Words, sources: list[Source], caveats: tuple[Words, ...]
) -> Iterator[tuple[Words, tuple[Words, ...]]]:
    begins = prefix(simulated=release.simulated)
    versions: dict[str, str | int] = {"edition": release.edition, "plan": release.plan, "rules": release.rules}
    days = {"made_on": day(release.made_on), "cut_off": day(release.cut_off)}
    what = word("readme.what_release", title=title, tier=word(f"tier.{release.tier}"), **versions, **days)
    yield word("readme.what"), (what, word(f"not_prevalence.{release.kind}"))
    counted = (Words(f"{it.unit.da}: {it.base.da}", f"{it.unit.en}: {it.base.en}") for it in sources)
    own = dict.fromkeys(caveat for it in sources for caveat in it.caveats)
    yield word("readme.counted"), (*points(counted), *own)
    yield word("readme.hidden"), (word(f"hidden.{release.tier}"), word("readme.merged", prefix=begins))
    last = "beside" if release.tier == PUBLIC else "publish"
    yield (
        word("readme.not_done"),
        tuple(points(word(f"readme.not_done_{name}") for name in ("share", "draw", "guess", last))),
    )
    yield word("readme.files"), (*points(files_said(RELEASED, begins)), word("readme.text_mark"))
