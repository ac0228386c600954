"""JSON text: UTF-8, strict about what isn't JSON, with the standard library's reader and writer."""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from chub.errors import InvalidValue


def loads(text: str | bytes) -> Any:
    """Read JSON; raises `ValueError` with a reason, whatever the text holds.

    NaN, Infinity and numbers beyond a float are refused, and so is what is nested or long beyond Python's limits.  Of
    duplicate keys the last wins.

    >>> loads('{"a": 1, "a": 2}')
    {'a': 2}
    """
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(decoded, parse_constant=_refuse, parse_float=_finite)
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
    if math.isinf(value):
        raise ValueError("a number is beyond what a float holds")
    return value


def dumps(value: Any) -> bytes:
    r"""Write compact JSON as UTF-8; lone surrogates, which UTF-8 can't hold, go out escaped.

    >>> dumps({"city": "Zürich", "odd": "\ud800"})
    b'{"city":"Z\xc3\xbcrich","odd":"\\ud800"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Python's escape of a lone surrogate, \udxxx, is JSON's as well.
    return text.encode("utf-8", "backslashreplace")


def read_object(source: object) -> Mapping[str, Any]:
    """Give the JSON object that a mapping is or a text holds; raises `InvalidValue` for anything else."""
    try:
        data = loads(source) if isinstance(source, str | bytes) else source
    except ValueError as error:
        raise InvalidValue.of("", str(error)) from None
    if not isinstance(data, Mapping):
        raise InvalidValue.of("", f"an object is needed, not {type(data).__name__}")
    return data
