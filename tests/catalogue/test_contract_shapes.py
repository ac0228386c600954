"""Each class has the fields that the hub's schema of its type lists: no more, no fewer, of the same kinds."""

import pytest

import chub
from chub.values.catalogue import properties_class
from chub.values.schema import Choice, Free, Instant, Many, Nested, Number, Text, field_specs


def shape_of_schema(schema):
    if "enum" in schema:
        return "choice", frozenset(schema["enum"])
    if "properties" in schema:
        required = schema.get("required", [])
        return {key: (key in required, shape_of_schema(inner)) for key, inner in schema["properties"].items()}
    if schema["type"] == "array":
        return "many", shape_of_schema(schema["items"])
    if schema["type"] in ("number", "integer"):
        return schema["type"], schema.get("minimum"), schema.get("maximum")
    return "instant" if schema.get("format") == "date-time" else schema["type"]


def shape_of_kind(kind):
    match kind:
        case Choice(texts):
            return "choice", texts
        case Nested(cls):
            return shape_of_class(cls)
        case Many(item):
            return "many", shape_of_kind(item)
        case Number(whole, bounds):
            return "integer" if whole else "number", bounds.minimum, bounds.maximum
    return {Instant: "instant", Text: "string", Free: "object"}[type(kind)]


def shape_of_class(cls):
    return {spec.wire_name: (spec.required, shape_of_kind(spec.kind)) for spec in field_specs(cls)}


def test_the_types_are_those_of_the_contract(contract):
    assert tuple(sorted(contract)) == chub.event_types()


def test_the_currencies_are_those_of_the_contract(contract):
    local = contract["completedOrder"]["properties"]["amount"]["properties"]["local"]
    assert frozenset(local["properties"]["currency"]["enum"]) == chub.CURRENCIES


@pytest.mark.parametrize("event_type", chub.event_types())
def test_a_class_has_the_shape_of_its_schema(contract, event_type):
    assert shape_of_schema(contract[event_type]) == shape_of_class(properties_class(event_type))
