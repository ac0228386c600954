"""`sessions new`, `sessions attach`, `customers find`."""

from typing import Any
from uuid import UUID

import chub


def test_a_new_session_is_a_random_uuid_and_asks_no_hub(run: Any) -> None:
    first, second = run("sessions", "new"), run("sessions", "new")
    assert (0, 4) == (first.code, UUID(first.out.strip()).version)
    assert first.out != second.out


def test_a_session_is_attached(run: Any, stocked: list[str], hub: Any) -> None:
    customer = run("customers", "find", "--external-id", "CRM-17").objects[0]["id"]
    first, second = (run("sessions", "attach", customer, "a visit") for _ in range(2))
    assert (0, "a visit") == (first.code, first.objects[0]["value"])
    assert first.out == second.out
    assert ["a visit"] == [session.value for session in chub.sessions(hub.config, customer).unwrap()]


def test_a_session_of_nobody(run: Any, hub: Any) -> None:
    ran = run("sessions", "attach", "nobody", "a visit")
    assert (6, "", 1) == (ran.code, ran.out, ran.err.count("\n"))
    assert 3 == run("sessions", "attach", "a/b", "a visit").code


def test_a_customer_is_found_or_not(run: Any, stocked: list[str]) -> None:
    found = run("customers", "find", "--external-id", "CRM-17")
    assert (0, "CRM-17") == (found.code, found.objects[0]["externalId"])
    none = run("customers", "find", "--external-id", "CRM-\x1b18")
    told = "chub customers find: no customer has the external id 'CRM-\\x1b18'\n"
    assert (10, "", told) == (none.code, none.out, none.err)
