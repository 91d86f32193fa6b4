"""Dashboards and their reports over the API: figures by the rights of the token's maker."""

import datetime as dt
from typing import Any, Literal

from ninja import Query, Status
from pydantic import Field

from zhike.analyze.boards import drawing, reports, shelf, words
from zhike.analyze.boards.catalogue import Looking
from zhike.analyze.boards.reports import Report, ReportRefused
from zhike.analyze.boards.shelf import Board, BoardRefused
from zhike.analyze.boards.times import Rhythm
from zhike.api.problems import Fault, Problem, answers
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Receipted, Strict

routes = Routes("Dashboards")
READ: dict[str, Any] = {"scope": "insight:read", "needs": "analyze.view"}
WRITE: dict[str, Any] = {"scope": "insight:write", "needs": "analyze.view"}


class BoardLine(Strict):
    """A dashboard of a list. `sharing`: empty, `team`, `role:CODE` or `all`."""

    id: str
    name: str
    sharing: str
    is_own: bool
    tiles: int


class BoardList(Strict):
    """One's own dashboards and those shared with one, by name."""

    items: list[BoardLine]


class TileBarOut(Strict):
    """A part of a figure."""

    label: str
    value: float
    shown: str


class TileOut(Strict):
    """A tile as the token's maker is told it; `empty` says why there is nothing."""

    id: str
    kind: str
    of: str = Field("", description="The segment or kept question it is made of.")
    is_wide: bool
    label: str
    empty: str | None = None
    shown: str | None = Field(None, description="The figure as people read it.")
    value: float | None = Field(None, description="The figure as a number; amounts in cents.")
    change: float | None = Field(None, description="Against what went before, as a share.")
    note: str | None = None
    bars: list[TileBarOut] = Field(default_factory=list)
    as_of: dt.date | None = None
    about: str | None = None


class BoardOut(BoardLine):
    """A dashboard with its figures."""

    tiles: list[TileOut]  # type: ignore[assignment]


class LookQuery(Strict):
    """As of which day, and whether beside the run before."""

    day: dt.date | None = None
    compare: bool = False


class TileIn(Strict):
    """A tile to be laid."""

    kind: str = Field(max_length=40)
    of: str = Field("", max_length=64)
    is_wide: bool = False


class BoardIn(Strict):
    """A dashboard as it shall be: all of its tiles, in their order."""

    name: str = Field(max_length=200)
    sharing: str = Field("", max_length=60)
    tiles: list[TileIn] = Field(default_factory=list, max_length=shelf.MOST_TILES)


class BoardKept(Receipted):
    """The dashboard that was made or changed."""

    id: str


class BoardReportIn(Strict):
    """To whom (numbers of colleagues, see `recipients` of the list) and when."""

    every: Literal["day", "week", "month"]
    on_day: int = Field(0, ge=0, le=31, description="Of the week from 0, Monday; of the month from 1. Daily: 0.")
    hour: int = Field(ge=0, le=23, description="Of the shop's time zone.")
    recipients: list[int] = Field(min_length=1, max_length=reports.MOST_RECIPIENTS)
    is_on: bool = True


class BoardReportOut(Strict):
    """A report; `next_at` is absent while it is paused."""

    id: str
    every: Literal["day", "week", "month"]
    on_day: int
    hour: int
    recipients: list[int]
    is_on: bool
    next_at: dt.datetime | None = None


class ReportMailOut(Strict):
    """A mail of a report to one recipient, and what came of it."""

    report: str
    due_at: dt.datetime
    recipient: int
    state: Literal["waiting", "sending", "sent", "skipped", "failed", "unknown"]
    why: str | None = Field(None, description="A code.")
    ended_at: dt.datetime | None = None


class RecipientOut(Strict):
    """A colleague the dashboard may be sent to."""

    id: int
    name: str


class BoardReportList(Strict):
    """The reports of a dashboard, who may be chosen, and the newest mails."""

    items: list[BoardReportOut]
    recipients: list[RecipientOut]
    mails: list[ReportMailOut]


class BoardReportKept(Receipted):
    """The report that was made, changed, ended or sent."""

    id: str


@answers(BoardRefused)
def _board_refused(error: BoardRefused) -> Problem:
    return _problem(error.code, words.REFUSALS)


@answers(ReportRefused)
def _report_refused(error: ReportRefused) -> Problem:
    return _problem(error.code, words.REPORT_REFUSALS)


def _problem(code: str, said: Any) -> Problem:
    if code == "unknown":
        return Problem("not_found")
    return Problem("value_refused", faults=[Fault("body", code, str(said[code]))])


@routes.get("/dashboards", answer=BoardList, **READ)
def list_dashboards(request: ApiRequest) -> dict[str, Any]:
    """One's own dashboards and those shared with one."""
    return {"items": [{**_line(one), "tiles": len(one.tiles)} for one in shelf.boards(request.viewer)]}


@routes.get("/dashboards/{dashboard}", answer=BoardOut, **READ)
def read_dashboard(request: ApiRequest, dashboard: str, query: Query[LookQuery]) -> dict[str, Any]:
    """A dashboard with the figures the token's maker may see."""
    found = _board(request, dashboard)
    look = Looking(request.viewer, day=query.day, compared=query.compare)
    return told_board(found, drawing.drawn(look, found.tiles))


