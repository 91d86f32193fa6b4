"""The first rows of a file as one viewer may see them: what each field would become, personal values masked."""

from itertools import islice
from typing import Any

from zhike.collect.mapping import Bound, bind, load
from zhike.collect.mapping.binding import Getter, UnknownWord
from zhike.collect.mapping.guessing import looks_personal, shape_of
from zhike.collect.mapping.targets import targets_of
from zhike.collect.models import ImportRun
from zhike.collect.reading import Table
from zhike.collect.running.prepared_file import known_table
from zhike.secure import fields, queries
from zhike.secure.records import Viewer
from zhike.shop.queries import words
from zhike_analytics.values import is_masked, masks

_ROWS = 5
_ORDER_FIELDS = {
    "id": "order_number",
    "ordered_at": "ordered_at",
    "status": "order_status",
    "paid": "paid_amount",
    "total": "paid_amount",
}
_RECEIVER_FIELDS = {
    "name": "receiver_name",
    "phone": "receiver_phone",
    "address": "receiver_address",
    "message": "buyer_message",
}


def preview(run_id: int, viewer: Viewer) -> dict[str, Any]:
    """Labels and the first rows, by field; values the viewer may not see are masked or empty, sealed ones always masked."""
    run = ImportRun.objects.get(id=run_id)
    check = run.check_result
    mapping = load(run.mapping_text, code=run.template)
    table = known_table(run, check["encoding"], check["delimiter"])
    bound = bind(mapping, table.headers)
    columns: list[tuple[str, Getter]] = []
    for name, getter in bound.order.items():
        if name in _ORDER_FIELDS and _ORDER_FIELDS[name] not in [c for c, _ in columns]:
            columns.append((_ORDER_FIELDS[name], getter))
    columns += [
        (name, get) for name, get in (*bound.fields, *((k, g) for k, g in bound.keys if k not in dict(bound.fields)))
    ]
    columns += [(_RECEIVER_FIELDS[name], getter) for name, getter in bound.receiver]
    shown = [
        (name, getter) for name, getter in columns if fields.known(name) and queries.sight(viewer, name) != "hidden"
    ]
    body = [[_seen(viewer, name, getter, row.cells) for name, getter in shown] for row in islice(table.rows(), _ROWS)]
    labels = [fields.field(name).label for name, _ in shown]
    if bound.thing:
        labels, body = _stated(bound, table)
    return {"labels": labels, "rows": body}


def _stated(bound: Bound, table: Table) -> tuple[list[Any], list[list[str]]]:
    """Products and cases are no personal data; a cell that looks like some is shown by its shape all the same."""
    known = {t.code.partition(".")[2]: t.label for t in targets_of(bound.mapping.kind)}
    columns = [(known.get(name, name), get) for name, get in bound.thing.items()] + list(bound.attributes.items())
    body = [[_calm(getter, row.cells) for _, getter in columns] for row in islice(table.rows(), _ROWS)]
    return [label for label, _ in columns], body


def _calm(getter: Getter, cells: list[str]) -> str:
    try:
        value = getter(cells)
    except UnknownWord as unknown:
        value = unknown.word
    return shape_of(value) if looks_personal([value]) else value[:80]


def _seen(viewer: Viewer, name: str, getter: Getter, cells: list[str]) -> str:
    try:
        value = getter(cells)
    except UnknownWord as unknown:
        value = unknown.word
    if not value:
        return ""
    if name == "order_status":
        return str(words.ORDER_STATES.get(value, value))
    if is_masked(value):
        return value[:80] if queries.sight(viewer, name) != "hidden" else ""
    if fields.field(name).sealed:
        return masks.mask(fields.field(name).mask, value)
    return queries.show(viewer, name, value)[:80]
