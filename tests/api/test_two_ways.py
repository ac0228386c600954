"""The same operations against two hubs, one in process and one behind a socket, give equal Results (law 4)."""

from functools import partial

from chub_scripts import Call, calls, repeatable, results_of
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.testing import laws


@given(st.lists(calls, min_size=1, max_size=12))
def test_a_hub_answers_the_same_in_process_and_behind_a_socket(script: list[Call]) -> None:
    with chub.sandbox.open(**repeatable()) as near, chub.sandbox.serve(**repeatable()) as far:
        laws.same_results(partial(results_of, script=script), near.config, far.config)
        chub.disconnect(far.config)
