"""What must not be said wrongly is known by its name, and marked until a speaker has read it."""

from pathlib import Path

import pytest

from bot.language.catalogue import read_catalogue
from bot.language.kinds import SENSITIVE, Kind, kind_of
from bot.language.languages import Language
from bot.language.states import source_mark


@pytest.mark.parametrize(
    ("catalogue", "name", "kind"),
    [
        ("replies", "utter_emergency", Kind.SAFETY),
        ("replies", "utter_crisis_violence", Kind.SAFETY),
        ("replies", "utter_danger_unclear", Kind.SAFETY),
        ("replies", "utter_hate_crime_next", Kind.SAFETY),
        ("services", "call-112.steps.1", Kind.SAFETY),
        ("services", "livslinien.what", Kind.SAFETY),
        ("replies", "utter_privacy", Kind.CONSENT),
        ("replies", "utter_welcome", Kind.CONSENT),
        ("replies", "utter_report_start", Kind.CONSENT),
        ("replies", "utter_ask_report_read", Kind.CONSENT),
        ("replies", "utter_report_danger", Kind.SAFETY),
        ("replies", "utter_own_withdraw", Kind.RIGHTS),
        ("law", "limit.passed", Kind.RIGHTS),
        ("console", "console.title", Kind.CONSOLE),
        ("replies", "utter_ask_report_ground", Kind.RIGHTS),
        ("replies", "utter_complaint_where", Kind.RIGHTS),
        ("replies", "utter_is_it_discrimination_next", Kind.RIGHTS),
        ("replies", "utter_legal_help", Kind.RIGHTS),
        ("replies", "utter_danish_start", Kind.GUIDANCE),
        ("replies", "button_need_emergency", Kind.GUIDANCE),
        ("services", "jobnet.what", Kind.GUIDANCE),
        ("pages", "page.title", Kind.PAGES),
    ],
)
def test_a_text_is_of_the_kind_of_its_harm(catalogue: str, name: str, kind: Kind) -> None:
    assert kind_of(catalogue, name) is kind


def test_only_what_is_sensitive_and_unread_is_marked(tmp_path: Path) -> None:
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    entries = [
        ('msgctxt "utter_emergency"\nmsgid "Call."\nmsgstr "Ring."\n'),
        (f'# reviewed by a speaker, 2026-11-29, of {source_mark("Read.")}\n'
         'msgctxt "utter_privacy"\nmsgid "Read."\nmsgstr "Laest."\n'),
        ('msgctxt "utter_danish_start"\nmsgid "Learn."\nmsgstr "Laer."\n'),
    ]  # fmt: skip
    head = 'msgid ""\nmsgstr ""\n"Language: da\\n"\n\n'
    (folder / "replies.po").write_text(head + "\n".join(entries), encoding="utf-8")
    words = read_catalogue(Language("da", "dansk", "ltr"), tmp_path, {})
    assert words.unchecked == {("utter_emergency", "Call.")}
    assert {kind_of("replies", name) for name, _ in words.unchecked} <= SENSITIVE
