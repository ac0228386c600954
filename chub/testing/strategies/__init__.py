"""Hypothesis strategies of every value of chub: valid by construction, and shrinking to something readable.

Arguments narrow them, and a wrong one raises `InvalidValue` with every problem.  Those whose name begins with `odd_`,
bodies, responses and faults are hostile: what a server, or a user of yours, may come up with.
"""

from chub.testing.strategies.customer_values import (
    customers,
    recorded_customers,
    session_keys,
    session_links,
    sessions,
)
from chub.testing.strategies.event_values import context_infos, events, owners, properties, recorded_events, values
from chub.testing.strategies.fault_values import fault_scripts, faults
from chub.testing.strategies.plain import (
    instants,
    json_objects,
    json_values,
    odd_json,
    odd_json_objects,
    odd_texts,
    path_ids,
)
from chub.testing.strategies.query_values import pages, queries, walks
from chub.testing.strategies.result_values import errors, outcomes, progress, reports, results
from chub.testing.strategies.server_values import (
    broken_json,
    customer_bodies,
    damaged,
    error_bodies,
    event_bodies,
    odd_dates,
    odd_recorded_events,
    page_bodies,
    responses,
    session_bodies,
)
from chub.testing.strategies.settings_values import configs, retry_policies, timeouts, tokens

__all__ = [
    "broken_json",
    "configs",
    "context_infos",
    "customer_bodies",
    "customers",
    "damaged",
    "error_bodies",
    "errors",
    "event_bodies",
    "events",
    "fault_scripts",
    "faults",
    "instants",
    "json_objects",
    "json_values",
    "odd_dates",
    "odd_json",
    "odd_json_objects",
    "odd_recorded_events",
    "odd_texts",
    "outcomes",
    "owners",
    "page_bodies",
    "pages",
    "path_ids",
    "progress",
    "properties",
    "queries",
    "recorded_customers",
    "recorded_events",
    "reports",
    "responses",
    "results",
    "retry_policies",
    "session_bodies",
    "session_keys",
    "session_links",
    "sessions",
    "timeouts",
    "tokens",
    "values",
    "walks",
]
