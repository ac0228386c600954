"""Events, recorded events, and what stands in them: built, normalised, refused."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs
import pytest
from chub_cases import FULL_EVENT, FULL_RECORDED, no_json_cases, paths, raised
from chub_payloads import EIGHT, GEO, PARTS, PARTS_OF, TEN_IN_ROME, TRACKING, info_of

import chub

OWNER = chub.CustomerId("c_id")


class Euro(str, Enum):  # noqa: UP042
    """Its `str` is not its value."""

    EUR = "EUR"


class NumpyLike:
    __module__ = "numpy"
    dtype = type("dtype", (), {"kind": "f"})
    ndim = 0

    def item(self) -> float:
        return 2.5


def event(**changes: Any) -> chub.Event:
    given: dict[str, Any] = {"properties": chub.ViewedPage(), "owner": OWNER, "context": "WEB"}
    return chub.event(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"date": datetime(2026, 1, 1)}, ["date"]),
        ({"date": "2026-01-01T00:00:00Z"}, ["date"]),
        ({"context": "web"}, ["context"]),
        ({"context": None}, ["context"]),
        ({"context": ["WEB"]}, ["context"]),
        ({"context": 10**5000}, ["context"]),
        ({"mode": "ASLEEP"}, ["mode"]),
        ({"mode": True}, ["mode"]),
        ({"owner": (OWNER, chub.SessionId("s"))}, ["owner"]),
        ({"owner": None}, ["owner"]),
        ({"owner": "c_id"}, ["owner"]),
        ({"owner": chub.SessionId("s", unlisted={"a": 1, "b": 2})}, ["owner.unlisted.a", "owner.unlisted.b"]),
        ({"properties": {"title": "Home"}}, ["properties"]),
        ({"properties": chub.ViewedPage}, ["properties"]),
        ({"context_info": {"client": {}}}, ["context_info"]),
        ({"tracking": {"utm_source": "x"}}, ["tracking"]),
        ({"context_info": info_of("MOBILE")}, ["context_info.device"]),
        (
            {"context_info": info_of("RETAIL"), "context": chub.Context.MOBILE},
            ["context_info.store", "context_info.sales_assistant"],
        ),
        ({"context": "MOON", "context_info": info_of("RETAIL")}, ["context"]),
        (
            {"properties": None, "owner": None, "context": "", "date": 5, "mode": "", "context_info": 1, "tracking": 2},
            ["properties", "owner", "context", "date", "mode", "context_info", "tracking"],
        ),
    ],
)
def test_a_wrong_event_is_refused_with_all_problems(changes: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: event(**changes))) == at
    assert paths(raised(lambda: attrs.evolve(event(), **changes))) == at


def test_a_missing_keyword_is_pythons_type_error() -> None:
    with pytest.raises(TypeError):
        chub.event(chub.ViewedPage(), owner=OWNER)  # type: ignore[call-arg]


@pytest.mark.parametrize("context", PARTS_OF)
def test_each_context_takes_its_parts_and_no_others(context: str) -> None:
    assert event(context=context, context_info=info_of(context)).context is chub.Context(context)
    others = {part: PARTS[part][0] for part in PARTS.keys() - {*PARTS_OF[context]}}
    info = chub.ContextInfo(**others)  # type: ignore[arg-type]
    made = [f"context_info.{part}" for part in PARTS if part in others]
    found = paths(raised(lambda: event(context=context, context_info=info))) if others else []
    assert found == made


def test_an_event_is_normalised() -> None:
    assert (chub.Context.WEB, chub.Mode.PASSIVE) == (event().context, event(mode="PASSIVE").mode)
    assert isinstance(event(mode="PASSIVE").mode, chub.Mode)
    date = event(date=TEN_IN_ROME).date
    assert date is not None
    assert (EIGHT, UTC) == (date, date.tzinfo)


def test_the_class_decides_the_type() -> None:
    assert "viewedPage" == event().type
    assert "sawUnicorn" == event(properties=chub.Custom("sawUnicorn")).type
    assert "completedOrder" == FULL_RECORDED.type
    assert "serviceSubscribed" == chub.event_type_of(chub.ServiceSubscribed)


@pytest.mark.parametrize(
    ("make", "at"),
    [
        (lambda: chub.ServiceSubscribed(start_date=datetime(2026, 1, 1)), ["start_date"]),
        (lambda: chub.ServiceSubscribed(service_id=5), ["service_id"]),
        (lambda: chub.ServiceSubscribed(service_id=b"x", service_name=["x"]), ["service_id", "service_name"]),
        (lambda: chub.ViewedPage(page_tags="landing"), ["page_tags"]),
        (lambda: chub.ViewedPage(page_tags=b"landing"), ["page_tags"]),
        (lambda: chub.ViewedPage(page_tags={"a": 1}), ["page_tags"]),
        (lambda: chub.ViewedPage(page_tags={"a"}), ["page_tags"]),
        (lambda: chub.ViewedPage(page_tags=iter("ab")), ["page_tags"]),
        (lambda: chub.ViewedPage(page_tags=["a", None, 5]), ["page_tags[1]", "page_tags[2]"]),
        (lambda: chub.CompletedOrder(type="gift"), ["type"]),
        (lambda: chub.CompletedOrder(type=5), ["type"]),
        (lambda: chub.CompletedOrder(payment_method="PAYPAL"), ["payment_method"]),
        (lambda: chub.CompletedOrder(amount={"total": 1}), ["amount"]),
        (lambda: chub.CompletedOrder(amount=chub.LocalCurrency()), ["amount"]),
        (lambda: chub.CompletedOrder(products=chub.OrderProduct()), ["products"]),
        (lambda: chub.CompletedOrder(products=[{"sku": "k"}, chub.OrderProduct(), 5]), ["products[0]", "products[2]"]),
        (lambda: chub.OrderAmount(total=True), ["total"]),
        (lambda: chub.OrderAmount(total="12.5"), ["total"]),
        (lambda: chub.OrderAmount(total=float("nan"), tax=float("inf")), ["total", "tax"]),
        (lambda: chub.OrderAmount(total=Decimal("0.1")), ["total"]),
        (lambda: chub.OrderAmount(total=10**4300), ["total"]),
        (lambda: chub.OrderAmount(total=[float("nan")]), ["total"]),
        (lambda: chub.OrderAmount(total={"a": b""}), ["total"]),
        (lambda: chub.OrderAmount(total=b"1"), ["total"]),
        (lambda: chub.OrderAmount(total=EIGHT), ["total"]),
        (lambda: chub.OrderProduct(order_line_id=1.5), ["order_line_id"]),
        (lambda: chub.OrderProduct(order_line_id=True), ["order_line_id"]),
        (lambda: chub.OrderProduct(order_line_id="1"), ["order_line_id"]),
        (lambda: chub.LocalCurrency(currency="XXX"), ["currency"]),
        (lambda: chub.LocalCurrency(currency="eur"), ["currency"]),
        (lambda: chub.Classification(key=None, value=None), ["key", "value"]),
        (lambda: chub.Geo(lat=90.5, lon=-181), ["lat", "lon"]),
        (lambda: chub.Geo(lat=-91, lon=10**400), ["lat", "lon"]),
        (lambda: chub.Geo(lat=None, lon="9"), ["lat", "lon"]),
        (lambda: chub.Client(ip="192.0.2.256"), ["ip"]),
        (lambda: chub.Client(ip="::1"), ["ip"]),
        (lambda: chub.Client(ip=""), ["ip"]),
        (lambda: chub.Client(localization=GEO), ["localization"]),
        (lambda: chub.Store(type="SHOP"), ["type"]),
        (lambda: chub.User(id=5), ["id"]),
        (lambda: chub.Tracking(utm_source=5), ["utm_source"]),
        (lambda: chub.Custom(""), ["type"]),
        (lambda: chub.Custom(5, [1]), ["type", "properties"]),
        (lambda: chub.Custom("x", {"a": [{"b": float("nan")}]}), ["properties.a[0].b"]),
        (lambda: chub.ViewedPage(extended=[1]), ["extended"]),
        (
            lambda: chub.ViewedPage(extra_properties={"a": {1, 2}, "b": {3: 4}}),
            ["extra_properties.a", "extra_properties.b"],
        ),
        (lambda: chub.ViewedPage(unlisted={"title": 1, "pageTags": 2}), ["unlisted.pageTags", "unlisted.title"]),
        (lambda: chub.Tracking(unlisted={"utm_term": 1}), ["unlisted.utm_term"]),
        (lambda: chub.ViewedPage(unlisted=None), ["unlisted"]),
        (lambda: chub.ViewedPage(unlisted={"a": {"b": b""}}), ["unlisted.a.b"]),
        (lambda: chub.ViewedPage(title=5, path=6, unlisted={"a": set()}), ["path", "title", "unlisted.a"]),
    ],
)
def test_wrong_properties_are_refused_with_all_problems(make: Any, at: list[str]) -> None:
    assert sorted(paths(raised(make))) == sorted(at)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: chub.OrderAmount(total=[1]), "total: a number is needed, not list"),
        (lambda: chub.OrderAmount(total=b"1"), "total: a number is needed, not bytes"),
        (lambda: chub.OrderAmount(total=float("nan")), "total: nan has no JSON form; leave it out or pass None"),
        (lambda: chub.OrderProduct(order_line_id=1.0), "order_line_id: an int is needed, not float"),
        (lambda: chub.Geo(lat=91, lon=0), "lat: 91 is above 90"),
        (lambda: chub.Geo(lat=0, lon=-180.5), "lon: -180.5 is below -180"),
        (lambda: chub.Client(ip="x"), "ip: 'x' is no IPv4 address"),
        (lambda: chub.Client(user_agent=5), "user_agent: a str is needed, not int"),
        (lambda: chub.customer(enabled=1), "enabled: a bool is needed, not int"),
        (lambda: chub.CompletedOrder(type="gift"), "type: 'gift' is none of 'sale', 'return', 'sale-return'"),
        (lambda: chub.CompletedOrder(amount=1), "amount: chub.OrderAmount(...) is needed, not int"),
        (lambda: chub.CompletedOrder(products=1), "products: a list or tuple is needed, not int"),
        (lambda: chub.ViewedPage(extended=1), "extended: a mapping is needed, not int"),
        (lambda: chub.ViewedPage(unlisted={"title": 1}), "unlisted.title: the class has a field for this key"),
    ],
)
def test_a_problem_says_what_is_needed(make: Any, message: str) -> None:
    assert str(raised(make)) == message


@pytest.mark.parametrize("given", no_json_cases().values(), ids=no_json_cases())
def test_free_objects_take_json_only(given: object) -> None:
    for make in (
        lambda: chub.Custom("x", {"a": given}),
        lambda: chub.ViewedPage(extra_properties={"a": given}),
        lambda: chub.ViewedPage(unlisted={"a": given}),
        lambda: attrs.evolve(FULL_RECORDED, unlisted={"a": given}),
    ):
        assert paths(raised(make))[0].endswith((".a", ".whole"))


def test_properties_are_normalised() -> None:
    order = chub.CompletedOrder(type="sale", products=[chub.OrderProduct(order_line_id=1)])
    assert (chub.OrderType.SALE, tuple) == (order.type, type(order.products))
    assert isinstance(order.type, chub.OrderType)
    currency = chub.LocalCurrency(currency=Euro.EUR, exchange_rate=NumpyLike()).currency  # type: ignore[arg-type]
    assert (str, "EUR") == (type(currency), currency)
    amount = chub.OrderAmount(total=Decimal("12.5"), tax=NumpyLike())  # type: ignore[arg-type]
    assert (12.5, 2.5) == (amount.total, amount.tax)
    assert (float, float) == (type(amount.total), type(amount.tax))


def test_bounds_are_included() -> None:
    assert (90, -180) == (chub.Geo(lat=90, lon=-180).lat, chub.Geo(lat=90, lon=-180).lon)


def test_the_callers_containers_are_copied() -> None:
    tags, free = ["a"], {"list": [1]}
    page = chub.ViewedPage(page_tags=tags, extended=free, unlisted=free)
    custom = chub.Custom("x", free)
    tags.append("b")
    free["list"].append(2)
    assert (("a",), {"list": (1,)}, {"list": (1,)}) == (page.page_tags, page.extended, page.unlisted)
    assert {"list": (1,)} == custom.properties


def test_a_misfit_is_told_but_not_compared() -> None:
    why = chub.InvalidValue.of("$.properties.title", "no")
    assert chub.Custom("x", misfit=why) == chub.Custom("x")
    assert "Custom('x', {}, misfit='$.properties.title: no')" == repr(chub.Custom("x", misfit=why))


def recorded(**changes: Any) -> chub.RecordedEvent:
    given: dict[str, Any] = {"id": "e", "properties": chub.ViewedPage(), "context": "WEB"}
    return chub.RecordedEvent(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"id": None}, ["id"]),
        ({"context": None}, ["context"]),
        ({"context": 5}, ["context"]),
        ({"customer_id": ""}, ["customer_id"]),
        ({"mode": ""}, ["mode"]),
        ({"bring_back": chub.CustomerId("c")}, ["bring_back"]),
        ({"context_info": 5, "tracking": "x"}, ["context_info", "tracking"]),
        (
            {"date": "x", "registered_at": 5, "updated_at": datetime(2026, 1, 1)},
            ["date", "registered_at", "updated_at"],
        ),
        ({"properties": {}}, ["properties"]),
        ({"unlisted": None}, ["unlisted"]),
        ({"unlisted": {"a": {1}}}, ["unlisted.a"]),
    ],
)
def test_a_wrong_recorded_event_is_refused(changes: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: recorded(**changes))) == at
    assert paths(raised(lambda: attrs.evolve(recorded(), **changes))) == at


def test_a_recorded_event_keeps_what_chub_does_not_know() -> None:
    made = recorded(context="MOON", mode="ASLEEP", bring_back={"a": [1]}, context_info={"x": 1}, tracking={})
    assert ("MOON", "ASLEEP", {"a": (1,)}, {"x": 1}, {}) == (
        made.context,
        made.mode,
        made.bring_back,
        made.context_info,
        made.tracking,
    )
    assert {chub.FrozenDict} == {type(made.bring_back), type(made.context_info), type(made.tracking)}


def test_a_recorded_event_has_the_members_that_chub_knows_also_once_evolved() -> None:
    made = attrs.evolve(recorded(context="WEB", mode="ACTIVE"), tracking=TRACKING)
    assert (chub.Context.WEB, chub.Mode.ACTIVE) == (made.context, made.mode)
    assert (chub.Context, chub.Mode) == (type(made.context), type(made.mode))


def test_evolving_leaves_the_rest_as_it_is() -> None:
    made = attrs.evolve(FULL_EVENT, mode=None)
    assert made != FULL_EVENT
    assert attrs.evolve(made, mode="ACTIVE") == FULL_EVENT


def test_a_repr_shows_what_is_set() -> None:
    assert "RecordedEvent(id='e', properties=ViewedPage(), context=Context.WEB)" == repr(recorded())
    assert "ViewedPage(extended=FrozenDict({}), title='', unlisted=FrozenDict({'a': 0}))" == repr(
        chub.ViewedPage(title="", extended={}, unlisted={"a": 0})
    )
