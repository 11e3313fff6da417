"""Codes of statistics in words, Danish and English: from the directory, the buttons, and what staff call things."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from bot.directory.entries import read_entries
from bot.directory.services import read_directory
from bot.language.catalogue import read_catalogue
from bot.language.languages import describe
from bot.language.sources import CONSOLE_WORDS, SourceText, page_texts, reply_texts
from bot.language.yaml_file import read_yaml
from bot.settings import Settings
from bot.statistics.plan import TablePlan
from bot.statistics.targets_file import read_targets

LANGUAGES = ("da", "en")
TOTAL = "_T"
"""What SDMX calls the total of a dimension."""
OWN = Path(__file__).with_name("label_words.yml")
NAMES: Mapping[str, tuple[str, ...]] = {
    "need": ("button_need_{code}",),
    "service": ("service.{code}",),
    "pilot": ("service.{code}",),
    "district": ("button_district_{code}", "district.{code}"),
    "effort": ("effort.{code}",),
    "outcome": ("closing.{code}",),
    "result": ("handover.outcome.{code}",),
    "body": ("button_forward_{code}", "service.{code}"),
    "grade": ("outcome.met.{code}",),
    "question": ("review.{code}",),
    "language": ("language.{code}",),
    "code": ("entry.{code}",),
}
"""{dimension: names of the texts that say its codes, the best first}."""
BUTTON = ("button_{dimension}_{code}",)
"""Of all other dimensions."""
OWN_NAMES = ("own.{dimension}.{code}", "own.{code}")
OF_ANY = ("group.{code}",)


@dataclass(frozen=True)
class Labels:
    """Codes, groups and `other` in words; the total too, and nothing for the empty code of a table of one dimension."""

    texts: Mapping[str, Mapping[str, str]]
    """{language: {name of a text: text}}."""

    def say(self, language: str, dimension: str, code: str) -> str:
        """A code that nothing says in words is said as it is."""
        texts = self.texts[language]
        names = (*OWN_NAMES, *NAMES.get(dimension, BUTTON), *OF_ANY)
        named = (name.format(dimension=dimension, code=code) for name in names)
        return next((texts[name] for name in named if name in texts), code)


def read_labels(settings: Settings, plan: TablePlan) -> Labels:
    """From the folders that `settings` names."""
    return Labels({language: dict(_texts(settings, plan, language)) for language in LANGUAGES})


def _texts(settings: Settings, plan: TablePlan, language: str) -> Iterator[tuple[str, str]]:
    yield from _translated(settings.locales, language)
    yield from _of_content(settings.content, language)
    for code, words in plan.groups.items():
        yield f"group.{code}", getattr(words, language)
    for code in plan.dimensions["language"].codes if "language" in plan.dimensions else ():
        yield f"language.{code}", language_name(code, language)
    for name, words in read_yaml(OWN).items():
        yield f"own.{name}", words[language]


def _translated(locales: Path, language: str) -> Iterator[tuple[str, str]]:
    """Texts that residents and staff read, and each entry by what it is about."""
    catalogue = read_catalogue(describe(language), locales, {})
    for text in _sources():
        said = catalogue.say(text.context, text.text)
        # what stands in brackets on the buttons of bodies is advice to the person
        said = said.partition(" (")[0] if text.context.startswith("button_forward_") else said
        yield text.context, said[:1].upper() + said[1:] if text.context.startswith("handover.") else said


def _sources() -> Iterable[SourceText]:
    """Without those that have a gap to be filled."""
    buttons = (it for it in reply_texts() if it.context.startswith("button_"))
    pages = (it for it in page_texts() if it.context.startswith(("review.", "outcome.met.")))
    console = (it for it in page_texts(CONSOLE_WORDS, "console") if it.context.startswith(("closing.", "handover.out")))
    return (it for texts in (buttons, pages, console) for it in texts if "{" not in it.text)


def _of_content(content: Path, language: str) -> Iterator[tuple[str, str]]:
    for service in read_directory(content).services.values():
        yield f"service.{service.id}", getattr(service, f"name_{language}")
    for effort in read_targets(content).efforts.values():
        yield f"effort.{effort.id}", getattr(effort.name, language)
    for district in read_yaml(content / "districts.yml")["districts"]:
        yield f"district.{district['id']}", district["name_da"]
    for code in read_entries(content / "entries.yml"):
        yield f"entry.{code}", code


def language_name(code: str, language: str) -> str:
    """`Arabisk` or `Arabic`, from CLDR."""
    try:
        name = Locale.parse(code).get_display_name(language) or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]
