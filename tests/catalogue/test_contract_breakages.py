"""One thing wrong in a filled payload, at any depth: the client names its path, the sandbox its pointer."""

import pytest

import chub

EVERY_TYPE = pytest.mark.parametrize("event_type", chub.event_types())

WRONG_TYPES = {
    "string": [7, True, ["text"], {}],
    "number": ["12", True, [], {}],
    "integer": ["12", 1.5, True, []],
    "array": ["text", {"0": "text"}, 7],
    "object": ["text", ["text"], 7],
}


def wrong_values(schema):
    """Values that a schema refuses."""
    yield from WRONG_TYPES[schema["type"]]
    if "enum" in schema:
        yield from ("no such member", schema["enum"][0].swapcase(), "")
    if schema.get("format") == "date-time":
        yield from ("yesterday", "2026-03-08T10:18:17", "")
    if "minimum" in schema:
        yield schema["minimum"] - 0.001
    if "maximum" in schema:
        yield schema["maximum"] + 0.001


def path_of(steps):
    """The path of the client's problems."""
    return "$.properties" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def pointer_of(steps):
    return "".join(f"/{step}" for step in ("properties", *steps))


def put(wrong):
    def change(place, key):
        place[key] = wrong

    return change


def drop(place, key):
    del place[key]


@pytest.fixture(scope="session")
def breakages(contract, fill, walked, change):
    """Every payload of a type with one thing wrong, with the steps that lead there."""

    def broken(event_type):
        schema = contract[event_type]
        payload = fill(schema)
        for steps, inner in walked(schema):
            if steps:
                yield from ((steps, change(payload, steps, put(wrong))) for wrong in wrong_values(inner))
            for key in inner.get("required", []):
                yield (*steps, key), change(payload, (*steps, key), drop)

    return broken


@EVERY_TYPE
def test_the_client_refuses_each_with_its_path(breakages, row, event_type):
    expected, actual = [], []
    for steps, payload in breakages(event_type):
        expected.append((payload, [path_of(steps)]))
        problems = chub.parse_event(row(event_type, payload)).failure().problems
        actual.append((payload, [problem.path for problem in problems]))
    assert expected == actual


@EVERY_TYPE
def test_the_sandbox_refuses_each_with_its_pointer(breakages, hub, event_type):
    expected, actual = [], []
    for steps, payload in breakages(event_type):
        expected.append((payload, (400, [pointer_of(steps)])))
        actual.append((payload, hub.post(event_type, payload)))
    assert expected == actual


@EVERY_TYPE
def test_all_that_is_wrong_is_told_at_once(contract, row, event_type):
    schema = contract[event_type]["properties"]
    wrong = {key: WRONG_TYPES[inner["type"]][0] for key, inner in schema.items()}
    problems = chub.parse_event(row(event_type, wrong)).failure().problems
    assert {path_of([key]) for key in schema} == {problem.path for problem in problems}


@EVERY_TYPE
def test_a_key_that_is_not_listed_is_sent_and_only_the_hub_may_refuse_it(
    contract, fill, walked, change, row, hub, event_type
):
    schema = contract[event_type]
    payload = fill(schema)
    for steps, inner in walked(schema):
        if "properties" in inner:
            extended = change({"": payload}, ("", *steps, "noSuchKey"), put({"kept": [None]}))[""]
            event = chub.parse_event(row(event_type, extended)).unwrap()
            assert row(event_type, extended) == chub.encode(event)
            closed = inner.get("additionalProperties") is False
            expected = (400, [pointer_of((*steps, "noSuchKey"))]) if closed else (202, [])
            assert expected == hub.post(event_type, extended)
