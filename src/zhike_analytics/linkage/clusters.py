"""Groups of pairs, and the weakest link that holds each together: a chain of likenesses is not one likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records joined by pairs: `weakest` is the lightest weight on the strongest way between any two of them.

    `is_whole` says that every two of them were found alike by themselves; otherwise the group rests on a chain.
    """

    members: tuple[int, ...]
    weakest: float
    is_whole: bool


def clusters(pairs: Iterable[tuple[int, int, float]]) -> list[Cluster]:
    """Groups of (left, right, weight), by their smallest member.

    Joined from the heaviest pair down (Kruskal): the pair that joins a group last is its weakest link.
    """
    head: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    weakest: dict[int, float] = {}
    inside: dict[int, int] = {}

    def top(one: int) -> int:
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        members.setdefault(one, [one])
        return one

    for left, right, weight in sorted(pairs, key=lambda p: (-p[2], p[0], p[1])):
        a, b = top(left), top(right)
        if a != b:
            if len(members[a]) < len(members[b]):
                a, b = b, a
            head[b] = a
            members[a] += members.pop(b)
            weakest[a] = weight
            inside[a] = inside.get(a, 0) + inside.pop(b, 0)
        inside[a] = inside.get(a, 0) + 1
    found = []
    for top_of, own in members.items():
        whole = inside.get(top_of, 0) == len(own) * (len(own) - 1) // 2
        if len(own) > 1:
            found.append(Cluster(tuple(sorted(own)), weakest[top_of], whole))
    return sorted(found, key=lambda c: c.members)
