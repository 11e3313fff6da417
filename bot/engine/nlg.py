"""A reply's name becomes words, buttons and service cards in the resident's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.dates import format_skeleton
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from bot.casework.fitting import said_section, with_day
from bot.directory.services import Directory
from bot.engine.buttons import CHOSEN, Button, buttons_of, month_of
from bot.language.catalogue import Catalogue
from bot.language.languages import SOURCE, Language
from bot.language.sources import page_word

AND = " · "
"""Between several answers; some of them hold a comma."""
"""The value that is a day: said in the words of the language; as it came, under `iso`."""


class CatalogueNLG(TemplatedNaturalLanguageGenerator):
    """Chooses a variation by the slots (`variation_for`) and says it by the catalogue.

    It must subclass the stock one, or the agent never hands it the domain's responses
    (`rasa/core/agent.py`, `load_model`). What an action may pass beside the reply's name: values for placeholders,
    `offer` and `after` (button ids, before and after the reply's own), `chosen` (ids of those already pressed),
    `services` (service ids), `languages` (True for all, or codes), `review`: lines of (question, button ids, own words)
    to be read back, `quote`: what a person wrote, as `text` and `lang`, and `sections`: a title and lines, each the
    name of a text on the law with its values.
    """

    def __init__(
        self,
        words: Callable[[str], Catalogue],
        languages: Mapping[str, Language],
        directory: Directory,
        law: Mapping[str, str],
    ) -> None:
        super().__init__({})
        self._words = words
        self._languages = languages
        self._directory = directory
        self._law = law
        self._buttons: dict[str, Button] = {}

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **said: Any
    ) -> dict[str, Any] | None:
        slots = tracker.current_slot_values()
        variation = variation_for(self.responses.get(utter_action, []), {**slots, **said})
        if variation is None:
            return None
        words = self._words(slots.get("language") or SOURCE)
        values = {name: value for name, value in said.items() if isinstance(value, str)}
        values = with_day(values, words)
        services = [self._directory.services[name] for name in said.get("services") or []]
        return {
            "text": words.say(utter_action, variation["text"], **values),
            "buttons": self._said_buttons(words, variation, said),
            "custom": {
                "reply": utter_action,
                "source": variation["text"],
                "values": values,
                "services": [{"id": service.id} for service in services],
                "quote": said.get("quote"),
                "sections": [said_section(words, self._law, *section) for section in said.get("sections") or []],
                "review": [self._line(words, *line) for line in said.get("review") or []],
            },
        }

    def _said_buttons(self, words: Catalogue, variation: Mapping[str, Any], said: Mapping[str, Any]) -> list[Any]:
        own = [Button.of(button) for button in variation.get("buttons", [])]
        offered = [self.button(button_id) for button_id in said.get("offer") or []]
        wanted = said.get("languages")
        languages = (
            [
                Button.for_language(language)
                for code, language in self._languages.items()
                if wanted is True or code in wanted
            ]
            if wanted
            else []
        )
        # Months and the like stand before "not sure" and "stop", which the reply itself ends with.
        after = [self.button(button_id) for button_id in said.get("after") or []]
        buttons = offered + own + languages + after
        chosen = set(said.get("chosen") or [])
        return [
            {
                "id": button.id,
                "title": (CHOSEN if button.id in chosen else "") + title_of(button, words),
                "payload": button.payload,
            }
            for button in buttons
        ]

    def _line(self, words: Catalogue, question: str, pressed: Sequence[str], own_words: str) -> dict[str, str]:
        """A question's name and what was answered to it."""
        titles = [title_of(self.button(button_id), words) for button_id in pressed]
        return {"label": page_word(words, f"review.{question}"), "value": own_words or AND.join(titles)}

    def button(self, button_id: str) -> Button:
        """A button of the domain, a month, or one that changes a part; another id raises KeyError."""
        if not self._buttons:
            self._buttons = buttons_of(self.responses)
        return self._buttons.get(button_id) or Button.for_change(button_id) or Button.for_month(button_id)


def variation_for(variations: Sequence[Mapping[str, Any]], slots: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first variation whose conditions all hold, else the first without a condition.

    As in Rasa a condition names a slot and its value; here a list of values means any of them.
    """
    plain = [variation for variation in variations if not variation.get("condition")]
    fitting = (
        variation
        for variation in variations
        if variation.get("condition") and all(_holds(condition, slots) for condition in variation["condition"])
    )
    return next(fitting, plain[0] if plain else None)


def _holds(condition: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    wanted, said = condition["value"], slots.get(condition["name"])
    return said in wanted if isinstance(wanted, list) else said == wanted


def title_of(button: Button, words: Catalogue) -> str:
    """The button's words; a month is named by CLDR, a language by itself."""
    month = month_of(button.id)
    if month:
        return str(format_skeleton("yMMMM", month, locale=words.language.code))
    if button.is_language:
        return button.title
    if button.changes:
        return page_word(words, "review.change", part=page_word(words, f"review.{button.changes}"))
    return words.say(f"button_{button.id}", button.title)
