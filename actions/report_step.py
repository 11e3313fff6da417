"""A step through a report that answers nothing by itself: done, skip, go on to the consents, write it anew."""

from collections.abc import Callable

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.report_questions import ask
from bot.casework.telling import Telling
from bot.engine.turn import current_turn

STEPS: dict[str, Callable[[Telling], None]] = {
    "done": Telling.finish,
    "skip": Telling.skip,
    "to_consents": Telling.skip_to_consents,
    "anew": Telling.write_anew,
    "use_first": Telling.use_first,
    "keep_phone": Telling.keep_phone,
}


class ActionReportStep(Errand):
    named = "action_report_step"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        telling = current_turn().begun()
        STEPS[next(tracker.get_latest_entity_values("step"))](telling)
        ask(say, telling)
        return []
