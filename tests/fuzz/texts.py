"""What nobody writes and anybody can send: texts and bytes for whatever reads what a resident sends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

SHORT, LONG = 40, 20_000
"""Examples of a property with every change, and in `make test-long`."""


@dataclass(frozen=True)
class Property:
    """What must hold of every value that `values` draws; `holds` raises where it does not."""

    name: str
    values: st.SearchStrategy[Any]
    holds: Callable[[Any], None]

    def __str__(self) -> str:
        return self.name

    def check(self, times: int) -> None:
        run = settings(
            max_examples=times,
            deadline=None,
            database=None,
            derandomize=times == SHORT,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        run(given(self.values)(self.holds))()


# Texts

SIGNS = [
    "\0", "\x1b", "\x85", "\ud800", "\udfff", "\ud83d", "\ude00", "\u202e", "\u2066", "\u200d", "\u200c", "\ufeff",
    "\ufdfa", "\u0301", "\u0315\u0300", "\u0640", "\u0130", "\u00df", "\u337f", "\ufffe", "\uffff", "\U0010ffff",
    "한", "漢", "ไทย", "𝟙", "١", "۱", "①", "½", "ﬁ", "🏳️\u200d🌈", "😂", "?!",
    "(", '"', "'s", "a.b@", "a-", "1.", "1.1.", "12345678 ", "\U000e0041", "\ue000",
    "010190-1234 ", "og ", "yes ", "/", "\\", "{{7*7}}", "%00", "<b>", "\r\n", "\u2028", " ", "\u00a0", "x",
]  # fmt: skip
"""Each alone, and over and over."""
WORDS = [
    "Jeg har mistet mit arbejde", "I want to die", "أريد أن أتعلم الدنماركية", "w zeszłym tygodniu", "12.10.2026",
    "2200 København N", "+45 22 33 44 55", "010190-1234", "1234 5678 9012 3456 7890", "٠١٠١٩٠-١٢٣٤", "i går", "oktober",
]  # fmt: skip
"""What is looked for, to stand beside what is not."""

repeated = st.builds(lambda sign, times: sign * times, st.sampled_from(SIGNS), st.integers(1, 1_000))
letters = st.one_of(
    st.characters(codec=None),
    st.characters(codec=None, categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn", "Me", "No", "Nd", "So"]),
    st.sampled_from("aå éعбЇşچ🧭 ١7.-/"),
)
strange = st.text(letters, max_size=80)
texts = st.lists(st.one_of(strange, repeated, st.sampled_from(WORDS)), min_size=1, max_size=6).map("".join)
"""Of any length up to some thousands, halves of characters among them."""
enormous = st.builds(lambda sign: (sign * 1_000_000)[:1_000_000], st.sampled_from(SIGNS))
digits = ["12", "34", "010190", "1234", "19", "+", "00", "45", "١", "۹", "𝟙"]
numbers = st.lists(st.sampled_from([*digits, " ", "  ", "-", ".", "/", "·", "–", "x", "\u00a0"]), max_size=30).map(
    "".join
)

# Bytes

pieces = st.integers(1, 4_000)
"""Bytes of a body that come at once."""
raw = st.one_of(st.binary(max_size=400), texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
header = st.one_of(st.binary(max_size=80), texts.map(lambda text: text.encode("utf-8", "surrogatepass")[:200])).map(
    lambda value: bytes(byte for byte in value if byte not in b"\0\r\n")
)
