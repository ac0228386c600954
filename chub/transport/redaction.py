"""A server that refuses may echo the token, and its words become an error's text: the token is cut out of them.

It is looked for in the body as it came, before a long message is cut short in the middle of it, and again in the error,
for JSON may have spelt it with escapes.
"""

import re
from typing import Any

import attrs

from chub.errors import ChubError, FieldError, InvalidValue, PageFailed
from chub.http import Response, Token
from chub.wire.failures import CUT

_INSTEAD = "(token)"
_SHORT = 8  # characters; no hub gives out such a token, but tests have some, that are parts of ordinary words


def response_without(secret: Token, response: Response) -> Response:
    """Give a response whose body, where it refuses, doesn't hold the token."""
    if response.status < 300 or len(secret.reveal()) < _SHORT:
        return response
    body = response.body.replace(secret.reveal().encode(), _INSTEAD.encode())
    return attrs.evolve(response, body=body, reason=response.reason.replace(secret.reveal(), _INSTEAD))


def error_without(secret: Token, error: ChubError) -> ChubError:
    """Give an error whose texts don't hold the token; a short one is cut out where it stands alone."""
    if isinstance(error, InvalidValue | PageFailed):
        return error
    return attrs.evolve(error, **_fields_without(secret, error))


def _fields_without(secret: Token, value: Any) -> dict[str, Any]:
    return {item.name: _without(secret, getattr(value, item.name)) for item in attrs.fields(type(value))}


def _without(secret: Token, value: Any) -> Any:
    if isinstance(value, str):
        return _text_without(secret, value)
    if isinstance(value, tuple):
        return tuple(_without(secret, item) for item in value)
    return FieldError(**_fields_without(secret, value)) if isinstance(value, FieldError) else value


def _text_without(secret: Token, text: str) -> str:
    if len(secret.reveal()) >= _SHORT:
        return _end_without(secret, text.replace(secret.reveal(), _INSTEAD))
    return re.sub(rf"(?<!\w){re.escape(secret.reveal())}(?!\w)", _INSTEAD, text)


def _end_without(secret: Token, text: str) -> str:
    """Where a long text was cut short, the cut may have gone through the token, that JSON had spelt with escapes."""
    sizes = range(len(secret.reveal()) - 1, 3, -1) if text.endswith(CUT) else ()
    kept = text.removesuffix(CUT)
    size = next((size for size in sizes if kept.endswith(secret.reveal()[:size])), 0)
    return f"{kept[:-size]}{_INSTEAD}{CUT}" if size else text
