"""`zhike why CUSTOMER [FIELD]`: why a file shows these values; `zhike why not-sent MESSAGE`: why a message did not leave."""

import sys
from typing import Any

import click

from zhike.cli.command import NotFound, Refused, command
from zhike.cli.output import Output


@command("why")
@click.argument("customer")
@click.argument("field", required=False)
@click.option("--reveal", is_flag=True, help="Show sealed values in the clear; the audit keeps it.")
@click.option("--reason", default="", help="What the value is needed for (with --reveal).")
@click.option("--segment", default="", help="Say instead why the customer is in this segment, or out of it.")
def why(out: Output, customer: str, field: str | None, reveal: bool, reason: str, segment: str) -> None:
    """Say why a file shows a value: what each source stated, and which rule decided.

    CUSTOMER is a file number (K0000123) or the id in its address. Without FIELD, every known field is listed with its origin.
    With `not-sent` for CUSTOMER and the id of a message for FIELD: every check before a message leaves, and which kept it back.
    """
    if customer == "not-sent" and field is not None:
        from zhike.cli.send_test import explain as explain_message

        explain_message(out, field)
        return
    if segment:
        from zhike.cli.segment import explain

        explain(out, customer, segment)
        return
    from zhike.customers import queries as customers
    from zhike.secure import fields
    from zhike.secure.records import LOCAL_OPERATOR

    root_id = customers.root_of(LOCAL_OPERATOR, customer)
    if root_id is None:
        raise NotFound(f"no customer {customer}", "customer_unknown")
    if field is not None and not fields.known(field):
        raise NotFound(f"no field {field}", "field_unknown")
    if reveal and (field is None or not reason.strip()):
        raise Refused("--reveal needs a field and a --reason", "reason_missing")
    if field is None:
        _all(out, root_id)
    else:
        _one(out, root_id, field, reason if reveal else "")


def _all(out: Output, root_id: int) -> None:
    from zhike.customers import queries as customers
    from zhike.secure.records import LOCAL_OPERATOR

    head = customers.header(LOCAL_OPERATOR, root_id)
    values = [v for g in customers.field_groups(LOCAL_OPERATOR, root_id) for v in g.fields if v.is_known]
    rows = [
        (v.name, v.text, v.source_name, f"{v.as_of:%Y-%m-%d}" if v.as_of else "", v.others_count, v.state)
        for v in values
    ]
    out.say(f"{head.row.number if head else ''}  {len(rows)} fields")
    out.table(("field", "value", "source", "as of", "other values", "verified"), rows)
    names = ("field", "value", "source", "as_of", "others", "state")
    out.result(
        {
            "ok": True,
            "customer": head.row.number if head else "",
            "fields": [dict(zip(names, r, strict=True)) for r in rows],
        }
    )


def _one(out: Output, root_id: int, field: str, reason: str) -> None:
    from zhike.customers import queries as customers
    from zhike.secure.records import LOCAL_OPERATOR

    told = customers.why(LOCAL_OPERATOR, root_id, field)
    if not told:
        raise NotFound(f"nothing is known of {field}", "no_value")
    rows: list[dict[str, Any]] = [
        {
            "shown": c.won,
            "value": c.text,
            "source": c.source_name if c.by_staff_id is None else f"staff {c.by_staff_id}",
            "as_of": f"{c.as_of:%Y-%m-%d %H:%M}",
            "trust": c.trust_grade,
            "why": c.why,
            "state": c.state,
            "version": c.version_id,
        }
        for c in told
    ]
    if reason:
        rows[0]["value"] = _revealed(root_id, field, reason)
    out.table(
        ("", "value", "source", "as of", "trust", "why", "verified"),
        [("→" if r["shown"] else "", *list(r.values())[1:7]) for r in rows],
    )
    out.result({"ok": True, "field": field, "statements": rows})


def _revealed(root_id: int, field: str, reason: str) -> str:
    """The winning value in the clear: this process is its only reader, and the audit keeps who asked and why."""
    from zhike.customers import actions
    from zhike.secure.records import LOCAL_OPERATOR

    if not sys.stdout.isatty():
        print("zhike: a value in the clear is being written to a file or pipe", file=sys.stderr)
    try:
        opened = actions.reveal_field(root_id, field, by=LOCAL_OPERATOR, purpose="other", reason=reason)
    except actions.EditRefused as refusal:
        raise Refused(f"nothing to reveal in {field}", refusal.code) from None
    return opened.plain()
