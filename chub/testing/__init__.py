"""What the tests of code that uses chub need; its parts come with the extra: `pip install 'contacthub-chub[testing]'`.

Importing this module loads nothing else: a name is resolved when it is first used.
"""

TYPE_CHECKING = False  # as in `chub`

if TYPE_CHECKING:
    from typing import Any

    from chub.testing import laws as laws
    from chub.testing import strategies as strategies
    from chub.testing.machine import HubMachine as HubMachine
    from chub.testing.recording.player import Playback as Playback
    from chub.testing.recording.player import playback as playback
    from chub.testing.recording.recorder import record as record

_NAMES_OF_ROOMS = {
    "chub.testing": "laws strategies",
    "chub.testing.machine": "HubMachine",
    "chub.testing.recording.player": "Playback playback",
    "chub.testing.recording.recorder": "record",
}
_EXTRA = ("hypothesis", "pytest")
_ROOM_OF_NAME = {name: room for room, names in _NAMES_OF_ROOMS.items() for name in names.split()}

__all__ = sorted(_ROOM_OF_NAME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> "Any":
    """Resolve a public name when it is first used (PEP 562)."""
    from importlib import import_module

    if name not in _ROOM_OF_NAME:
        raise AttributeError(f"module 'chub.testing' has no attribute {name!r}")
    room = _ROOM_OF_NAME[name]
    try:
        found = import_module(f"{room}.{name}") if room == __name__ else getattr(import_module(room), name)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise ImportError(f"chub.testing.{name} needs {error.name}: pip install 'contacthub-chub[testing]'") from error
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__all__"]
