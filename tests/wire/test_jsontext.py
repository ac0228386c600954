"""JSON text: what is read, what is refused with a reason, and what is written."""

import json
from typing import Any

import pytest
from chub_cases import paths, raised
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.testing.strategies import odd_json, odd_texts
from chub.wire import jsontext
from chub.wire.jsontext import dumps, loads, read_object


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}),
        (b'\xef\xbb\xbf{"a": "\xc3\xbc"}', {"a": "ü"}),
        ("[1, 1.5, 1e3, true, null]", [1, 1.5, 1000.0, True, None]),
        ('"\\ud800"', "\ud800"),
        ("9" * 4300, 10**4300 - 1),
        (b" \r\n\t0 ", 0),
        ("1e-999", 0.0),
    ],
    ids=str,
)
def test_json_is_read(text: str | bytes, value: object) -> None:
    assert loads(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON: Expecting value at character 0"),
        (b"", "not JSON: Expecting value at character 0"),
        ("{'a': 1}", "not JSON: Expecting property name enclosed in double quotes at character 1"),
        ('{"a": 1} x', "not JSON: Extra data at character 9"),
        ("NaN", "NaN is no JSON"),
        ("[-Infinity]", "-Infinity is no JSON"),
        ("1e999", "a number is beyond what a float holds"),
        ("-1e999", "a number is beyond what a float holds"),
        (b"\xff{}", "not UTF-8 at byte 0"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8 at byte 0"),
        (b'"\xed\xa0\x80"', "not UTF-8 at byte 1"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deep"),
        ('"\n"', "not JSON: Invalid control character at at character 1"),
    ],
    ids=[str(number) for number in range(14)],
)
def test_what_is_no_json_is_refused_with_a_reason(text: str | bytes, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        loads(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize("text", ["9" * 5000, "-" + "9" * 5000, "[" + "9" * 4301 + "]"], ids=len)
def test_a_giant_integer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="4300 digits"):
        loads(text)


@law
@given(st.text() | odd_texts() | st.binary())
def test_any_text_is_read_or_refused_as_no_object(text: str | bytes) -> None:
    try:
        found = read_object(text)
    except chub.InvalidValue as error:
        found = {"refused": str(error)}
    assert isinstance(found, dict)


@law
@given(odd_json())
def test_what_is_written_is_utf_8_and_read_as_json_reads_it(value: Any) -> None:
    written = dumps(value)
    assert loads(written) == json.loads(json.dumps(value))
    assert written.decode().encode() == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": [1, 2.5, None, True]}, b'{"a":[1,2.5,null,true]}'),
        ("Zürich", '"Zürich"'.encode()),
        ("\ud800", b'"\\ud800"'),
        ("\\\udfff", b'"\\\\\\udfff"'),
        ("\x00\n\"'", b'"\\u0000\\n\\"\'"'),
        ((), b"[]"),
    ],
)
def test_json_is_written_compact_in_utf_8(value: object, written: bytes) -> None:
    assert dumps(value) == written


def test_no_nan_is_written() -> None:
    with pytest.raises(ValueError):
        dumps(float("nan"))


@pytest.mark.parametrize("source", ["[]", b"5", "null", '"text"', None, 5, [], bytearray(b"{}"), "{"], ids=repr)
def test_only_an_object_is_read_as_one(source: object) -> None:
    assert [""] == paths(raised(lambda: read_object(source)))


def test_a_mapping_or_a_text_is_an_object() -> None:
    assert {"a": 1} == read_object({"a": 1}) == read_object('{"a": 1}') == read_object(b'{"a": 1}')


@law
@given(odd_json())
def test_without_the_accelerator_the_same_is_written(value: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json.encoder, "c_make_encoder", None)
        plain = "".join(jsontext._chunks_of()(value, 0))
    assert plain.encode("utf-8", "backslashreplace") == dumps(value)
