"""`zhike merge` and `zhike unmerge`: two files made one, and taken apart exactly."""

import click

from zhike.cli.command import NotFound, Refused, command
from zhike.cli.output import Output


@command("merge")
@click.argument("absorbed")
@click.argument("survivor")
@click.option("--across-kinds", is_flag=True, help="A person and an organization: this is meant.")
def merge(out: Output, absorbed: str, survivor: str, across_kinds: bool) -> None:
    """Let the file ABSORBED become part of the file SURVIVOR.

    Each is a file number (K0000123) or the id in its address. Facts stay where they are; `zhike unmerge` takes it back.
    """
    from zhike.customers import actions
    from zhike.secure.records import LOCAL_OPERATOR

    one, other = _customer(absorbed), _customer(survivor)
    try:
        done = actions.merge_customers(
            absorbed_id=one, survivor_id=other, why="by_hand", across_kinds=across_kinds, by=LOCAL_OPERATOR
        )
    except actions.MergeRefused as refusal:
        raise Refused(_why_not(refusal.code), f"merge_{refusal.code}") from None
    out.say(f"{absorbed} → {survivor}")
    out.result({"ok": True, "merge": done.merge_id})


@command("unmerge")
@click.argument("absorbed")
def unmerge(out: Output, absorbed: str) -> None:
    """Take the file ABSORBED out of the file it was merged into; what came since lies where its identifier says.

    ABSORBED is its own file number, from before the merge.
    """
    from zhike.customers import actions, queries
    from zhike.secure.records import LOCAL_OPERATOR

    root_id = _customer(absorbed)
    calm = absorbed.strip().upper()
    for told in queries.merges_of(LOCAL_OPERATOR, root_id):
        if told.undone_at is None and told.absorbed_number.upper() == calm:
            break
    else:
        raise NotFound(f"{absorbed} was not merged into another file", "merge_unknown")
    since = queries.facts_since(LOCAL_OPERATOR, told.id)
    try:
        actions.unmerge(told.id, by=LOCAL_OPERATOR)
    except actions.MergeRefused as refusal:
        raise Refused(_why_not(refusal.code), f"merge_{refusal.code}") from None
    sides = {side.number: dict(side.counts) for side in (since.restored, since.remaining)}
    for number, counts in sides.items():
        out.say(f"{number}  " + "  ".join(f"{name} +{count}" for name, count in counts.items() if count))
    out.result({"ok": True, "merge": told.id, "since": sides})


def _customer(typed: str) -> int:
    from zhike.customers import queries
    from zhike.secure.records import LOCAL_OPERATOR

    root_id = queries.root_of(LOCAL_OPERATOR, typed)
    if root_id is None:
        raise NotFound(f"no customer {typed}", "customer_unknown")
    return root_id


def _why_not(code: str) -> str:
    return {
        "same": "these are one file already",
        "kinds": "one is a person, the other an organization; --across-kinds says that this is meant",
        "archived": "one of the files is archived: nothing is left to merge",
        "erased": "one of the files was erased",
        "undone": "this merge was taken apart already",
    }.get(code, code)
