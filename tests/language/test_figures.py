"""Numbers that say who somebody is are found in any digits and masked; others are left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.figures import Kind, figures_in, masked

DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡", "０１２３４５６７８９")


def kinds(text: str) -> list[Kind]:
    return [figure.kind for figure in figures_in(text)]


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("form", ["{}{}{}{}", "{}{}{}-{}", "{}{}{} {}", "{}{}{} - {}", "{}.{}.{}-{}", "{}-{}-19{}-{}"])
def test_generated_cpr_numbers_are_masked_in_every_script(digits: str, form: str) -> None:
    chance = random.Random(form + digits)  # noqa: S311 - no secret
    for _ in range(150):
        day, month, year, last = (chance.randint(*span) for span in ((1, 31), (1, 12), (0, 99), (0, 9999)))
        number = form.format(f"{day:02}", f"{month:02}", f"{year:02}", f"{last:04}")
        written = number.translate(str.maketrans("0123456789", digits))
        text = f"my number is {written}, ok?"
        assert kinds(text) == [Kind.CPR], text
        assert not any(char.isdecimal() for char in masked(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "+45 22334455",
        "0045 22 33 44 55",
        "22334455",
        "22 33 44 55",
        "2233 4455",
        "22 334 455",
        "+380 67 123 45 67",
        "٢٢٣٣٤٤٥٥",
    ],
)
def test_phone_numbers_are_found(text: str) -> None:
    assert kinds(f"ring {text} tak") == [Kind.PHONE]


@pytest.mark.parametrize("written", ["12345678901234567890", "1234 5678 9012 3456 7890", "1234-5678-9012-3456-7890"])
@pytest.mark.parametrize("digits", DIGITS)
def test_a_receipt_is_read_in_any_digits(written: str, digits: str) -> None:
    (found,) = figures_in("quittering " + written.translate(str.maketrans("0123456789", digits)))
    assert (found.kind, found.digits) == (Kind.RECEIPT, "12345678901234567890")


@pytest.mark.parametrize(
    "text",
    [
        "112",
        "2200 kr",
        "in 2026",
        "12.10.2026",
        "2025-10-12",
        "1.500.000 kr",
        "kl. 10-12",
        "DU3 modul 5",
        "",
        "-",
        "999999-99",
        "ring 1813",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert figures_in(text) == []
    assert masked(text) == text


@given(st.text(max_size=300))
def test_masking_keeps_the_length_and_leaves_nothing_to_mask(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert figures_in(once) == []


def test_a_very_long_row_of_digits_takes_no_time() -> None:
    assert figures_in("1" * 1000) == []
    assert len(masked("1 " * 500)) == 1000
