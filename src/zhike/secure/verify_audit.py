"""Check an exported audit chain: `python verify_audit.py chain.jsonl audit.key [anchors.jsonl …]`. Needs nothing but Python.

Each line of the chain is {"event": {...}} or {"seal": {...}}, in the order of ids and sequence numbers (`zhike audit export`).
Finds edited, deleted, inserted, reordered and cut-off rows. Exit 0: the chain is whole. Exit 1: it is not; says where.
"""

import hashlib
import hmac
import json
import sys
from collections.abc import Iterable, Iterator


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def event_mac(key: bytes, event: dict) -> str:
    """The MAC an event must carry; its id and the MAC itself are outside."""
    body = {name: value for name, value in event.items() if name not in ("id", "mac")}
    return _mac(key, json.dumps(body, separators=(",", ":"), ensure_ascii=False, sort_keys=True))


def seal_mac(key: bytes, seal: dict) -> str:
    """The MAC a seal must carry."""
    body = [seal[n] for n in ("seq", "at", "first_id", "last_id", "count", "root", "prev_mac")]
    return _mac(key, json.dumps(body, separators=(",", ":")))


def problems(events: Iterable[dict], seals: Iterable[dict], key: bytes, anchors: Iterable[dict] = ()) -> Iterator[str]:
    """Everything wrong with the chain; nothing when it is whole. Events after the last seal are checked one by one only."""
    rows, seen, macs = iter(events), 0, {}
    prev, expected, event = "0" * 64, 1, next(rows, None)

    def bad(row: dict) -> Iterator[str]:
        nonlocal seen
        if row["id"] <= seen:
            yield f"event {row['id']}: out of order"
        if not hmac.compare_digest(event_mac(key, row), row["mac"]):
            yield f"event {row['id']}: changed"
        seen = row["id"]

    for seal in seals:
        name = f"seal {seal['seq']}"
        if seal["seq"] != expected or seal["prev_mac"] != prev:
            yield f"{name}: the link before it is missing or changed"
        if not hmac.compare_digest(seal_mac(key, seal), seal["mac"]):
            yield f"{name}: changed"
        digest, count = hashlib.sha256(), 0
        while event is not None and event["id"] <= seal["last_id"]:
            yield from bad(event)
            digest.update(f"{event['id']}:{event['mac']}\n".encode())
            count, event = count + 1, next(rows, None)
        if count != seal["count"] or digest.hexdigest() != seal["root"]:
            yield f"{name}: events {seal['first_id']} to {seal['last_id']} were deleted, inserted, changed or reordered"
        prev, expected, macs[seal["seq"]] = seal["mac"], seal["seq"] + 1, seal["mac"]
    while event is not None:
        yield from bad(event)
        event = next(rows, None)
    for anchor in anchors:
        if macs.get(anchor["seq"]) != anchor["mac"]:
            yield f"anchor of {anchor['at']}: seal {anchor['seq']} is missing or another one (the chain was cut or rewritten)"


def main(arguments: list[str]) -> int:
    """Read the files named, print what is wrong, return the exit code."""
    with open(arguments[0], encoding="utf-8") as chain, open(arguments[1], "rb") as secret:
        lines, key = [json.loads(line) for line in chain], secret.read()
    anchors = [json.loads(line) for name in arguments[2:] for line in open(name, encoding="utf-8")]  # noqa: SIM115
    found = list(
        problems([x["event"] for x in lines if "event" in x], [x["seal"] for x in lines if "seal" in x], key, anchors)
    )
    print("\n".join(found) or f"whole: {len(lines)} lines")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
