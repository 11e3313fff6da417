"""Keeps a message cheap to read: a run of signs without a space that no person writes is broken up first.

spaCy's tokenizer takes time by the square of the letters between two spaces: a thousand of `?!` took 0.1 to 0.6 s for
each reading, ten thousand half a minute, in which nobody else is answered (tests/fuzz/test_time.py).
"""

import re

LONGEST_RUN = 60
"""Letters without a space; the longest words and most addresses of pages are shorter."""
_RUN = re.compile(rf"(\S{{{LONGEST_RUN}}})\S")
_HALF = re.compile("[\ud800-\udfff]")


def loosened(text: str) -> str:
    """`text`, of the same length: in a longer run one sign in sixty is a space; half a character becomes U+FFFD."""
    return _RUN.sub(r"\1 ", _HALF.sub("\ufffd", text))
