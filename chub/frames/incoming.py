"""From a row to the JSON of an event: each cell in its place, what is wrong noted under the name of its column."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from chub.errors import InvalidValue, Problem, shown
from chub.frames.cells import Style, is_absent, json_of, to_wire
from chub.frames.layout import REST
from chub.frames.naming import EMPTY, Target, target_of
from chub.values.catalogue import properties_class
from chub.values.schema import Problems, note

Names = Mapping[Any, str | None]
"""What columns mean, by their names: a field's name or path; None leaves the column out."""

_BRING_BACKS = {"session_id": "SESSION_ID", "external_id": "EXTERNAL_ID"}
OWNERS = ("customer_id", *_BRING_BACKS)
_PASSED_ON = {"id": "id", "registered_at": "registeredAt", "updated_at": "updatedAt"}


@frozen
class Reading:
    """How rows are read: what columns mean beyond their names, what a row has that has no such cell of its own.

    `owner` names the column that counts where a row has several.  `style` and `empties` say what the
    rows' cells are.  `recorded` keeps what only recorded events have.
    """

    columns: Names
    constants: Mapping[str, Any]
    owner: str | None = None
    style: Style = field(factory=Style)
    empties: bool = False
    recorded: bool = False
    _plans: dict[str | None, dict[Any, Target | None]] = field(factory=dict, init=False)

    def is_empty(self, cell: object) -> bool:
        """Say whether a cell is a text that stands for nothing."""
        return self.style.texts and not self.empties and isinstance(cell, str) and not cell

    def meaning(self, column: Any, event_type: str | None) -> Target | None:
        """Say where a column of a row of this type goes."""
        known = event_type if event_type is None or properties_class(event_type) else ""
        plan = self._plans.setdefault(known, {})
        if column not in plan:
            name = self.columns.get(column, column)
            if len(plan) > 10_000:  # rows of dicts may have keys without end
                plan.clear()
            plan[column] = target_of(name, event_type) if isinstance(name, str) else None
        return plan[column]


@frozen
class Placed:
    """The JSON of a row, what was wrong with its cells, and which column stands at which place."""

    wire: dict[str, Any]
    problems: Problems
    columns: dict[str, str]

    def error(self, row: int, found: Sequence[Problem] = ()) -> InvalidValue:
        """Give the error of a row: the problems of its cells, and those found of its event, by the columns' names."""
        told = {problem.path for problem in self.problems}
        further = [problem for problem in found if problem.path.removeprefix("$.") not in told]
        return InvalidValue(
            Problem(path=self._path(row, problem.path), message=problem.message)
            for problem in (*self.problems, *further)
        )

    def _path(self, row: int, path: str) -> str:
        plain = path.removeprefix("$.").removeprefix("$")
        parts = [match.start() for match in re.finditer(r"[.\[]", plain)]
        for end in (len(plain), *reversed(parts)):
            if plain[:end] in self.columns:
                return f"rows[{row}].{self.columns[plain[:end]]}{plain[end:]}"
        return f"rows[{row}].{plain}" if plain else f"rows[{row}]"


def place(row: Mapping[Any, Any], reading: Reading) -> Placed:
    """Put the cells of a row where they belong."""
    placed, late = Placed({}, [], {}), dict[str, Any]()
    event_type = _type_of(row, reading)
    for column, cell in row.items():
        if reading.columns.get(column, column) is None or is_absent(cell) or reading.is_empty(cell):
            continue
        target = reading.meaning(column, event_type)
        if target is None or not target.fits:
            note(placed.problems, str(column), _strange(column, event_type, target))
        elif target.path[0] in (REST, EMPTY):
            late[target.path[0]] = cell
        else:
            _put(target, column, cell, reading.style, placed)
    for name, value in reading.constants.items():
        placed.wire.setdefault(name, value)
    _put_owner(placed, reading)
    placed.wire.setdefault("properties", {})
    _put_empty(late.get(EMPTY), event_type, placed)
    _put_rest(late.get(REST), reading, placed)
    return placed


def _type_of(row: Mapping[Any, Any], reading: Reading) -> str | None:
    for column, cell in row.items():
        if reading.columns.get(column, column) == "type" and isinstance(cell, str) and cell:
            return str.__str__(cell)
    return reading.constants.get("type")


def _strange(column: Any, event_type: str | None, target: Target | None) -> str:
    if target is None:
        return stranger(column)
    return f"events of type {event_type} have no such field" if event_type else "without a type it says nothing"


def stranger(column: Any) -> str:
    """Say what can be done about a column that means nothing."""
    leave, keep = f"{{{column!r}: None}}", f"{{{column!r}: 'properties.{column}'}}"
    return f"no field of an event; columns={leave} leaves it out, columns={keep} makes it a key of the properties"


