"""A file of exchanges, read whole and checked: what can't be played back is told with its line, all of it at once."""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import attrs
from attrs import frozen
from returns.result import Failure, Result, Success

from chub.errors import ChubError, FieldError, InvalidValue, PageFailed, Problem, shown
from chub.http import Response
from chub.testing.recording.rows import DEEPEST, ERRORS, EXACT, HEADERS, TAKEN_ANEW, Row, is_deeper

_PARTS: Mapping[str, type[Any]] = {"problems": Problem, "errors": FieldError}


@frozen
class Line:
    """One exchange of a file, and the number of its line."""

    number: int
    row: Row

    @property
    def request(self) -> Row:
        """What was asked."""
        asked: Row = self.row["request"]
        return asked


def path_of(path: object) -> Path:
    """Give the path of a file; raises `InvalidValue` where it is none."""
    if not isinstance(path, str | os.PathLike):
        raise InvalidValue.of("path", f"the path of a file is needed, not {type(path).__name__}")
    return Path(path)


def reason_of(error: OSError | ValueError) -> str:
    """Say why a file can't be had; a ValueError is that of a name that no file can have."""
    return str(getattr(error, "strerror", None) or error)


def lines_of(path: Path) -> tuple[Line, ...]:
    """Read a file; raises `InvalidValue` with every line that is wrong."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InvalidValue.of("path", f"{path}: {reason_of(error)}") from None
    # By bytes: what some tools take for the end of a line may stand within a text.
    pieces = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    read = [_line(number, piece, number == len(pieces)) for number, piece in enumerate(pieces, 1) if piece.strip()]
    InvalidValue.check(
        Problem(path=f"{path}:{problem.path}", message=problem.message)
        for problem in read
        if isinstance(problem, Problem)
    )
    return tuple(line for line in read if isinstance(line, Line))


def _line(number: int, piece: bytes, is_last: bool) -> Line | Problem:
    try:
        line = Line(number, _row(piece))
        result_of(line.row)
    except ValueError as error:
        cut = "; it has no end, so its writing was cut short: delete it, or record anew" if is_last else ""
        return Problem(path=str(number), message=f"{error}{cut}")
    return line


def _row(piece: bytes) -> Row:
    try:
        row = EXACT.decode(piece.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    if is_deeper(row, DEEPEST + 2):  # the two are the line's own
        raise ValueError("nested too deep")
    _check_keys(row, "", {"request": dict}, {"response": dict, "error": dict})
    if len(row) != 2:
        raise ValueError("exactly one of response and error is needed beside request")
    _check_request(row["request"])
    if "response" in row:
        _check_response(row["response"])
    return dict(row)


_TEXTS = {"text": str, "base64": str}


def _check_request(row: Row) -> None:
    _check_keys(
        row, "request.", {"method": str, "path": str}, {"template": str, "query": list, "body": object, **_TEXTS}
    )
    for pair in row.get("query", []):
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)):
            raise ValueError(f"request.query: pairs of a name and a value are needed, not {shown(pair)}")
    _content_of(row, "request.")


def _check_response(row: Row) -> None:
    optional = {"reason": str, "headers": dict, "body": object, **_TEXTS}
    _check_keys(row, "response.", {"status": int}, optional)
    if not 100 <= row["status"] <= 999:
        raise ValueError(f"response.status: {row['status']} is no status")
    _check_keys(row.get("headers", {}), "response.headers.", {}, dict.fromkeys(HEADERS, str))


def _check_keys(row: Any, where: str, needed: Mapping[str, Any], optional: Mapping[str, Any]) -> None:
    if not isinstance(row, dict):
        raise ValueError(f"{where.rstrip('.')}: an object is needed, not {shown(row)}".removeprefix(": "))
    for name in needed.keys() - row.keys():
        raise ValueError(f"{where}{name} is missing")
    for name, value in row.items():
        wanted = {**optional, **needed}.get(name)
        if wanted is None:
            raise ValueError(f"{where}{name} is not known; there are: {', '.join({**needed, **optional})}")
        _check_kind(value, wanted, f"{where}{name}")


def _check_kind(value: Any, wanted: Any, where: str) -> None:
    kinds = get_args(wanted) if isinstance(wanted, UnionType) else (wanted,)
    fits = isinstance(value, wanted) and (not isinstance(value, bool) or bool in kinds or object in kinds)
    if not (fits or (float in kinds and type(value) is int)):
        names = " or ".join(_NAMES.get(kind, kind.__name__) for kind in kinds)
        raise ValueError(f"{where}: {names} is needed, not {shown(value)}")


_NAMES: Mapping[Any, str] = {
    dict: "an object",
    list: "an array",
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def result_of(row: Row) -> Result[Response, ChubError]:
    """Give what the transport came to; a ValueError where an error can't be read."""
    if "error" in row:
        return Failure(_error(row["error"], row["request"], "error."))
    response = row["response"]
    return Success(
        Response(
            status=response["status"],
            reason=response.get("reason", ""),
            headers=tuple(response.get("headers", {}).items()),
            body=_content_of(response, "response."),
        )
    )


def _content_of(row: Row, where: str) -> bytes:
    kept = [name for name in ("body", "text", "base64") if name in row]
    if len(kept) > 1:
        raise ValueError(f"{where}{kept[1]}: there is {kept[0]} as well")
    if "body" in row:
        text = json.dumps(row["body"], ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")
    if "text" in row:
        return str(row["text"]).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(row.get("base64", ""), validate=True)
    except ValueError:
        raise ValueError(f"{where}base64: {shown(row['base64'])} is none") from None


def _error(row: Any, request: Row, where: str) -> ChubError:
    kind = ERRORS.get(str(row.get("kind"))) if isinstance(row, dict) else None
    if kind is None:
        raise ValueError(f"{where}kind: one of {', '.join(ERRORS)} is needed")
    called = {"method": request["method"], "template": request.get("template", "")}
    known = {item.name: item for item in attrs.fields(kind) if item.name not in TAKEN_ANEW}
    given = {name: called[name] for name in called.keys() & known.keys()}
    given |= {name: _field(name, value, request, where) for name, value in row.items() if name != "kind"}
    needed = {name: item.type for name, item in known.items() if item.default is attrs.NOTHING}
    _check_keys(given, where, _kinds(needed), _kinds({name: item.type for name, item in known.items()}))
    made: ChubError = kind(**given)
    return made


def _kinds(types: Mapping[str, Any]) -> dict[str, Any]:
    """Give what values can be checked for: the parts of a tuple, and a page's cause, were when they were read."""
    return {name: tuple if name in _PARTS else object if name == "cause" else kind for name, kind in types.items()}


def _field(name: str, value: Any, request: Row, where: str) -> Any:
    if name == "cause":
        return _cause(_error(value, request, f"{where}cause."), where)
    if name in _PARTS:
        return tuple(_parts(_PARTS[name], value, f"{where}{name}"))
    return value


def _cause(error: ChubError, where: str) -> ChubError:
    if isinstance(error, PageFailed):
        raise ValueError(f"{where}cause: a page's failure is no cause")
    return error


def _parts(kind: type[Any], value: Any, where: str) -> Iterator[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: an array is needed, not {shown(value)}")
    for place, item in enumerate(value):
        fields = {field.name: field for field in attrs.fields(kind)}
        needed = {name: field.type for name, field in fields.items() if field.default is attrs.NOTHING}
        _check_keys(item, f"{where}[{place}].", needed, {name: field.type for name, field in fields.items()})
        yield kind(**item)
