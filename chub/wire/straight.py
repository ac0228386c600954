"""Straight-line code for values as they nearly always are: one function for each class, generated on its first use.

A reader raises `Unusual` for whatever it isn't made for, be it wrong or only rare; the careful reader then looks at the
whole again and has the last word.  So nothing is decided here but what is plainly right.  A writer has no such cases.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from textwrap import indent
from typing import Any

from attrs import field, frozen

from chub.values.base import unfrozen
from chub.values.frozen_dict import EMPTY, Unusual, freeze_usual, thaw
from chub.values.instants import instant_text, to_instant
from chub.values.schema import Choice, Flag, Free, Instant, Kind, Many, Nested, Number, Text, field_specs

Call = Callable[[Any], Any]


@frozen
class Step:
    """How one key becomes one field: `code` turns what `raw` holds into what the field holds, or raises `Unusual`.

    `call` is a function that the code may use.  A step without a name checks its key and keeps nothing.
    """

    key: str
    name: str
    code: str
    call: Any = None
    required: bool = field(default=False, kw_only=True)


_READ = """\
def read(data):
    if data.__class__ is not dict:
        raise Unusual
    made = Unfrozen()
    seen = {required_count}
{steps}
    made.unlisted = EMPTY if seen == len(data) else rest(data)
    made.__class__ = Frozen
    return made
"""
_REQUIRED = """\
if {key!r} not in data:
    raise Unusual
raw = data[{key!r}]
{code}
{keep} = raw
"""
_OPTIONAL = """\
if {key!r} in data:
    seen += 1
    raw = data[{key!r}]
    if raw is not None:
{code}
    {keep} = raw
else:
    {keep} = None
"""


def reader_of_steps(cls: type[Any], steps: tuple[Step, ...]) -> Call:
    """Compile the reader of a class; keys without a step go into `unlisted`.

    An instance is made as one of the class without its freezing, so that plain statements fill it, and is declared one
    of the class when it is whole; `object.__setattr__` for each field takes three times as long.
    """
    names = {
        "Unfrozen": unfrozen(cls),
        "Frozen": cls,
        "rest": _reader_of_rest(frozenset(step.key for step in steps)),
    }
    body = "".join(map(_read_text, steps))
    source = _READ.format(required_count=sum(step.required for step in steps), steps=indent(body, "    "))
    return _compiled("read", source, names | {f"call_{step.key}": step.call for step in steps})


def _read_text(step: Step) -> str:
    code = step.code.replace("call(", f"call_{step.key}(")
    keep = f"made.{step.name}" if step.name else "_"
    if step.required:
        return _REQUIRED.format(key=step.key, code=code, keep=keep)
    return _OPTIONAL.format(key=step.key, code=indent(code, "        "), keep=keep)


def _reader_of_rest(listed: frozenset[str]) -> Call:
    return lambda data: freeze_usual({key: value for key, value in data.items() if key not in listed})


def _compiled(name: str, source: str, names: Mapping[str, Any]) -> Call:
    namespace = {**_NAMES, **names}
    exec(compile(source, f"<{__name__}: {name}>", "exec"), namespace)  # noqa: S102 - of our own templates alone
    made: Call = namespace[name]
    return made


def _usual_instant(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise Unusual
    try:
        return to_instant(value)
    except OverflowError:
        raise Unusual from None


_NAMES: Mapping[str, Any] = {
    "EMPTY": EMPTY,
    "UTC": UTC,
    "Unusual": Unusual,
    "from_text": datetime.fromisoformat,
    "thaw": thaw,
    "usual_instant": _usual_instant,
}

A_TEXT = "if raw.__class__ is not str: raise Unusual"
NOT_EMPTY = "if raw.__class__ is not str or not raw: raise Unusual"
CALLED = "raw = call(raw)"
AN_INSTANT = f"""\
{A_TEXT}
raw = from_text(raw)
if raw.tzinfo is not UTC or raw.microsecond % 1000: raw = usual_instant(raw)"""
A_MEMBER = f"{NOT_EMPTY}\nraw = call(raw, raw)"
_A_CHOICE = f"{A_TEXT}\nraw = call(raw, raw)"
_A_FLAG = "if raw.__class__ is not bool: raise Unusual"
_AN_INT = "if raw.__class__ is not int or not -1e300 < raw < 1e300: raise Unusual"
_A_NUMBER = "if raw.__class__ is not float and raw.__class__ is not int or not -1e300 < raw < 1e300: raise Unusual"
_MANY = """\
if raw.__class__ is not list: raise Unusual
raw = tuple([call(item) for item in raw])"""
_MANY_TEXTS = """\
if raw.__class__ is not list: raise Unusual
for item in raw:
    if item.__class__ is not str: raise Unusual
