"""Leaving a workspace as it was found: what a run made there is deleted."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from returns.result import Failure, Result, Success

from chub.api import delete_customer, delete_event, find_customer, wait_for_event
from chub.errors import ChubError, Rejected
from chub.settings import Config
from chub.testing.machine.model import Model
from chub.values.customers import RecordedCustomer


def clean(
    config: Config,
    model: Model,
    external_ids: Iterable[str],
    within: float,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    """Delete the events and customers of a model, and customers of these external ids; warn of those that stay.

    Events first, each once it is visible: one that the hub stores after its customer is gone would be nobody's.
    """
    wait = partial(wait_for_event, config, within=within, clock=clock, sleep=sleep)
    left = [
        *_left(
            "event", (one.id for one in model.events), lambda key: wait(key).bind(lambda _: delete_event(config, key))
        ),
        *_left("customer", (one.id for one in model.customers), partial(delete_customer, config)),
        *_left("customer with the external id", external_ids, partial(_delete_by_external_id, config)),
    ]
    if left:
        warnings.warn(f"left in the workspace {config.workspace_id!r}: {'; '.join(left)}", stacklevel=2)


def _delete_by_external_id(config: Config, external_id: str) -> Result[Any, ChubError]:
    """Delete who was made by an event of which nobody knows."""

    def delete(found: RecordedCustomer | None) -> Result[Any, ChubError]:
        return Success(None) if found is None else delete_customer(config, found.id)

    return find_customer(config, external_id).bind(delete)


def _left(kind: str, keys: Iterable[str], delete: Callable[[str], Result[Any, ChubError]]) -> Iterator[str]:
    for key in keys:
        result = delete(key)
        if isinstance(result, Failure) and not _is_gone(result.failure()):
            yield f"{kind} {key} ({result.failure()})"


def _is_gone(error: ChubError) -> bool:
    return isinstance(error, Rejected) and error.status == 404
