"""JSON text: UTF-8, strict about what isn't JSON, with the standard library's reader and writer."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

from chub.errors import InvalidValue
from chub.http import Json


def loads(text: str | bytes, by: Json | None = None) -> Any:
    """Read JSON, by other functions than the standard library's where they are given.

    Raises `ValueError` with a reason, whatever the text holds; it is the standard library's, which has the last word.

    NaN, Infinity and numbers beyond a float are refused, and so is what is nested or long beyond Python's limits.  Of
    duplicate keys the last wins.

    >>> loads('{"a": 1, "a": 2}')
    {'a': 2}
    """
    if by is not None and by.loads is not None:
        with suppress(Exception):  # other libraries raise what they like
            return by.loads(text)
    try:
        return _DECODER.decode(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value - value:  # of an infinity that is NaN, of everything else 0
        raise ValueError("a number is beyond what a float holds")
    return value


# Made once: `json.loads` and `json.dumps` would make theirs for each call.
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))


def _chunks_of() -> Callable[[Any, int], Iterable[str]]:
    """Give what `_ENCODER.encode` would make anew for each call, from the C accelerator where there is one."""
    accelerated: Any = getattr(json.encoder, "c_make_encoder", None)
    if accelerated is None:
        return lambda value, _: _ENCODER.iterencode(value)
    made: Callable[[Any, int], Iterable[str]] = accelerated(
        None, _ENCODER.default, json.encoder.encode_basestring, None, ":", ",", False, False, False
    )
    return made


_CHUNKS = _chunks_of()


def dumps(value: Any, by: Json | None = None) -> bytes:
    r"""Write compact JSON as UTF-8, by other functions than the standard library's where they are given.

    Lone surrogates, which UTF-8 can't hold, go out escaped.

    >>> dumps({"city": "Zürich", "odd": "\ud800"})
    b'{"city":"Z\xc3\xbcrich","odd":"\\ud800"}'
    """
    text = _written_by(value, by) or "".join(_CHUNKS(value, 0))
    if isinstance(text, bytes):
        return text
    # Python's escape of a lone surrogate, \udxxx, is JSON's as well.
    return text.encode("utf-8", "backslashreplace")


def _written_by(value: Any, by: Json | None) -> str | bytes | None:
    """Write by what was given; None where nothing was, or where it refuses the value (a giant integer, say)."""
    if by is not None and by.dumps is not None:
        with suppress(Exception):  # other libraries raise what they like
            text = by.dumps(value)
            return text if isinstance(text, str | bytes) else None
    return None


def read_object(source: object, by: Json | None = None) -> Mapping[str, Any]:
    """Give the JSON object that a mapping is or a text holds; raises `InvalidValue` for anything else."""
    try:
        data = loads(source, by) if isinstance(source, str | bytes) else source
    except ValueError as error:
        raise InvalidValue.of("", str(error)) from None
    if not isinstance(data, Mapping):
        raise InvalidValue.of("", f"an object is needed, not {type(data).__name__}")
    return data
