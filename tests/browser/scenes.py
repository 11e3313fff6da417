"""One long conversation that shows every kind of thing the page can show; it stops at each."""

from collections.abc import Iterator

from tests.browser.chat import Chat

TO_CRISIS = ("need_bot_capabilities", "need_emergency", "need_crisis_suicide")
TO_GROUND = ("need_report_discrimination", "role_self")
GROUND_TO_RECEIPT = (
    "ground_done", "area_at_work", "district_norrebro", "when_unknown", "wish_advice", "report_count_yes",
)  # fmt: skip


def scenes(chat: Chat, language: str) -> Iterator[str]:
    """Plays it in `language`, by buttons only, and yields the name of what is to be seen now."""
    chat.page.goto(f"{chat.url}/?lang={language}")
    yield "picker"
    chat.begin(language)
    yield "welcome"
    chat.press("need_danish_start")
    yield "residence"
    chat.press("residence_family")
    yield "cards"
    chat.press("count_yes", *TO_CRISIS)
    yield "crisis"
    chat.page.locator(".menu summary").click()
    chat.page.evaluate("scrollTo(0, 0)")
    yield "menu"
    chat.page.locator(".menu summary").click()
    chat.press("need_human_contact", "need_bot_capabilities")
    yield "capabilities"
    chat.press("topic_daily_life")
    yield "topic"
    chat.press("need_doctor_health", "cpr_no")
    yield "doctor"
    chat.press("make_slip")
    chat.page.goto(f"{chat.url}/slip")
    yield "slip"
    chat.page.goto(f"{chat.url}/outcome?lang={language}")
    yield "outcome"
    chat.page.goto(chat.url)
    chat.press("need_bot_capabilities", "topic_rights")
    chat.press(*TO_GROUND)
    yield "ground"
    chat.press("ground_skin_colour", "ground_language")
    yield "ground-chosen"
    chat.press(*GROUND_TO_RECEIPT)
    yield "receipt"
    chat.delete()
    yield "deleted"
