"""Lists of events: every filter, the edges of pages, and the delay before an event is seen."""

from datetime import timedelta

import pytest


@pytest.fixture
def filled(desk):
    """Nine events of three kinds, a day apart, the newest last; their ids are remembered as `desk.ids`."""
    customer_id = desk.add("/customers", {"nodeId": "n2"})
    kinds = [
        {"type": "viewedPage", "context": "WEB", "customerId": customer_id},
        {"type": "campaignSent", "context": "DIGITAL_CAMPAIGN", "bringBackProperties": desk.back("SESSION_ID", "a,b")},
        {
            "type": "searched",
            "context": "MOBILE",
            "bringBackProperties": desk.back("EXTERNAL_ID", "é"),
            "mode": "PASSIVE",
        },
    ]
    desk.ids = [
        desk.add("/events", {"properties": {}, "date": f"2026-01-0{day + 1}T00:00:00Z", **kinds[day % 3]})
        for day in range(9)
    ]
    desk.customer_id = customer_id
    return desk


def picked(desk, *places):
    return [desk.ids[place] for place in sorted(places, reverse=True)]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, range(9)),
        ({"nodeId": "n"}, [1, 2, 4, 5, 7, 8]),
        ({"nodeId": "n2"}, [0, 3, 6]),
        ({"customerId": "nobody"}, []),
        ({"type": "searched"}, [2, 5, 8]),
        ({"type": "searched,viewedPage"}, [0, 2, 3, 5, 6, 8]),
        ({"type": "nothing"}, []),
        ({"type": "nothing,\ud800,searched"}, [2, 5, 8]),
        ({"context": "WEB"}, [0, 3, 6]),
        ({"context": "WEB,MOBILE"}, [0, 2, 3, 5, 6, 8]),
        ({"context": "IOT"}, []),
        ({"mode": "ACTIVE"}, [0, 3, 6]),
        ({"mode": "PASSIVE"}, [1, 2, 4, 5, 7, 8]),
        ({"dateFrom": "2026-01-08T00:00:00Z"}, [7, 8]),
        ({"dateFrom": "2026-01-08T00:00:00.001Z"}, [8]),
        ({"dateTo": "2026-01-02T01:00:00+0100"}, [0, 1]),
        ({"dateTo": "2026-01-01T23:59:59.999Z"}, [0]),
        ({"dateFrom": "2026-01-05T00:00:00Z", "dateTo": "2026-01-05T00:00:00Z"}, [4]),
        ({"dateFrom": "2026-01-05T00:00:00Z", "dateTo": "2026-01-04T00:00:00Z"}, []),
        ({"type": "searched", "context": "WEB"}, []),
        ({"type": "searched", "dateFrom": "2026-01-04T00:00:00Z", "mode": "PASSIVE", "nodeId": "n"}, [5, 8]),
        ({"unknown": "x", "sort": "date"}, range(9)),
        ({"size": "2"}, [8, 7]),
        ({"size": "2", "page": "4"}, [0]),
        ({"size": "2", "page": "5"}, []),
        ({"page": "2147483647", "size": "50"}, []),
        ({"page": "0"}, range(9)),
    ],
)
def test_filters(filled, query, places):
    assert picked(filled, *places) == filled.listed(**query)


def test_a_customers_own(filled):
    assert picked(filled, 0, 3, 6) == filled.listed(customerId=filled.customer_id)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"size": 10, "totalElements": 9, "totalPages": 1, "number": 0}),
        ({"size": "9"}, {"size": 9, "totalElements": 9, "totalPages": 1, "number": 0}),
        ({"size": "8"}, {"size": 8, "totalElements": 9, "totalPages": 2, "number": 0}),
        ({"size": "50", "page": "3"}, {"size": 50, "totalElements": 9, "totalPages": 1, "number": 3}),
        ({"type": "searched", "size": "1", "page": "2"}, {"size": 1, "totalElements": 3, "totalPages": 3, "number": 2}),
        ({"type": "nothing"}, {"size": 10, "totalElements": 0, "totalPages": 0, "number": 0}),
    ],
)
def test_what_a_page_tells_of_itself(filled, query, expected):
    assert expected | {"totalUnfilteredElements": 9} == filled.get("/events", **query)[1]["page"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("size", value) for value in ("0", "51", "-1", "ten", "1.0", "", "+5", " 5", "٥", "1" * 5000)),
        *(("page", value) for value in ("-1", "x", "", "2147483648", "99999999999")),
        *(("mode", value) for value in ("active", "", "ACTIVE,PASSIVE")),
        *(("context", value) for value in ("web", "", "WEB,", ",WEB", "WEB,X")),
        *(("type", value) for value in ("", "a,,b", "a" + ",a" * 1000)),
        ("customerId", ""),
        ("nodeId", ""),
        *(
            (name, value)
            for name in ("dateFrom", "dateTo")
            for value in ("", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+01:00")
        ),
    ],
)
def test_a_bad_parameter_is_refused(filled, name, value):
    status, answer = filled.get("/events", **{name: value})
    assert (400, [f"/{name}"]) == (status, [error["path"] for error in answer["errors"]])


def test_bad_parameters_are_told_together(desk):
    _, answer = desk.get("/events", size="0", page="x", mode="?", dateTo="now")
    assert ["/mode", "/dateTo", "/page", "/size"] == [error["path"] for error in answer["errors"]]


def test_a_parameter_is_given_once(desk):
    answer = desk.send("GET", "/workspaces/w/events", (("type", "a"), ("type", "b")), None)
    assert 400 == answer.status


def test_an_unknown_node_is_not_found(desk):
    assert 404 == desk.get("/events", nodeId="other")[0]


def test_of_equal_dates_the_last_registered_comes_first(desk):
    ids = [desk.add("/events", desk.of_session("s", date="2026-01-01T00:00:00Z")) for _ in range(12)]
    pages = [desk.listed(size="5", page=str(number)) for number in range(3)]
    assert ids[::-1] == [event_id for page in pages for event_id in page]


@pytest.mark.parametrize("lag", [30, 30.0, timedelta(seconds=30)])
def test_a_young_event_is_not_to_be_seen(open_desk, clock, lag):
    desk = open_desk(visibility_lag=lag)
    event_id = desk.add("/events", desk.of_session("s"))
    clock.move(29.999)
    nothing = {"size": 10, "totalElements": 0, "totalUnfilteredElements": 0, "totalPages": 0, "number": 0}
    assert {"elements": [], "page": nothing} == desk.get("/events")[1]
    assert [404, 404, 404] == [desk.ask(method, f"/events/{event_id}", {})[0] for method in ("GET", "PUT", "DELETE")]
    clock.move(0.001)
    assert [event_id] == desk.listed()
    assert event_id == desk.event(event_id)["id"]


def test_a_young_event_is_reconciled_all_the_same(open_desk, clock):
    desk = open_desk(visibility_lag=30)
    event_id = desk.add("/events", desk.of_session("s"))
    customer_id = desk.add("/customers", {"nodeId": desk.hub.node_id}, sessionId="s")
    clock.move(30)
    assert [event_id] == desk.listed(customerId=customer_id)


def test_without_a_lag_a_clock_that_goes_back_hides_nothing(desk, clock):
    event_id = desk.add("/events", desk.of_session("s"))
    clock.move(-3600)
    assert [event_id] == desk.listed()
