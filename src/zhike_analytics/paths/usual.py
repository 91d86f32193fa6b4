"""Where visitors come from, the ways they usually go, and what interests them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_STEPS = 6


def entries(held: ir.Table, by: str = "entry") -> ir.Table:
    """Sources of the sessions of :func:`sessions`: ``by`` (entry, or entry_name), sessions, visitors, customers (known
    ones), one_page (sessions that saw no second page), ordered, seconds (mean); most sessions first, then by name."""
    if by not in ("entry", "entry_name"):
        raise MeasureProblem("paths.unknown_grouping", name=by[:40])
    found = held.group_by(by).aggregate(
        sessions=held.count(),
        visitors=held.visitor_id.nunique(),
        customers=held.customer_id.nunique(),
        one_page=held.session_id.count(where=held.pages <= 1),
        ordered=held.session_id.count(where=held.ordered),
        seconds=held.seconds.mean(),
    )
    return found.order_by([ibis.desc("sessions"), by])


def transitions(acts: ir.Table) -> ir.Table:
    """From which page to which: from_page (blank: the session began), to_page (blank: it ended there), times, sessions,
    share (of all goings from that page); most first, then by names. A page seen twice running counts once; open sessions
    have not ended. A first-order Markov chain, as far as it is one: what came before the page is forgotten."""
    shown = _shown(acts)
    began = shown.filter(shown.turn == 1).select("session_id", from_page=ibis.literal(""), to_page="page")
    went = shown.filter(shown.next_page.notnull()).select("session_id", from_page="page", to_page="next_page")
    ended = shown.filter(shown.next_page.isnull() & ~shown.is_open)
    ended = ended.select("session_id", from_page="page", to_page=ibis.literal(""))
    steps = began.union(went).union(ended)
    found = steps.group_by("from_page", "to_page").aggregate(times=steps.count(), sessions=steps.session_id.nunique())
    whole = found.times.sum().over(ibis.window(group_by="from_page"))
    return found.mutate(share=found.times / whole).order_by([ibis.desc("times"), "from_page", "to_page"])


def ways(acts: ir.Table, *, steps: int = 3) -> ir.Table:
    """Ways of so many pages one after the other: page_1 … page_n, times, sessions; most sessions first, then by names."""
    if not 2 <= steps <= MOST_STEPS:
        raise MeasureProblem("paths.steps_out_of_range", least=2, most=MOST_STEPS)
    shown = _shown(acts)
    turns = ibis.window(group_by="session_id", order_by=shown.turn)
    names = [f"page_{number}" for number in range(1, steps + 1)]
    followed = {
        name: shown.page.lead(offset).over(turns) if offset else shown.page for offset, name in enumerate(names)
    }
    found = shown.select("session_id", **followed)
    found = found.filter(found[names[-1]].notnull())
    counted = found.group_by(names).aggregate(times=found.count(), sessions=found.session_id.nunique())
    return counted.order_by([ibis.desc("sessions"), ibis.desc("times"), *names])


def interest(acts: ir.Table) -> ir.Table:
    """Interest by section: section, sessions, views (acts on pages), customers, seconds (looked at, as far as an act
    followed in the session), ended (sessions that ended there, open ones not counted); most sessions first."""
    held = acts.filter((acts.page != "") & (acts.section != ""))
    last = held.seconds.isnull() & ~held.is_open
    found = held.group_by("section").aggregate(
        sessions=held.session_id.nunique(),
        views=held.count(),
        customers=held.customer_id.nunique(),
        seconds=held.seconds.sum().fill_null(0).cast("int64"),
        ended=held.event_id.count(where=last),
    )
    return found.order_by([ibis.desc("sessions"), ibis.desc("views"), "section"])


def _shown(acts: ir.Table) -> ir.Table:
    """Pages in their turn, one seen again at once left out: session_id, page, next_page, turn, is_open."""
    held = acts.filter(acts.page != "").select("session_id", "place", "page", "is_open")
    in_turn = ibis.window(group_by="session_id", order_by=held.place)
    held = held.mutate(before=held.page.lag().over(in_turn))
    held = held.filter(held.before.isnull() | (held.before != held.page))
    in_turn = ibis.window(group_by="session_id", order_by=held.place)
    held = held.mutate(
        next_page=held.page.lead().over(in_turn), turn=(ibis.row_number().over(in_turn) + 1).cast("int64")
    )
    return held.drop("before", "place")
