"""Many events sent, by chub and by what people write without it: threads, tasks, one after the other, batches.

Each work sends so many events on connections of its own, opened for that, and raises where one of them was not
answered.  The bodies of the others are made before; chub, the old SDK and segment's client make theirs for each event.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import repeat
from typing import Any

import urllib3
from attrs import frozen

import chub
from benchmarks.calls import MESSAGE, config_of, event_path, old_sdk, raw_connection, read_raw, tls_of
from benchmarks.payloads import BODY, HEADERS, event_url, one_event
from benchmarks.server import Served
from benchmarks.targets import OLD, TASKS, THREADS, WINDOW

Send = Callable[[int], None]


@frozen(kw_only=True)
class Work:
    """What sends so many events, at best a multiple of `step`."""

    send: Send
    step: int = 1


Worker = Callable[[Served, int, ExitStack], Work]
"""Makes a work, against a server of so many milliseconds of latency."""


def chub_stream(served: Served, latency: int, stack: ExitStack) -> Work:
    """`add_events` in the caller's thread."""
    config, event = config_of(served, latency), one_event()
    del stack

    def send(events: int) -> None:
        with chub.add_events(config, repeat(event, events), window=WINDOW) as deliveries:
            assert events == sum(1 for delivery in deliveries if delivery.result.unwrap().id)
        chub.disconnect(config)

    return Work(send=send, step=WINDOW)


def _urllib3_threads(served: Served, latency: int, stack: ExitStack) -> Work:
    url, threads = event_url(served.base_url(latency)), 32
    executor = stack.enter_context(ThreadPoolExecutor(threads))

    def send(events: int) -> None:
        with urllib3.PoolManager(maxsize=threads, ssl_context=tls_of(served)) as pool:
            post = partial(pool.urlopen, "POST", url, body=BODY, headers=HEADERS, retries=False)
            _in_threads(executor, lambda: post().json()["id"], events)

    return Work(send=send, step=threads)


def _in_threads(executor: ThreadPoolExecutor, post: Callable[[], Any], events: int) -> None:
    assert events == sum(1 for found in executor.map(lambda _: post(), range(events)) if found)


def _session_threads(served: Served, latency: int, stack: ExitStack) -> Work:
    import requests
    from requests.adapters import HTTPAdapter

    url, threads = event_url(served.base_url(latency)), 32
    executor = stack.enter_context(ThreadPoolExecutor(threads))

    def send(events: int) -> None:
        with requests.Session() as session:
            session.mount(served.root, HTTPAdapter(pool_maxsize=threads))
            post = partial(session.post, url, data=BODY, headers=HEADERS, timeout=30, verify=served.ca_file)
            _in_threads(executor, lambda: post().json()["id"], events)

    return Work(send=send, step=threads)


def _aiohttp_tasks(served: Served, latency: int, stack: ExitStack) -> Work:
    import aiohttp

    url = event_url(served.base_url(latency))
    loop = stack.enter_context(asyncio.Runner())

    async def post(session: aiohttp.ClientSession) -> str:
        async with session.post(url, data=BODY, headers=HEADERS) as answer:
            return str((await answer.json())["id"])

    async def send(events: int) -> None:
        connector = aiohttp.TCPConnector(limit=WINDOW, ssl=tls_of(served) or True)
        async with aiohttp.ClientSession(connector=connector) as session:
            await _in_tasks(partial(post, session), events)

    return Work(send=lambda events: loop.run(send(events)), step=WINDOW)


async def _in_tasks(post: Callable[[], Any], events: int) -> None:
    numbers = iter(range(events))

    async def work() -> int:
        return sum([bool(await post()) for _ in numbers])

    assert events == sum(await asyncio.gather(*(work() for _ in range(WINDOW))))


def _httpx_tasks(served: Served, latency: int, stack: ExitStack) -> Work:
    import httpx

    url = event_url(served.base_url(latency))
    limits = httpx.Limits(max_connections=WINDOW, max_keepalive_connections=WINDOW)
    loop = stack.enter_context(asyncio.Runner())

    async def post(client: httpx.AsyncClient) -> str:
        return str((await client.post(url, content=BODY, headers=HEADERS)).json()["id"])

    async def send(events: int) -> None:
        async with httpx.AsyncClient(limits=limits, verify=tls_of(served) or True, timeout=30) as client:
            await _in_tasks(partial(post, client), events)

    return Work(send=lambda events: loop.run(send(events)), step=WINDOW)


def _old_sdk_one_by_one(served: Served, latency: int, stack: ExitStack) -> Work:
    post = old_sdk(served, stack, latency)

    def send(events: int) -> None:
        for _ in range(events):
            post()

    return Work(send=send, step=4)


def _old_sdk_threads(served: Served, latency: int, stack: ExitStack) -> Work:
    post, threads = old_sdk(served, stack, latency), 32
    executor = stack.enter_context(ThreadPoolExecutor(threads))
    return Work(send=partial(_in_threads, executor, lambda: post() is None), step=threads)


def _segment(served: Served, latency: int, stack: ExitStack) -> Work:
    """Segment's client: its thread sends batches of 100, so that it makes a hundredth of the requests."""
    from segment.analytics.client import Client

    client = Client("demo", host=f"{served.root}/{latency}/1", max_queue_size=1_000_000)
    stack.callback(client.shutdown)
    event = {"title": "Shoes", "url": "https://shop.example.com/shoes", "pageTags": ["sale", "spring"]}

    def send(events: int) -> None:
        for _ in range(events):
            assert client.track("a visit", "viewedPage", event)[0], "its queue is full"
        client.flush()

    return Work(send=send, step=100)


def _raw_sockets(served: Served, latency: int, stack: ExitStack) -> Work:
    """The limit: as many sockets as the window holds, bytes made before, and answers that nobody reads into."""
    message = MESSAGE % event_path(served.base_url(latency))
    del stack

    def send(events: int) -> None:
        with ExitStack() as opened:
            sockets = [opened.enter_context(raw_connection(served)) for _ in range(WINDOW)]
            for number in range(events + WINDOW):
                connection = sockets[number % WINDOW]
                if number >= WINDOW:
                    assert read_raw(connection)
                if number < events:
                    connection.sendall(message)

    return Work(send=send, step=WINDOW)


WORKERS: dict[str, Worker] = {
    THREADS: _urllib3_threads,
    TASKS: _aiohttp_tasks,
    OLD: _old_sdk_one_by_one,
    f"{OLD}, 32 threads": _old_sdk_threads,
    "requests, a Session, 32 threads": _session_threads,
    f"httpx, {WINDOW} tasks": _httpx_tasks,
    "segment-analytics, which batches": _segment,
    f"{WINDOW} raw sockets, the limit": _raw_sockets,
}
"""Beside `add_events`, by what the rows call them."""
