"""One long conversation that shows every kind of thing the page can show; it stops at each."""

from collections.abc import Iterator

from tests.browser.chat import Chat

TO_CRISIS = ("need_bot_capabilities", "need_emergency", "need_crisis_suicide")
TO_WORDS = ("need_report_discrimination", "safe_yes", "role_self")
TO_GROUND = ("report_done", "when_unknown", "district_norrebro", "relation_stranger", "report_skip")
GROUND_TO_REVIEW = ("report_done", "report_to_consents", "read_yes", "reply_yes", "forward_no", "contact_receipt_only")


def sends(chat: Chat, field: str, number: str, shown: str) -> None:
    """A number that opens what is `shown` then."""
    chat.page.fill(field, number)
    chat.page.locator("form .send").click()
    chat.page.locator(shown).first.wait_for()


def says_how_it_went(chat: Chat, code: str) -> None:
    """With the code of a slip, up to the first statement that may be answered."""
    sends(chat, "#code", code, "button[name=step]")
    chat.page.locator("button[name=step]").first.click()
    chat.page.locator("#statement").wait_for()


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
    code = chat.page.locator(".receipt").first.inner_text()
    chat.page.goto(f"{chat.url}/outcome?lang={language}")
    yield "outcome"
    says_how_it_went(chat, code)
    yield "poll"
    chat.page.goto(chat.url)
    chat.press("need_bot_capabilities", "topic_rights")
    chat.press(*TO_WORDS)
    yield "narrative"
    chat.write("…")
    chat.press(*TO_GROUND)
    yield "ground"
    chat.press("ground_skin_colour", "ground_language")
    yield "ground-chosen"
    chat.press(*GROUND_TO_REVIEW)
    yield "review"
    chat.end("report_send")
    yield "receipt"
    receipt = chat.receipt
    chat.page.goto(f"{chat.url}/report")
    yield "receipt-field"
    sends(chat, "#receipt", receipt, "#messages")
    yield "own-report"
    chat.page.goto(chat.url)
    chat.delete()
    yield "deleted"
