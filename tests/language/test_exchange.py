"""What goes out to a translator, and that nothing broken comes back."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.errors import ContentError
from bot.language.catalogue import messages_of, read_file
from bot.language.exchange import Review, export, faults, refusals, take, write_export
from bot.language.sources import SourceText
from bot.language.states import State, state_of_message
from bot.settings import Settings

LOCALES = Settings().locales
TEXTS = [
    SourceText("replies", "utter_call", "Call {call-112.phone}."),
    SourceText("replies", "button_need_x", "Learn Danish"),
    SourceText("pages", "page.title", "A guide\nfor you"),
    SourceText("services", "school.cost", "DKK 2,000 in 2023"),
]
RIGHT = ["Ring {call-112.phone}.", "Lær dansk", "En guide\ntil dig", "2.000 kr. i 2023"]


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """Danish with one text translated, one whose source has changed, and two missing."""
    folder = tmp_path / "locales" / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "replies.po").write_text(
        'msgid ""\nmsgstr ""\n"Language: da\\n"\n\n'
        'msgctxt "utter_call"\nmsgid "Call {call-112.phone}."\nmsgstr "Ring {call-112.phone}."\n\n'
        '#, fuzzy\nmsgctxt "button_need_x"\nmsgid "Learn Danish"\nmsgstr "Lær"\n',
        encoding="utf-8",
    )
    for name, context, source in (
        ("pages", "page.title", "A guide\\nfor you"),
        ("services", "school.cost", "DKK 2,000 in 2023"),
    ):
        (folder / f"{name}.po").write_text(
            f'msgid ""\nmsgstr ""\n"Language: da\\n"\n\nmsgctxt "{context}"\nmsgid "{source}"\nmsgstr ""\n',
            encoding="utf-8",
        )
    return tmp_path / "locales"


def returned(tmp_path: Path, translations: dict[int, str], sources: list[SourceText] = TEXTS) -> Catalog:
    catalog = Catalog(locale="da")
    for place, translation in translations.items():
        catalog.add(sources[place].text, translation, context=sources[place].context)
    write_export(tmp_path / "back.po", "da", catalog)
    return read_file(tmp_path / "back.po", "da")


def test_what_is_missing_or_outdated_goes_out_with_its_kind_and_state(locales: Path) -> None:
    found = export("da", locales, TEXTS, {State.MISSING, State.OUTDATED})
    assert [(m.context, m.string, m.fuzzy, m.auto_comments) for m in found if m.id] == [
        ("button_need_x", "Lær", True, ["replies, guidance, outdated"]),
        ("page.title", "", False, ["pages, pages, missing"]),
        ("school.cost", "", False, ["services, guidance, missing"]),
    ]


def test_what_comes_back_whole_is_taken_and_nothing_is_missing_then(locales: Path, tmp_path: Path) -> None:
    back = returned(tmp_path, dict(enumerate(RIGHT)))
    assert list(refusals(back, TEXTS)) == []
    assert take("da", locales, back, TEXTS) == 3  # the first stood there already
    assert {m.context: m.string for m in messages_of("da", locales)} == dict(
        zip((text.context for text in TEXTS), RIGHT, strict=True)
    )
    assert {state_of_message(message) for message in messages_of("da", locales)} == {State.UNREVIEWED}
    assert take("da", locales, back, TEXTS) == 0


def test_what_was_left_empty_or_fuzzy_changes_nothing(locales: Path, tmp_path: Path) -> None:
    out = export("da", locales, TEXTS, set(State))
    write_export(tmp_path / "out.po", "da", out)
    assert take("da", locales, read_file(tmp_path / "out.po", "da"), TEXTS) == 0


@pytest.mark.parametrize(
    ("place", "translation", "what"),
    [
        (0, "Ring 112.", "placeholders differ: lost ['call-112.phone'], added []"),
        (0, "Ring {call-112.telefon}.", "lost ['call-112.phone'], added ['call-112.telefon']"),
        (0, "Ring {call-112.phone} {", "a brace without a placeholder"),
        (1, "Lær dansk på en sprogskole i København, når du har fået et brev", "too long for a button"),
        (2, "En guide til dig", "2 lines became 1"),
        (3, "To tusind kroner", "numbers are missing: 2000, 2023"),
        (3, "2.000 kr.", "numbers are missing: 2023"),
    ],
)
def test_what_is_lost_or_broken_is_refused_by_line(tmp_path: Path, place: int, translation: str, what: str) -> None:
    (refusal,) = refusals(returned(tmp_path, {place: translation}), TEXTS)
    assert refusal.name == TEXTS[place].context
    assert what in refusal.what
    line = (tmp_path / "back.po").read_text(encoding="utf-8").splitlines()[refusal.line - 1]
    assert line.startswith(("msgctxt", "msgid"))


def test_numbers_may_come_back_in_the_digits_of_the_language() -> None:
    for translation in ("۲٬۰۰۰ کرون در ۲۰۲۳", "2000 kr. i 2023", "2.000 kr. i 2023", "2 000 крон, 2023"):
        assert list(faults("school.cost", "DKK 2,000 in 2023", translation)) == []
    assert list(faults("school.hours", "16-08, two offices, 24/7", "16-8")) == []


def test_a_text_whose_source_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    back = returned(tmp_path, {0: "Ring."}, [SourceText("replies", "utter_call", "Call now.")])
    (refusal,) = refusals(back, TEXTS)
    assert "export anew" in refusal.what


def test_what_is_no_po_is_an_error_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.po"
    path.write_text('msgid "a"\nnonsense\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"broken\.po"):
        read_file(path, "da")


def test_every_catalogue_of_ours_would_be_taken_back_as_it_is(tmp_path: Path) -> None:
    from tests.language.test_sources import TEXTS as ALL  # noqa: PLC0415 - read once, only here

    shutil.copytree(LOCALES, tmp_path / "locales")
    for code in sorted(path.name for path in LOCALES.iterdir()):
        out = export(code, LOCALES, ALL, {State.UNREVIEWED, State.REVIEWED})
        assert [str(refusal) for refusal in refusals(out, ALL)] == []


def test_what_a_speaker_has_read_counts_as_reviewed_until_its_source_or_words_change(
    locales: Path, tmp_path: Path
) -> None:
    back = returned(tmp_path, dict(enumerate(RIGHT)))
    take("da", locales, back, TEXTS, Review("A speaker", dt.date(2026, 11, 29)))
    assert {state_of_message(message) for message in messages_of("da", locales)} == {State.REVIEWED}
    take("da", locales, returned(tmp_path, {0: "Ring nu {call-112.phone}."}), TEXTS)
    states = {message.context: state_of_message(message) for message in messages_of("da", locales)}
    assert states["utter_call"] is State.UNREVIEWED
    assert states["page.title"] is State.REVIEWED


@pytest.mark.parametrize("who", ["", " ", "One, Two", "a\nb"])
def test_a_review_needs_a_plain_name(locales: Path, tmp_path: Path, who: str) -> None:
    with pytest.raises(ValueError, match="name"):
        take("da", locales, returned(tmp_path, {0: RIGHT[0]}), TEXTS, Review(who, dt.date(2026, 11, 29)))
