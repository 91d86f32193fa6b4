"""`zhike segment`: list segments, count them, write out their members, say why a customer is in or out."""

from pathlib import Path
from typing import Any

import click

from zhike.cli.command import NotFound, Refused, command, group
from zhike.cli.output import Output

segment = group("segment", "List and count segments; say why a customer is in one.")


@command("list", into=segment)
def list_(out: Output) -> None:
    """List the segments with their sizes."""
    from django.utils.translation import gettext as _

    from zhike.customers.queries import segments as asked
    from zhike.secure.records import LOCAL_OPERATOR

    found = asked.segments(LOCAL_OPERATOR)
    heads = [_("Name of the segment"), _("Customers"), _("Data as of"), "id"]
    rows = [(s.name, s.member_count, f"{s.data_at:%Y-%m-%d %H:%M}" if s.data_at else "", s.public_id) for s in found]
    out.table(heads, rows)
    out.result({"ok": True, "segments": [_as_json(s) for s in found]})


@command("count", into=segment)
@click.argument("name", required=False)
def count(out: Output, name: str | None) -> None:
    """Find the members of a segment anew, from what changed until now; of all without a name.

    NAME is a segment's name or id.
    """
    from zhike.analyze.lake_place import PlaceProblem
    from zhike.analyze.segments.refreshing import refresh
    from zhike.analyze.snapshot import SnapshotFailed

    wanted = None if name is None else [_named(name).id]
    try:
        told = refresh(wanted)
    except SnapshotFailed as problem:
        raise Refused(str(problem), "snapshot_failed") from None
    except PlaceProblem as problem:
        raise Refused(str(problem), problem.code) from None
    facts = _named(name) if name is not None else None
    if facts is not None:
        out.say(f"{facts.name}: {facts.member_count:,} / {facts.base_count:,}  +{told['came']} −{told['left']}")
        out.result({"ok": True, **_as_json(facts), "came": told["came"], "left": told["left"]})
    else:
        out.say(f"{told['counted']}  +{told['came']} −{told['left']}")
        out.result({"ok": True, **told})


@command("members", into=segment)
@click.argument("name")
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the file numbers to a file."
)
def members(out: Output, name: str, file: Path | None) -> None:
    """Write the file numbers of a segment's members as it was last counted. NAME is a segment's name or id."""
    from zhike.customers import queries as customers
    from zhike.customers.actions.segments import note_members_written
    from zhike.customers.queries import segments as asked
    from zhike.secure.records import LOCAL_OPERATOR

    facts = _named(name)
    note_members_written(facts.id, facts.member_count, by=LOCAL_OPERATOR)
    numbers: list[str] = []
    for ids in asked.members(LOCAL_OPERATOR, facts.public_id):
        lines = customers.lines(LOCAL_OPERATOR, ids)
        numbers += [lines[i].number for i in ids if i in lines]
    if file is not None:
        file.write_text("".join(f"{number}\n" for number in numbers), encoding="utf-8")
        out.say(str(file))
    else:
        for number in numbers:
            out.say(number)
    out.result({"ok": True, **_as_json(facts), "members": numbers} if file is None else {"ok": True, "file": str(file)})


@command("why", into=segment)
@click.argument("customer")
@click.argument("name")
def why(out: Output, customer: str, name: str) -> None:
    """Say why a customer is in a segment or out of it, now. CUSTOMER is a file number; NAME a segment's name or id."""
    explain(out, customer, name)


def explain(out: Output, customer: str, name: str) -> None:
    """Print each condition with its truth and the value it saw; `zhike why CUSTOMER --segment NAME` says the same."""
    from django.utils.translation import gettext as _

    from zhike.analyze.segments import reasons
    from zhike.customers import queries as customers
    from zhike.secure.records import LOCAL_OPERATOR

    root_id = customers.root_of(LOCAL_OPERATOR, customer)
    if root_id is None:
        raise NotFound(f"no customer {customer}", "customer_unknown")
    facts = _named(name)
    told = reasons.explain(LOCAL_OPERATOR, facts, root_id, compile_now=True)
    if told is None or told.reason is None:
        raise Refused(_("This cannot be told: the rule stands on something that is no longer there."), "rule_unusable")
    out.say(f"{facts.name}: {_('in') if told.is_member else _('out')}")
    _say(out, told.reason, 0)
    shown = {"ok": True, "segment": facts.name, "customer": customer, "is_member": told.is_member}
    out.result({**shown, "was_member": told.was_member, "reason": _reason_json(told.reason)})


def _say(out: Output, reason: Any, depth: int) -> None:
    value = f"  ({reason.value})" if reason.value else ""
    out.say(f"{'  ' * depth}{'✓' if reason.is_true else '✗'} {reason.text}{value}")
    for part in reason.parts:
        _say(out, part, depth + 1)


def _reason_json(reason: Any) -> dict[str, Any]:
    told = {"text": reason.text, "is_true": reason.is_true, "value": reason.value}
    return {**told, "parts": [_reason_json(part) for part in reason.parts]} if reason.parts else told


def _named(name: str) -> Any:
    from zhike.customers.queries import segments as asked
    from zhike.secure.records import LOCAL_OPERATOR

    facts = asked.segment_named(LOCAL_OPERATOR, name)
    if facts is None:
        raise NotFound(f"no segment {name}", "segment_unknown")
    return facts


def _as_json(facts: Any) -> dict[str, Any]:
    return {
        "segment": facts.public_id,
        "name": facts.name,
        "members": facts.member_count,
        "base": facts.base_count,
        "data_at": facts.data_at.isoformat() if facts.data_at else None,
        "is_counted": facts.is_counted,
    }
