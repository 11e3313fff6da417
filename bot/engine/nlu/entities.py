"""What our recognisers find in a message, in the form that Rasa's slots are filled from."""

from typing import Any

from rasa.shared.nlu.constants import (
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
)


def entity(kind: str, value: str, start: int, end: int) -> dict[str, Any]:
    """Offsets are those of the message as it was sent."""
    return {
        ENTITY_ATTRIBUTE_TYPE: str(kind),
        ENTITY_ATTRIBUTE_VALUE: value,
        ENTITY_ATTRIBUTE_START: start,
        ENTITY_ATTRIBUTE_END: end,
    }


def overlaps(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether a (start, end) shares a place with any of `others`."""
    return any(span[0] < end and start < span[1] for start, end in others)
