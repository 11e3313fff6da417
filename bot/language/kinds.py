"""What kind a text is: what must not be said wrongly is reviewed by a person first, and marked until it is."""

from enum import StrEnum

SAFETY_REPLIES = (
    "utter_emergency", "utter_crisis_", "utter_forced_labour", "utter_danger_unclear", "utter_hate_crime",
    "utter_report_not_safe", "utter_report_danger",
)  # fmt: skip
SAFETY_SERVICES = (
    "call-112", "police-114", "helpline-1813", "giftlinjen", "psychiatric-emergency", "lev-uden-vold", "danner",
    "offerraadgivningen", "livslinien", "boernetelefonen", "red-aeresrelateret", "center-mod-menneskehandel",
    "center-seksuelle-overgreb",
)  # fmt: skip
RIGHTS = (
    "utter_is_it_discrimination", "utter_complaint_", "utter_report_", "utter_ask_report_", "utter_legal_help",
    "utter_own_", "utter_receipt_", "utter_rules",
)  # fmt: skip
CONSENT = (
    "utter_privacy", "utter_ask_count", "utter_counted", "utter_not_counted", "utter_delete_chat", "utter_deleted",
    "utter_welcome", "utter_report_start", "utter_report_consents",
    "utter_ask_report_read", "utter_ask_report_reply", "utter_ask_report_forward", "utter_question_kept",
)  # fmt: skip


class Kind(StrEnum):
    SAFETY = "safety"
    RIGHTS = "rights"
    CONSENT = "consent"
    GUIDANCE = "guidance"
    PAGES = "pages"
    CONSOLE = "console"


SENSITIVE = frozenset({Kind.SAFETY, Kind.RIGHTS, Kind.CONSENT})
"""Shown with a mark, and the Danish beside it, until a person who speaks the language has read it."""


def kind_of(catalogue: str, name: str) -> Kind:
    """The kind of a text, by its catalogue and name; the first that fits, in the order of harm."""
    if catalogue == "pages":
        return Kind.PAGES
    if catalogue == "console":
        return Kind.CONSOLE
    if catalogue in {"law", "answers"}:
        return Kind.RIGHTS
    if name.startswith(SAFETY_REPLIES) or name.split(".", maxsplit=1)[0] in SAFETY_SERVICES:
        return Kind.SAFETY
    if name.startswith(CONSENT):
        return Kind.CONSENT
    return Kind.RIGHTS if name.startswith(RIGHTS) else Kind.GUIDANCE
