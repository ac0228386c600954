"""What the hub returns is read, type by type, without a loss: unknown keys, nulls, odd values, other shapes."""

import pytest

import chub
from chub.values.catalogue import properties_class
from chub.values.schema import Choice, Free, Instant, Many, Nested, Number, field_specs

EVERY_TYPE = pytest.mark.parametrize("event_type", chub.event_types())


def returned(event_type, properties):
    return chub.parse_recorded_event(
        {"id": "e", "type": event_type, "context": "WEB", "properties": properties}
    ).unwrap()


def sample(kind, enrich):
    """A JSON value of a kind; each object in it goes through `enrich`."""
    match kind:
        case Nested(cls):
            return sample_of(cls, enrich)
        case Many(item):
            return [sample(item, enrich)]
        case Choice(texts):
            return min(texts)
        case Number():
            return 3
        case Free():
            return {"free": None}
    return "2026-03-08T10:18:17.250Z" if isinstance(kind, Instant) else "text"


def sample_of(cls, enrich=dict):
    return enrich({spec.wire_name: sample(spec.kind, enrich) for spec in field_specs(cls)})


def nested_specs(cls, steps=()):
    """Every field of a class and of those nested in it, with the keys that lead to it."""
    for spec in field_specs(cls):
        yield (*steps, spec.wire_name), spec
        inner, here = spec.kind, (*steps, spec.wire_name)
        while isinstance(inner, Many):
            inner, here = inner.item, (*here, 0)
        if isinstance(inner, Nested):
            yield from nested_specs(inner.cls, here)


def replaced(payload, steps, value):
    """The payload with another value where the steps lead."""
    if not steps:
        return value
    first, *rest = steps
    if isinstance(payload, list):
        return [replaced(payload[first], rest, value)]
    return payload | {first: replaced(payload[first], rest, value)}


@EVERY_TYPE
def test_unknown_keys_at_any_depth_are_kept_and_sent_again(row, event_type):
    payload = sample_of(properties_class(event_type), lambda made: made | {"keyOfTomorrow": {"x": [None]}})
    event = returned(event_type, payload)
    assert properties_class(event_type) is type(event.properties)
    assert {"keyOfTomorrow": {"x": (None,)}} == event.properties.unlisted
    assert payload == chub.encode(event)["properties"]
    assert event.properties == chub.parse_event(row(event_type, payload)).unwrap().properties


@EVERY_TYPE
def test_unknown_keys_that_are_null_are_kept_too(event_type):
    payload = sample_of(properties_class(event_type)) | {"keyOfTomorrow": None}
    assert payload == chub.encode(returned(event_type, payload))["properties"]


@EVERY_TYPE
def test_a_null_at_any_place_reads_as_a_missing_key(event_type):
    cls = properties_class(event_type)
    payload = sample_of(cls)
    for steps, spec in nested_specs(cls):
        event = returned(event_type, replaced(payload, steps, None))
        if spec.required:
            assert [(f"$.properties.{wire_path(steps)}", "required, and missing")] == misfits(event)
        else:
            assert cls is type(event.properties)
            assert spec.wire_name not in value_at(chub.encode(event)["properties"], steps[:-1])


@EVERY_TYPE
@pytest.mark.parametrize("missing", [{}, None])
def test_missing_keys_are_none_or_a_misfit_where_one_is_required(event_type, missing):
    cls = properties_class(event_type)
    required = [f"$.properties.{spec.wire_name}" for spec in field_specs(cls) if spec.required]
    event = returned(event_type, missing)
    if required:
        assert chub.Custom(event_type, {}) == event.properties
        assert required == [path for path, _ in misfits(event)]
    else:
        assert cls() == event.properties


@EVERY_TYPE
def test_a_wrong_shape_at_any_place_becomes_custom_and_says_why(event_type):
    cls = properties_class(event_type)
    payload = sample_of(cls)
    for steps, _ in nested_specs(cls):
        broken = replaced(payload, steps, True)
        event = returned(event_type, broken)
        if event.properties == chub.Custom(event_type, broken):
            assert [f"$.properties.{wire_path(steps)}"] == [path for path, _ in misfits(event)]
        else:  # a date that can't be read is no reason to give up the class
            assert True is value_at(event.properties.unlisted, steps)
        assert event_type == event.type
        assert broken == chub.encode(event)["properties"]


@EVERY_TYPE
def test_an_unknown_member_and_a_number_out_of_bounds_are_read_and_kept(row, event_type):
    cls = properties_class(event_type)
    payload = sample_of(cls)
    for steps, spec in nested_specs(cls):
        odd = {Choice: "member of tomorrow", Number: -(10**6)}.get(type(spec.kind))
        if odd is None:
            continue
        strange = replaced(payload, steps, odd)
        event = returned(event_type, strange)
        assert cls is type(event.properties)
        assert strange == chub.encode(event)["properties"]
        if isinstance(spec.kind, Choice) or spec.kind.bounds.minimum is not None:
            refused = chub.parse_event(row(event_type, strange)).failure()
            assert [f"$.properties.{wire_path(steps)}"] == [problem.path for problem in refused.problems]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("addedWishList", chub.AddedWishlist),
        ("removedWishList", chub.RemovedWishlist),
        ("eventNotShow", chub.EventNoShow),
    ],
)
def test_old_spellings_are_other_types(old, new):
    payload = sample_of(new)
    event = returned(old, payload)
    assert chub.Custom(old, payload) == event.properties
    assert event.properties.misfit is None
    assert payload == chub.encode(event)["properties"]
    assert new is type(returned(new.TYPE, payload).properties)


def misfits(event):
    return [(problem.path, problem.message) for problem in event.properties.misfit.problems]


def wire_path(steps):
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def value_at(payload, steps):
    for step in steps:
        payload = payload[step]
    return payload
