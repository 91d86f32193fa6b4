"""Count now: the question of whoever builds a segment, answered by a warm child of the worker within a second or so."""

import json
import subprocess
import sys
import threading
from typing import Any

from django.db import transaction

from zhike.analyze import snapshot
from zhike.analyze.models import SegmentQuestion
from zhike.customers.queries import segments as asked
from zhike.kit import clock, jobs
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_ANSWER_WITHIN_S = 120.0


def ask(node: asked.Node, *, by: Viewer, own: str = "", is_fresh: bool = False) -> int:
    """Ask how many customers in the viewer's scope a rule selects; returns the question's number.

    A newer question of the same person takes the place of one not answered yet. Raises Forbidden, RuleRefused.
    """
    check(by, "segments.edit")
    asked.check_rule(by, node)
    asked.expanded_rule(node, own=own)
    owners = by.scope_staff_ids()
    with transaction.atomic():
        row, _ = SegmentQuestion.objects.select_for_update().get_or_create(
            staff_id=by.staff_id or 0, defaults={"rule": {}, "asked_at": clock.now()}
        )
        row.number, row.rule, row.own, row.is_fresh = row.number + 1, asked.write_rule(node), own, is_fresh
        row.owner_ids, row.asked_at = None if owners is None else sorted(owners), clock.now()
        row.save()
        jobs.enqueue(
            "analyze.count_rule", unique_key=f"analyze.count_rule:{row.staff_id}", by=by, staff_id=row.staff_id
        )
    return row.number


def answer_to(viewer: Viewer, number: int) -> dict[str, Any] | None:
    """The answer to a person's question, or None while it is being counted; a newer question's answer serves too."""
    row = SegmentQuestion.objects.filter(staff_id=viewer.staff_id or 0).first()
    return row.answer if row and row.answered >= number else None


def answer(staff_id: int) -> int:
    """Answer a person's newest question, and those asked meanwhile; returns how many were answered. For the job."""
    count = 0
    while True:
        row = SegmentQuestion.objects.filter(staff_id=staff_id).first()
        if row is None or row.answered >= row.number:
            return count
        if row.is_fresh:
            snapshot.take()
        question = {"rule": row.rule, "own": row.own, "owners": row.owner_ids}
        told = _CHILD.ask(question)
        if told.get("error") == "lake_empty":
            snapshot.take()
            told = _CHILD.ask(question)
        SegmentQuestion.objects.filter(staff_id=staff_id).update(answered=row.number, answer=told)
        count += 1


class _Child:
    """The process that holds the engine warm; started when first asked, ends by itself when nobody asks."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """One question, one answer; a child that dies or takes too long answers with an error code."""
        with self._one_at_a_time:
            for _ in range(2):  # a child about to end of idleness may miss a question
                told = self._asked(question)
                if told is not None:
                    return told
            return {"error": "count_failed"}

    def _asked(self, question: dict[str, Any]) -> dict[str, Any] | None:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        watch = threading.Timer(_ANSWER_WITHIN_S, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = ""
        finally:
            watch.cancel()
        if line:
            told: dict[str, Any] = json.loads(line)
            return told
        self.stop()
        return None

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "zhike.analyze.segments.counter_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def stop(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None


_CHILD = _Child()


def stop_child() -> None:
    """End the warm child (tests, and a worker that ends in good order)."""
    _CHILD.stop()
