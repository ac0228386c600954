"""Modules that few programs need, imported when something of them is first used.

For type checkers such a name is the module itself: `if TYPE_CHECKING: import ssl` and `else: ssl = Late("ssl")`.
Annotations that name it are strings, so that `typing.get_type_hints` resolves them too.
"""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module until something of it is used.

    >>> Late("fractions").Fraction(1, 2)
    Fraction(1, 2)
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._module), name)
        setattr(self, name, found)
        return found
