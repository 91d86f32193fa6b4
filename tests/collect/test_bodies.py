"""An uploaded list of customers never lies on the disk in clear, also not while it comes."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from zhike.config.bodies import SealedBodies, SealedBody


def test_what_is_spooled_is_encrypted_and_reads_back_as_often_as_wanted() -> None:
    body = SealedBody()
    words = b"13800000001," * 400_000
    body.write(words[:1_000_000])
    body.write(words[1_000_000:])
    on_disk = Path(f"/proc/self/fd/{body._file.fileno()}").read_bytes()
    assert len(on_disk) == len(words) and b"13800000001" not in on_disk
    for _ in range(2):
        body.seek(0)
        assert body.read() == words
    body.close()


def test_a_large_body_arrives_whole() -> None:
    chunks = [os.urandom(1 << 20) for _ in range(5)]
    messages: Iterator[dict[str, Any]] = iter(
        {"type": "http.request", "body": c, "more_body": n < 4} for n, c in enumerate(chunks)
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    # In a thread of its own: the browser stories leave an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        reading = SealedBodies.read_body(SealedBodies.__new__(SealedBodies), receive)
        body = thread.submit(asyncio.run, reading).result()
    assert isinstance(body, SealedBody)
    assert body.read() == b"".join(chunks)
