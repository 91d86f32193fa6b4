"""Where results lie: one Parquet file a run, below the lake (never backed up; running again makes it again)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhike.analyze import methods
from zhike.kit import home
from zhike.kit.formulas import harmless

if TYPE_CHECKING:
    from zhike.analyze.lake import Lake

KEEP_RESULTS = 60  # about two months of nights
PAGE_ROWS = 50  # of a result, on one page
_FOR_SOME = 400  # read for one page where only some of the customers may be shown


def result_path(kind: str, public_id: str) -> Path:
    """The result of a run, per customer."""
    return home.path(f"lake/runs/{kind}") / f"{public_id}.parquet"


def rows_to_read(scope: str) -> int:
    """How many rows of a result are read for one page of a viewer's scope: who sees only some customers gets those among more."""
    return PAGE_ROWS if scope == "all" else _FOR_SOME


def write_numbered(lake: "Lake", rows: Any, path: Path, table: str) -> None:
    """Write ranked rows (Arrow, by `customer_id`) as a run's result and keep them as a table of the lake's engine.

    With the file number: who downloads the result knows customers by it.
    """
    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    lake.engine.create_table(f"{table}_rows", rows, overwrite=True)
    ranked = lake.engine.table(f"{table}_rows")
    named = ranked.left_join(numbers, ranked.customer_id == numbers.numbered_id).drop("numbered_id").order_by("rank")
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(named, str(draft), COMPRESSION="zstd")
    draft.replace(path)
    lake.read_result(path, table)


def forget_old(kind: str, keep: list[str]) -> int:
    """Delete the results of runs that are not among `keep` (public ids); their rows and figures stay."""
    gone = 0
    for part in home.path(f"lake/runs/{kind}").glob("*.parquet"):
        if part.stem not in keep:
            part.unlink()
            gone += 1
    return gone


# What a download holds, by kind; never a name of a person.
_CSV_COLUMNS = {
    "rfm": ("number", "class_code", "cell", "r", "f", "m", "recency_days", "frequency", "monetary_cents", "segment10"),
    "composition": (
        "number", "change", "before_cents", "after_cents", "change_cents", "orders", "province", "city", "country", "stage",
        "kind",
    ),
    "value": ("number", "abc_class", "level", "value_cents", "rank", "share", "cumulative_share"),
    "funnel": (
        "number", "stage", "entered_on", "month", "source", "owner", "purchase_class", "lead_rank", "back_steps", "lost_reason",
        "lost_from", "expected_cents", "net_cents", "minutes", "contacts", "cost_cents",
    ),
    "lifetime": (
        "number", "band", "alive_percent", "expected_orders", "spend_cents", "value_ahead_cents", "historic_cents", "repeats",
        "gap_days", "silent_days", "rank",
    ),
    "retention": (
        "number", "cohort", "risk_level", "risk_percent", "historic_cents", "repeats", "gap_days", "silent_days", "rank",
    ),
    "satisfaction": ("number", "level", "satisfaction_index", "recommend", "answered_on", "rank"),
    "loyalty": ("number", "cell", "occasions", "attitude", "historic_cents", "rank"),
    "replenishment": (
        "rank", "number", "sku", "title", "basis", "gaps", "gap_days", "own_gap_days", "usual_gap_days", "silent_days", "last_day",
        "due_in_days", "due_day", "from_day", "to_day",
    ),
    "recommendation": ("number", "products", "skus", "because_skus"),
    "profit": (
        "number", "profit_class", "service_kind", "orders", "net_cents", "goods_cents", "known_cents", "cost_cents",
        "margin_cents", "contacts", "minutes", "time_cents", "spent_cents", "handling_cents", "acquisition_cents",
        "serve_cents", "contribution_cents", "rank",
    ),
    "portrait": (
        "rank", "number", "group_code", "types", "utility", "brand", "beauty", "novelty", "following", "bargain", "preferred", "orders",
    ),
    "lookalike": ("place", "number", "score_percent"),
    "paths": (
        "number", "sessions", "last_visit", "visits_30", "pages", "entry", "step", "stopped_at", "basket_left", "form_left",
        "queue_left", "rank",
    ),
    "association": (
        "rank", "antecedent", "consequent", "together", "antecedent_count", "consequent_count", "support", "confidence", "lift",
        "leverage", "conviction", "cosine", "jaccard", "kulczynski", "zhang", "chance",
    ),
    "products": (
        "sku", "title", "abc_class", "quantity", "revenue_cents", "sales_share", "unit_cost_cents", "cost_cents",
        "margin_cents", "margin_rate", "average_stock_cents", "turnover", "cross_ratio", "contribution_ratio",
        "margin_contribution",
    ),
}  # fmt: skip


