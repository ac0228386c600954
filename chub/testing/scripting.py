"""Faults for the hub of one test, whichever of the two fixtures it uses."""

import pytest

from chub.errors import InvalidValue
from chub.sandbox import Faults, Sandbox, parse_faults


def script(request: pytest.FixtureRequest, faults: Faults | str) -> None:
    """Play these faults from the next request on, in place of those that were still to come."""
    hub: Sandbox = request.getfixturevalue(_fixture(request))
    hub.script(_parsed(faults) if isinstance(faults, str) else faults)


def _fixture(request: pytest.FixtureRequest) -> str:
    used = [name for name in ("chub_server", "chub_hub") if name in request.fixturenames]
    if len(used) == 2:
        raise InvalidValue.of(
            "chub_faults", "the test has two hubs, chub_hub and chub_server: call .script(...) of one"
        )
    return used[0] if used else "chub_hub"


def _parsed(text: str) -> Faults:
    try:
        return parse_faults(text)
    except ValueError as error:
        raise InvalidValue.of("faults", str(error)) from None
