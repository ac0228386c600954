"""Pages in JSON; whatever the elements are."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from returns.result import Failure, Result, Success

from chub.errors import BadResponse, ChubError, InvalidValue
from chub.http import Json
from chub.values.base import construct
from chub.values.events import RecordedEvent
from chub.values.naming import camel_case
from chub.values.pages import COUNTS, Page
from chub.wire.jsontext import read_object
from chub.wire.recorded_events import freeze_read, read_event

A = TypeVar("A")


def parse_page(
    source: Mapping[str, Any] | str | bytes, *, json: Json | None = None
) -> Result[Page[RecordedEvent], ChubError]:
    """Read a page of events that the hub returned; only what has no `elements` is refused, as a `BadResponse`.

    >>> parse_page('{"elements": [], "page": {"number": 0, "size": 10, "totalPages": 0}}').unwrap()
    Page(elements=(), number=0, size=10, total_elements=None, total_unfiltered_elements=None, total_pages=0)
    """
    try:
        return Success(read_page(read_object(source, json), read_event, is_ours=isinstance(source, str | bytes)))
    except InvalidValue as error:
        return Failure(BadResponse(reason=str(error)))
    except RecursionError:
        return Failure(BadResponse(reason="nested too deep"))


def read_page(data: Mapping[str, Any], read: Callable[[Mapping[str, Any]], A], *, is_ours: bool = False) -> Page[A]:
    """Read the JSON object of a page; raises `InvalidValue` where it has no elements.

    Of one that `is_ours`, no caller's, the elements are taken out as they are read, so that no page is held twice.
    """
    elements = data.get("elements")
    if not isinstance(elements, list | tuple):
        raise InvalidValue.of("elements", "an array is needed")
    counts = data.get("page")
    values: dict[str, Any] = {name: _count(counts, key) for key, name in _LISTED_COUNTS.items()}
    given = _taken_out(elements) if is_ours and isinstance(elements, list) else elements
    values["elements"] = tuple([read(_as_object(element)) for element in given])
    values["unlisted"] = freeze_read(_unlisted(data, counts))
    made: Page[A] = construct(Page, values)
    return made


def _taken_out(elements: list[Any]) -> Iterator[Any]:
    for index, element in enumerate(elements):
        elements[index] = None
        yield element


def _as_object(element: Any) -> Mapping[str, Any]:
    return element if element.__class__ is dict or isinstance(element, Mapping) else {"": element}


_LISTED_COUNTS = {camel_case(name): name for name in COUNTS}


def _count(counts: object, key: str) -> int | None:
    value = counts.get(key) if isinstance(counts, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _unlisted(data: Mapping[str, Any], counts: object) -> dict[str, Any]:
    """The keys beside elements and page, and under `page` what is no count that chub reads."""
    rest = {key: value for key, value in data.items() if key not in ("elements", "page")}
    if not isinstance(counts, Mapping):
        return rest if counts is None else rest | {"page": counts}
    unread = {key: value for key, value in counts.items() if key not in _LISTED_COUNTS or _count(counts, key) is None}
    return rest | ({"page": unread} if unread else {})
