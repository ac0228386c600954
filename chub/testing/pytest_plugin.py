"""The fixtures that pytest finds by itself: `chub_hub`, `chub_server`, `chub_faults`, and `chub_options` to override.

It is loaded in everybody's run, so it loads nothing but two modules of names; the rest comes when a test asks for it.
pytest loads it before pytest-cov starts: whoever measures chub itself runs `coverage run -m pytest`.
"""

from collections.abc import Callable, Iterator

import pytest

TYPE_CHECKING = False  # as in `chub`

if TYPE_CHECKING:
    from chub.sandbox import HubOptions, Sandbox, ServedSandbox
    from chub.sandbox.script import Faults
    from chub.testing.shared_server import SharedServer


@pytest.fixture
def chub_options() -> "HubOptions":
    """Options of `chub_hub` and `chub_server`: none; override it, to return `{"types": {"sawUnicorn": None}}`, say."""
    return {}


@pytest.fixture
def chub_hub(chub_options: "HubOptions") -> "Iterator[Sandbox]":
    """An empty ContactHub in process, without a socket; its `config` is what chub's functions take."""
    from chub import sandbox

    with sandbox.open(**chub_options) as hub:
        yield hub


@pytest.fixture(scope="session")
def _chub_shared_server() -> "Iterator[SharedServer]":
    from chub.testing.shared_server import SharedServer

    server = SharedServer()
    yield server
    server.close()


@pytest.fixture
def chub_server(_chub_shared_server: "SharedServer", chub_options: "HubOptions") -> "Iterator[ServedSandbox]":
    """An empty ContactHub over HTTP on loopback: the server is the session's, workspace and token are the test's."""
    from chub import disconnect

    hub = _chub_shared_server.fresh(chub_options)
    yield hub
    disconnect(hub.config)


@pytest.fixture
def chub_faults(request: pytest.FixtureRequest) -> "Callable[[Faults | str], None]":
    """Let the next requests of the test go wrong: `chub_faults([sandbox.status(503), None, sandbox.cut()])`.

    It scripts `chub_server` where the test uses that, else `chub_hub`; a text is read by `sandbox.parse_faults`.  With
    `@pytest.mark.parametrize("chub_faults", [...], indirect=True)` each parameter is played from the start.
    """
    from chub.testing.scripting import script

    def play(faults: "Faults | str") -> None:
        script(request, faults)

    if hasattr(request, "param"):
        play(request.param)
    return play
