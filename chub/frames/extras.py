"""Packages that only some functions need: imported when used; where one is missing the error says what to install."""

from importlib import import_module
from typing import Any


def needed(module: str, *, extra: str, purpose: str) -> Any:
    """Import a module of an extra; raises `ModuleNotFoundError` that says what to install.

    >>> needed("json", extra="arrow", purpose="this").__name__
    'json'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise  # the package is there; what it needs itself is not
        install = f"pip install 'contacthub-chub[{extra}]'"
        raise ModuleNotFoundError(f"{purpose} needs {module}: {install}", name=error.name) from None
