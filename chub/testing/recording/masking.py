"""Texts without the token: it is cut out of whatever is kept, however JSON, a URL or HTML spells its characters.

What is put in its place is what chub's own errors have there, so that an error reads the same when it is played back.
"""

import html
import re
from collections.abc import Callable, Iterable
from functools import partial

from chub.errors import InvalidValue
from chub.http import Token

Mask = Callable[[str], str]

_INSTEAD = "(token)"
_SHORT = 8  # characters; no hub gives out such a token, but tests have some, that are parts of ordinary words


def mask_of(tokens: Iterable[Token | None]) -> Mask:
    r"""Give what cuts these tokens out of a text; one of fewer than 8 characters only where it stands alone.

    >>> from chub.http import token
    >>> mask_of([token("demo-token")])(r'{"said": "demo\u002dtoken"}')
    '{"said": "(token)"}'
    >>> mask_of([token("demo")])("a demonstration, demo")
    'a demonstration, (token)'
    """
    secrets = {secret for secret in map(_revealed, tokens) if secret}
    if not secrets:
        return str
    # The longest first: one token may begin like another.
    pattern = "|".join(_pattern(secret) for secret in sorted(secrets, key=len, reverse=True))
    return partial(re.compile(pattern).sub, _INSTEAD)


def _revealed(token: Token | None) -> str | None:
    try:
        return None if token is None else token.reveal()
    except InvalidValue:
        return None  # a variable that is not set, so there is nothing to hide


def _pattern(secret: str) -> str:
    spelt = "".join(map(_spellings, secret))
    return spelt if len(secret) >= _SHORT else rf"(?<!\w){spelt}(?!\w)"


def _spellings(character: str) -> str:
    code = ord(character)
    spellings = (
        re.escape(character),
        rf"(?i:\\u00{code:02x})",
        rf"(?i:%{code:02x})",
        rf"\\{re.escape(character)}" if character in '"\\/' else "",
        re.escape(html.escape(character)),
        rf"(?i:&\#(?:0*{code}|x0*{code:x});)",
    )
    return f"(?:{'|'.join(sorted(set(filter(None, spellings)), key=len, reverse=True))})"
