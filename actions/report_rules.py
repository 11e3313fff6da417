"""Which rules may fit a report: shown if somebody asks, after the receipt; never a verdict."""

import datetime as dt

from rasa_sdk.executor import CollectingDispatcher

from bot.casework.fitting import fitting_of
from bot.casework.sealing import ReportKey
from bot.engine.turn import current_turn


async def show_rules(say: CollectingDispatcher, key: ReportKey) -> None:
    """From the codes of the report, which its receipt has opened."""
    turn = current_turn()
    found = fitting_of(turn.law, await turn.own.look(key), dt.datetime.now(dt.UTC))
    sections = [[section.title, section.lines] for section in found.sections]
    say.utter_message(response="utter_rules", sections=sections, services=found.services)
