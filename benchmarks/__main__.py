"""`python -m benchmarks [--quick]`: run all, print one table of ratios, each taken in this run."""

import argparse
import json
import platform
import time
from collections.abc import Iterator

import urllib3

import chub
from benchmarks.deliveries import print_deliveries
from benchmarks.payloads import one_event, page_text
from benchmarks.server import serving
from benchmarks.timing import Row, compare
from chub.wire.events import encode_event
from chub.wire.jsontext import dumps


def one_page(rounds: int) -> Iterator[Row]:
    """A page of 50 mixed events decoded, beside `json.loads` of the same text."""
    text = page_text()
    assert chub.encode(chub.parse_page(text).unwrap().elements[0])["id"] == json.loads(text)["elements"][0]["id"]
    yield compare(
        "page of 50 events decoded",
        "json.loads",
        lambda: json.loads(text),
        lambda: chub.parse_page(text).unwrap(),
        rounds=rounds,
    )


def one_call(rounds: int) -> Iterator[Row]:
    """One `add_event`, beside one `urlopen` of urllib3 with the same bytes, on a kept connection each."""
    with serving() as base_url:
        config = chub.config(workspace_id="w", node_id="n", token="demo", base_url=base_url)
        event = one_event()
        pool = urllib3.PoolManager()
        url = f"{base_url}/workspaces/w/events"
        headers = {"Authorization": "Bearer demo", "Content-Type": "application/json"}
        sent = 0

        def plain() -> str:
            nonlocal sent
            sent += 1
            answer = pool.urlopen("POST", url, body=body, headers=headers, retries=False)
            return str(json.loads(answer.data)["id"])

        def ours() -> str | None:
            nonlocal sent
            sent += 1
            return chub.add_event(config, event).unwrap().id

        body = dumps(encode_event(event))
        assert plain() == ours()
        yield compare("one call, wall time", "urllib3 urlopen", plain, ours, rounds=rounds)
        yield compare("one call, CPU time", "urllib3 urlopen", plain, ours, rounds=rounds, clock=time.process_time)
        assert sent == pool.request("GET", url).json()["posts"], "every call was answered by the server"


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few rounds only, to see that everything runs")
    rounds = 5 if parser.parse_args().quick else 60
    print(f"Python {platform.python_version()}, {platform.machine()}; {rounds} rounds; smaller is faster")
    print(f"{'':28} {'ratio':>6} {'quartiles':>14}  {'chub':>10} {'reference':>11}  reference")
    for measure in (one_page, one_call):
        for row in measure(rounds):
            quartiles = f"{row.lower:.2f} - {row.upper:.2f}"
            times = f"{row.candidate_us:7.0f} us {row.reference_us:8.0f} us"
            print(f"{row.name:28} {row.ratio:6.2f} {quartiles:>14}  {times}  {row.reference}", flush=True)
    print_deliveries()


if __name__ == "__main__":
    main()
