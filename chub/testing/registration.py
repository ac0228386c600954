"""What Hypothesis calls when it is imported, so that `st.from_type` and `@given` know chub's classes.

Nothing of chub's values is loaded for that.  Once Python has loaded a module it binds it to its package; here the
package tells of it, and the module's public classes are registered with a function that finds a strategy when asked.
"""

import sys
from enum import Enum
from types import ModuleType
from typing import Any

import chub


class _Telling(ModuleType):
    """A package that registers the classes of each of its modules, as it is bound."""

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if isinstance(value, ModuleType):
            _register(value)


def register() -> None:
    """Register the public classes of chub, those that are loaded already and those that will be."""
    for name, module in list(sys.modules.items()):
        if name == "chub" or name.startswith("chub."):
            _register(module)


def _register(module: ModuleType) -> None:
    from hypothesis.strategies import register_type_strategy

    if hasattr(module, "__path__") and module.__name__.partition(".")[0] == chub.__name__:
        module.__class__ = _Telling
        for inner in list(vars(module).values()):  # what the package loaded by itself, before it could tell
            if isinstance(inner, ModuleType) and inner.__name__.startswith(f"{module.__name__}."):
                _register(inner)
    for name in chub._NAMES_OF_ROOMS.get(module.__name__, "").split():
        found = vars(module).get(name)  # asking a package for its module would load it
        if isinstance(found, type) and not issubclass(found, Enum):  # of an enumeration Hypothesis draws the members
            register_type_strategy(found, _strategy)


def _strategy(thing: Any) -> Any:
    """Answer Hypothesis, whose NotImplemented means: look elsewhere.

    It asks for base classes too: nobody who wants a ValueError shall get an InvalidValue.
    """
    from chub.testing.strategies.by_class import strategy_of

    found = strategy_of(thing)
    return NotImplemented if found is None else found
