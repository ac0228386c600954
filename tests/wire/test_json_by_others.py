"""JSON read and written by functions that the user gives; the standard library has the last word."""

import json
import pickle
from functools import partial
from typing import Any

import attrs
import pytest
from chub_cases import FULL_EVENT, FULL_EVENT_JSON, FULL_RECORDED, FULL_RECORDED_JSON, paths, raised
from returns.result import Success

import chub
from chub.http import Request, Response
from chub.wire.jsontext import dumps, loads


class Recorder:
    """Reads and writes as `json` does, and remembers what; or refuses everything, as no library should."""

    def __init__(self, refuses: bool = False) -> None:
        self.read: list[Any] = []
        self.written: list[Any] = []
        self.refuses = refuses

    def loads(self, text: bytes | str) -> Any:
        self.read.append(text)
        return self.refused() if self.refuses else json.loads(text)

    def dumps(self, value: Any) -> str:
        self.written.append(value)
        return str(self.refused()) if self.refuses else json.dumps(value)

    def refused(self) -> None:
        raise ArithmeticError("not today")

    def as_json(self) -> chub.Json:
        return chub.Json(loads=self.loads, dumps=self.dumps)


@pytest.mark.parametrize("refuses", [False, True])
def test_parsers_read_by_it(refuses: bool) -> None:
    by = Recorder(refuses)
    event, recorded = json.dumps(FULL_EVENT_JSON), json.dumps(FULL_RECORDED_JSON)
    page = '{"elements": []}'
    assert Success(FULL_EVENT) == chub.parse_event(event, json=by.as_json())
    assert Success(FULL_RECORDED) == chub.parse_recorded_event(recorded, json=by.as_json())
    assert Success(chub.Page(elements=())) == chub.parse_page(page, json=by.as_json())
    assert [event, recorded, page] == by.read


@pytest.mark.parametrize("refuses", [False, True])
def test_a_call_is_written_and_read_by_it(refuses: bool) -> None:
    by, sent = Recorder(refuses), list[bytes | None]()

    def answer(request: Request, _: Any) -> Success[Response]:
        sent.append(request.body)
        return Success(Response(status=202, body=b'{"id": "e"}'))

    config = chub.config(workspace_id="w", node_id="n", token="demo", transport=answer, json=by.as_json())
    owned = attrs.evolve(FULL_EVENT, owner=chub.CustomerId("c"))
    assert "e" == chub.add_event(config, owned).unwrap().id
    assert [chub.encode(owned)] == by.written == [json.loads(body or b"") for body in sent]
    assert [b'{"id": "e"}'] == by.read


@pytest.mark.parametrize(("value", "written"), [({"a": "\ud800"}, b'{"a":"\\ud800"}'), ("ü", '"ü"'.encode())])
def test_text_that_it_gives_goes_out_in_utf_8(value: Any, written: bytes) -> None:
    plain = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    assert written == dumps(value, chub.Json(dumps=plain))
    assert written == dumps(value, chub.Json(dumps=lambda value: dumps(value)))


@pytest.mark.parametrize("written", [None, 5, b"", "", bytearray(b"{}")])
def test_what_it_gives_that_is_no_text_is_not_sent(written: Any) -> None:
    assert b'{"a":1}' == dumps({"a": 1}, chub.Json(dumps=lambda _: written))


def test_what_is_no_json_has_the_reason_of_the_standard_library() -> None:
    with pytest.raises(ValueError, match=r"^not JSON: Expecting value at character 0$"):
        loads("?", Recorder().as_json())


def test_only_functions_are_taken() -> None:
    assert ["loads"] == paths(raised(lambda: chub.Json(loads="orjson")))  # type: ignore[arg-type]
    assert ["dumps"] == paths(raised(lambda: chub.Json(dumps=5)))  # type: ignore[arg-type]
    assert ["json"] == paths(raised(lambda: chub.config(workspace_id="w", token="demo", json=json)))  # type: ignore[arg-type]


def test_a_config_and_an_operation_with_it_can_be_pickled() -> None:
    by = chub.Json(loads=json.loads)
    config = chub.config(workspace_id="w", token=chub.token_from_env("CHUB_TOKEN"), json=by)
    operation = chub.operations.get_event(config, "e").unwrap()
    assert (config, operation) == pickle.loads(pickle.dumps((config, operation)))