def _put(target: Target, column: Any, cell: Any, style: Style, placed: Placed) -> None:
    """Put a cell at its place, unless something stands there already."""
    *above, last = target.path
    path = ".".join(target.path)
    before = len(placed.problems)
    if target.path == ("tracking", "ga"):
        cell = json_of(cell, path, placed.problems)
        cell = cell["ga"] if isinstance(cell, Mapping) and cell.keys() == {"ga"} else cell
    value = to_wire(target.kind, cell, style, path, placed.problems)
    placed.columns[path] = str(column)
    node: Any = placed.wire
    for step in above:
        child = node.get(step, {})
        if not isinstance(child, Mapping):
            note(placed.problems, path, f"another column gives the whole of {step!r}")
            return
        node[step] = node = dict(child)
    if len(placed.problems) > before:
        return
    if isinstance(value, Mapping) and isinstance(node.get(last), Mapping):
        twice = sorted(map(str, value.keys() & node[last].keys()))
        value = {**node[last], **value}
    else:
        twice = [last] if last in node else []
    for name in twice:
        note(placed.problems, path, f"another column gives {name!r} as well")
    node[last] = value


def _put_owner(placed: Placed, reading: Reading) -> None:
    """Turn the columns of the owner into the hub's form."""
    found = {name: placed.wire.pop(name) for name in (*OWNERS, "node_id") if name in placed.wire}
    if reading.recorded:
        for name, key in _PASSED_ON.items():
            if name in placed.wire:
                placed.wire[key] = placed.wire.pop(name)
        if placed.wire["id"] == "":  # it stands for none: the hub gave an event without one
            del placed.wire["id"]
    else:
        for name in _PASSED_ON:
            placed.wire.pop(name, None)
        found = _the_one(found, reading, placed)
    if "customer_id" in found:
        placed.wire["customerId"] = found["customer_id"]
        placed.columns["customerId"] = placed.columns["customer_id"]
    for name in found.keys() & _BRING_BACKS.keys():
        bring_back = {"type": _BRING_BACKS[name], "value": found[name]}
        placed.wire["bringBackProperties"] = bring_back | ({"nodeId": found["node_id"]} if "node_id" in found else {})
        placed.columns["bringBackProperties.value"] = placed.columns[name]
        placed.columns["bringBackProperties.nodeId"] = placed.columns.get("node_id", "node_id")


def _the_one(found: dict[str, Any], reading: Reading, placed: Placed) -> dict[str, Any]:
    """Give the one owner of an event that is to be sent, and its node."""
    owners = [name for name in OWNERS if name in found]
    if reading.owner in owners and len(owners) > 1:
        owners = [reading.owner]
        found = {name: value for name, value in found.items() if name in (reading.owner, "node_id")}
        if reading.owner == "customer_id":
            found.pop("node_id", None)
    if len(owners) > 1:
        both = ", ".join(owners)
        note(placed.problems, "customerId", f"exactly one owner is needed, there are {both}; owner= says which counts")
    elif not owners and "customerId" not in placed.wire and "bringBackProperties" not in placed.wire:
        note(placed.problems, "customerId", f"exactly one owner is needed: {', '.join(OWNERS)}")
    elif owners == ["customer_id"] and "node_id" in found:
        note(placed.problems, "node_id", "it goes with session_id or external_id alone")
    return found


def _put_empty(names: Any, event_type: str | None, placed: Placed) -> None:
    """Put the values there that hold nothing."""
    listed = json_of(names, EMPTY, placed.problems)
    for name in listed if isinstance(listed, list | tuple) else ():
        target = target_of(name, event_type) if isinstance(name, str) else None
        node: Any = placed.wire
        for step in target.path if target and target.fits else ():
            node[step] = node = dict(node.get(step) or {})


def _put_rest(cell: Any, reading: Reading, placed: Placed) -> None:
    """Add what had no column to what had one."""
    if cell is None:
        return
    rest = json_of(cell, REST, placed.problems)
    if isinstance(rest, Mapping):
        if reading.owner == "customer_id":  # what the other owner has besides is left aside with him
            rest = {key: value for key, value in rest.items() if key != "bringBackProperties"}
        placed.wire.update(_merged(placed.wire, rest, REST, placed.problems))
    elif rest is not None:
        note(placed.problems, REST, f"an object is needed, not {type(rest).__name__}")


def _merged(into: Any, rest: Any, path: str, problems: Problems) -> Any:
    """Give a value with more in it: what stands in both stays as it is."""
    if isinstance(into, Mapping) and isinstance(rest, Mapping):
        more = {key: _merged(into.get(key), value, f"{path}.{key}", problems) for key, value in rest.items()}
        return {**into, **more}
    if isinstance(into, list) and isinstance(rest, Mapping):
        items = dict(enumerate(into))
        for key, value in rest.items():
            index = int(key) if re.fullmatch("[0-9]{1,9}", key) else -1
            if index in items:
                items[index] = _merged(items[index], value, f"{path}.{key}", problems)
            else:
                note(problems, path, f"nothing stands at {shown(key)}")
        return list(items.values())
    return rest if into is None or into == {} else into
