"""A lake far away: its parts and a pointer to them; this machine keeps copies of the parts it reads. No Django, no engine.

    lake.<n>.json            the pointer: every table's manifest; the one with the greatest number counts
    <table>/<part>.parquet   written once under a name of its own, and never changed
    passing/…                results a cluster reads back, for as long as a measure takes

Parts are there before the pointer that names them, and the pointer comes under a new name, whole: whoever reads sees one snapshot
or the next, of all tables at once, without a rename that storage would have to make. What no pointer names is deleted after an hour.
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from zhike.analyze.lake_files import KEEP_RETIRED, Manifest, TableFolder
from zhike.analyze.lake_place import Place, PlaceProblem
from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.kit import chance, clock

FORMAT = 1
PASSING = "passing"
_KEEP_PASSING = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a place holds: of which installation, which snapshot, and the manifests by table; sizes of parts by name."""

    number: int
    owner: str
    written_at: str
    tables: dict[str, Manifest]
    bytes: dict[str, int]


def pointed(place: Place, owner: str) -> Pointer | None:
    """The newest pointer; None before the first. Of a lake this installation has forgotten since it names nothing.

    Raises PlaceProblem: `lake_taken` where it is of another installation, `lake_newer` where a newer version wrote it.
    """
    names = [one.name for one in place.stored() if _number(one.name)]
    if not names:
        return None
    content = json.loads(place.read(max(names, key=_number)))
    if content["format"] > FORMAT:
        raise PlaceProblem("lake_newer", f"format {content['format']}")
    if content["owner"].split(".")[0] != owner.split(".")[0]:
        raise PlaceProblem("lake_taken", f"last written {content['written_at']}")
    if content["owner"] != owner:
        return Pointer(content["number"], owner, content["written_at"], {}, {})
    tables = {name: Manifest(**told) for name, told in content["tables"].items()}
    return Pointer(content["number"], content["owner"], content["written_at"], tables, content["bytes"])


def _number(name: str) -> int:
    """Of a pointer by its name; 0: it is none."""
    head, _, number = name.removesuffix(".json").partition(".")
    return int(number) if head == "lake" and name.endswith(".json") and number.isdecimal() else 0


def bring(place: Place, folder: Path, owner: str) -> int:
    """Make the copies of this machine those of the place; how many parts were fetched. Without a pointer nothing is touched."""
    found = pointed(place, owner)
    if found is None:
        return 0
    fetched = 0
    for name, manifest in found.tables.items():
        table = TableFolder(folder, name)
        if (own := table.read()) is not None and _same(own, manifest):
            continue
        table.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in (*manifest.base, *manifest.deltas):
            fetched += _fetched(place, table, part, found.bytes[f"{name}/{part}"])
        table.publish(manifest)
    return fetched


def _same(own: Manifest, theirs: Manifest) -> bool:
    return (own.base, own.deltas, own.number, own.mark) == (theirs.base, theirs.deltas, theirs.number, theirs.mark)


def _fetched(place: Place, table: TableFolder, part: str, size: int) -> bool:
    """One part, unless it is here already; names are never used twice."""
    file = table.path / part
    if file.exists() and file.stat().st_size == size:
        return False
    draft = table.path / f"{part}.new"
    place.get(f"{table.table}/{part}", draft)
    if draft.stat().st_size != size:
        raise PlaceProblem("lake_away", f"{table.table}/{part} came in part")
    draft.replace(file)
    return True


def publish(place: Place, folder: Path, owner: str) -> int:
    """Lay what is new at the place and point at it; how many parts were sent. Then old pointers and parts go."""
    before = pointed(place, owner)
    held = {
        one.name: one.bytes for one in place.stored()
    }  # what a snapshot sent that died before its pointer is among it
    manifests, sizes, sent = {}, {}, 0
    for table in LAKE_TABLES:
        own = TableFolder(folder, table.name)
        manifest = own.read()
        if manifest is None:
            continue
        manifests[table.name] = manifest
        for part in (*manifest.base, *manifest.deltas):
            name, size = f"{table.name}/{part}", (own.path / part).stat().st_size
            if held.get(name) != size:
                if name in held:
                    place.delete(name)
                place.put(own.path / part, name)
                sent += 1
            sizes[name] = size
    number = (before.number if before else 0) + 1
    _point(place, Pointer(number, owner, clock.now().isoformat(), manifests, sizes))
    sweep(place, manifests, clock.now())
    return sent


def _point(place: Place, pointer: Pointer) -> None:
    tables = {name: {key: getattr(m, key) for key in Manifest.__slots__} for name, m in pointer.tables.items()}
    content = {"format": FORMAT, "number": pointer.number, "owner": pointer.owner, "written_at": pointer.written_at,
               "tables": tables, "bytes": pointer.bytes}  # fmt: skip
    place.write(f"lake.{pointer.number:09d}.json", json.dumps(content).encode())


def sweep(place: Place, manifests: dict[str, Manifest], now: dt.datetime) -> int:
    """Delete what nothing points at any more and is older than an hour; how many files went. A reader may still be at work."""
    wanted = {
        f"{name}/{part}" for name, m in manifests.items() for part in (*m.base, *m.deltas, *m.retired)
    }  # fmt: skip
    held = place.stored()
    newest = max((_number(one.name) for one in held), default=0)
    gone = 0
    for one in held:
        kept = _KEEP_PASSING if one.name.startswith(f"{PASSING}/") else KEEP_RETIRED
        is_ours = _number(one.name) or one.name.split("/")[0] in (PASSING, *(t.name for t in LAKE_TABLES))
        if one.name in wanted or _number(one.name) == newest > 0 or not is_ours:
            continue
        if now.timestamp() - one.written_at >= kept.total_seconds():
            place.delete(one.name)
            gone += 1
    return gone


def forget(place: Place, owner: str) -> None:
    """Delete the lake at its place, and nothing else that lies there. Raises PlaceProblem where it is of another installation."""
    pointed(place, owner)
    ours = (PASSING, *(table.name for table in LAKE_TABLES))
    held = place.stored()
    # Pointers first: whoever reads meanwhile finds nothing rather than half.
    for one in sorted(held, key=lambda one: not _number(one.name)):
        if _number(one.name) or one.name.split("/")[0] in ours:
            place.delete(one.name)


def tried(place: Place, owner: str) -> Pointer | None:
    """Write, read and delete a file at the place, and read the pointer. Raises PlaceProblem."""
    name, content = f"{PASSING}/try-{chance.token(9)}", chance.token(24).encode()
    place.write(name, content)
    try:
        if place.read(name) != content:
            raise PlaceProblem("lake_away", "what was written is not what was read")
    finally:
        place.delete(name)
    return pointed(place, owner)
