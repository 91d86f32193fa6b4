"""Idempotency: a request with an Idempotency-Key has its effect once, and its repetition is answered alike.

What is kept is a status, ids, codes and counts: answers to writing requests hold nothing else. A process that dies in
mid-request leaves a receipt that is taken over after a minute; the request then runs again, and since records are known
by their source's keys it finds what it already did.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from zhike.api.models import Receipt
from zhike.api.problems import Fault, Problem, fault_words
from zhike.kit import clock

KEPT_SECONDS = 86_400
_TAKEN_OVER_SECONDS = 60
_LONGEST_KEY = 255


def claim(token_id: int, key: str, asked: str) -> Receipt:
    """The receipt of a request: new and `RUNNING` for the first, with its status for a repetition.

    Raises Problem: request_invalid (no usable key), idempotency_key_reused, request_running.
    """
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Problem("request_invalid", faults=[Fault("header.Idempotency-Key", "key", fault_words("key"))])
    digest, now = hashlib.sha256(key.encode()).hexdigest(), clock.now()
    try:
        with transaction.atomic():
            return Receipt.objects.create(token_id=token_id, key_digest=digest, asked=asked, at=now)
    except IntegrityError:
        return _again(token_id, digest, asked)


def _again(token_id: int, digest: str, asked: str) -> Receipt:
    with transaction.atomic():
        found = Receipt.objects.select_for_update().filter(token_id=token_id, key_digest=digest).first()
        if found is None:
            raise Problem("request_running", headers={"Retry-After": "1"})
        if found.asked != asked:
            raise Problem("idempotency_key_reused")
        waited_s = (clock.now() - found.at).total_seconds()
        if found.status == Receipt.RUNNING:
            if waited_s < _TAKEN_OVER_SECONDS:
                raise Problem("request_running", headers={"Retry-After": str(int(_TAKEN_OVER_SECONDS - waited_s) or 1)})
            found.at = clock.now()
            found.save(update_fields=["at"])
        return found


def finish(receipt: Receipt, *, status: int, location: str, answer: Mapping[str, Any] | None, body_digest: str) -> None:
    """Keep what came of the request."""
    receipt.status, receipt.location, receipt.body_digest = status, location[:200], body_digest
    receipt.answer = dict(answer) if answer is not None else None
    receipt.save(update_fields=["status", "location", "body_digest", "answer"])


def drop(receipt: Receipt) -> None:
    """The request had no effect: its key may be used again."""
    receipt.delete()


def digest(*parts: bytes) -> str:
    """One digest of several texts, each of known length."""
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()