raw = tuple(raw)"""


def _straight_reader(cls: Any) -> Call:
    return reader_of_steps(
        cls,
        tuple(
            Step(spec.wire_name, spec.name, *_reading(spec.kind), required=spec.required) for spec in field_specs(cls)
        ),
    )


straight_reader: Callable[[type[Any]], Call] = cache(_straight_reader)  # type: ignore[assignment]
"""Give the reader of a class with wire keys, for what the hub returns."""


def _reading(kind: Kind) -> tuple[str, Any]:
    """Give the code that reads a kind, and what it calls."""
    match kind:
        case Text():
            return A_TEXT, None
        case Flag():
            return _A_FLAG, None
        case Number(whole=whole):
            return _AN_INT if whole else _A_NUMBER, None
        case Choice():
            return _A_CHOICE, members(kind)
        case Instant():
            return AN_INSTANT, None
        case Nested(cls=cls):
            return CALLED, straight_reader(cls)
        case Many(item=Text()):
            return _MANY_TEXTS, None
        case Many(item=item):
            return _MANY, _reader_of_item(item)
        case _:
            return CALLED, _free


def _free(raw: Any) -> Any:
    if raw.__class__ is not dict:
        raise Unusual
    return freeze_usual(raw)


def _reader_of_item(kind: Kind) -> Call:
    code, call = _reading(kind)
    source = f"def read(raw):\n{indent(code, '    ')}\n    return raw\n"
    return _compiled("read", source, {"call": call})


_WRITE = """\
def write(value):
    made = {{}}
{fields}
    return made | thaw(value.unlisted) if value.unlisted else made
"""
_WRITE_FIELD = """\
raw = value.{name}
if raw is not None:
    made[{key!r}] = {form}
"""


def _straight_writer(cls: Any) -> Call:
    text, names = "", dict[str, Any]()
    for spec in field_specs(cls):
        form, names[f"call_{spec.name}"] = _writing(spec.kind)
        form = form.replace("call(", f"call_{spec.name}(")
        text += _WRITE_FIELD.format(key=spec.wire_name, name=spec.name, form=form)
    return _compiled("write", _WRITE.format(fields=indent(text, "    ")), names)


straight_writer: Callable[[type[Any]], Call] = cache(_straight_writer)  # type: ignore[assignment]
"""Give the function that makes the JSON object of a value of this class; fields that are None are left out."""


def _writing(kind: Kind) -> tuple[str, Any]:
    """Give the expression that writes a kind, and what it calls."""
    match kind:
        case Instant():
            return "call(raw)", instant_text
        case Choice():
            return "call(raw)", str.__str__
        case Free():
            return "call(raw)", thaw
        case Nested(cls=cls):
            return "call(raw)", straight_writer(cls)
        case Many(item=item):
            form, call = _writing(item)
            return "list(raw)" if form == "raw" else f"[{form} for raw in raw]", call
        case _:
            return "raw", None


def members(choice: Choice) -> Callable[[str, str], str]:
    """Give the function that finds the member of a text, or its second argument where there is none."""
    found: dict[str, str] = {text: choice.member(text) for text in choice.texts}
    return found.get
