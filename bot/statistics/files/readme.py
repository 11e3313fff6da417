"""What a person reads first: README.md in English, LÆSMIG.md in Danish."""

from collections.abc import Iterable, Iterator

from bot.statistics.files.sheet import Pack
from bot.statistics.files.words import word
from bot.statistics.targets import Words

POINT = "- "
NAMES = {"da": "LÆSMIG.md", "en": "README.md"}


def as_readme(pack: Pack, language: str) -> bytes:
    """Markdown with a line for each paragraph."""
    lines = [f"# {getattr(pack.title, language)}", ""]
    if pack.simulated:
        lines += [f"**{getattr(word('simulated'), language)}**", ""]
    for heading, paragraphs in pack.readme:
        lines += [f"## {getattr(heading, language)}", ""]
        for paragraph in paragraphs:
            line = _line(paragraph, language)
            if lines[-1] and not line.startswith(POINT):  # a list has ended
                lines.append("")
            lines += [line] if line.startswith(POINT) else [line, ""]
        lines += [""] if lines[-1] else []
    return ("\n".join(lines).rstrip() + "\n").encode()


def _line(paragraph: Words, language: str) -> str:
    """A paragraph is one line, so that nothing in it can begin a heading of its own."""
    return " ".join(str(getattr(paragraph, language)).split())


def points(paragraphs: Iterable[Words]) -> Iterator[Words]:
    """As a list."""
    return (Words(POINT + it.da, POINT + it.en) for it in paragraphs)


def files_said(formats: Iterable[str], prefix: str) -> Iterator[Words]:
    """What each format is, by its name in words.yml."""
    return (word(f"file.{name}", prefix=prefix) for name in formats)
