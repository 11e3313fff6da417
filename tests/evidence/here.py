"""Cleans in this process what the service cleans in a child: the same functions, without the wait for a start."""

from bot.evidence.cleaner import Cleaned, Refusal, RefusedError, checked
from bot.evidence.washing import cleaner_of, wash
from tests.evidence.canary import Sample


def cleaned(content: bytes, name: str) -> Cleaned:
    form = checked(content, name)
    return wash(content, form, cleaner_of(form))


def clean_sample(sample: Sample) -> Cleaned:
    """Says which one it was if it is refused."""
    try:
        return cleaned(sample.content, sample.name)
    except RefusedError as error:
        raise AssertionError(f"{sample.name}: {error}") from error


def reason_for(content: bytes, name: str) -> Refusal | None:
    try:
        cleaned(content, name)
    except RefusedError as error:
        return error.reason
    return None
