"""Reports: every outcome is counted once, and reports are a commutative monoid."""

import pickle
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest
from chub_cases import raised
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub import sandbox

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
NOT_FOUND = chub.Rejected(status=404, message="Not Found", attempts=1, elapsed=0.25)

OUTCOMES: list[tuple[Result[Any, Any], chub.Report]] = [
    (
        Success(chub.Accepted("id-1", attempts=2, elapsed=1.5)),
        chub.Report(accepted=1, attempts=2, microseconds=1_500_000),
    ),
    (Success(chub.Deleted(elapsed=0.5)), chub.Report(accepted=1, attempts=1, microseconds=500_000)),
    (Success("anything"), chub.Report(accepted=1, attempts=1)),
    (Success(NOT_FOUND), chub.Report(accepted=1, attempts=1, microseconds=250_000)),
    (Failure(NOT_FOUND), chub.Report(statuses={404: 1}, attempts=1, microseconds=250_000)),
    (Failure(chub.Throttled(attempts=3)), chub.Report(throttled=1, attempts=3)),
    (Failure(chub.Unconfirmed(reason="cut")), chub.Report(unconfirmed=1, attempts=1)),
    (Failure(chub.NotSent(reason="refused", transient=True)), chub.Report(not_sent=1, attempts=1)),
    (Failure(chub.InvalidValue.of("size", "too big")), chub.Report(invalid=1)),
    (Failure(chub.BadResponse(reason="not JSON")), chub.Report(unreadable=1, attempts=1)),
    (
        Failure(chub.PageFailed(page=3, cause=NOT_FOUND)),
        chub.Report(statuses={404: 1}, attempts=1, microseconds=250_000),
    ),
]
counts = st.integers(0, 2**70)
reports = st.builds(
    chub.Report,
    accepted=counts,
    statuses=st.dictionaries(st.integers(0, 999), counts, max_size=4),
    throttled=counts,
    unconfirmed=counts,
    not_sent=counts,
    invalid=counts,
    unreadable=counts,
    attempts=counts,
    microseconds=counts,
)
outcomes = st.lists(st.sampled_from([outcome for outcome, _ in OUTCOMES]), max_size=12)


@pytest.mark.parametrize(("outcome", "expected"), OUTCOMES)
def test_each_outcome_counts_as_what_it_is(outcome: Result[Any, Any], expected: chub.Report) -> None:
    assert expected == chub.report([outcome])
    assert expected == chub.report([chub.Delivery(0, EVENT, outcome)])


@law
@given(reports, reports, reports)
def test_reports_are_a_commutative_monoid(one: chub.Report, two: chub.Report, three: chub.Report) -> None:
    assert one + (two + three) == (one + two) + three == sum([three, one, two], chub.Report())
    assert one + two == two + one
    assert one + chub.Report() == chub.Report() + one == one
    assert hash(one + two) == hash(two + one)


@law
@given(outcomes, outcomes)
def test_the_report_of_parts_is_the_sum_of_their_reports(one: list[Any], two: list[Any]) -> None:
    whole = chub.report(one + two)
    assert whole == chub.report(one) + chub.report(two)
    assert len(one) + len(two) == whole.total


@law
@given(reports)
def test_a_report_is_a_value(one: chub.Report) -> None:
    assert one == pickle.loads(pickle.dumps(one)) == attrs.evolve(one) == eval(repr(one), {"Report": chub.Report})
    assert one.total == one.accepted + one.rejected + one.throttled + one.unconfirmed + one.not_sent + (
        one.invalid + one.unreadable
    )
    assert len(str(one).splitlines()) == 1


def test_statuses_are_sorted_added_and_without_zeros() -> None:
    assert ((400, 3), (404, 1)) == chub.Report(statuses=((404, 1), (400, 2), (500, 0), (400, 1))).statuses
    assert chub.Report() == chub.Report(statuses={404: 0})


