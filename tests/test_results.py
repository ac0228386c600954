"""`fold`, `collect` and `partition`."""

from collections.abc import Iterator

from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub

results = st.lists(st.integers().map(Success) | st.text().map(Failure))


@law
@given(st.integers())
def test_fold_calls_the_one_of_the_two_that_fits(number: int) -> None:
    assert chub.fold(Success(number), lambda value: ("value", value), lambda error: ("error", error)) == (
        "value",
        number,
    )
    assert chub.fold(Failure(number), lambda value: ("value", value), lambda error: ("error", error)) == (
        "error",
        number,
    )


@law
@given(results)
def test_partition_keeps_every_one_in_order(many: list[Result[int, str]]) -> None:
    values = tuple(one.unwrap() for one in many if isinstance(one, Success))
    errors = tuple(one.failure() for one in many if isinstance(one, Failure))
    assert chub.partition(iter(many)) == (values, errors)


@law
@given(results)
def test_collect_is_all_values_or_the_first_error(many: list[Result[int, str]]) -> None:
    values, errors = chub.partition(many)
    expected: Result[tuple[int, ...], str] = Failure(errors[0]) if errors else Success(values)
    assert chub.collect(iter(many)) == expected


@law
@given(results)
def test_collect_pulls_nothing_after_the_first_failure(many: list[Result[int, str]]) -> None:
    pulled = []

    def source() -> Iterator[Result[int, str]]:
        for one in many:
            pulled.append(one)
            yield one

    chub.collect(source())
    first = next((index for index, one in enumerate(many) if isinstance(one, Failure)), len(many) - 1)
    assert pulled == many[: first + 1]


def test_nothing_collected_is_a_success_of_nothing() -> None:
    assert chub.collect([]) == Success(())
    assert chub.partition([]) == ((), ())


def test_many_are_collected_and_parted() -> None:
    count = 100_000
    assert chub.collect(map(Success, range(count))) == Success(tuple(range(count)))
    assert chub.partition(Failure(number) for number in range(count)) == ((), tuple(range(count)))


def test_a_failure_is_true_as_any_object_so_bool_is_no_check() -> None:
    assert bool(Failure("no")) is True
