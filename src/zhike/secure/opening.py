"""Opening sealed values inside `secure`, with an alarm in the audit when one does not open."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from zhike.secure import auditing
from zhike.secure.opened import Opened
from zhike.secure.records import SYSTEM, SealedRef, Viewer
from zhike.secure.vault.errors import KeyDestroyed, VaultError
from zhike.secure.vault.keyring import keys_of, keys_or_faults
from zhike.secure.vault.sealing import SealContext, unseal


def payload(ref: SealedRef) -> dict[str, Any]:
    """The JSON object behind a reference. Any refusal of the vault is raised; see `alarm`."""
    return unseal(keys_of([ref.record_id])[ref.record_id], _context(ref), ref.blob)


def opened(refs: Sequence[SealedRef], field: str, *, by: Viewer = SYSTEM) -> list[Opened]:
    """A field of many references; an absent field opens as an empty text. Raises at the first that does not open."""
    keys = keys_of(ref.record_id for ref in refs)
    result = []
    for ref in refs:
        try:
            content = unseal(keys[ref.record_id], _context(ref), ref.blob)
        except VaultError as problem:
            alarm(problem, ref, field, by=by)
            raise
        result.append(Opened(field, _text(content.get(field))))
    return result


def parts(refs: Sequence[SealedRef], fields: Sequence[str], *, by: Viewer) -> list[dict[str, Opened]]:
    """Of many references, the fields that are there, each seal opened once; what was erased or is damaged has none."""
    keys, result = keys_or_faults({ref.record_id for ref in refs}), []
    for ref in refs:
        key = keys[ref.record_id]
        try:
            if isinstance(key, VaultError):
                raise key
            content = unseal(key, _context(ref), ref.blob)
        except VaultError as problem:
            alarm(problem, ref, "*", by=by)
            content = {}
        result.append({name: Opened(name, _text(content[name])) for name in fields if content.get(name)})
    return result


def whole(refs: Sequence[SealedRef], *, by: Viewer) -> list[Opened | str]:
    """What each seal holds as JSON text, or `erased` or `damaged` where it does not open."""
    keys, result = keys_or_faults(ref.record_id for ref in refs), list[Opened | str]()
    for ref in refs:
        key = keys[ref.record_id]
        try:
            if isinstance(key, VaultError):
                raise key
            result.append(Opened("*", orjson.dumps(unseal(key, _context(ref), ref.blob)).decode()))
        except VaultError as problem:
            alarm(problem, ref, "*", by=by)
            result.append("erased" if isinstance(problem, KeyDestroyed) else "damaged")
    return result


def values_for_masks(refs: Sequence[SealedRef], field: str) -> list[str]:
    """A field of many references for masking only. What was erased or does not open is an empty text, and alarms.

    A page of fifty rows must not fall over one damaged row; the alarm tells the security officer instead.
    """
    keys, result = keys_or_faults(ref.record_id for ref in refs), []
    for ref in refs:
        key = keys[ref.record_id]
        try:
            if isinstance(key, VaultError):
                raise key
            result.append(_text(unseal(key, _context(ref), ref.blob).get(field)))
        except VaultError as problem:
            alarm(problem, ref, field, by=SYSTEM)
            result.append("")
    return result


def fields_for_masks(wanted: Mapping[str, SealedRef]) -> dict[str, str]:
    """{field: value} for masking only, each distinct seal opened once; what does not open is empty and alarms."""
    keys = keys_or_faults({ref.record_id for ref in wanted.values()})
    contents: dict[tuple[str, int], dict[str, Any]] = {}
    for name, ref in wanted.items():
        place = (ref.table_column, ref.row_id)
        if place in contents:
            continue
        key = keys[ref.record_id]
        try:
            if isinstance(key, VaultError):
                raise key
            contents[place] = unseal(key, _context(ref), ref.blob)
        except VaultError as problem:
            alarm(problem, ref, name, by=SYSTEM)
            contents[place] = {}
    return {name: _text(contents[ref.table_column, ref.row_id].get(name)) for name, ref in wanted.items()}


def alarm(problem: VaultError, ref: SealedRef, field: str, *, by: Viewer) -> None:
    """Record that a value refused to open: which place, which fault, never the bytes. Expected after erasure: no alarm."""
    if isinstance(problem, KeyDestroyed):
        return
    auditing.write(
        "vault.alarm",
        by=by,
        about=(ref.table_column, ref.row_id),
        field=field,
        outcome="failed",
        detail={"code": problem.code, "record_id": ref.record_id},
    )


def _context(ref: SealedRef) -> SealContext:
    return SealContext(ref.table_column, ref.row_id, ref.record_id)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
