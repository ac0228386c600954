"""Who an event belongs to: exactly one of a customer, an anonymous session and the company's own key.

Ids that stand in a URL path are checked here: an id such as `..` would climb out of its segment.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from chub.errors import InvalidValue, shown
from chub.late import Late
from chub.values.base import Checks, Unlisted, check_fields
from chub.values.frozen_dict import EMPTY
from chub.values.schema import NotEmpty, Problems, Text, note

if TYPE_CHECKING:
    import uuid
else:
    uuid = Late("uuid")

# What percent-encoding can't make safe everywhere: separators that servers and proxies decode early, and controls.
_UNSAFE_IN_PATH = re.compile(r"[/\\?#\x00-\x1f\x7f\ud800-\udfff]|%2[eEfF]|%5[cC]")


def path_id_fault(value: object) -> str | None:
    """Say why this value can't stand as an id in a URL path; None where it can.

    >>> path_id_fault("3f5b"), path_id_fault("..")
    (None, "'..' is a step in a path, not an id")
    """
    if not isinstance(value, str):
        return f"a str is needed, not {type(value).__name__}"
    if not value:
        return "empty"
    if value in (".", ".."):
        return f"{value!r} is a step in a path, not an id"
    found = _UNSAFE_IN_PATH.search(value)
    return f"{shown(value)} holds {found.group()!r}, which no id in a path can bear" if found else None


def text_fault(value: object) -> str | None:
    """Say why this value isn't a text of at least one character; None where it is one."""
    if not isinstance(value, str):
        return f"a str is needed, not {type(value).__name__}"
    return None if value else "empty"


class PathId:
    """An id that fills one segment of a URL path."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the plain `str`, or note what is wrong."""
        fault = path_id_fault(value)
        return note(problems, path, fault) if fault else str.__str__(cast(str, value))


TEXT = Text((NotEmpty(),))
"""A text of at least one character."""


@frozen
class CustomerId:
    """The hub's id of a customer.

    >>> CustomerId("c_id")
    CustomerId('c_id')
    """

    value: str

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        check_fields(self, {"value": PathId()}, problems, required=("value",))
        InvalidValue.check(problems)

    def __repr__(self) -> str:
        return f"CustomerId({self.value!r})"


@frozen(repr=False)
class _BringBack:
    """An owner that the hub has yet to bring back to a customer; without a node, the config's is sent."""

    value: str
    node_id: str | None = field(default=None, kw_only=True)
    unlisted: Mapping[str, Any] = field(default=EMPTY, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        check_fields(self, _BRING_BACK, problems, required=("value", "unlisted"))
        InvalidValue.check(problems)

    def __repr__(self) -> str:
        node = "" if self.node_id is None else f", node_id={self.node_id!r}"
        rest = f", unlisted={dict(self.unlisted)!r}" if self.unlisted else ""
        return f"{type(self).__name__}({self.value!r}{node}{rest})"


_BRING_BACK: Mapping[str, Checks] = {
    "value": TEXT,
    "node_id": TEXT,
    "unlisted": Unlisted(frozenset({"type", "value", "nodeId"})),
}


@frozen(repr=False)
class SessionId(_BringBack):
    """The value of an anonymous visitor's session: any text but "", unique for a node.

    >>> SessionId("a visit")
    SessionId('a visit')
    """


@frozen(repr=False)
class ExternalId(_BringBack):
    """The company's own key of a customer: any text but "".  An event with an unknown one makes the customer.

    >>> ExternalId("CRM-17", node_id="shop")
    ExternalId('CRM-17', node_id='shop')
    """


Owner = CustomerId | SessionId | ExternalId


def session_id(entropy: bytes) -> SessionId:
    """Make a session id, a version-4 UUID, from 16 bytes of entropy; pure: the same bytes give the same id.

    >>> session_id(bytes(16))
    SessionId('00000000-0000-4000-8000-000000000000')
    """
    if not isinstance(entropy, bytes) or len(entropy) != 16:
        raise InvalidValue.of("entropy", "16 bytes are needed, e.g. os.urandom(16); chub.new_session_id() draws them")
    return SessionId(str(uuid.UUID(bytes=entropy, version=4)))


class OwnerKind:
    """The owner of an event that is to be sent; the hub takes no further keys in its bring-back."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the owner, or note what is wrong."""
        if not isinstance(value, CustomerId | SessionId | ExternalId):
            needs = "exactly one of chub.CustomerId(...), chub.SessionId(...), chub.ExternalId(...) is needed"
            return note(problems, path, f"{needs}, not {type(value).__name__}")
        if not isinstance(value, CustomerId):
            for key in value.unlisted:
                note(problems, f"{path}.unlisted.{key}", "the hub refuses further keys here")
        return value
