"""Owners of events, and ids that stand in a path."""

from enum import Enum
from typing import Any
from uuid import UUID

import attrs
import pytest
from chub_cases import ODD_PATH_IDS, paths, raised
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.testing.strategies import odd_texts, path_ids


class Known(str, Enum):  # noqa: UP042
    """Its `str` is not its value."""

    ADA = "c_ada"


@pytest.mark.parametrize("value", ODD_PATH_IDS, ids=ascii)
def test_an_id_that_would_leave_its_segment_is_refused(value: str) -> None:
    assert ["value"] == paths(raised(lambda: chub.CustomerId(value)))
    assert ["value"] == paths(raised(lambda: attrs.evolve(chub.CustomerId("c"), value=value)))
    assert ["id"] == paths(raised(lambda: chub.SessionKey("c", value)))
    assert ["customer_id"] == paths(raised(lambda: chub.SessionKey(value, "17")))


@pytest.mark.parametrize("value", [None, 5, b"c", ["c"], chub.CustomerId("c")], ids=repr)
def test_an_id_is_a_text(value: Any) -> None:
    assert ["value"] == paths(raised(lambda: chub.CustomerId(value)))


def test_the_message_shows_what_is_wrong_with_an_id() -> None:
    assert "value: 'a/b' holds '/', which no id in a path can bear" == str(raised(lambda: chub.CustomerId("a/b")))
    assert "value: 'x%2E' holds '%2E', which no id in a path can bear" == str(raised(lambda: chub.CustomerId("x%2E")))


@pytest.mark.parametrize("value", ["...", "a.b", "100%", "a b", "ü", "~", "%20", "{id}", ";", "&", "+", "a:b@c"])
def test_any_other_text_is_an_id(value: str) -> None:
    assert chub.CustomerId(value).value == value


@law
@given(odd_texts(min_size=1), st.none() | odd_texts(min_size=1))
def test_a_session_value_and_an_external_id_are_any_text(value: str, node: str | None) -> None:
    for cls in (chub.SessionId, chub.ExternalId):
        made = cls(value, node_id=node)
        assert (value, node) == (made.value, made.node_id)


@pytest.mark.parametrize("cls", [chub.SessionId, chub.ExternalId])
@pytest.mark.parametrize("value", ["", None, 5, b"x"], ids=repr)
def test_anything_else_is_refused_all_at_once(cls: Any, value: Any) -> None:
    error = raised(lambda: cls(value, node_id="", unlisted={"type": 1, "value": 2, "nodeId": 3, "x": b""}))
    assert [
        "value",
        "node_id",
        "unlisted.nodeId",
        "unlisted.type",
        "unlisted.value",
        "unlisted.x",
    ] == paths(error)


@pytest.mark.parametrize("unlisted", [None, 5, "x", [("a", 1)]], ids=repr)
def test_unlisted_is_a_mapping(unlisted: Any) -> None:
    assert ["unlisted"] == paths(raised(lambda: chub.SessionId("s", unlisted=unlisted)))


def test_evolving_an_owner_checks_again() -> None:
    assert ["node_id"] == paths(raised(lambda: attrs.evolve(chub.ExternalId("x"), node_id="")))


def test_a_member_of_an_enumeration_becomes_its_plain_text() -> None:
    for value in (chub.CustomerId(Known.ADA).value, chub.SessionId(Known.ADA).value):
        assert (str, "c_ada") == (type(value), value)


def test_owners_of_other_classes_are_unequal() -> None:
    owners = [chub.CustomerId("x"), chub.SessionId("x"), chub.ExternalId("x"), chub.ExternalId("x", node_id="n")]
    assert 4 == len({*owners})


def test_an_owner_shows_what_is_set() -> None:
    assert "CustomerId('c')" == repr(chub.CustomerId("c"))
    assert "SessionId('s')" == repr(chub.SessionId("s"))
    assert "ExternalId('e', node_id='n', unlisted={'a': 1})" == repr(
        chub.ExternalId("e", node_id="n", unlisted={"a": 1})
    )


@law
@given(st.binary(min_size=16, max_size=16))
def test_a_session_id_is_a_version_4_uuid_of_its_entropy(entropy: bytes) -> None:
    made = chub.session_id(entropy)
    assert 4 == UUID(made.value).version
    assert chub.session_id(entropy) == made


@pytest.mark.parametrize("entropy", [b"", bytes(15), bytes(17), "x" * 16, None, 16], ids=repr)
def test_a_session_id_needs_16_bytes(entropy: Any) -> None:
    assert ["entropy"] == paths(raised(lambda: chub.session_id(entropy)))


@law
@given(path_ids())
def test_links_and_keys_take_a_text_or_the_value(text: str) -> None:
    assert chub.SessionLink(text, text) == chub.SessionLink(chub.CustomerId(text), chub.SessionId(text))
    assert chub.SessionKey(text, text) == chub.SessionKey(chub.CustomerId(text), text)


def test_all_problems_of_a_link_and_a_key_are_told() -> None:
    assert ["customer_id", "session"] == paths(raised(lambda: chub.SessionLink("..", "")))
    assert ["customer_id", "id"] == paths(raised(lambda: chub.SessionKey("", "..")))
    assert ["customer_id", "session"] == paths(raised(lambda: chub.SessionLink(None, 5)))  # type: ignore[arg-type]
    wrong = chub.SessionId("s")
    assert ["customer_id"] == paths(raised(lambda: chub.SessionKey(wrong, "17")))  # type: ignore[arg-type]
