"""The same page read by others: stock cattrs, pydantic and msgspec, each the way its manual would have it.

Their classes are made from the fields of chub's own, so that all read the same; an unknown event type stays a free
object in each.  pydantic keeps unknown keys as chub does; stock cattrs and msgspec drop them.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Literal

import attrs

import chub
from chub.values.catalogue import properties_class
from chub.values.schema import Choice, Flag, Free, Instant, Kind, Many, Nested, Number, Text, field_specs

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # the plain classes are those of the tests' slow reference

from chub_stock import plain

KNOWN_TYPES = ("completedOrder", "viewedPage", "serviceSubscribed")
"""The event types of the page that the peers have classes for."""

Fields = dict[str, tuple[Any, Any]]
"""By wire name, the annotation and the default (`...` where there is none)."""

Make = Callable[[str, Fields], Any]
"""Makes a class from its name and fields."""

Classes = Callable[[Any], Any]
"""Gives a peer's class of one of chub's."""


def _hint(kind: Kind, nest: Classes) -> Any:
    match kind:
        case Number(whole=whole):
            return int if whole else float
        case Nested(cls=cls):
            return nest(cls)
        case Many(item=item):
            return tuple[_hint(item, nest), ...]  # type: ignore[misc]
        case Choice(enum=enum):
            return str if enum is None else enum
        case _:
            return {Text: str, Flag: bool, Instant: datetime, Free: dict[str, Any]}[type(kind)]


def _classes(make: Make) -> Classes:
    @cache
    def made(cls: Any) -> Any:
        fields = {}
        for spec in field_specs(cls):
            hint = _hint(spec.kind, made)
            fields[spec.wire_name] = (hint, ...) if spec.required else (hint | None, None)
        return make(cls.__name__, fields)

    return made


def _event_fields(classes: Classes, make: Make, properties: Any) -> Fields:
    bring_back = make("BringBack", {"type": (str, ...), "value": (str, ...), "nodeId": (str | None, None)})
    tracking = make("Ga", {"ga": (classes(chub.Tracking), ...)})
    return {
        "id": (str, ...),
        "type": (str, ...),
        "context": (chub.Context, ...),
        "properties": (properties, ...),
        "customerId": (str | None, None),
        "bringBackProperties": (bring_back | None, None),
        "date": (datetime | None, None),
        "mode": (chub.Mode | None, None),
        "contextInfo": (classes(chub.ContextInfo) | None, None),
        "tracking": (tracking | None, None),
        "registeredAt": (datetime | None, None),
        "updatedAt": (datetime | None, None),
    }


def _model_maker() -> Make:
    import pydantic

    class Open(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(extra="allow", frozen=True)

    return lambda name, fields: pydantic.create_model(name, __base__=Open, **fields)  # type: ignore[call-overload]


def pydantic_decoder() -> Callable[[str], Any]:
    """Read a page with pydantic: models that allow extra keys, told apart by their `type`; a free one for the rest."""
    import pydantic

    make = _model_maker()
    classes = _classes(make)
    fields = {name: _event_fields(classes, make, classes(properties_class(name))) for name in KNOWN_TYPES}
    known = [make(name, fields[name] | {"type": (Literal[name], ...)}) for name in KNOWN_TYPES]
    tagged = Annotated[reduce(or_, known), pydantic.Field(discriminator="type")]
    free = make("Free", _event_fields(classes, make, dict[str, Any]))
    element = Annotated[tagged | free, pydantic.Field(union_mode="left_to_right")]
    page = make("Page", {"elements": (list[element], ...), "page": (dict[str, int], ...)})  # type: ignore[valid-type]
    return page.model_validate_json  # type: ignore[no-any-return]


def pydantic_encoder(ready: Mapping[str, Any]) -> Callable[[], str]:
    """Write an event to be sent with pydantic, from a model made of its dict."""
    make = _model_maker()
    classes = _classes(make)
    fields = _event_fields(classes, make, classes(properties_class(ready["type"])))
    del fields["id"]
    event = make("Sent", fields).model_validate(ready)
    return lambda: str(event.model_dump_json(exclude_unset=True))


def msgspec_decoder() -> Callable[[str], Any]:
    """Read a page with msgspec: the properties wait as `Raw` until the type is known."""
    import msgspec

    def make(name: str, fields: Fields) -> Any:
        specs = [(key, hint) if default is ... else (key, hint, default) for key, (hint, default) in fields.items()]
        return msgspec.defstruct(name, specs, frozen=True, kw_only=True)

    classes = _classes(make)
    event = make("Event", _event_fields(classes, make, msgspec.Raw))
    page = msgspec.json.Decoder(make("Page", {"elements": (list[event], ...), "page": (dict[str, int], ...)}))
    properties = {name: msgspec.json.Decoder(classes(properties_class(name))).decode for name in KNOWN_TYPES}
    free = msgspec.json.Decoder(dict[str, Any]).decode

    def decode(text: str) -> Any:
        found = page.decode(text)
        return [(each, properties.get(each.type, free)(each.properties)) for each in found.elements]

    return decode


def cattrs_decoder() -> Callable[[str], Any]:
    """Read a page with stock cattrs: its own converter for JSON, and names that differ from the wire's renamed."""
    from cattrs.preconf.json import make_converter

    converter = make_converter()
    converter.register_structure_hook(chub.FrozenDict, lambda raw, _: raw)
    converter.register_structure_hook_factory(lambda cls: hasattr(cls, "FROM"), lambda cls: _renaming(cls, converter))
    event = _stock_class("Event", _event_fields(plain, _stock_class, Any))
    known = {name: plain(properties_class(name)) for name in KNOWN_TYPES}

    def read(raw: dict[str, Any]) -> Any:
        cls, payload = known.get(raw["type"]), raw["properties"]
        return converter.structure(raw, event), payload if cls is None else converter.structure(payload, cls)

    return lambda text: [read(raw) for raw in json.loads(text)["elements"]]


def _stock_class(name: str, fields: Fields) -> Any:
    made = {
        key: attrs.field(type=hint) if default is ... else attrs.field(type=hint, default=default)
        for key, (hint, default) in fields.items()
    }
    return attrs.make_class(name, made, kw_only=True, slots=True, frozen=True)


def _renaming(cls: Any, converter: Any) -> Any:
    from cattrs.gen import make_dict_structure_fn, override

    renamed = {spec.name: override(rename=spec.wire_name) for spec in field_specs(cls.FROM)}
    return make_dict_structure_fn(cls, converter, **renamed)  # type: ignore[arg-type]
