"""Configs: from arguments, an environment and an INI text; what is refused, and that the token is never shown."""

import copy
import pickle
import ssl
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from returns.result import Success

import chub

Told = Callable[[BaseException], str]


def problems_of(**arguments: Any) -> dict[str, str]:
    with pytest.raises(chub.InvalidValue) as raised:
        chub.config(**{"workspace_id": "w", "token": "demo", **arguments})
    return {problem.path: problem.message for problem in raised.value.problems}


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def without_hostname() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    return context


def test_a_config_of_the_least_leads_to_the_real_hub() -> None:
    made = chub.config(workspace_id="w", token="demo")
    assert made == chub.Config(workspace_id="w", token=chub.token("demo"))
    assert (made.base_url, made.node_id, made.proxy, made.transport) == (chub.PRODUCTION_URL, None, None, None)
    assert made.timeouts == chub.Timeouts(connect=5, read=30, total=60)


def test_a_literal_token_is_hidden_wherever_it_is_given() -> None:
    made = chub.config(workspace_id="w", token="demo-token")
    assert made.token == chub.token("demo-token")
    assert chub.Config(workspace_id="w", token="demo-token") == made
    assert attrs.evolve(made, token="demo-other").token == chub.token("demo-other")


GOOD_URLS = {
    "https://api.example.com/hub/v1": "https://api.example.com/hub/v1",
    "https://api.example.com": "https://api.example.com",
    "https://api.example.com/hub/v1//": "https://api.example.com/hub/v1",
    "https://api.example.com:8443/": "https://api.example.com:8443",
    "HTTPS://api.example.com": "HTTPS://api.example.com",
    "http://localhost:8080/hub/v1": "http://localhost:8080/hub/v1",
    "http://127.0.0.1": "http://127.0.0.1",
    "http://127.8.9.10:1": "http://127.8.9.10:1",
    "http://[::1]:8080": "http://[::1]:8080",
    "https://[2001:db8::1]/hub": "https://[2001:db8::1]/hub",
}


@pytest.mark.parametrize(("url", "kept"), GOOD_URLS.items())
def test_base_urls_that_are_taken(url: str, kept: str) -> None:
    assert chub.config(workspace_id="w", token="demo", base_url=url).base_url == kept


NO_URL = "no URL of a host, such as https://api.example.com/hub/v1"
USER_INFO = "user info doesn't belong in the base URL; the token goes into token="
QUERY = "a query or a fragment doesn't belong in the base URL"
CLEAR = "https:// is needed (http:// only to loopback, for the token would go out in clear), not "
BAD_URLS: dict[Any, str] = {
    "http://api.example.com": CLEAR + "'http'",
    "http://127.0.0.1.example.com": CLEAR + "'http'",
    "http://localhost.example.com": CLEAR + "'http'",
    "http://10.0.0.1": CLEAR + "'http'",
    "http://0.0.0.0": CLEAR + "'http'",
    "http://127.0.0.1@example.com": USER_INFO,
    "http://127.0.0.1:80@example.com": USER_INFO,
    "ftp://api.example.com": CLEAR + "'ftp'",
    "//api.example.com": CLEAR + "''",
    "https://me@api.example.com": USER_INFO,
    "https://me:secret@api.example.com": USER_INFO,
    "https://api.example.com?": QUERY,
    "https://api.example.com?a=b": QUERY,
    "https://api.example.com/hub#": QUERY,
    "https://api.example.com/#v1": QUERY,
    "": NO_URL,
    "api.example.com": NO_URL,
    "https://": NO_URL,
    "https:///hub/v1": NO_URL,
    "https://api.example.com/hub v1": NO_URL,
    " https://api.example.com": NO_URL,
    "https://api.example.com ": NO_URL,
    "https://api.example.com\n": NO_URL,
    "https://api.exa\nmple.com": NO_URL,
    "https://api.example.com/\r\nX: y": NO_URL,
    "https://api.example.com/\t": NO_URL,
    "https://api.example.com\x00": NO_URL,
    "https://api.example.com\\@evil.example.com": NO_URL,
    "https://b\u00fccher.example.com": NO_URL,
    "https://me:secret\u2100@api.example.com": NO_URL,
    "https://api.example.com:0": NO_URL,
    "https://api.example.com:65536": NO_URL,
    "https://api.example.com:-1": NO_URL,
    "https://api.example.com:http": NO_URL,
    "https://me:secret/x@api.example.com": NO_URL,
    "https://[::1": NO_URL,
    None: "a str is needed, not NoneType",
    7: "a str is needed, not int",
}


