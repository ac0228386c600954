"""The names of the types, and what it costs to touch one: its own room of the catalogue, and no other."""

import json
import re
import subprocess
import sys

import pytest

import chub
from chub.values.catalogue import ROOMS, properties_class
from chub.values.naming import camel_case, type_name
from chub.values.schema import Many, Nested, field_specs

COUNT = """
import json, sys

def defined():
    modules = [name for name in sys.modules if name.startswith("chub.values.catalogue.")]
    classes = {
        value
        for name in modules
        for value in vars(sys.modules[name]).values()
        if hasattr(value, "__attrs_attrs__") and value.__module__ == name
    }
    return sorted(name.rpartition(".")[2] for name in modules), len(classes)

import chub
steps = [defined()]
exec(sys.argv[1])
steps.append(defined())
print(json.dumps(steps))
"""

SHARED = {"properties"}


def rooms_after(code):
    """The rooms of the catalogue, and how many classes there are in them: after `import chub`, and after the code."""
    done = subprocess.run([sys.executable, "-c", COUNT, code], capture_output=True, text=True, check=True)
    return [(set(rooms), classes) for rooms, classes in json.loads(done.stdout)]


def all_classes():
    """Every class of the catalogue, nested ones too."""
    found, waiting = set(), [properties_class(event_type) for event_type in chub.event_types()]
    while waiting:
        cls = waiting.pop()
        if cls not in found:
            found.add(cls)
            kinds = [spec.kind for spec in field_specs(cls)]
            kinds = [kind.item if isinstance(kind, Many) else kind for kind in kinds]
            waiting += [kind.cls for kind in kinds if isinstance(kind, Nested)]
    return found


def test_importing_chub_loads_no_room():
    (before, classes), _ = rooms_after("")
    assert (set(), 0) == (before, classes)


@pytest.mark.parametrize(
    "code",
    [
        "chub.event(chub.ViewedPage(title='Home'), owner=chub.CustomerId('c'), context='WEB')",
        "chub.parse_event({'type': 'viewedPage', 'context': 'WEB', 'customerId': 'c', 'properties': {}}).unwrap()",
        "chub.parse_recorded_event({'type': 'viewedPage', 'properties': {}}).unwrap()",
        "chub.event_query(types=[chub.ViewedPage, 'completedOrder'])",
    ],
)
def test_one_event_loads_its_own_room_only(code):
    _, (rooms, classes) = rooms_after(code)
    assert SHARED | {"web"} == rooms
    assert classes < 12


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_no_other(room):
    _, (rooms, _) = rooms_after(f"chub.{ROOMS[room][0]}")
    assert {room} == rooms - SHARED - {"shapes"}


@pytest.mark.parametrize("code", ["chub.event_types()", "chub.Custom('sawUnicorn')", "dir(chub)"])
def test_the_names_of_the_types_load_no_room(code):
    _, (rooms, _) = rooms_after(code)
    assert rooms <= SHARED


def test_an_event_type_is_a_constant():
    assert chub.EventType.COMPLETED_ORDER == "completedOrder"
    assert [str(member) for member in chub.EventType] == list(chub.event_types())


def test_the_constants_are_named_as_their_types():
    for member in chub.EventType:
        assert member.name == re.sub(r"(?<=[a-z])(?=[A-Z])", "_", member.value).upper()


def test_a_constant_stands_for_its_text():
    assert chub.event_query(types=chub.CompletedOrder) == chub.event_query(types=chub.EventType.COMPLETED_ORDER)
    assert repr(chub.Custom("viewedPage")) == repr(chub.Custom(chub.EventType.VIEWED_PAGE))
    assert str is type(chub.Custom(chub.EventType.VIEWED_PAGE).type)
    assert chub.ViewedPage is properties_class(chub.EventType.VIEWED_PAGE)


def test_a_class_is_named_as_its_type_and_stands_in_its_room():
    for room, names in ROOMS.items():
        for name in names:
            cls = properties_class(type_name(name))
            assert (f"chub.values.catalogue.{room}", name) == (cls.__module__, cls.__name__)
            assert type_name(name) == cls.TYPE == chub.event_type_of(cls)


def test_a_room_lists_all_its_types():
    bases = {base for cls in all_classes() for base in cls.__mro__[1:]}
    for room, names in ROOMS.items():
        module = sys.modules[properties_class(type_name(names[0])).__module__]
        types = {
            name
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, chub.EventProperties) and value not in bases
        }
        assert set(names) == types, room


def test_types_have_bases_in_common_but_none_is_the_base_of_another():
    types = [properties_class(event_type) for event_type in chub.event_types()]
    assert [] == [(one, two) for one in types for two in types if one is not two and issubclass(one, two)]


def test_every_class_that_is_nested_in_a_type_is_a_public_name():
    assert set() == {cls.__name__ for cls in all_classes() if getattr(chub, cls.__name__, None) is not cls}


def test_one_rule_names_every_field():
    for cls in all_classes():
        for spec in field_specs(cls):
            assert camel_case(spec.name) == spec.wire_name
            assert re.sub(r"(?=[A-Z])", "_", spec.wire_name).lower() == spec.name


def test_every_class_says_what_it_is_and_every_type_has_an_example():
    for cls in all_classes():
        assert cls.__doc__, cls
        if issubclass(cls, chub.EventProperties):
            assert f">>> {cls.__name__}(" in cls.__doc__
