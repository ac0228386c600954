"""HTTP as values: tokens that can't be seen, requests, responses and deadlines."""

import copy
import pickle
from collections.abc import Callable

import pytest

import chub
from chub.http import deadline_in, header_text_fault, wire_headers

BAD_TOKENS = {
    "empty": ("", "empty"),
    "a space": ("demo secret", "holds a space"),
    "a newline": ("demo\nsecret", "holds a space, a line break"),
    "a newline at the end": ("demosecret\n", "holds a space, a line break"),
    "a carriage return": ("demosecret\rX: y", "holds a space, a line break"),
    "not ASCII": ("demosecret\u20ac", "another character"),
    "a zero byte": ("demosecret\x00", "another character"),
    "a scheme": ("Bearer demosecret", "without 'Bearer'"),
    "bytes": (b"demosecret", "a str is needed, not bytes"),
    "nothing": (None, "not set"),
}


@pytest.mark.parametrize(("secret", "message"), BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_a_wrong_token_is_refused_without_showing_it(
    secret: str, message: str, told: Callable[[BaseException], str]
) -> None:
    with pytest.raises(chub.InvalidValue) as raised:
        chub.token(secret)
    assert [problem.path for problem in raised.value.problems] == ["token"]
    assert message in str(raised.value)
    assert "secret" not in told(raised.value)


def test_a_token_is_not_seen() -> None:
    hidden = chub.token("demo-token")
    assert [repr(hidden), str(hidden), f"{hidden}", f"{hidden!r}"] == ["Token(hidden)"] * 4
    assert hidden.reveal() == "demo-token"
    assert not hasattr(hidden, "__dict__")


def test_tokens_are_equal_by_what_they_are() -> None:
    same = [chub.token("demo"), chub.token("demo")]
    assert same[0] == same[1]
    assert len(set(same)) == 1
    assert chub.token("demo") != chub.token("other")
    assert chub.token("demo") != "demo"


def test_references_are_equal_by_name_whatever_they_refer_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHUB_TOKEN", raising=False)
    assert chub.token_from_env("CHUB_TOKEN") == chub.token_from_env("CHUB_TOKEN")
    assert hash(chub.token_from_env("CHUB_TOKEN")) == hash(chub.token_from_env("CHUB_TOKEN"))
    assert chub.token_from_env("CHUB_TOKEN") != chub.token_from_env("OTHER")
    monkeypatch.setenv("CHUB_TOKEN", "demo")
    assert chub.token_from_env("CHUB_TOKEN") != chub.token("demo")


def test_a_reference_is_read_at_each_use(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = chub.token_from_env("CHUB_TOKEN")
    monkeypatch.setenv("CHUB_TOKEN", "first")
    first = reference.reveal()
    monkeypatch.setenv("CHUB_TOKEN", "second")
    assert (first, reference.reveal()) == ("first", "second")


@pytest.mark.parametrize(("value", "message"), [(None, "not set"), ("", "empty"), ("demo secret", "holds a space")])
def test_a_reference_to_nothing_usable_names_the_variable(
    value: str | None, message: str, monkeypatch: pytest.MonkeyPatch, told: Callable[[BaseException], str]
) -> None:
    monkeypatch.delenv("CHUB_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("CHUB_TOKEN", value)
    with pytest.raises(chub.InvalidValue) as raised:
        chub.token_from_env("CHUB_TOKEN").reveal()
    assert str(raised.value).startswith(f"environment variable CHUB_TOKEN: {message}")
    assert "secret" not in told(raised.value)


@pytest.mark.parametrize("name", ["", None, 7])
def test_a_reference_needs_a_name(name: str) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^name: the name of an environment variable is needed"):
        chub.token_from_env(name)


def test_a_token_of_the_callers_own_making_is_checked_when_it_is_read(told: Callable[[BaseException], str]) -> None:
    vault = chub.Token(lambda: "demo secret\r\nX: y", shown="Token(vault)")
    assert repr(vault) == "Token(vault)"
    with pytest.raises(chub.InvalidValue, match=r"^token: holds a space") as raised:
        vault.reveal()
    assert "secret" not in told(raised.value)


def test_copies_are_the_token_itself() -> None:
    hidden = chub.token("demo")
    assert copy.copy(hidden) is hidden
    assert copy.deepcopy([hidden])[0] is hidden


def test_a_reference_pickles_as_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUB_TOKEN", "demo-token")
    pickled = pickle.dumps(chub.token_from_env("CHUB_TOKEN"))
    assert pickle.loads(pickled) == chub.token_from_env("CHUB_TOKEN")
    assert b"demo-token" not in pickled


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_literal_token_does_not_pickle_and_says_what_to_use(protocol: int) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^token: .* not pickled; use chub\.token_from_env\(NAME\) instead$"):
        pickle.dumps(chub.token("demo"), protocol)


TARGETS = {
    "no query": ((), "/p"),
    "a space and an ampersand": ((("a", "b c&d"),), "/p?a=b%20c%26d"),
    "several": ((("type", "a,b"), ("page", "0")), "/p?type=a%2Cb&page=0"),
    "a slash and a plus": ((("q", "/+"),), "/p?q=%2F%2B"),
    "not ASCII": ((("q", "ü"),), "/p?q=%C3%BC"),
    "a lone surrogate": ((("q", "\ud800"),), "/p?q=%ED%A0%80"),
}


@pytest.mark.parametrize(("query", "target"), TARGETS.values(), ids=TARGETS)
def test_the_target_bears_the_query_encoded(query: tuple[tuple[str, str], ...], target: str) -> None:
    assert chub.Request(method="GET", path="/p", template="/p", query=query).target == target


def test_a_response_finds_headers_whatever_their_case() -> None:
    response = chub.Response(status=200, headers=(("retry-after", "3"), ("Retry-After", "4")))
    assert [response.header("Retry-After"), response.header("RETRY-AFTER"), response.header("Date")] == ["3", "3", None]


def test_a_deadline_tells_what_is_left() -> None:
    now = [100.0]
    deadline = deadline_in(5.0, lambda: now[0])
    now[0] = 103.0
    assert deadline.left() == 2.0
    now[0] = 107.5
    assert deadline.left() == -2.5
    assert repr(deadline) == "Deadline(at=105.0)"


def test_the_token_is_the_first_header_and_only_there() -> None:
    request = chub.Request(method="GET", path="/p", template="/p", headers=(("Accept", "application/json"),))
    assert wire_headers(request) == (("Accept", "application/json"),)
    bearing = chub.Request(
        method="GET", path="/p", template="/p", headers=(("Accept", "application/json"),), token=chub.token("demo")
    )
    assert wire_headers(bearing) == (("Authorization", "Bearer demo"), ("Accept", "application/json"))
    assert "demo" not in repr(bearing)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("a-1", None),
        ("", "empty"),
        (7, "a str is needed, not int"),
        ("a b", "holds a space, a line break or another character that no header can bear"),
    ],
)
def test_what_a_header_can_bear(value: object, fault: str | None) -> None:
    assert header_text_fault(value) == fault