def _heads() -> dict[str, str]:
    return {
        "number": _("File number"), "class_code": _("Class code"), "cell": _("Cell"), "r": "R", "f": "F", "m": "M",
        "recency_days": _("Days since"), "frequency": _("Purchases"), "monetary_cents": _("Net, in cents"),
        "segment10": _("Segment"),
    }  # fmt: skip


def csv_lines(path: Path, kind: str = "rfm") -> Iterator[str]:
    """A result as CSV text, in pieces: codes, numbers and whole cents; a text a spreadsheet could run is made harmless.

    RFM has headings in the reader's language; the others have the names of the columns, which docs/reference explains.
    """
    import csv
    import io

    import pyarrow.parquet as pq

    own = methods.of_kind(kind)
    columns = ["number", *(c.name for c in own.columns), "rank"] if own else list(_CSV_COLUMNS[kind])
    heads = _heads() if kind == "rfm" else {}
    yield "\ufeff" + ",".join(heads.get(name, name) for name in columns) + "\r\n"
    with pq.ParquetFile(path) as stored:
        for batch in stored.iter_batches(batch_size=10_000, columns=columns):
            out = io.StringIO()
            held = [batch.column(name).to_pylist() for name in columns]
            csv.writer(out).writerows([_cell(value) for value in row] for row in zip(*held, strict=True))
            yield out.getvalue()


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else "" if value is None else value


_BOUNDS = ("orders_min", "step_min", "has")


def behind(
    path: Path, wanted: dict[str, object], *, beyond_rank: int = 0, limit: int = 50, more: tuple[str, ...] = ()
) -> list[dict[str, object]]:
    """Rows of a result that have the values wanted, in the order of their rank, from beyond one on.

    `more`: columns beside those the house's own measures have. `orders_min` asks for at least so many orders, `step_min`
    for at least that step of a funnel, `has` for a column that says something. Files are sorted by rank (those of buyers by product, then rank) and
    read part by part until the page is full; parts that cannot hold a row are not read.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rows: list[dict[str, object]] = []
    with pq.ParquetFile(path) as stored:
        names = stored.schema_arrow.names
        equal = {name: value for name, value in wanted.items() if name not in _BOUNDS and name in names}
        asked = pc.field("rank") > beyond_rank
        for name, value in equal.items():
            asked = asked & (pc.field(name) == value)
        if "orders_min" in wanted:
            asked = asked & (pc.field("orders") >= wanted["orders_min"])
        if "step_min" in wanted:
            asked = asked & (pc.field("step") >= wanted["step_min"])
        if "has" in wanted:
            asked = asked & pc.field(str(wanted["has"])).is_valid()
        shown = [name for name in (*SHOWN, *more) if name in names]
        for number in range(stored.num_row_groups):
            if not _may_hold(stored.metadata.row_group(number), names, equal, beyond_rank):
                continue
            part = stored.read_row_group(number, columns=[*shown, *(name for name in equal if name not in shown)])
            rows += part.filter(asked).select(shown).slice(0, limit - len(rows)).to_pylist()
            if len(rows) >= limit:
                break
    return rows


def _may_hold(part: Any, names: list[str], equal: dict[str, object], beyond_rank: int) -> bool:
    """Whether a part of a file can hold a row asked for, by the least and greatest whole numbers it states."""
    bounds: dict[str, tuple[Any, Any]] = {"rank": (beyond_rank + 1, None)}
    bounds |= {name: (value, value) for name, value in equal.items() if isinstance(value, int)}
    for name, (least, most) in bounds.items():
        told = part.column(names.index(name)).statistics
        if told is None or not told.has_min_max:
            continue
        if told.max < least or (most is not None and told.min > most):
            return False
    return True


SHOWN = (
    "customer_id", "rank", "change", "before_cents", "after_cents", "change_cents", "orders", "bought_cents", "quantity",
    "product_id", "sku", "title", "revenue_cents", "sales_share", "margin_cents", "margin_rate", "turnover", "cross_ratio",
    "contribution_ratio", "margin_contribution", "abc_class", "unit_cost_cents", "stage", "entered_on", "expected_cents",
    "minutes", "lost_reason", "band", "alive_percent", "expected_orders", "value_ahead_cents", "historic_cents", "repeats",
    "gap_days", "silent_days", "risk_level", "risk_percent", "cohort",
    "level", "satisfaction_index", "recommend", "answered_on", "cell", "occasions", "attitude",
    "place", "because_id", "because2_id", "due_in_days", "due_day", "from_day", "to_day", "basis", "gaps", "last_day",
    "net_cents", "serve_cents", "contribution_cents", "profit_class", "service_kind", "contacts",
    "group_code", "types", "preferred", "score_percent", "utility", "brand", "beauty", "novelty", "following", "bargain",
    "sessions", "last_visit", "visits_30", "entry", "step", "stopped_at", "basket_left", "form_left", "queue_left",
)  # fmt: skip
