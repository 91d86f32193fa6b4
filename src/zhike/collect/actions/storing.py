"""Taking a file in: sealed at once, then registered as a run."""

from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction

from zhike.collect import queries
from zhike.collect.models import ImportRun
from zhike.collect.records import RunFacts
from zhike.collect.running.converting import lines_as_table
from zhike.collect.storage import take_in
from zhike.kit import chance, clock, failpoints, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

failpoints.declare("collect.after_store")

_CHUNK = 1 << 20


def take_run_id() -> int:
    """The id of a new run, taken alone so that later files have greater ids whatever process takes them in."""
    with transaction.atomic():
        return ids.take("import_run")[0]


def store_file(stream: BinaryIO, file_name: str, *, by: Viewer) -> RunFacts:
    """Copy a file into its sealed place and register it."""
    check(by, "collect.import")
    run_id = take_run_id()
    file_key = f"import-{run_id}"
    digest, byte_count = take_in(file_key, _chunks(stream))
    failpoints.hit("collect.after_store")
    return register_file(run_id, file_key, file_name, digest=digest, byte_count=byte_count, by=by)


def register_file(run_id: int, file_key: str, file_name: str, *, digest: str, byte_count: int, by: Viewer) -> RunFacts:
    """Make the run of a file that is already sealed under `file_key`."""
    check(by, "collect.import")
    with transaction.atomic():
        run = ImportRun.objects.create(
            id=run_id,
            public_id=chance.public_id(),
            file_name=_calm_name(file_name),
            file_key=file_key,
            digest=digest,
            byte_count=byte_count,
            by_staff_id=by.staff_id,
            created_at=clock.now(),
        )
        secure.record_audit("import.stored", by=by, about=("import", run.id), detail={"bytes": byte_count})
    return queries.facts_of(run)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _calm_name(file_name: str) -> str:
    """The bare name, without folders, control or direction characters."""
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    calm = "".join(
        c for c in bare if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    return calm[-200:] or "file.csv"


def add_lines(run_id: int, stream: BinaryIO, *, by: Viewer) -> None:
    """Put a file of order lines (Taobao's details) beside a stored file of orders."""
    check(by, "collect.import")
    lines_key = f"import-{run_id}-lines"
    take_in(lines_key, _chunks(stream))
    attach_lines(run_id, lines_key, by=by)


def attach_lines(run_id: int, lines_key: str, *, by: Viewer) -> None:
    """Say that the sealed file `lines_key` holds the lines of the run's orders."""
    check(by, "collect.import")
    ImportRun.objects.filter(id=run_id, started_at=None).update(lines_key=lines_as_table(lines_key))


def add_related(run_id: int, name: str, stream: BinaryIO, *, by: Viewer) -> None:
    """Put a related table beside a stored file, under the name its mapping calls it by."""
    check(by, "collect.import")
    key = f"import-{run_id}-{chance.public_id()[:8]}"
    take_in(key, _chunks(stream))
    attach_related(run_id, name, key, by=by)


def attach_related(run_id: int, name: str, key: str, *, by: Viewer) -> None:
    """Say that the sealed file `key` is the run's related table of that name."""
    check(by, "collect.import")
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run_id, started_at=None)
        run.related = {**run.related, name: lines_as_table(key)}
        run.save(update_fields=["related"])
