"""Keeps numbers, addresses and Danish words in order inside text that runs the other way."""

import re

LEFT_TO_RIGHT, END = "\u2066", "\u2069"

_LETTER = "0-9A-Za-zÀ-ɏ"
_WORD = rf"\+?[{_LETTER}](?:[{_LETTER}./:@_'’+&,%-]*[{_LETTER}/%+])?"
_RUN = re.compile(rf"{_WORD}(?:,? {_WORD})*")
"""Latin words and numbers with single spaces between; a bracket around them belongs to the text outside."""
_ISOLATED = re.compile(f"({LEFT_TO_RIGHT}[^{END}]*{END})")


def isolate(text: str) -> str:
    """`text` as one run of its own (U+2066…U+2069), for a value put into a sentence."""
    return f"{LEFT_TO_RIGHT}{text}{END}"


def isolate_latin(text: str) -> str:
    """Right-to-left `text` with each run of Latin letters and digits isolated; what is isolated already stays."""
    return "".join(
        part if part.startswith(LEFT_TO_RIGHT) else _RUN.sub(lambda run: isolate(run.group()), part)
        for part in _ISOLATED.split(text)
    )
