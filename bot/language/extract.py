"""Brings the catalogues up to date with their sources; what changed is marked fuzzy for the translator."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot.language.catalogue import CATALOGUES, read_file
from bot.language.languages import SOURCE
from bot.language.sources import SourceText

ALIKE = 0.3
"""Share of the letters that an older text of the same name must have in common, to be of any help."""
HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: vejviser\n"
"Language: {code}\n"
"Plural-Forms: {plural}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def template(name: str, texts: Iterable[SourceText]) -> Catalog:
    """The catalogue `name` without translations, in the order of the sources."""
    catalog = Catalog(project="vejviser", charset="utf-8", fuzzy=False)
    for source in texts:
        if source.catalogue == name:
            catalog.add(source.text, context=source.context)
    return catalog


def update(code: str, locales: Path, texts: list[SourceText]) -> None:
    """Write `locales/<code>/LC_MESSAGES/*.po` anew, keeping every translation whose source still stands."""
    for name in CATALOGUES:
        path = locales / code / "LC_MESSAGES" / f"{name}.po"
        fresh = template(name, texts)
        if not len(fresh):
            continue
        catalog = read_file(path, code) if path.exists() else Catalog(locale=code, project="vejviser", fuzzy=False)
        before = [message for message in catalog if message.id and message.string]
        catalog.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
        catalog.obsolete.clear()
        _keep_outdated(catalog, before)
        write_catalogue(path, code, catalog)


def _keep_outdated(catalog: Catalog, before: list[Message]) -> None:
    """Where the source of a text changed, its old translation stays as a help to the translator, marked fuzzy.

    Only of the same name: the most similar text of another one (Babel's own rule) says something else.
    """
    standing = {(message.context, message.id) for message in catalog}
    dropped = [message for message in before if (message.context, message.id) not in standing]
    for message in catalog:
        if message.id and not message.string:
            of_name = {str(old.id): old for old in dropped if old.context == message.context}
            for source in get_close_matches(str(message.id), of_name, n=1, cutoff=ALIKE):
                message.string = of_name[source].string
                message.flags.add("fuzzy")


def write_catalogue(path: Path, code: str, catalog: Catalog) -> None:
    """Write a .po whose header holds nothing that changes by itself (Babel's holds dates and placeholder names)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(code=code, plural=catalog.plural_forms)
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(file, catalog, width=0, omit_header=True, sort_output=False, ignore_obsolete=True)


def update_all(codes: Iterable[str], locales: Path, texts_of: Callable[[str], list[SourceText]]) -> None:
    for code in codes:
        if code != SOURCE:
            update(code, locales, texts_of(code))
