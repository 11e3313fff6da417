"""Where patterns and classifier disagree about a danger, the person is asked."""

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.danger import UNCLEAR, Danger, DangerRecogniser, anchored
from bot.engine.nlu.needs import FALLBACK

DANGER = Danger(anchored({"en": {"emergency": ["house on fire"], "harmless": ["dying of laughter"]}}, []))


def weighed(text: str, *ranking: tuple[str, float]) -> tuple[str, bool]:
    intents = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message({TEXT: text, INTENT: [*intents, {"name": "nothing"}][0], INTENT_RANKING_KEY: intents})
    DangerRecogniser(None, None, "data/nlu", DANGER).process([message])  # type: ignore[arg-type]
    return message.get(INTENT)["name"], bool(message.get(UNCLEAR))


@pytest.mark.parametrize(
    ("text", "ranking", "read"),
    [
        ("house on fire", [("find_job", 0.25), ("emergency", 0.3)], ("emergency", False)),
        ("house on fire", [("find_job", 0.25), ("emergency", 0.2)], ("emergency", True)),
        ("house on fire", [("find_job", 0.5)], ("emergency", True)),
        ("house on fire haha", [("emergency", 0.9)], ("emergency", True)),
        ("we get on like a house on fire 😂", [("emergency", 0.9)], ("emergency", True)),
        ("he has a house on fire", [("emergency", 0.9)], ("emergency", False)),
        ("house on fire", [("find_job", 0.95)], ("emergency", True)),
        ("house on fire", [(FALLBACK, 0.95), ("find_job", 0.05)], ("emergency", True)),
        ("x", [("crisis_suicide", 0.96), ("greet", 0.04)], ("crisis_suicide", False)),
        ("x", [("crisis_suicide", 0.9), ("greet", 0.1)], ("crisis_suicide", True)),
        ("x", [("crisis_suicide", 0.8), ("greet", 0.1)], ("crisis_suicide", True)),
        ("x", [("crisis_suicide", 0.4), ("greet", 0.3)], ("crisis_suicide", True)),
        ("x", [("crisis_suicide", 0.6), ("greet", 0.3)], ("crisis_suicide", True)),
        ("x", [("greet", 0.3), ("emergency", 0.2), ("crisis_violence", 0.2)], ("emergency", True)),
        ("x", [(FALLBACK, 0.6), ("emergency", 0.4), ("greet", 0.1)], ("emergency", True)),
        ("x", [(FALLBACK, 0.8), ("emergency", 0.2), ("greet", 0.1)], (FALLBACK, False)),
        ("a b c d", [(FALLBACK, 0.7), ("greet", 0.3), ("emergency", 0.25)], ("emergency", True)),
        ("a b c d", [(FALLBACK, 0.8), ("emergency", 0.15), ("greet", 0.1)], (FALLBACK, False)),
        ("x", [("greet", 0.6), ("emergency", 0.3)], ("greet", False)),
        ("dying of laughter", [("emergency", 0.8), ("greet", 0.1)], (FALLBACK, False)),
        ("dying of laughter", [("emergency", 0.95), ("greet", 0.05)], ("emergency", True)),
        ("dying of laughter", [("greet", 0.6), ("emergency", 0.3)], ("greet", False)),
        ("x", [], ("nothing", False)),
    ],
)
def test_who_is_right(text: str, ranking: list[tuple[str, float]], read: tuple[str, bool]) -> None:
    assert weighed(text, *ranking) == read
