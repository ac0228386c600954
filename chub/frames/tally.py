"""What a stream of tables counts, and what it keeps of values that no column can hold."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from chub.errors import Plain
from chub.values.frozen_dict import thaw
from chub.wire.jsontext import dumps

Place = Callable[[int], tuple[int, tuple[str, ...]]]
"""Says of the value at an index which row it belongs to, and which keys lead to it there."""


@frozen(kw_only=True, repr=False)
class Tally(Plain):
    """What has gone into tables so far: how many rows, and how many of their values stand in no column of their own.

    `unlisted` counts the keys that chub's classes don't list; `misfits` the objects (payloads of known types, context
    information, owners) of another shape than chub's classes; `unheld` the numbers that no column holds (an int beyond
    64 bits, one that no float is equal to): all of them are in the columns of JSON.  `replaced` counts the texts in
    which lone surrogates became U+FFFD.
    """

    rows: int = 0
    unlisted: int = 0
    misfits: int = 0
    unheld: int = 0
    replaced: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            rows=self.rows + other.rows,
            unlisted=self.unlisted + other.unlisted,
            misfits=self.misfits + other.misfits,
            unheld=self.unheld + other.unheld,
            replaced=self.replaced + other.replaced,
        )


class Rest:
    """What the columns of one batch can't hold, by row, and what is counted."""

    def __init__(self) -> None:
        self.unlisted = self.misfits = self.unheld = self.replaced = 0
        self._rows: dict[int, dict[str, Any]] = {}

    def keep_unlisted(self, place: Place, index: int, keys: Mapping[str, Any]) -> None:
        """Keep keys that the class of the value at this index doesn't list."""
        for key, value in keys.items():
            self._keep(place, index, key, value)
        self.unlisted += len(keys)

    def keep_unheld(self, place: Place, index: int, key: str, value: object) -> None:
        """Keep a value that its column can't hold."""
        self._keep(place, index, key, value)
        self.unheld += 1

    def keep_misfit(self, row: int, key: str, value: object) -> None:
        """Keep the object that stands in the place of a value of chub's."""
        self._keep(lambda index: (index, ()), row, key, value)
        self.misfits += 1

    def _keep(self, place: Place, index: int, key: str, value: object) -> None:
        row, path = place(index)
        node = self._rows.setdefault(row, {})
        for step in path:
            node = node.setdefault(step, {})
        node[key] = thaw(value)

    def column(self, count: int) -> list[bytes | None]:
        """Give the JSON of each row, None for nearly all."""
        column: list[bytes | None] = [None] * count
        for row, kept in self._rows.items():
            column[row] = dumps(kept)
        return column

    def tally(self, rows: int) -> Tally:
        """Give what was counted in these rows."""
        return Tally(
            rows=rows, unlisted=self.unlisted, misfits=self.misfits, unheld=self.unheld, replaced=self.replaced
        )
