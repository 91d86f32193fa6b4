"""Shapes: strict in what comes, complete in what goes. Fields of the catalogue carry their class and form."""

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, create_model

from zhike.secure import fields

MOST_ITEMS = 200
Id = Annotated[str, Field(max_length=64, description="A public id.")]
Moment = Annotated[AwareDatetime, Field(ge=dt.datetime(1900, 1, 1, tzinfo=dt.UTC), le=dt.datetime(2200, 1, 1, tzinfo=dt.UTC))]  # fmt: skip
Cents = Annotated[int, Field(ge=-(10**15), le=10**15, description="Money in cents.")]
Count = Annotated[int, Field(ge=0, le=2**31)]
Cursor = Annotated[str, Field(max_length=200, description="`next` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=MOST_ITEMS, description="Items a page.")]


class Strict(Schema):
    """Nothing unknown is taken, and nothing unknown is sent."""

    model_config = ConfigDict(extra="forbid")


class Receipted(Strict):
    """What a write answers: ids, codes and counts alone, for it is kept as the receipt of an Idempotency-Key."""


class Page(Strict):
    """The place of the next page; absent on the last."""

    next: str | None = None


class Note(Strict):
    """Something odd about a value that did not keep it out."""

    field: str
    code: str
    message: str


class Progress(Strict):
    """How far a job is."""

    job: int
    state: str
    done: int
    total: int | None = None
    remaining_s: int | None = None


def of_field(name: str, kind: Any, description: str = "") -> tuple[Any, Any]:
    """A property of a shape that shows a field of the catalogue; absent where it is hidden or unknown."""
    extra: dict[str, Any] = {**marks(name)}
    words = description or str(fields.field(name).label)
    return (kind | None, Field(None, description=words, json_schema_extra=extra))


def marks(name: str) -> dict[str, Any]:
    """What the document tells of a field of the catalogue."""
    known = fields.field(name)
    return {"x-zhike-field": name, "x-zhike-class": known.cls, "x-zhike-form": known.form}


def shape(name: str, doc: str, properties: dict[str, tuple[Any, Any]], *, inside: type[Strict] = Strict) -> Any:
    """A shape made from the catalogue."""
    made = create_model(name, __base__=inside, **properties)  # type: ignore[call-overload]
    made.__doc__ = doc
    return made
