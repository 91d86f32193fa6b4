"""What imports and sources look like over the API."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from zhike.api.schemas import Limit, Note, Page, Progress, Receipted, Strict
from zhike.collect.source_kinds import KINDS, LEGAL_BASES, PLATFORMS
from zhike.customers.api.shapes import CustomerIn
from zhike.shop.api.shapes import OrderIn

MOST_BULK = 5_000
Number = Annotated[int, Field(ge=0, le=2**62)]


class ImportOut(Strict):
    """One import: what it is, how far it is, what came of it."""

    id: str
    number: int
    kind: str | None = None
    state: Literal[
        "stored", "checking", "checked", "queued", "running", "paused", "done", "failed", "undoing", "undone"
    ]
    source: str | None = Field(None, description="Code of the source.")
    file_name: str
    byte_count: int
    digest: str = Field(description="SHA-256 of the file as it came.")
    template: str | None = Field(None, description="`api` for statements sent in bulk.")
    counts: dict[str, int] = Field(description="What was recorded, by outcome; `rejected` were kept out.")
    foreseen: dict[str, int] = Field(description="What the check foretold.")
    error: Note | None = None
    progress: Progress | None = None
    created_at: dt.datetime
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    undone_at: dt.datetime | None = None


class ImportPage(Page):
    """Imports, newest first."""

    items: list[ImportOut]


class ImportQuery(Strict):
    """Where the list goes on."""

    after: Number | None = Field(None, description="`next` of the page before.")
    limit: Limit = 50


class UploadQuery(Strict):
    """How the file is called."""

    file_name: str = Field("import.csv", min_length=1, max_length=200)


class Description(Strict):
    """What a file is: a template, a mapping of one's own, or recognized by its headings; and where it comes from."""

    source: str = Field(max_length=60, description="Code of the source.")
    kind: Literal["", "orders", "customers", "products", "cases", "tags", "visits"] = ""
    template: str = Field("auto", max_length=60)
    mapping: str = Field("", max_length=300_000, description="A mapping file (YAML) instead of a template.")
    encoding: str = Field("", max_length=24)


class ImportSteered(Receipted):
    """The import, its state now, and the job that works on it."""

    id: str
    state: str
    job: int | None = None


class RejectOut(Strict):
    """A row with a problem; the row itself lies in the file that was sent."""

    row: int
    field: str
    message: str
    kept_out: bool


class RejectList(Strict):
    """The first rows with problems."""

    items: list[RejectOut]


class TemplateOut(Strict):
    """A template that knows the export of a platform."""

    code: str
    kind: str
    platform: str | None = None


class TemplateList(Strict):
    """The templates."""

    items: list[TemplateOut]


class BulkCustomers(Strict):
    """Statements about customers; each names the same source as the others."""

    items: list[CustomerIn] = Field(min_length=1, max_length=MOST_BULK)


class BulkOrders(Strict):
    """Orders; each names the same source as the others."""

    items: list[OrderIn] = Field(min_length=1, max_length=MOST_BULK)


if TYPE_CHECKING:
    Platform: TypeAlias = str
    ChannelKind: TypeAlias = str
    LegalBasis: TypeAlias = str
else:
    Platform = Literal[("", *PLATFORMS)]
    ChannelKind = Literal[tuple(KINDS)]
    LegalBasis = Literal[tuple(LEGAL_BASES)]


class SourceOut(Strict):
    """A place data comes from."""

    code: str
    name: str
    channel_kind: str
    platform: str | None = None
    legal_basis: str
    trust: int
    house: bool = Field(description="What staff enter.")
    archived: bool


class SourceList(Strict):
    """Sources by name."""

    items: list[SourceOut]


class SourceIn(Strict):
    """A source to register."""

    code: str = Field(min_length=1, max_length=60, pattern="^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1, max_length=80)
    channel_kind: ChannelKind
    legal_basis: LegalBasis
    platform: Platform = ""
    trust: int = Field(3, ge=1, le=5)
    notice: str = Field("", max_length=4000)


class SourceChange(Strict):
    """What changes of a source; the rest stays."""

    name: str | None = Field(None, min_length=1, max_length=80)
    channel_kind: ChannelKind | None = None
    legal_basis: LegalBasis | None = None
    platform: Platform | None = None
    trust: int | None = Field(None, ge=1, le=5)
    notice: str | None = Field(None, max_length=4000)
    archived: Literal[True] | None = None


class SourceKept(Receipted):
    """The source that was registered or changed."""

    code: str