@pytest.mark.parametrize(("url", "message"), BAD_URLS.items())
def test_base_urls_that_are_refused(url: Any, message: str) -> None:
    assert problems_of(base_url=url) == {"base_url": message}


PROXY = "the URL of an HTTP proxy is needed, such as http://proxy.example.com:3128"
OTHERS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "an empty workspace": ({"workspace_id": ""}, {"workspace_id": "empty"}),
    "a workspace that climbs": ({"workspace_id": ".."}, {"workspace_id": "'..' is a step in a path, not an id"}),
    "an empty node": ({"node_id": ""}, {"node_id": "empty"}),
    "a node of another class": ({"node_id": 7}, {"node_id": "a str is needed, not int"}),
    "no timeouts": ({"timeouts": 7}, {"timeouts": "chub.Timeouts(...) is needed"}),
    "a proxy without a scheme": ({"proxy": "proxy.example.com:3128"}, {"proxy": PROXY}),
    "a proxy of another protocol": ({"proxy": "socks5://proxy.example.com"}, {"proxy": PROXY}),
    "a proxy without a host": ({"proxy": "http://:3128"}, {"proxy": PROXY}),
    "a proxy with a newline": ({"proxy": "http://proxy\n.example.com"}, {"proxy": PROXY}),
    "a proxy with a wrong port": ({"proxy": "http://proxy.example.com:0"}, {"proxy": PROXY}),
    "a proxy with a word as its port": ({"proxy": "http://proxy.example.com:http"}, {"proxy": PROXY}),
    "a proxy of another class": ({"proxy": 7}, {"proxy": PROXY}),
    "a TLS proxy for clear text": (
        {"proxy": "https://proxy.example.com", "base_url": "http://127.0.0.1"},
        {"proxy": "an https:// proxy is of use for an https:// base URL only"},
    ),
    "an empty CA file": ({"ca_file": ""}, {"ca_file": "empty"}),
    "no TLS context": ({"ssl_context": "tls"}, {"ssl_context": "an ssl.SSLContext is needed, not str"}),
    "both CAs": (
        {"ssl_context": ssl.create_default_context(), "ca_file": "ca.pem"},
        {"ssl_context": "give this or ca_file=, not both"},
    ),
    "a transport that is none": ({"transport": "mail"}, {"transport": "a callable is needed"}),
}


@pytest.mark.parametrize(("arguments", "problems"), OTHERS.values(), ids=OTHERS)
def test_other_arguments_that_are_refused(arguments: dict[str, Any], problems: dict[str, str]) -> None:
    assert problems_of(**arguments) == problems


@pytest.mark.parametrize("context", [unverified(), without_hostname()], ids=["no certificate", "no host name"])
def test_a_context_that_verifies_nothing_is_refused(context: ssl.SSLContext) -> None:
    assert list(problems_of(ssl_context=context)) == ["ssl_context"]
    assert "verification is switched off" in problems_of(ssl_context=context)["ssl_context"]


@pytest.mark.parametrize(
    "proxy", ["http://proxy.example.com:3128", "http://me:pass@proxy.example.com", "https://proxy.example.com:8443"]
)
def test_proxies_that_are_taken_are_not_shown(proxy: str) -> None:
    made = chub.config(workspace_id="w", token="demo", proxy=proxy)
    assert made.proxy == proxy
    assert "proxy" not in repr(made)


def test_all_problems_are_told_at_once() -> None:
    problems = problems_of(workspace_id="", node_id="", token="", base_url="", proxy="", ca_file="", timeouts=1)
    assert set(problems) == {"workspace_id", "node_id", "token", "base_url", "proxy", "ca_file", "timeouts"}


