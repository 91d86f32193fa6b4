"""Acts of visitors parted into sessions by silence."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.path_steps import HELP
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir

_NEEDED = ("event_id", "visitor_id", "at")
_TEXTS = ("page", "path", "name", "section", "entry", "entry_name", "mark")


def visited(
    events: Any, *, silence_minutes: int = 30, until: dt.datetime | None = None, con: Any = None
) -> ir.Table:  # fmt: skip
    """Every act with its session: a new one begins with a visitor's first act and after so many minutes of silence.

    events: ``event_id`` (once each), ``visitor_id``, ``at`` (UTC); and where they are known ``customer_id``, ``page`` (what
    is shown as one page; null or blank for an act that is none), ``path``, ``name``, ``section``, ``entry``,
    ``entry_name``, ``mark`` (product, basket, checkout, order, form, form_sent, queue, served, chat, faq, offer).
    Added: session_id (its least event_id), place (1, 2, …), seconds (to the next act; null for the last: nobody knows how
    long that was looked at), is_open (the last act lies within the silence before ``until``, so the session may go on:
    it has given up nothing yet; never without ``until``). Acts after ``until`` are left out. Equal moments go by event_id.
    """
    if silence_minutes < 1:
        raise MeasureProblem("paths.silence_too_short")
    held = table(events, con)
    for name in _NEEDED:
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name)
    held = _whole(held)
    if until is not None:
        held = held.filter(held.at <= ibis.timestamp(until.isoformat()))
    order = [held.at.asc(), held.event_id.asc()]
    held = held.mutate(moment=held.at.epoch_seconds().cast("int64"))
    before = held.moment.lag().over(ibis.window(group_by="visitor_id", order_by=order))
    begins = (before.isnull() | (held.moment - before >= silence_minutes * 60)).ifelse(1, 0)
    held = held.mutate(begins=begins)
    running = ibis.window(
        group_by="visitor_id", order_by=[held.at.asc(), held.event_id.asc()], preceding=None, following=0
    )
    held = held.mutate(session_no=held.begins.sum().over(running).cast("int64"))
    whole = ibis.window(group_by=["visitor_id", "session_no"])
    in_turn = ibis.window(group_by=["visitor_id", "session_no"], order_by=[held.at.asc(), held.event_id.asc()])
    held = held.mutate(
        session_id=held.event_id.min().over(whole),
        place=(ibis.row_number().over(in_turn) + 1).cast("int64"),
        seconds=(held.moment.lead().over(in_turn) - held.moment).cast("int64"),
        ended=held.moment.max().over(whole),
    )
    is_open = ibis.literal(False)
    if until is not None:
        edge = int(until.replace(tzinfo=dt.UTC).timestamp()) - silence_minutes * 60
        is_open = held.ended > edge
    return held.mutate(is_open=is_open).drop("begins", "session_no", "ended")


def sessions(acts: ir.Table) -> ir.Table:
    """One row a session of :func:`visited`, by id: session_id, visitor_id, customer_id (of any of its acts; null: nobody
    known), began_at, ended_at, seconds, acts, pages, entry and entry_name (of the first act; without one it is direct),
    first_page, last_page, helped, ordered, is_open."""
    is_page, first = acts.page != "", acts.place == 1
    held = acts.group_by("session_id").aggregate(
        visitor_id=acts.visitor_id.min(),
        customer_id=acts.customer_id.max(),
        began_at=acts["at"].min(),
        ended_at=acts["at"].max(),
        seconds=(acts.moment.max() - acts.moment.min()).cast("int64"),
        acts=acts.count(),
        pages=acts.event_id.count(where=is_page),
        entry=acts.entry.max(where=first),
        entry_name=acts.entry_name.max(where=first),
        first_place=acts.place.min(where=is_page),
        last_place=acts.place.max(where=is_page),
        helped=acts.mark.isin(HELP).ifelse(1, 0).max() == 1,
        ordered=(acts.mark == "order").ifelse(1, 0).max() == 1,
        is_open=acts.is_open.ifelse(1, 0).max() == 1,
    )
    ends = acts.select(of_session="session_id", of_place="place", of_page="page")
    for name, place in (("first_page", "first_place"), ("last_page", "last_place")):
        found = ends.rename({f"{name}_session": "of_session", f"{name}_place": "of_place", name: "of_page"})
        on = [held.session_id == found[f"{name}_session"], held[place] == found[f"{name}_place"]]
        held = held.left_join(found, on).drop(f"{name}_session", f"{name}_place")
    known = held.entry.isin(["", "inside"])
    held = held.mutate(entry=known.ifelse("direct", held.entry), entry_name=known.ifelse("", held.entry_name))
    return held.drop("first_place", "last_place").order_by("session_id")


def _whole(held: ir.Table) -> ir.Table:
    """With every column the rest of this folder asks for."""
    texts = {
        name: (held[name].fill_null("") if name in held.columns else ibis.literal("")).cast("string") for name in _TEXTS
    }
    customer = held.customer_id if "customer_id" in held.columns else ibis.null("int64")
    return held.select("event_id", "visitor_id", "at", customer_id=customer.cast("int64"), **texts)
