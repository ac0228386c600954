"""Strategies of configs; none of them leads to a host that there can be."""

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chub.http import Token, token, token_from_env
from chub.settings import Config, RetryPolicy, Timeouts, config
from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.plain import TEXTS, path_ids, records
from chub.values.schema import Problems, note

# No host can have such a name (RFC 6761): a test that sends what it draws reaches nobody.
_URLS: Final = st.sampled_from(["https://hub.invalid/hub/v1", "https://hub.invalid:8443/hub/v1"])


@as_called
def tokens() -> SearchStrategy[Token]:
    """Draw tokens, literal ones and references to an environment variable; no service knows one of them.

    >>> from hypothesis import find
    >>> find(tokens(), lambda token: True)
    Token(hidden)
    """
    literal = st.sampled_from(["demo", "demo-token"]).map(token)
    return literal | st.sampled_from(["CHUB_TOKEN", "DEMO_TOKEN"]).map(token_from_env)


@as_called
def timeouts() -> SearchStrategy[Timeouts]:
    """Draw timeouts, of seconds up to a minute.

    >>> from hypothesis import find
    >>> find(timeouts(), lambda timeouts: timeouts.total < 1)
    Timeouts(connect=5.0, read=30.0, total=0.5)
    """
    seconds = st.integers(1, 60).map(float) | st.sampled_from([0.5, 0.01])
    return records({}, {"connect": seconds, "read": seconds, "total": seconds}).map(lambda given: Timeouts(**given))


@as_called
def retry_policies() -> SearchStrategy[RetryPolicy]:
    """Draw retry policies, with waits of up to twenty seconds.

    >>> from hypothesis import find
    >>> find(retry_policies(), lambda policy: policy.repeat_unconfirmed).repeat_unconfirmed
    True
    """
    waits = st.sampled_from([0.0, 0.05, 1.0, 7.0, 20.0])
    optional: dict[str, SearchStrategy[Any]] = {
        "attempts": st.integers(1, 5),
        "base": waits,
        "throttled_base": waits,
        "cap": waits,
        "budget": st.integers(0, 10),
        "repeat_unconfirmed": st.booleans(),
        "throttled_is_not_stored": st.booleans(),
    }
    return records({}, optional).map(lambda given: RetryPolicy(**given))


@as_called
def configs(**fields: Any) -> SearchStrategy[Config]:
    """Draw configs of workspaces that nobody has, at hosts that there can't be.

    `fields` are strategies, or values, for some of the arguments of `chub.config`, which are always there then.

    >>> from hypothesis import find
    >>> find(configs(node_id="n"), lambda config: True).base_url
    'https://hub.invalid/hub/v1'
    """
    problems: Problems = []
    needed: dict[str, SearchStrategy[Any]] = {"workspace_id": path_ids(), "token": tokens(), "base_url": _URLS}
    optional: dict[str, SearchStrategy[Any]] = {
        "node_id": TEXTS.map(lambda text: text or "0"),
        "timeouts": timeouts(),
        "retry": retry_policies(),
    }
    for name in fields.keys() - needed.keys() - optional.keys() - _OTHERS:
        note(problems, name, "no argument of chub.config")
    arguments.checked(problems)
    needed |= {name: found if isinstance(found, SearchStrategy) else st.just(found) for name, found in fields.items()}
    rest = {name: found for name, found in optional.items() if name not in needed}
    return records(needed, rest).map(lambda given: config(**given))


_OTHERS: Final = frozenset({"proxy", "ca_file", "ssl_context", "transport", "json"})