BAD_TOKENS = ["demo secret", "demosecret\n", "demo\r\nsecret: x", "demosecret\u20ac", "\ud800demosecret"]


@pytest.mark.parametrize("secret", BAD_TOKENS)
@pytest.mark.parametrize("workspace_id", ["w", ""], ids=["alone", "with another problem"])
def test_a_wrong_token_is_refused_without_showing_it(secret: str, workspace_id: str, told: Told) -> None:
    with pytest.raises(chub.InvalidValue) as raised:
        chub.config(workspace_id=workspace_id, token=secret)
    assert "token" in {problem.path for problem in raised.value.problems}
    assert "secret" not in told(raised.value)


def test_a_right_token_is_not_shown_beside_another_problem(told: Told) -> None:
    with pytest.raises(chub.InvalidValue) as raised:
        chub.config(workspace_id="", token="demosecret")
    assert "secret" not in told(raised.value)


@pytest.mark.parametrize("secret", [b"demosecret", 7, None], ids=["bytes", "int", "None"])
def test_a_token_of_another_class_is_refused(secret: Any, told: Told) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^token: ") as raised:
        chub.config(workspace_id="w", token=secret)
    assert "secret" not in told(raised.value)


def test_evolve_checks_too() -> None:
    made = chub.config(workspace_id="w", token="demo")
    assert attrs.evolve(made, base_url="https://api.example.com/").base_url == "https://api.example.com"
    with pytest.raises(chub.InvalidValue, match=r"^base_url: https:// is needed"):
        attrs.evolve(made, base_url="http://api.example.com")
    with pytest.raises(chub.InvalidValue, match=r"^token: holds a space") as raised:
        attrs.evolve(made, token="demo secret")
    assert "secret" not in str(raised.value)


def test_a_config_does_not_change() -> None:
    made = chub.config(workspace_id="w", token="demo")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.base_url = "http://api.example.com"  # type: ignore[misc]
    assert len({made, chub.config(workspace_id="w", token="demo")}) == 1


