"""Where visitors give up: at a page, and with a form, a basket or a queue they had begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

# What was begun → what ends it well, at or after it in the same session.
GOALS = {"form": ("form_sent",), "basket": ("order",), "queue": ("served", "chat")}


def exits(acts: ir.Table) -> ir.Table:
    """Pages by the sessions that ended there: page, sessions (that saw it, open ones left out), ended, gave_up (ended
    there without having ordered), rate (gave_up ÷ sessions); most given up first, then by name."""
    closed = acts.filter((acts.page != "") & ~acts.is_open)
    in_session = ibis.window(group_by="session_id")
    closed = closed.mutate(last_place=closed.place.max().over(in_session))
    bought = acts.group_by("session_id").aggregate(bought=(acts.mark == "order").ifelse(1, 0).max())
    bought = bought.rename(bought_session="session_id")
    closed = closed.inner_join(bought, closed.session_id == bought.bought_session)
    is_last = closed.place == closed.last_place
    found = closed.group_by("page").aggregate(
        sessions=closed.session_id.nunique(),
        ended=closed.event_id.count(where=is_last),
        gave_up=closed.event_id.count(where=is_last & (closed.bought == 0)),
    )
    return found.mutate(rate=found.gave_up / found.sessions).order_by([ibis.desc("gave_up"), "page"])


def begun(acts: ir.Table) -> ir.Table:
    """What a session began, one row a session and thing: session_id, customer_id, visitor_id, what (form, basket, queue),
    began_at, finished, is_open. Given up are those neither finished nor open."""
    parts = []
    for what, goals in GOALS.items():
        of_session = acts.group_by("session_id").aggregate(
            customer_id=acts.customer_id.max(),
            visitor_id=acts.visitor_id.min(),
            began_at=acts["at"].min(where=acts.mark == what),
            first_place=acts.place.min(where=acts.mark == what),
            goal_place=acts.place.max(where=acts.mark.isin(goals)),
            is_open=acts.is_open.ifelse(1, 0).max() == 1,
        )
        of_session = of_session.filter(of_session.first_place.notnull())
        finished = (of_session.goal_place >= of_session.first_place).fill_null(False)
        parts.append(
            of_session.select(
                "session_id",
                "customer_id",
                "visitor_id",
                "began_at",
                "is_open",
                what=ibis.literal(what),
                finished=finished,
            )
        )
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    return whole.order_by(["session_id", "what"])
