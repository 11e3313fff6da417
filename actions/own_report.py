"""What somebody does with their own report in the chat: read, write to staff, withdraw, close."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import lead
from actions.report_rules import show_rules
from bot.casework.consents import may
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import READ
from bot.engine.turn import Turn, current_turn
from bot.store.report_verbs import STAFF

FROM_STAFF, FROM_YOU = "utter_own_from_staff", "utter_own_from_you"


WISHES = {"report_followup": "show", "report_withdraw": "withdraw"}
"""What the needs of somebody who comes back mean once their report is open."""


class ActionOwnReport(Errand):
    """Opens the report whose receipt stands in the chat; where none does, the guide says how to come back."""

    named = "action_own_report"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn, intent = current_turn(), tracker.latest_message["intent"]["name"]
        wish = next(tracker.get_latest_entity_values("do"), None) or WISHES[intent]
        turn.ask_for_words(wanted=False)
        if wish in WITHOUT:
            WITHOUT[wish](say, turn)
            return []
        key = await turn.opened()
        if key is None:
            return await lead(intent if intent in WISHES else "report_followup", say, tracker)
        await WITH[wish](say, key)
        return []


async def show(say: CollectingDispatcher, key: ReportKey) -> None:
    """The state of a report and everything that was written about it since."""
    own = await current_turn().own.read(key)
    say.utter_message(
        response="utter_own_report",
        date=own.row.received_on.isoformat(),
        status=own.row.status,
        level=own.row.consent_level,
    )
    for message in own.messages:
        reply = FROM_STAFF if message.sender == STAFF else FROM_YOU
        quote = {"text": message.text, "lang": message.language}
        say.utter_message(response=reply, date=message.on_day.isoformat(), quote=quote)
    say.utter_message(response="utter_own_next", after=current_turn().receipts_to_hide())


async def written(say: CollectingDispatcher, text: str) -> None:
    """A message to the staff who read the report."""
    turn = current_turn()
    await turn.write(text)
    turn.ask_for_words(wanted=False)
    say.utter_message(response="utter_own_written")


async def withdraw(say: CollectingDispatcher, key: ReportKey) -> None:
    """Delete the report; where a reason of law keeps it, say which."""
    reason = await current_turn().withdraw(key)
    if reason is None:
        say.utter_message(response="utter_own_withdrawn")
        current_turn().forget_report()
        current_turn().hide_receipts()
    else:
        say.utter_message(response="utter_own_held", hold=reason)


async def ask_words(say: CollectingDispatcher, key: ReportKey) -> None:
    """The next message goes to staff, where they may read the report at all."""
    own = await current_turn().own.look(key)
    if may(own.consents, READ):
        current_turn().ask_for_words(wanted=True)
        say.utter_message(response="utter_ask_own_message")
    else:
        say.utter_message(response="utter_own_not_readable")


async def ask_withdraw(say: CollectingDispatcher, _: ReportKey) -> None:
    say.utter_message(response="utter_own_withdraw")


async def lead_to_page(say: CollectingDispatcher, _: ReportKey) -> None:
    say.utter_message(response="utter_own_page")


def close(say: CollectingDispatcher, turn: Turn) -> None:
    turn.forget_report()
    say.utter_message(response="utter_own_closed")


def lost(say: CollectingDispatcher, _: Turn) -> None:
    say.utter_message(response="utter_receipt_lost")


def noted(say: CollectingDispatcher, turn: Turn) -> None:
    turn.hide_receipts()
    say.utter_message(response="utter_receipt_noted")


WITHOUT = {"close": close, "lost": lost, "noted": noted}
WITH = {
    "show": show,
    "write": ask_words,
    "withdraw": ask_withdraw,
    "withdraw_yes": withdraw,
    "page": lead_to_page,
    "rules": show_rules,
}