@pytest.mark.parametrize("name", ["connect", "read", "total"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan"), True, "5", None, 86_401])
def test_timeouts_are_finite(name: str, value: Any) -> None:
    with pytest.raises(chub.InvalidValue) as raised:
        chub.Timeouts(**{name: value})
    assert [problem.path for problem in raised.value.problems] == [name]


def test_timeouts_are_checked_all_at_once_and_by_evolve() -> None:
    with pytest.raises(chub.InvalidValue, match=r"^3 problems: connect: 0 is no number of seconds"):
        chub.Timeouts(connect=0, read=0, total=0)
    with pytest.raises(chub.InvalidValue, match=r"^read: "):
        attrs.evolve(chub.Timeouts(), read=0)


ENVIRONMENT = {
    "CHUB_WORKSPACE_ID": "w",
    "CHUB_NODE_ID": "n",
    "CHUB_TOKEN": "demo",
    "CHUB_BASE_URL": "https://api.example.com/hub/v1/",
    "HTTPS_PROXY": "http://proxy.example.com",
}


def test_an_environment_gives_a_config() -> None:
    wanted = chub.config(workspace_id="w", node_id="n", token="demo", base_url="https://api.example.com/hub/v1")
    assert chub.config_from_env(ENVIRONMENT) == Success(wanted)


def test_what_an_environment_lacks_has_its_default() -> None:
    found = chub.config_from_env({"CHUB_WORKSPACE_ID": "w", "CHUB_TOKEN": "demo", "CHUB_NODE_ID": ""})
    assert found == Success(chub.config(workspace_id="w", token="demo"))


def test_further_arguments_win_over_the_environment() -> None:
    reference, timeouts = chub.token_from_env("OTHER_TOKEN"), chub.Timeouts(total=5)
    found = chub.config_from_env(ENVIRONMENT, workspace_id="v", token=reference, timeouts=timeouts, node_id=None)
    wanted = chub.config(
        workspace_id="v", token=reference, timeouts=timeouts, base_url="https://api.example.com/hub/v1"
    )
    assert found == Success(wanted)


FAULTY: dict[str, tuple[Any, dict[str, Any], list[str]]] = {
    "nothing": ({}, {}, ["CHUB_WORKSPACE_ID: not set", "CHUB_TOKEN: not set"]),
    "empty texts": ({"CHUB_WORKSPACE_ID": "", "CHUB_TOKEN": ""}, {"token": "demo"}, ["CHUB_WORKSPACE_ID: not set"]),
    "all wrong": (
        {"CHUB_BASE_URL": "ftp://h", "CHUB_WORKSPACE_ID": "..", "CHUB_TOKEN": "demo secret"},
        {"node_id": ""},
        ["CHUB_TOKEN: holds", "CHUB_WORKSPACE_ID: '..'", "node_id: empty", "CHUB_BASE_URL: https:// is needed"],
    ),
    "wrong in an argument": (ENVIRONMENT, {"base_url": "http://api.example.com"}, ["base_url: https:// is needed"]),
    "no text": ({**ENVIRONMENT, "CHUB_TOKEN": 7}, {}, ["CHUB_TOKEN: a str is needed, not int"]),
    "no mapping": (None, {}, ["environ: a mapping is needed, not NoneType"]),
}


@pytest.mark.parametrize(("environ", "more", "starts"), FAULTY.values(), ids=FAULTY)
def test_all_that_is_wrong_in_an_environment_is_told_by_the_names_there(
    environ: Any, more: dict[str, Any], starts: list[str], told: Told
) -> None:
    error = chub.config_from_env(environ, **more).failure()
    assert isinstance(error, chub.InvalidValue)
    problems = list(map(str, error.problems))
    assert len(problems) == len(starts)
    assert [problem[: len(start)] for problem, start in zip(problems, starts, strict=True)] == starts
    assert error.__traceback__ is None
    assert "secret" not in told(error)


WHOLE = chub.config(workspace_id="w", node_id="n", token="a%b", base_url="https://api.example.com/hub")
KEYS = "workspace_id = w\nnode_id = n\ntoken = a%b\nbase_url = https://api.example.com/hub\n"
INIS = {
    "no section": KEYS,
    "a section": f"[contacthub]\n{KEYS}",
    "several sections": f"[contacthub]\n{KEYS}[other]\nworkspace_id = x\ntoken = y\n",
    "a byte order mark": f"\ufeff{KEYS}",
    "a byte order mark and a section": f"\ufeff[contacthub]\n{KEYS}",
    "Windows line ends": f"[contacthub]\n{KEYS}".replace("\n", "\r\n"),
    "comments": f"# of the shop\n[contacthub]\n; keys\n{KEYS}",
    "comments without a section": f"# of the shop\n{KEYS}",
    "capitals and colons": KEYS.upper().replace("A%B", "a%b").replace("=", ":").replace("HTTPS", "https").lower(),
    "no section, then one": f"{KEYS}[contacthub]\ntoken = y\n",
    "the default section alone": f"[DEFAULT]\n{KEYS}",
    "defaults": f"[DEFAULT]\nnode_id = n\n[contacthub]\n{KEYS.replace('node_id = n', '')}",
    "further keys": f"[contacthub]\n{KEYS}colour = green\n",
}


@pytest.mark.parametrize("text", INIS.values(), ids=INIS)
def test_an_ini_text_gives_a_config(text: str) -> None:
    assert chub.config_from_ini(text) == Success(WHOLE)


def test_a_section_is_chosen_by_its_name() -> None:
    text = f"[first]\nworkspace_id = x\ntoken = y\n[second]\n{KEYS}"
    assert chub.config_from_ini(text, section="second") == Success(WHOLE)
    assert chub.config_from_ini(text).unwrap().workspace_id == "x"


def test_the_keys_before_the_first_section_do_not_hide_it() -> None:
    text = f"workspace_id = x\ntoken = y\n[chub]\n{KEYS}"
    assert chub.config_from_ini(text, section="chub") == Success(WHOLE)


def test_further_arguments_win_over_the_ini_text() -> None:
    found = chub.config_from_ini(KEYS, base_url=chub.PRODUCTION_URL, node_id=None)
    assert found == Success(chub.config(workspace_id="w", token="a%b"))


UNBEARABLE = "holds a space, a line break or another character that no header can bear"
BROKEN: dict[str, tuple[Any, str | None, str]] = {
    "no text": (b"token = demo secret", None, "text: the INI text is needed, not bytes; open the file and read it"),
    "a line that is no key": ("[a]\ntoken demosecret\n", None, "text: no INI: ParsingError near line 2"),
    "no section and such a line": ("a = b\ntoken demosecret\n", None, "text: no INI: ParsingError near line 2"),
    "a key twice": (
        "[a]\ntoken = demosecret\ntoken = demosecret\n",
        None,
        "text: no INI: DuplicateOptionError near line 3",
    ),
    "a section twice": ("[a]\nb = 1\n[a]\n", None, "text: no INI: DuplicateSectionError near line 3"),
    "an unknown section": ("[a]\ntoken = demosecret", "b", "section: 'b' is not in the text; there are: a"),
    "no section at all": ("", "b", "section: 'b' is not in the text; there are: none"),
    "a token over two lines": (
        "workspace_id = w\ntoken = demo\n   secret\n",
        None,
        f"token: {UNBEARABLE} (give the token alone, without 'Bearer'; it is not shown here)",
    ),
    "nothing": ("", None, "2 problems: workspace_id: not set; token: not set"),
    "no values": ("workspace_id =\ntoken =\n", None, "2 problems: workspace_id: not set; token: not set"),
}


@pytest.mark.parametrize(("text", "section", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_ini_text_is_told_without_its_lines(text: Any, section: str | None, message: str, told: Told) -> None:
    error = chub.config_from_ini(text, section=section).failure()
    assert str(error) == message
    assert error.__traceback__ is None
    assert "secret" not in told(error)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (chub.config_from_env, {"CHUB_WORKSPACE_ID": "w", "CHUB_TOKEN": "demosecret"}),
        (chub.config_from_ini, "workspace_id = w\ntoken = demosecret"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"token": "demosecret"}], ids=["alone", "with a token"])
def test_a_misspelt_argument_shows_no_token(
    read: Callable[..., object], text: object, more: dict[str, str], told: Told
) -> None:
    with pytest.raises(TypeError, match="'proxi'") as raised:
        read(text, proxi="http://proxy.example.com", **more)
    assert "secret" not in told(raised.value)


def test_copies_are_the_config_itself() -> None:
    made = chub.config(workspace_id="w", token="demo", ssl_context=ssl.create_default_context())
    assert copy.copy(made) is made
    assert copy.deepcopy([made])[0] is made


def test_a_config_with_a_reference_pickles() -> None:
    made = chub.config(
        workspace_id="w",
        node_id="n",
        token=chub.token_from_env("CHUB_TOKEN"),
        proxy="http://proxy.example.com",
        ca_file="ca.pem",
    )
    assert pickle.loads(pickle.dumps(made)) == made


UNPICKLABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a literal token": ({"token": "demo"}, r"^token: .*; use chub\.token_from_env\(NAME\) instead$"),
    "a context": ({"ssl_context": ssl.create_default_context()}, r"^ssl_context: .*; use ca_file= instead$"),
    "a transport": ({"transport": print}, r"^transport: .*; make the transport where it is used, e\.g\. .*serve"),
}


@pytest.mark.parametrize(("arguments", "message"), UNPICKLABLE.values(), ids=UNPICKLABLE)
def test_a_config_that_does_not_pickle_says_what_to_use(arguments: dict[str, Any], message: str) -> None:
    made = chub.config(**{"workspace_id": "w", "token": chub.token_from_env("CHUB_TOKEN"), **arguments})
    with pytest.raises(chub.InvalidValue, match=message):
        pickle.dumps(made)


def test_a_path_in_the_place_of_an_ini_text_is_guessed() -> None:
    error = chub.config_from_ini("/etc/chub.ini").failure()
    assert str(error) == "text: no INI: ParsingError near line 1 (if this is a path: open the file, and pass its text)"
