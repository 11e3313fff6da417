"""Each event is noted as it is declared: all its fields, no others, and nothing that a person wrote."""

import asyncio
import dataclasses
import json
import re
from typing import Any

import pytest

from bot.audit.events import LONGEST, checked, declared, detail_of
from tests.audit.chains import Kept, a_chain

CANARY = "kanariefugl"


def values_of(verb: str) -> dict[str, Any]:
    """A text, a number and a yes in turns."""
    return {name: (f"{name} of it", 7, True)[place % 3] for place, name in enumerate(declared()[verb])}


@pytest.mark.parametrize("verb", declared())
def test_an_event_is_noted_with_exactly_its_fields(kept: Kept, verb: str) -> None:
    fields = values_of(verb)
    noted = asyncio.run(kept.journal.note("amina", "lead", verb, "an object", **fields))
    (row,) = kept.rows()
    assert row == noted
    assert (row.verb, row.object, detail_of(row)) == (verb, "an object", fields)
    for name in fields:
        with pytest.raises(ValueError, match=f"^{verb}: {name} is missing$"):
            asyncio.run(kept.journal.note("amina", "lead", verb, **{it: fields[it] for it in fields if it != name}))
    with pytest.raises(ValueError, match=f"^{verb}: weather is not a field of it$"):
        asyncio.run(kept.journal.note("amina", "lead", verb, **fields, weather=CANARY))
    assert len(kept.rows()) == 1


@pytest.mark.parametrize("verb", declared())
def test_a_declaration_is_a_list_of_names(verb: str) -> None:
    assert re.fullmatch("[a-z_]+", verb)
    assert all(re.fullmatch("[a-z_]+", name) for name in declared()[verb])
    assert len(set(declared()[verb])) == len(declared()[verb])


def test_what_is_not_declared_is_no_event() -> None:
    for verb in ("audit_anchored", "looked_around", ""):
        with pytest.raises(ValueError, match=f"^{verb} is not declared in events.yml$"):
            checked(verb, {})


@pytest.mark.parametrize(
    "value",
    [CANARY * 19, [CANARY], {CANARY: 1}, None, 1.5, CANARY.encode(), CANARY + "\ud800", 2**63, -(10**5000)],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_is_no_short_one_is_refused_and_not_repeated(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^status_set: status ") as refused:
        checked("status_set", {"status": value})
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    "value", ["", "æ" * LONGEST, "a\nb\0", "'; DROP TABLE event --", 0, -1, 2**63 - 1, True, False]
)
def test_a_short_value_comes_back_as_it_was(kept: Kept, value: Any) -> None:
    asyncio.run(kept.journal.note("amina", "lead", "status_set", status=value))
    (row,) = kept.rows()
    assert detail_of(row) == {"status": value}
    assert type(detail_of(row)["status"]) is type(value)
    assert kept.faults() == []


@pytest.mark.parametrize("name", ["actor", "role", "object"])
def test_who_and_what_are_short_too(kept: Kept, name: str) -> None:
    given = {"actor": "amina", "role": "lead", "object": "x"} | {name: CANARY * 19}
    with pytest.raises(ValueError, match=f"^signed_out: {name} is longer than 200 characters$"):
        asyncio.run(kept.journal.note(given["actor"], given["role"], "signed_out", given["object"]))
    assert kept.rows() == []


def test_a_field_may_be_called_like_what_every_event_has(kept: Kept) -> None:
    row = asyncio.run(kept.journal.note("amina", "admin", "account_added", object_="bo", who="bo", role="lead"))
    assert (row.role, detail_of(row)["role"]) == ("admin", "lead")


@pytest.mark.parametrize("detail", ["", "no JSON", "[1]", "7", "[" * 100_000, "\udcff"])
def test_a_detail_of_other_hands_has_no_fields(detail: str) -> None:
    (row,) = a_chain(1)
    assert detail_of(dataclasses.replace(row, detail=detail)) == {}


def test_fields_stand_in_the_order_of_their_declaration() -> None:
    assert checked("refused", {"why": "role", "route": "queue"}) == json.dumps(
        {"route": "queue", "why": "role"}, separators=(",", ":")
    )
