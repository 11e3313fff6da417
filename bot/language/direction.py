"""Keeps numbers, addresses and Danish words in order inside text that runs the other way."""

import re

LEFT_TO_RIGHT, FIRST_STRONG, END = "\u2066", "\u2068", "\u2069"

_LETTER = "0-9A-Za-zÀ-ɏ"
_WORD = rf"\+?[{_LETTER}](?:[{_LETTER}./:@_'’+&,%-]*[{_LETTER}/%+])?"
_RUN = re.compile(rf"{_WORD}(?:,? {_WORD})*")
"""Latin words and numbers with single spaces between; a bracket around them belongs to the text outside."""
_PLAIN, _BEGIN = "[^\u2066-\u2069]", "[\u2066-\u2068]"
_ISOLATED = re.compile(f"({_BEGIN}(?:{_PLAIN}|{_BEGIN}{_PLAIN}*{END})*{END})")
"""With what is isolated inside of it: a value may be a sentence of its own."""


def isolate(text: str) -> str:
    """`text` as one run of its own (U+2068…U+2069), for a value put into a sentence.

    Its first letter says in which direction it runs, what is isolated in it set aside (UAX #9, P2): a number, a link
    and a Danish name from left to right, a date in words as its language does.
    """
    return f"{FIRST_STRONG}{text}{END}"


def isolate_latin(text: str) -> str:
    """Right-to-left `text` with each run of Latin letters and digits isolated; what is isolated already stays."""
    return "".join(
        part if place % 2 else _RUN.sub(lambda run: f"{LEFT_TO_RIGHT}{run.group()}{END}", part)
        for place, part in enumerate(_ISOLATED.split(text))
    )
