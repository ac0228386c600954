"""Pages of events as the hub returns them."""

import json
from typing import Any

import pytest
from chub_cases import FULL_RECORDED, FULL_RECORDED_JSON
from returns.result import Success

import chub


@pytest.mark.parametrize(
    ("row", "page"),
    [
        ({"elements": []}, chub.Page(elements=())),
        (
            {"elements": [FULL_RECORDED_JSON], "page": {"number": 0, "size": 10}},
            chub.Page(elements=(FULL_RECORDED,), number=0, size=10),
        ),
        (
            {
                "elements": [],
                "page": {
                    "number": 1,
                    "size": 2,
                    "totalElements": 3,
                    "totalUnfilteredElements": 4,
                    "totalPages": 5,
                    "more": None,
                },
                "links": [{"rel": "next"}],
            },
            chub.Page(
                elements=(),
                number=1,
                size=2,
                total_elements=3,
                total_unfiltered_elements=4,
                total_pages=5,
                unlisted={"links": [{"rel": "next"}], "page": {"more": None}},
            ),
        ),
        (
            {"elements": [], "page": {"number": True, "size": -1, "totalPages": "5", "totalElements": 1.5}},
            chub.Page(
                elements=(),
                unlisted={"page": {"number": True, "size": -1, "totalPages": "5", "totalElements": 1.5}},
            ),
        ),
        ({"elements": [], "page": None}, chub.Page(elements=())),
        ({"elements": [], "page": [1]}, chub.Page(elements=(), unlisted={"page": [1]})),
    ],
)
def test_a_page_is_read(row: dict[str, Any], page: chub.Page[Any]) -> None:
    for source in (row, json.dumps(row)):
        found = chub.parse_page(source)
        assert found == Success(page)
        assert found.unwrap().unlisted == page.unlisted


def test_an_element_of_any_kind_is_an_event() -> None:
    elements = [None, 5, "x", [], {}, {"type": "viewedPage", "properties": 5}, FULL_RECORDED_JSON]
    found = chub.parse_page({"elements": elements}).unwrap().elements
    assert [{"": None}, {"": 5}, {"": "x"}, {"": ()}, {}, {"properties": 5}] == [event.unlisted for event in found[:-1]]
    assert FULL_RECORDED == found[-1]


@pytest.mark.parametrize(
    "source",
    [{}, {"elements": None}, {"elements": {}}, {"elements": "x"}, "", "[]", b"\xff", None, "[" * 100_000],
    ids=lambda source: repr(source)[:20],
)
def test_what_has_no_elements_is_a_bad_response(source: Any) -> None:
    assert isinstance(chub.parse_page(source).failure(), chub.BadResponse)
