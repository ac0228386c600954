"""Pages walked over at 20 ms each: ahead of their turn, one after the other, by the old SDK, by tasks."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import chub
from benchmarks import decoders
from benchmarks.calls import config_of
from benchmarks.machine import installed
from benchmarks.payloads import HEADERS, event_url
from benchmarks.rows import Row, missing_row
from benchmarks.server import Served, serving
from benchmarks.streams import Runs, measured, rows_of
from benchmarks.targets import OLD, WALK

Walk = Callable[[int], None]
"""Walks over so many pages, and counts their events."""

_LATENCY = 20
_SECTION = "walks"


def walk_rows(rounds: int, pages: int) -> Iterator[Row]:
    """Yield the rows of `events` over so many pages of 50."""
    name = WALK.replace("200", f"{pages:,}")
    with serving() as served, ExitStack() as stack:
        walks: dict[str, Walk] = {name: partial(_chub, served, 8), _ONE_BY_ONE: partial(_chub, served, 0)}
        for beside, make in _OTHERS.items():
            walk = installed(partial(make, served, stack))
            if walk is None:
                yield missing_row(_SECTION, name, beside)
            else:
                walks[beside] = walk
        runs = _raced(served, walks, rounds, pages)
        chub.disconnect(config_of(served, _LATENCY, pages))
    sequential = {"ahead = 0": runs.pop(_ONE_BY_ONE)}
    yield from rows_of(_SECTION, name, runs | sequential, name)
    if OLD in runs:
        yield from rows_of(_SECTION, _SAME, sequential | {OLD: runs[OLD]}, "ahead = 0")
    else:
        yield missing_row(_SECTION, _SAME, OLD)


_ONE_BY_ONE, _SAME = "chub, ahead = 0", "the same, ahead = 0"


def _raced(served: Served, walks: dict[str, Walk], rounds: int, pages: int) -> Runs:
    runs: Runs = {name: [] for name in walks}
    for walk in walks.values():
        walk(2)  # warm
    for number in range(rounds):
        for name in list(walks)[:: -1 if number % 2 else 1]:
            runs[name].append(measured(served, walks[name], pages))
    return runs


def _chub(served: Served, ahead: int, pages: int) -> None:
    walk = chub.events(config_of(served, _LATENCY, pages), chub.event_query(size=50), ahead=ahead)
    assert 50 * pages == sum(1 for event in walk if event.unwrap().type)


def _old_sdk(served: Served, stack: ExitStack) -> Walk:
    """What `customer.get_events()` does, with pages of 50 instead of its 10; its events are thin objects over dicts."""
    from contacthub.lib.paginated_list import PaginatedList
    from contacthub.models import Event
    from contacthub.workspace import Workspace

    del stack

    def walk(pages: int) -> None:
        node = Workspace("w", "demo", base_url=f"{served.base_url(_LATENCY, pages)}/workspaces").get_node("n")
        found = PaginatedList(
            node=node, function=node.event_api_manager.get_all, entity_class=Event, customer_id="c", size=50
        )
        events = len([event.type for event in found])
        while found.page_number < found.total_pages - 1:
            found.next_page()
            events += len([event.type for event in found])
        assert 50 * pages == events

    return walk


def _aiohttp(served: Served, stack: ExitStack) -> Walk:
    import aiohttp

    decode = decoders.pydantic_decoder()
    loop = stack.enter_context(asyncio.Runner())

    async def get(session: aiohttp.ClientSession, url: str, numbers: Iterator[int]) -> int:
        events = 0
        for page in numbers:
            async with session.get(url, params={"page": page, "size": 50}, headers=HEADERS) as answer:
                events += len([event.type for event in decode(await answer.text()).elements])
        return events

    async def walk(pages: int) -> int:
        url, numbers = event_url(served.base_url(_LATENCY, pages)), iter(range(pages))
        async with aiohttp.ClientSession() as session:
            return sum(await asyncio.gather(*(get(session, url, numbers) for _ in range(16))))

    def run(pages: int) -> None:
        assert 50 * pages == loop.run(walk(pages))

    return run


_OTHERS: dict[str, Callable[[Served, ExitStack], Walk]] = {OLD: _old_sdk, "aiohttp, 16 tasks, pydantic": _aiohttp}
