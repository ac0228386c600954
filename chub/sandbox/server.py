"""A hub behind a socket: a thread for each connection, kept alive, and a clean stop; `run` is for the command line."""

import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from os import PathLike
from typing import Final, Unpack

from chub.sandbox.answers import BASE_PATH
from chub.sandbox.conversation import Conversation
from chub.sandbox.door import Door
from chub.sandbox.hub import Hub
from chub.sandbox.options import HubOptions, Options
from chub.sandbox.text import write_ascii

_PATIENCE: Final = 1.0
_LONGEST_WAIT: Final = 0.5


class Server:
    """Serves a hub from the moment it is made until `stop`."""

    def __init__(self, hub: Hub, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._hub = hub
        self._tls = tls
        self._open: dict[Conversation, threading.Thread] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.connections = 0
        """How many connections were accepted."""
        self._door = Door(host, port, self._welcome)
        self.foresee()

    @property
    def base_url(self) -> str:
        """Where the hub's paths begin; over TLS at localhost, which a certificate can name."""
        host, port = self._door.place
        if self._tls is not None:
            return f"https://localhost:{port}{BASE_PATH}"
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{BASE_PATH}"

    def foresee(self) -> bool:
        """Begin the outage that is next in the script; tell whether there is one."""
        seconds = self._hub.script.take_refusals()
        if seconds:
            self._door.shut_for(seconds)
            self._dismiss()
        return seconds > 0

    def begin_outage(self) -> None:
        """Refuse connections from now on, and have those closed that are open, after the request at hand."""
        self._door.shut()
        self._dismiss()
        _join((thread for talk, thread in self._conversations().items() if not talk.is_spoiled), _PATIENCE)

    def end_outage(self) -> None:
        """Take connections again."""
        self._door.open()

    def _dismiss(self) -> None:
        for conversation in self._conversations():
            conversation.dismiss()

    def _conversations(self) -> dict[Conversation, threading.Thread]:
        with self._lock:
            return dict(self._open)

    def serves(self, hub: Hub) -> bool:
        """Whether this hub is the one that answers, and whether any does still."""
        return self._hub is hub and not self._ended.is_set()

    def hand_over(self, hub: Hub) -> None:
        """Serve another hub from now on; connections to the one before are ended, and so are its outages."""
        self._hub, ended = hub, self._ended
        self._ended = threading.Event()
        ended.set()
        self._end_conversations()
        self._door.reopen()
        self.connections = 0
        self.foresee()

    def stop(self) -> None:
        """Accept no more, let the requests at hand be answered, and close every connection; twice does no more."""
        self._ended.set()
        self._door.close()
        self._end_conversations()

    def _end_conversations(self) -> None:
        left = self._conversations()
        for conversation in left:
            if conversation.is_spoiled:
                conversation.shut(socket.SHUT_RDWR)
        # A thread that waits for a request ends by the first; by the second, one whose client doesn't read its answer.
        for how, patience in ((socket.SHUT_RD, _PATIENCE), (socket.SHUT_RDWR, 60.0)):
            for conversation in left:
                conversation.shut(how)
            _join(left.values(), patience)

    def _welcome(self, connection: socket.socket) -> None:
        conversation = Conversation(self._hub, connection, tls=self._tls, ended=self._ended, before_outage=self.foresee)
        thread = threading.Thread(target=self._converse, args=(conversation,), daemon=True)
        with self._lock:
            self.connections += 1
            self._open[conversation] = thread
            thread.start()  # before anybody who looks can find it, and join it

    def _converse(self, conversation: Conversation) -> None:
        try:
            conversation.hold()
        finally:
            with self._lock:
                del self._open[conversation]


def _join(threads: Iterable[threading.Thread], patience: float) -> None:
    end = time.monotonic() + patience
    # A function of the user's that is asked for a fault may begin an outage, on a thread of this server.
    for thread in [thread for thread in threads if thread is not threading.current_thread()]:
        thread.join(max(0.0, end - time.monotonic()))


def run(
    port: int = 0,
    host: str = "127.0.0.1",
    database: str | PathLike[str] = ":memory:",
    announce: Callable[[str], object] = print,
    **options: Unpack[HubOptions],
) -> int:
    """Serve a hub until SIGINT or SIGTERM, and give the exit code of a clean stop, 0; for the main thread alone.

    First it announces, as one line of JSON: base_url, workspace_id, node_id, token.
    """
    ended = threading.Event()
    with ExitStack() as undo:
        for number in (signal.SIGINT, signal.SIGTERM):
            undo.callback(signal.signal, number, signal.signal(number, lambda *_: ended.set()))
        hub = Hub(database, Options(**options))
        undo.callback(hub.close)
        server = Server(hub, host, port)
        undo.callback(server.stop)
        known = hub.workspace
        facts = {"workspace_id": known.workspace_id, "node_id": known.node_id, "token": known.token}
        announce(write_ascii({"base_url": server.base_url, **facts}))
        # Whoever started this process may wait for that line at the end of a pipe.
        sys.stdout.flush()
        # Not one long wait: on some systems a signal does not end it.
        while not ended.wait(_LONGEST_WAIT):
            pass
    return 0
