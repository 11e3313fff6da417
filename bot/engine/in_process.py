"""Runs the actions inside this process: no second server, nothing to authenticate, no tracker on a wire."""

import asyncio
import functools
import json
from typing import Any

import jsonschema_rs
from aiohttp import ClientConnectionError
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

LONGEST_SECONDS = 10.0


class InProcessActions(EndpointConfig):
    """What Rasa takes for an action server: `RemoteAction.run` only calls `request`.

    No action asks for the domain, so it is not handed over: 140 kB through JSON, a quarter of a pressed turn.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="in-process", **{SELECTIVE_DOMAIN: True})
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    @property
    def names(self) -> set[str]:
        return set(self._executor.actions)

    async def request(self, method: str = "post", json: Any = None, **_: Any) -> Any:
        """Rasa's call and the action's answer, each copied through JSON so that an action cannot touch the tracker."""
        call = _copied(json)
        try:
            answer = await asyncio.wait_for(self._executor.run(call), LONGEST_SECONDS)
        except ActionExecutionRejection as rejection:
            text = _json({"error": "rejected", "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", text) from rejection
        except ActionNotFoundException as missing:
            text = _json({"error": "unknown", "action_name": missing.action_name})
            raise ClientResponseError(404, "unknown", text) from missing
        except TimeoutError as late:
            raise ClientConnectionError("an action took too long") from late
        return _copied(answer)


def _json(value: Any) -> str:
    return json.dumps(value)


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value))


_RESULT = jsonschema_rs.Draft7Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    if not _RESULT.is_valid(result):
        raise ValidationError("the answer of an action has not the form that Rasa wants")  # the fault would quote it
    return True


def work_out_once() -> None:
    """What Rasa works out in every turn, though it never changes.

    `RemoteAction._validate_action_result` (`rasa/core/actions/action.py:699`) compiles a constant schema on every
    call: 21 ms of a turn; compiled once 1.4 ms in Python, 0.02 ms in jsonschema-rs. `Event.resolve_by_type`
    (`rasa/shared/core/events.py:374`) looks for each event of a conversation through all of its classes.
    """
    RemoteAction._validate_action_result = _validate_action_result
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(functools.cache(Event.resolve_by_type))
