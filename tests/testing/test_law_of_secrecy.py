"""The law of secrecy that users call: it finds a secret wherever it is planted, and does not show it itself."""

import logging
from typing import Any

import attrs
import pytest
from returns.result import Failure, Success

import chub
from chub.testing import laws

SECRET = "demo-0123456789-token"


@attrs.frozen
class Hidden:
    """Something whose repr shows nothing of what it holds."""

    secret: str = attrs.field(repr=False)


class Loud:
    """Something that shows nothing, and holds what it doesn't show."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return "Loud()"


class Sulking:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def raised_in(module: str, **names: Any) -> BaseException:
    """An exception from a function of another module, whose locals are these."""
    lines = [f"    {name} = _{name}" for name in names]
    code = "\n".join(["def fail():", *lines, "    raise RuntimeError('no such luck')"])
    world: dict[str, Any] = {"__name__": module, **{f"_{name}": value for name, value in names.items()}}
    exec(code, world)
    with pytest.raises(RuntimeError) as raised:
        world["fail"]()
    return raised.value


def caused(cause: BaseException) -> BaseException:
    with pytest.raises(ValueError, match="later") as raised:
        raise ValueError("later") from cause
    return raised.value


def record(message: str, *args: Any, error: BaseException | None = None) -> logging.LogRecord:
    about = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("chub", logging.DEBUG, "door.py", 1, message, args, about)


KEPT: dict[str, Any] = {
    "a config": chub.config(workspace_id="w", node_id="n", token=SECRET, transport=print),
    "a token": chub.token(SECRET),
    "a Result": Success([chub.token(SECRET)]),
    "a Failure": Failure(chub.NotSent(reason="refused", transient=True)),
    "a line of a log": record("sent %s", chub.token(SECRET)),
    "an exception": raised_in("chub.transport", token=chub.token(SECRET)),
    "what can't be shown": Sulking(),
    "a text": "nothing",
}


@pytest.mark.parametrize("thing", KEPT.values(), ids=KEPT)
def test_what_shows_no_secret_keeps_it(thing: Any) -> None:
    laws.keeps_secret(SECRET, thing)


SHOWN: dict[str, tuple[Any, str]] = {
    "a text": (SECRET, "its repr"),
    "an error": (chub.NotSent(reason=SECRET, transient=True), "its repr"),
    "attrs.asdict": (Hidden(SECRET), "attrs.asdict"),
    "a __dict__": (Loud(SECRET), "its __dict__"),
    "within a Success": (Success(Hidden(SECRET)), "a pickle"),
    "within a Failure": (Failure(chub.InvalidValue.of("token", SECRET)), "its repr"),
    "a log's argument": (record("sent %s", SECRET), "its __dict__"),
    "a log's exception": (record("sent", error=raised_in("door", token=SECRET)), "local token of door.fail"),
    "a frame": (raised_in("chub.transport", header=f"Bearer {SECRET}"), "local header of chub.transport.fail"),
    "a cause's frame": (caused(raised_in("chub.http", token=SECRET)), "local token of chub.http.fail"),
    "a list": ([{"token": SECRET}], "its repr"),
    "in hexadecimal": (SECRET.encode().hex(), "its repr"),
}


@pytest.mark.parametrize(("thing", "way"), SHOWN.values(), ids=SHOWN)
def test_what_shows_the_secret_is_found_and_not_shown_again(thing: Any, way: str) -> None:
    with pytest.raises(
        AssertionError, match=rf"^no secret is shown: expected it nowhere, found \w+, {way}: "
    ) as raised:
        laws.keeps_secret(SECRET, "nothing", thing)
    assert "(the secret)" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_a_secret_that_is_written_otherwise_is_found() -> None:
    with pytest.raises(AssertionError):
        laws.keeps_secret("a\nb", ["a\nb"])


def test_what_the_caller_and_others_know_is_left_out() -> None:
    own = raised_in(__name__, token=SECRET)
    laws.keeps_secret(SECRET, own, caused(own))
    laws.keeps_secret(SECRET, raised_in("transport_of_mine", token=SECRET), apart_from=["transport_of_mine"])


def test_an_exception_that_is_its_own_context_is_told_once() -> None:
    first, second = RuntimeError("one"), RuntimeError("two")
    first.__context__, second.__context__ = second, first
    laws.keeps_secret(SECRET, first)


@pytest.mark.parametrize("secret", ["", None])
def test_no_secret_at_all_is_refused(secret: Any) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^secret: "):
        laws.keeps_secret(secret, "nothing")
