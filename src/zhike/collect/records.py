"""What crosses the door of the collect module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhike.customers.records import Statement


@dataclass(frozen=True, slots=True)
class RunFacts:
    """An import run as others see it: counts and codes, no row of the file."""

    id: int
    public_id: str
    kind: str
    state: str
    source_id: int | None
    source_name: str
    file_name: str
    byte_count: int
    digest: str
    template: str
    check_result: Mapping[str, Any]
    counts: Mapping[str, int]
    undo_result: Mapping[str, Any]
    error_code: str
    error_params: Mapping[str, Any]
    job_id: int | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    undone_at: dt.datetime | None
    done_groups: int
    total_groups: int | None
    file_is_there: bool
    sheet: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingFacts:
    """A mapping of the house in a list."""

    public_id: str
    name: str
    kind: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A migration out of a former system."""

    id: int
    public_id: str
    name: str
    former_system: str
    extracted: str
    state: str
    expected: Mapping[str, int]
    found: Mapping[str, int]
    counted_at: dt.datetime | None
    created_at: dt.datetime
    signed_at: dt.datetime | None
    signed_by_staff_id: int | None
    signed_note: str


@dataclass(frozen=True, slots=True)
class TrackedStatement:
    """One act of a visitor as a file or a program tells it, with nothing personal left in its texts.

    `visitor` is the site's own key of the visitor, of which only a keyed digest is stored; `person` says who it is, where
    somebody was signed in; `key` is the id of the message (empty: the same words once). One of visitor and person is there.
    """

    row_no: int
    key: str
    visitor: str
    person: Statement | None
    at: dt.datetime
    kind: str
    name: str = ""
    path: str = ""
    title: str = ""
    section: str = ""
    entry: str = ""
    entry_name: str = ""
    mark: str = ""
    sku: str = ""
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One session of a customer on a site 访问轨迹: its pages in order (`steps`: title or path or name, mark)."""

    id: int
    began_at: dt.datetime
    ended_at: dt.datetime
    source_id: int
    entry: str
    entry_name: str
    steps: tuple[tuple[str, str], ...]
    event_count: int
