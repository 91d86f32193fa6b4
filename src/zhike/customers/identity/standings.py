"""Owner and stage of a merged file: pure rules over what each of its customers was by itself.

A card holds one owner and one stage, and staff change them there. So that a merge can be taken apart exactly, what each
customer was of its own is kept in a Standing; what staff decide on the merged file becomes the root's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

BEFORE_ORDERS = ("target_market", "potential", "target")


@dataclass(frozen=True, slots=True)
class Own:
    """What one customer is by itself."""

    owner_staff_id: int | None
    team_id: int | None
    stage: str
    is_owner_decided: bool = False
    had_orders: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card shows."""

    owner_staff_id: int | None
    team_id: int | None
    stage: str


def together(root: Own, absorbed: Sequence[Own], *, has_orders: bool) -> Shown:
    """What the card of a group shows, `absorbed` in the order of `grouping.in_order`.

    The root's owner stands; where it has none (and nobody decided so), that of the first absorbed customer who has one. The
    root's stage stands, moved by the orders of the whole group as on any card.
    """
    holder = root
    if root.owner_staff_id is None and not root.is_owner_decided:
        holder = next((own for own in absorbed if own.owner_staff_id is not None), root)
    stage = moved(root.stage, had=root.had_orders, has=has_orders)
    return Shown(holder.owner_staff_id, holder.team_id, stage)


def moved(stage: str, *, had: bool, has: bool) -> str:
    """A stage after orders came or went: a first order makes a current customer, none left a potential one."""
    if has and not had and stage in BEFORE_ORDERS:
        return "current"
    return "potential" if had and not has and stage == "current" else stage


def harvested(root: Own, absorbed: Sequence[Own], shown: Shown, *, has_orders: bool) -> Own:
    """The root's own standing after what staff changed on the group's card: what differs from the rule was decided."""
    ruled = together(root, absorbed, has_orders=has_orders)
    own = root
    if (shown.owner_staff_id, shown.team_id) != (ruled.owner_staff_id, ruled.team_id):
        own = replace(
            own,
            owner_staff_id=shown.owner_staff_id,
            team_id=shown.team_id,
            is_owner_decided=shown.owner_staff_id is None,
        )
    if shown.stage != ruled.stage:
        own = replace(own, stage=shown.stage, had_orders=has_orders)
    return own
