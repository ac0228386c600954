"""Faults as values: equal, hashable, picklable, and never wrong."""

import copy
import pickle
from math import inf, nan

import pytest
from attrs import evolve

from chub import sandbox
from chub.http import Response
from chub.sandbox import faults
from chub.sandbox.fault_words import WORDS

ALL = [word() for word in WORDS.values() if word is not sandbox.status] + [sandbox.status(503)]


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_a_fault_is_a_value(fault):
    again = pickle.loads(pickle.dumps(fault))
    assert (fault, hash(fault), repr(fault)) == (again, hash(again), repr(again))
    assert (fault, fault) == (copy.deepcopy(fault), evolve(fault))
    assert isinstance(fault, sandbox.Fault)


def test_different_words_give_different_faults():
    assert len(ALL) == len(set(ALL)) == len(WORDS)


def test_every_word_is_there_under_the_name_of_the_package():
    assert WORDS == {name: getattr(sandbox, name) for name in WORDS}
    assert set(WORDS) <= set(sandbox.__all__)
    assert sandbox.__all__ == sorted(sandbox.__all__)


def test_words_that_spoil_an_answer_can_be_put_together():
    spoilt = sandbox.drip(sandbox.chunked(sandbox.status(200, body="{}", commit=True)), every=0.5)
    assert (faults.Chunked(), faults.Drip(every=0.5)) == spoilt.forms
    assert (Response(status=200, reason="OK", body=b"{}"), True) == (spoilt.answer, spoilt.commit)


@pytest.mark.parametrize(
    ("made", "answer"),
    [
        (sandbox.status(204), Response(status=204, reason="No Content")),
        (sandbox.status(299), Response(status=299, reason="Some Status")),
        (sandbox.status(500, body=b"\xff"), Response(status=500, reason="Internal Server Error", body=b"\xff")),
        (sandbox.status(400, body="é"), Response(status=400, reason="Bad Request", body=b"\xc3\xa9")),
        (
            sandbox.status(404, body={"message": "é"}),
            Response(
                status=404,
                reason="Not Found",
                headers=(("content-type", "application/json;charset=UTF-8"),),
                body=b'{"message":"\xc3\xa9"}',
            ),
        ),
        (
            sandbox.status(429, headers={"X-A": "b"}, retry_after=1.5),
            Response(status=429, reason="Too Many Requests", headers=(("x-a", "b"), ("retry-after", "1.5"))),
        ),
        (
            sandbox.status(302, headers=[("Location", "/x"), ("Location", "/y")]),
            Response(status=302, reason="Found", headers=(("location", "/x"), ("location", "/y"))),
        ),
        (
            sandbox.status(503, retry_after="Sun, 08 Mar 2026 12:00:00 GMT"),
            Response(
                status=503,
                reason="Service Unavailable",
                headers=(("retry-after", "Sun, 08 Mar 2026 12:00:00 GMT"),),
            ),
        ),
    ],
)
def test_a_status_has_any_headers_and_any_body(made, answer):
    assert sandbox.Reply(answer=answer, commit=False) == made


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: sandbox.refuse(-1), "seconds"),
        (lambda: sandbox.refuse("1"), "seconds"),
        (lambda: sandbox.refuse(True), "seconds"),
        (lambda: sandbox.commit_then_stall(nan), "seconds"),
        (lambda: sandbox.break_tls("later"), "after"),
        (lambda: sandbox.Drop(after="read", by="magic"), "by"),
        (lambda: evolve(sandbox.close_unread(), after=[]), "after"),
        (lambda: sandbox.status(100), "status"),
        (lambda: sandbox.status(1000), "status"),
        (lambda: sandbox.status("200"), "status"),
        (lambda: sandbox.status(200, headers={"a": "b\r\nc: d"}), "headers"),
        (lambda: sandbox.status(200, headers={"": "b"}), "headers"),
        (lambda: sandbox.status(200, headers={"a": "\u20ac"}), "headers"),
        (lambda: sandbox.status(200, headers={"a": 1}), "headers"),
        (lambda: sandbox.status(200, body=1), "body"),
        (lambda: sandbox.status(200, retry_after=None, commit="yes"), "commit"),
        (lambda: sandbox.Reply(answer=Response(status=200, body="text")), "body"),
        (lambda: sandbox.Reply(answer=Response(status=200, reason="a\nb")), "reason"),
        (lambda: sandbox.Reply(answer=200), "answer"),
        (lambda: sandbox.Reply(commit=False), "commit"),
        (lambda: sandbox.Reply(forms=["cut"]), "forms"),
        (lambda: sandbox.garbage(line="text"), "line"),
        (lambda: sandbox.garbage(line=b"a\nb"), "line"),
        (lambda: sandbox.cut(at=-1), "at"),
        (lambda: sandbox.cut(at=1.5), "at"),
        (lambda: sandbox.false_length(by=0), "by"),
        (lambda: sandbox.drip(every=-0.1), "every"),
        (lambda: sandbox.drip(part="tail"), "part"),
        (lambda: sandbox.gzip_bomb(size=inf), "size"),
        (lambda: sandbox.header_flood(count=0), "count"),
        (lambda: sandbox.interim(statuses=[200]), "statuses"),
        (lambda: sandbox.interim(statuses=["100"]), "statuses"),
        (lambda: sandbox.cut(sandbox.commit_then_close()), "reply"),
        (lambda: sandbox.cut(7), "reply"),
    ],
)
def test_what_is_no_fault_is_told(make, path):
    with pytest.raises(ValueError, match=rf"^{path}: ") as caught:
        make()
    assert [path] == [name for name, _ in caught.value.problems]


def test_everything_that_is_wrong_with_a_reply_is_told_at_once():
    with pytest.raises(ValueError, match="forms") as caught:
        sandbox.Reply(answer=Response(status=99, reason="\0", headers=(("a", "\n"),), body=None), forms=[0])
    assert ["forms", "status", "reason", "headers", "body"] == [name for name, _ in caught.value.problems]
