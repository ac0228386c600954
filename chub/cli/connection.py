"""Which hub the command line talks to: from options, an INI file or the environment; the token never from an option."""

import os
from pathlib import Path
from typing import Any

from chub.cli.outcomes import needed
from chub.errors import InvalidValue, Problem
from chub.http import Token, token, token_from_env
from chub.settings import Config, Timeouts, config_from_env, config_from_ini

TOKEN_VARIABLE = "CHUB_TOKEN"  # noqa: S105 - a name, no token


def config_of(options: Any) -> Config:
    """Make the config that the options ask for; raises `InvalidValue` with every problem where it can't be made.

    With `--config` everything is read from that file, but for a token that it lacks; else from the environment.
    Options win over both.
    """
    more = _from_options(options)
    if options.config is None:
        return needed(config_from_env(os.environ, **more))
    text = text_of(options.config, "--config")
    found = config_from_ini(text, section=options.section, **more)
    lacks_token = found.swap().map(_lacks_token).value_or(False)
    if lacks_token and os.environ.get(TOKEN_VARIABLE):
        found = config_from_ini(text, section=options.section, **{"token": token_from_env(TOKEN_VARIABLE)} | more)
    del text  # a traceback that shows locals must not show the token
    try:
        return needed(found)
    except InvalidValue as error:
        raise _of_the_file(options.config, error) from None


def _of_the_file(file: str, error: InvalidValue) -> InvalidValue:
    """Name the file and the option in the place of the arguments that `config_from_ini` knows."""
    names = {"text": f"--config {file}", "section": "--section"}
    return InvalidValue(
        Problem(path=names.get(item.path, item.path), message=item.message.partition(" (if this is a path")[0])
        for item in error.problems
    )


def _lacks_token(error: Any) -> bool:
    return isinstance(error, InvalidValue) and Problem(path="token", message="not set") in error.problems


def _from_options(options: Any) -> Any:
    names = ("workspace_id", "node_id", "base_url", "ca_file", "proxy")
    given: dict[str, Any] = {name: value for name in names if (value := getattr(options, name)) is not None}
    if options.token_file is not None:
        given["token"] = _token_in(options.token_file)
    if options.timeout is not None:
        given["timeouts"] = Timeouts(total=options.timeout)
    return given


def _token_in(file: str) -> Token:
    """Hide what stands in a file; raises `InvalidValue` or `OSError`, neither of which shows it."""
    try:
        return token(text_of(file, "--token-file").strip())
    except OSError as error:
        # The name is left out: it may be the token itself, given in the place of a file.
        raise OSError(error.errno, f"{error.strerror}: name a file that holds the token", "--token-file") from None
    except InvalidValue as error:
        raise InvalidValue(
            Problem(path=f"--token-file {file}", message=item.message) for item in error.problems
        ) from None


def text_of(file: str, option: str) -> str:
    """Read a file as text; raises `OSError`, or `InvalidValue` where it is no text."""
    try:
        return Path(file).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidValue.of(f"{option} {file}", "not UTF-8") from None


def token_source(options: Any) -> str:
    """Say where the token comes from, for people."""
    if options.token_file is not None:
        return options.token_file  # type: ignore[no-any-return]
    return f"{options.config} or {TOKEN_VARIABLE}" if options.config is not None else TOKEN_VARIABLE