@routes.write("POST", "/dashboards", answers={201: BoardKept}, **WRITE)
def make_dashboard(request: ApiRequest, board: BoardIn) -> Any:
    """Make a dashboard with its tiles."""
    tiles = tuple((tile.kind, tile.of) for tile in board.tiles)
    made = shelf.make(board.name, by=request.viewer, sharing=board.sharing, tiles=tiles)
    return Status(201, {"id": made.public_id})


@routes.write("PUT", "/dashboards/{dashboard}", answers={200: BoardKept}, **WRITE)
def lay_dashboard(request: ApiRequest, dashboard: str, board: BoardIn) -> dict[str, Any]:
    """Lay one's own dashboard anew: name, sharing and all tiles."""
    tiles = [(tile.kind, tile.of, tile.is_wide) for tile in board.tiles]
    made = shelf.lay(dashboard[:24], by=request.viewer, name=board.name, sharing=board.sharing, tiles=tiles)
    return {"id": made.public_id}


@routes.write("DELETE", "/dashboards/{dashboard}", answers={200: BoardKept}, takes=(), **WRITE)
def remove_dashboard(request: ApiRequest, dashboard: str) -> dict[str, Any]:
    """Remove one's own dashboard with its reports."""
    shelf.remove(dashboard[:24], by=request.viewer)
    return {"id": dashboard[:24]}


@routes.get("/dashboards/{dashboard}/reports", answer=BoardReportList, **READ)
def list_reports(request: ApiRequest, dashboard: str) -> dict[str, Any]:
    """The reports of a dashboard one set up or receives, and what came of their newest mails."""
    found = _board(request, dashboard)
    return {
        "items": [told_report(one) for one in reports.reports(request.viewer, found.public_id)],
        "recipients": [
            {"id": one, "name": name} for one, name in reports.audience(request.viewer, found.public_id).items()
        ],
        "mails": [
            {
                "report": mail.report_id, "due_at": mail.slot_at, "recipient": mail.staff_id, "state": mail.state,
                "why": mail.why or None, "ended_at": mail.ended_at,
            }
            for mail in reports.history(request.viewer, found.public_id)
        ],
    }  # fmt: skip


@routes.write("POST", "/dashboards/{dashboard}/reports", answers={201: BoardReportKept}, **WRITE)
def make_dashboard_report(request: ApiRequest, dashboard: str, report: BoardReportIn) -> Any:
    """Have a dashboard sent regularly."""
    found = _board(request, dashboard)
    made = reports.make_report(found.public_id, _rhythm(report), report.recipients, by=request.viewer, on=report.is_on)
    return Status(201, {"id": made.public_id})


@routes.write("PUT", "/dashboards/{dashboard}/reports/{report}", answers={200: BoardReportKept}, **WRITE)
def change_dashboard_report(request: ApiRequest, dashboard: str, report: str, asked: BoardReportIn) -> dict[str, Any]:
    """Change recipients and rhythm, pause it or let it go on."""
    made = reports.change_report(report[:24], _rhythm(asked), asked.recipients, by=request.viewer, on=asked.is_on)
    return {"id": made.public_id}


@routes.write("DELETE", "/dashboards/{dashboard}/reports/{report}", answers={200: BoardReportKept}, takes=(), **WRITE)
def end_dashboard_report(request: ApiRequest, dashboard: str, report: str) -> dict[str, Any]:
    """End a report, and forget its history."""
    reports.remove_report(report[:24], by=request.viewer)
    return {"id": report[:24]}


@routes.write(
    "POST", "/dashboards/{dashboard}/reports/{report}/send", answers={200: BoardReportKept}, takes=(), **WRITE
)
def send_dashboard_report(request: ApiRequest, dashboard: str, report: str) -> dict[str, Any]:
    """Send a report to its recipients now."""
    reports.send_now(report[:24], by=request.viewer)
    return {"id": report[:24]}


def told_board(found: Board, tiles: list[drawing.Tile]) -> dict[str, Any]:
    """A board and its drawn tiles as JSON; the command line tells the same."""
    return {**_line(found), "tiles": [_tile(tile) for tile in tiles]}


def told_report(one: Report) -> dict[str, Any]:
    """A report as JSON."""
    return {
        "id": one.public_id, "every": one.rhythm.every, "on_day": one.rhythm.on_day, "hour": one.rhythm.hour,
        "recipients": list(one.recipient_ids), "is_on": one.is_on, "next_at": one.next_at,
    }  # fmt: skip


def _tile(tile: drawing.Tile) -> dict[str, Any]:
    shown, figure = tile.drawn, tile.drawn.figure or {}
    return {
        "id": tile.id, "kind": tile.kind, "of": tile.of, "is_wide": tile.wide, "label": tile.label,
        "empty": shown.empty or None, "shown": figure.get("value"), "value": figure.get("amount"),
        "change": figure.get("trend"), "note": figure.get("note") or None, "as_of": shown.as_of,
        "bars": [{"label": str(b["label"]), "value": b["value"], "shown": b["shown"]} for b in shown.bars],
        "about": shown.about or None,
    }  # fmt: skip


def _line(one: Board) -> dict[str, Any]:
    return {"id": one.public_id, "name": one.name, "sharing": one.sharing, "is_own": one.is_own}


def _board(request: ApiRequest, dashboard: str) -> Board:
    found = shelf.board(request.viewer, dashboard[:24])
    if found is None:
        raise Problem("not_found")
    return found


def _rhythm(asked: BoardReportIn) -> Rhythm:
    try:
        return Rhythm(asked.every, asked.on_day, asked.hour)
    except ValueError:
        raise ReportRefused("rhythm") from None
