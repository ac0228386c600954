"""Ids under other names: equal ids get equal ones, in every file and by every process, and nothing has to be kept.

A pseudonym is made from the id alone (a part of its SHA-256).  It hides an id that can't be guessed, as those that the
hub gives; whoever guesses an external id, an e-mail address say, can see that he is right.
"""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from chub.testing.recording.rows import Row, children

Rename = Callable[[str], str]

_PSEUDONYM = re.compile(r"id-[0-9a-f]{12}")
# In a path, what follows one of these is an id.
_COLLECTIONS = frozenset(["workspaces", "events", "customers", "sessions"])
_KEYS = frozenset(["id", "customerId", "externalId", "nodeId", "sessionId", "workspaceId", "value"])
# What stands in an object beside these is the customer's own: an id of a product is none of the hub's.
_HOLDERS = frozenset(["bringBackProperties", "data", "customer"])
_NO_MESSAGES = frozenset(["kind", "method", "template", "headers", "base64"])


def pseudonym(text: str) -> str:
    """Give the pseudonym of an id; it is its own.

    >>> pseudonym("CRM-17"), pseudonym(pseudonym("CRM-17"))
    ('id-abcb59851937', 'id-abcb59851937')
    """
    if not text or _PSEUDONYM.fullmatch(text):
        return text
    return f"id-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


class Names:
    """The pseudonyms of all ids that were met, so that both ways can be gone."""

    def __init__(self) -> None:
        self._of_id: dict[str, str] = {}
        self._id_of: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Give the pseudonym of an id, and remember it."""
        made = pseudonym(text)
        if made != text:
            self._of_id[text] = made
            self._id_of[made] = text
        return made

    def hidden_in(self, text: str) -> str:
        """Give a text, a message say, with pseudonyms in the place of the ids that were met."""
        ids = {spelt: made for known, made in self._of_id.items() for spelt in {known, _quoted(known)}}
        if not ids:
            return text
        longest_first = "|".join(re.escape(one) for one in sorted(ids, key=len, reverse=True))
        return re.sub(rf"(?<![\w-])(?:{longest_first})(?![\w-])", lambda found: ids[found.group()], text)

    def told_in(self, value: Any) -> Any:
        """Give a JSON value with the ids that were met in the place of their pseudonyms."""
        if not self._id_of:
            return value

        def told(found: re.Match[str]) -> str:
            return json.dumps(self._id_of.get(found.group(), found.group()))[1:-1]

        return json.loads(_PSEUDONYM.sub(told, json.dumps(value)))


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def request_without_ids(row: Row, names: Names) -> Row:
    """Give what is kept of a request with pseudonyms for its ids."""
    renamed = row | {"path": _path(row["path"], names.of)}
    if "query" in row:
        renamed["query"] = [[name, names.of(value) if name in _KEYS else value] for name, value in row["query"]]
    if "body" in row:
        renamed["body"] = _record(row["body"], names.of)
    return renamed


def answer_without_ids(row: Row, names: Names) -> Row:
    """Give what is kept of an answer or an error with pseudonyms: in their places, and in messages wherever they stand.

    What the hub keeps (an answer of 2xx) holds the customer's own texts, in which an id is none.
    """
    answer = row | ({"body": _record(row["body"], names.of)} if "body" in row else {})
    is_kept = "kind" not in row and 200 <= row["status"] < 300
    left = _NO_MESSAGES | {"body"} if is_kept else _NO_MESSAGES
    return {name: value if name in left else everywhere(value, names.hidden_in) for name, value in answer.items()}


def _path(path: str, rename: Rename) -> str:
    steps = path.split("/")
    is_id = False
    for place, step in enumerate(steps):
        if is_id:
            steps[place] = quote(rename(unquote_to_bytes(step).decode("utf-8", "surrogateescape")), safe="")
        is_id = not is_id and step in _COLLECTIONS
    return "/".join(steps)


def _record(value: Any, rename: Rename) -> Any:
    """Rename the ids of an event, a customer or a session, of a page of them, or of what a refusal tells."""
    if not isinstance(value, dict):
        return value
    return {key: _field(key, inner, rename) for key, inner in value.items()}


def _field(key: str, value: Any, rename: Rename) -> Any:
    if key in _KEYS and isinstance(value, str):
        return rename(value)
    if key == "elements" and isinstance(value, list):
        return [_record(item, rename) for item in value]
    return _record(value, rename) if key in _HOLDERS else value


def everywhere(value: Any, change: Rename) -> Any:
    """Change each text of a JSON value."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: everywhere(inner, change) for key, inner in children(value)}
    return [everywhere(inner, change) for _, inner in children(value)] if isinstance(value, list) else value