def test_outcomes_are_taken_as_they_come_and_none_is_kept() -> None:
    pulled: list[int] = []

    def source() -> Iterator[Any]:
        for number in range(3):
            pulled.append(number)
            yield Success(number)
        yield "nonsense"
        pulled.append(99)

    assert "outcomes[3]" == raised(lambda: chub.report(source())).problems[0].path
    assert [0, 1, 2] == pulled
    assert chub.Report() == chub.report(iter(()))


@pytest.mark.parametrize("wrong", [None, "text", 7, Failure("text"), Failure(None), EVENT, {"result": 1}])
def test_what_is_no_outcome_is_refused(wrong: Any) -> None:
    needed = "a Delivery, or a Result whose error is a ChubError, is needed, not "
    (problem,) = raised(lambda: chub.report([wrong])).problems
    assert problem.message.startswith(needed)


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"accepted": -1, "attempts": "7"}, ["accepted: -1 is below 0", "attempts: an int is needed, not str"]),
    ({"invalid": None}, ["invalid: an int is needed, not NoneType"]),
    ({"throttled": True}, ["throttled: an int is needed, not bool"]),
    ({"statuses": 404}, ["statuses: a mapping from status to count is needed"]),
    ({"statuses": (404, 1)}, ["statuses: a mapping from status to count is needed"]),
    ({"statuses": {404: -1}}, ["statuses[404]: -1 is below 0"]),
    ({"statuses": {"404": 1}}, ["statuses: an int is needed, not str"]),
]


@pytest.mark.parametrize(("fields", "problems"), WRONG)
def test_a_wrong_report_is_refused_with_every_problem(fields: dict[str, Any], problems: list[str]) -> None:
    assert problems == list(map(str, raised(lambda: chub.Report(**fields)).problems))


def test_a_report_adds_to_nothing_else() -> None:
    assert NotImplemented is chub.Report().__add__(1)
    with pytest.raises(TypeError):
        chub.Report() + 1  # type: ignore[operator]


TOLD = [
    (chub.Report(), "0 outcomes"),
    (chub.Report(accepted=1, attempts=1, microseconds=40_000), "1 outcome: 1 accepted; 1 attempt, 0.040 s"),
    (chub.Report(invalid=2), "2 outcomes: 2 invalid"),
    (
        chub.Report(
            accepted=1990,
            statuses={404: 1, 400: 3},
            throttled=2,
            unconfirmed=1,
            not_sent=4,
            invalid=5,
            unreadable=6,
            attempts=2345,
            microseconds=3_661_250_000,
        ),
        (
            "2,012 outcomes: 1,990 accepted, 4 rejected (400: 3, 404: 1), 2 throttled, 1 unconfirmed, 4 not sent, "
            "5 invalid, 6 unreadable; 2,345 attempts, 3,661.2 s"
        ),
    ),
]


@pytest.mark.parametrize(("one", "told"), TOLD)
def test_a_report_is_told_in_one_line(one: chub.Report, told: str) -> None:
    assert told == str(one)


class Texts(HTMLParser):
    """Collects the texts of a page's cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.cells.append(data)


def test_a_notebook_shows_what_there_were_and_whether_they_are_stored() -> None:
    shown = Texts(TOLD[-1][0]._repr_html_()).cells
    assert ["Report", " ", "2,012 outcomes, 2,345 attempts, 3,661.2 s", "outcome", "how many", "stored?"] == shown[:6]
    assert ["accepted", "1,990", "yes", "rejected (400: 3, 404: 1)", "4", "no"] == shown[6:12]
    assert ["unconfirmed", "1", "nobody knows"] == shown[15:18]
    assert ["Report", " ", "0 outcomes"] == Texts(chub.Report()._repr_html_()).cells


def test_a_stream_is_reported() -> None:
    with sandbox.open(faults=[sandbox.status(400), sandbox.commit_then_close()]) as hub:
        report = chub.report(chub.add_events(hub.config, [EVENT] * 4))
    assert (2, ((400, 1),), 1, 4) == (report.accepted, report.statuses, report.unconfirmed, report.attempts)
    assert report.seconds >= 0
