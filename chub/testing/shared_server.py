"""One server of a sandbox on loopback for a whole session of tests, and behind it an empty hub for each of them."""

from itertools import count

from chub import sandbox
from chub.sandbox import HubOptions, ServedSandbox
from chub.transport.connections import disconnect


class SharedServer:
    """Keeps the port; a hub's workspace and token are its own, so a call that comes late finds none but its own hub."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._served: ServedSandbox | None = None

    def fresh(self, options: HubOptions) -> ServedSandbox:
        """Open an empty hub in the place of the one before, or on another port where that was closed by its user."""
        number = next(self._numbers)
        given: HubOptions = {
            "workspace_id": f"sandbox-workspace-{number}",
            "token": f"sandbox-token-{number}",
            **options,
        }
        if self._served is not None and self._served.is_serving:
            self._served = self._served.replace(**given)
        else:
            self._served = sandbox.serve(**given)
        return self._served

    def close(self) -> None:
        """Stop the server."""
        if self._served is not None:
            disconnect(self._served.config)
            self._served.close()
