"""chub's promises as functions that hold of your values, transports and pipelines as they hold of chub's own.

Each takes the thing, and raises AssertionError, which says the law, what was expected and what was found.  They need
nothing but chub: Hypothesis finds the values to call them with, and so can a table.
"""

from chub.testing.laws.calls import honest, retries_within, sends_within
from chub.testing.laws.secrecy import keeps_secret
from chub.testing.laws.walks import same_results, walk_ends_at_failure, walk_is_exact
from chub.testing.laws.wire import keeps_everything, parses_anything, round_trip

__all__ = [
    "honest",
    "keeps_everything",
    "keeps_secret",
    "parses_anything",
    "retries_within",
    "round_trip",
    "same_results",
    "sends_within",
    "walk_ends_at_failure",
    "walk_is_exact",
]
