"""Which rows go to the lake, and which of their columns: ids, codes, dates and amounts, never a name or a sealed value.

One entry a lake table, in the order in which a snapshot reads them: facts before the rows they point at, so that a fact
that was read finds what it points at although the database moves on meanwhile. Imports nothing: the snapshot child
starts without Django.
"""

from dataclasses import dataclass

JOINED = {"sqlite": "group_concat", "postgresql": "string_agg"}  # the aggregate that joins texts
SCHEMA_VERSION = 1  # raise it when the meaning of a column changes without its name or type changing


@dataclass(frozen=True, slots=True)
class LakeColumn:
    """A column of the lake: its DuckDB type, the SQL it comes from and, where it is one, its catalogue field.

    In the SQL `{db}` is the attached database and `{joined}` the engine's own aggregate that joins texts.
    """

    name: str
    type: str
    sql: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A table of the lake. `{db}` in `rows` is the attached database; `changed` is the change number of a row.

    `key` names one row for ever. `gone` is an SQL condition for a tombstone. `live` limits rows to those another lake
    table still points at: (own column, other table, its column).
    """

    name: str
    key: str
    rows: str
    changed: str
    columns: tuple[LakeColumn, ...]
    gone: str = "1 = 0"
    live: tuple[str, str, str] | None = None

    def shape(self) -> str:
        """What must be equal for an old file to be readable beside a new one."""
        return f"{SCHEMA_VERSION}:{self.key}:{self.gone}:" + ",".join(
            f"{c.name} {c.type}={c.sql}" for c in self.columns
        )


def _same(table: str, *names_and_types: tuple[str, str]) -> tuple[LakeColumn, ...]:
    return tuple(LakeColumn(name, kind, f"{table}.{name}") for name, kind in names_and_types)


ORDERS = LakeTable(
    name="orders",
    key="order_id",
    rows="{db}shop_order o",
    changed="o.change_seq",
    gone="o.current_version_id IS NULL",
    columns=(
        LakeColumn("order_id", "BIGINT", "o.id"),
        *_same(
            "o",
            ("source_id", "BIGINT"),
            ("source_record_id", "BIGINT"),
            ("current_version_id", "BIGINT"),
            ("no_customer_why", "VARCHAR"),
            ("ordered_at", "TIMESTAMP"),
            ("paid_at", "TIMESTAMP"),
            ("kind", "VARCHAR"),
            ("status", "VARCHAR"),
            ("currency", "VARCHAR"),
            ("goods_cents", "BIGINT"),
            ("postage_cents", "BIGINT"),
            ("fee_cents", "BIGINT"),
            ("refund_cents", "BIGINT"),
            ("total_cents", "BIGINT"),
            ("net_cents", "BIGINT"),
            ("line_count", "BIGINT"),
            ("item_count", "BIGINT"),
        ),
    ),
)

# Lines never change; which of them count is decided by the order's current version, so an undone import needs no
# tombstone for each line.
ORDER_LINES = LakeTable(
    name="order_lines",
    key="line_id",
    rows="{db}shop_orderline l JOIN {db}shop_order o ON o.current_version_id = l.version_id",
    changed="o.change_seq",
    live=("version_id", "orders", "current_version_id"),
    columns=(
        LakeColumn("line_id", "BIGINT", "l.id"),
        LakeColumn("order_id", "BIGINT", "o.id"),
        *_same(
            "l",
            ("version_id", "BIGINT"),
            ("product_id", "BIGINT"),
            ("kind", "VARCHAR"),
            ("quantity", "BIGINT"),
            ("amount_cents", "BIGINT"),
        ),
    ),
)

PRODUCTS = LakeTable(
    name="products",
    key="product_id",
    rows="{db}shop_product p",
    changed="p.change_seq",
    columns=(
        LakeColumn("product_id", "BIGINT", "p.id"),
        *_same(
            "p",
            ("source_id", "BIGINT"),
            ("sku", "VARCHAR"),
            ("title", "VARCHAR"),
            ("line_kind", "VARCHAR"),
            ("category", "VARCHAR"),
            ("brand", "VARCHAR"),
        ),
    ),
)

SOURCE_RECORDS = LakeTable(
    name="source_records",
    key="source_record_id",
    rows="{db}customers_sourcerecord r",
    changed="r.change_seq",
    columns=(
        LakeColumn("source_record_id", "BIGINT", "r.id"),
        *_same("r", ("customer_id", "BIGINT"), ("source_id", "BIGINT")),
    ),
)

CUSTOMERS = LakeTable(
    name="customers",
    key="customer_id",
    rows="{db}customers_customer c",
    changed="c.change_seq",
    gone="c.archived_at IS NOT NULL",
    columns=(
        LakeColumn("customer_id", "BIGINT", "c.id"),
        LakeColumn("root_id", "BIGINT", "c.root_id"),
        LakeColumn("number", "VARCHAR", "c.number", field="number"),
        LakeColumn("kind", "VARCHAR", "c.kind", field="kind"),
        LakeColumn("created_at", "TIMESTAMP", "c.created_at"),
    ),
)

_TAGS = (
    "(SELECT ',' || {joined}(CAST(t.tag_id AS VARCHAR), ',') || ',' FROM {db}customers_customertag t "
    "WHERE t.root_id = k.customer_id)"
)
_CONTACTS = (
    "{db}customers_contactrecord t JOIN {db}customers_sourcerecord r ON r.id = t.source_record_id "
    "JOIN {db}customers_customer c ON c.id = r.customer_id WHERE c.root_id = k.customer_id"
)
# `|marketing_mail=given|sharing=withdrawn|`: of each purpose the most restrictive answer of the merged group. An answer,
# a merge and a consent that lapses touch the card, so its change number tells of these too.
_CONSENTS = (
    "(SELECT '|' || {joined}(g.purpose || '=' || g.state, '|') || '|' FROM (SELECT s.purpose, "
    "CASE max(CASE s.answer WHEN 'withdrawn' THEN 3 WHEN 'given' THEN 2 ELSE 1 END) "
    "WHEN 3 THEN 'withdrawn' WHEN 2 THEN 'given' ELSE 'lapsed' END AS state "
    "FROM {db}secure_consentstate s JOIN {db}customers_customer c ON c.id = s.subject_id "
    "WHERE s.subject_kind = 'customer' AND c.root_id = k.customer_id GROUP BY s.purpose) g)"
)
_MOVES = "FROM {db}customers_stagemove m WHERE m.undone_at IS NULL AND m.customer_id = k.customer_id"
CARDS = LakeTable(
    name="cards",
    key="customer_id",
    rows="{db}customers_customercard k",
    changed="k.change_seq",
    gone="k.archived_at IS NOT NULL",
    # A customer that is absorbed loses its card; what the lake read of it no longer stands for a root, and drops out.
    live=("customer_id", "customers", "root_id"),
    columns=(
        LakeColumn("customer_id", "BIGINT", "k.customer_id"),
        LakeColumn("stage", "VARCHAR", "k.stage", field="stage"),
        LakeColumn("purchase_class", "VARCHAR", "k.purchase_class", field="purchase_class"),
        LakeColumn("lead_rank", "BIGINT", "k.lead_rank", field="lead_score"),
        # A move touches the card it moves, so its change number tells of these too.
        LakeColumn("stage_moved_at", "TIMESTAMP", f"(SELECT max(m.at) {_MOVES})", field="stage"),
        LakeColumn(
            "loss_reason",
            "VARCHAR",
            f"(SELECT m.reason {_MOVES} ORDER BY m.at DESC, m.id DESC LIMIT 1)",
            field="loss_reason",
        ),
        LakeColumn("last_contact_at", "TIMESTAMP", f"(SELECT max(t.at) FROM {_CONTACTS})", field="contact_records"),
        LakeColumn("country", "VARCHAR", "k.country", field="country"),
        LakeColumn("province", "VARCHAR", "k.province", field="province"),
        LakeColumn("city", "VARCHAR", "k.city", field="city"),
        LakeColumn("owner_staff_id", "BIGINT", "k.owner_staff_id"),
        LakeColumn("team_id", "BIGINT", "k.team_id"),
        LakeColumn("first_source_id", "BIGINT", "k.first_source_id"),
        LakeColumn("kind", "VARCHAR", "k.kind", field="kind"),
        LakeColumn("sex", "VARCHAR", "k.sex", field="sex"),
        LakeColumn("district", "VARCHAR", "k.district", field="district"),
        # `->> 'name'` reads a JSON text on SQLite, PostgreSQL and DuckDB alike.
        LakeColumn("occupation", "VARCHAR", "k.\"values\" ->> 'occupation'", field="occupation"),
        LakeColumn("language", "VARCHAR", "k.\"values\" ->> 'language'", field="language"),
        # Codes, numbers and days of all other open fields, the merchant's own among them: see customers.lake_values.
        LakeColumn("stated", "VARCHAR", "k.\"values\" ->> '_lake'"),
        LakeColumn("has_phone", "BOOLEAN", "k.has_phone", field="phone"),
        LakeColumn("has_email", "BOOLEAN", "k.has_email", field="email"),
        # How far what is shown is verified: format_valid, corroborated, confirmed.
        LakeColumn("phone_state", "VARCHAR", "k.phone_state", field="phone"),
        LakeColumn("email_state", "VARCHAR", "k.email_state", field="email"),
        LakeColumn("order_count", "BIGINT", "k.order_count", field="order_count"),
        LakeColumn("net_cents", "BIGINT", "k.net_cents", field="net_amount"),
        LakeColumn("first_order_at", "TIMESTAMP", "k.first_order_at", field="first_order_at"),
        LakeColumn("last_order_at", "TIMESTAMP", "k.last_order_at", field="last_order_at"),
        LakeColumn("created_at", "TIMESTAMP", "k.created_at"),
        # `,3,17,` in any order: a tag put on or taken off moves the card's change number, so no tombstones are needed.
        LakeColumn("tag_ids", "VARCHAR", _TAGS, field="tags"),
        LakeColumn("consents", "VARCHAR", _CONSENTS, field="consents"),
    ),
)

STAGE_MOVES = LakeTable(
    name="stage_moves",
    key="move_id",
    rows="{db}customers_stagemove m",
    changed="m.change_seq",
    gone="m.undone_at IS NOT NULL",
    columns=(
        LakeColumn("move_id", "BIGINT", "m.id"),
        LakeColumn("customer_id", "BIGINT", "m.customer_id"),
        LakeColumn("moved_at", "TIMESTAMP", "m.at"),
        LakeColumn("from_stage", "VARCHAR", "m.from_stage", field="stage"),
        LakeColumn("to_stage", "VARCHAR", "m.to_stage", field="stage"),
        *_same("m", ("why", "VARCHAR"), ("by_staff_id", "BIGINT")),
        LakeColumn("reason", "VARCHAR", "m.reason", field="loss_reason"),
    ),
)

CONTACTS = LakeTable(
    name="contacts",
    key="contact_id",
    rows="{db}customers_contactrecord t",
    changed="t.change_seq",
    columns=(
        LakeColumn("contact_id", "BIGINT", "t.id"),
        LakeColumn("contacted_at", "TIMESTAMP", "t.at"),
        *_same(
            "t",
            ("source_record_id", "BIGINT"),
            ("way", "VARCHAR"),
            ("outcome", "VARCHAR"),
            ("step", "VARCHAR"),
            ("minutes", "BIGINT"),
            ("cost_cents", "BIGINT"),
            ("staff_id", "BIGINT"),
        ),
    ),
)

# What visitors did. An act that names nobody belongs to whom its visitor was identified as: that pointer moves.
TRACKED_EVENTS = LakeTable(
    name="tracked_events",
    key="event_id",
    rows="{db}collect_trackedevent e",
    changed="e.change_seq",
    gone="e.withdrawn_at IS NOT NULL",
    columns=(
        LakeColumn("event_id", "BIGINT", "e.id"),
        *_same("e", ("visitor_id", "BIGINT"), ("source_record_id", "BIGINT"), ("source_id", "BIGINT")),
        LakeColumn("acted_at", "TIMESTAMP", "e.at", field="visits"),
        *(
            LakeColumn(name, "VARCHAR", f"e.{name}", field="visits")
            for name in ("kind", "name", "path", "section", "entry", "entry_name", "mark")
        ),
    ),
)

VISITORS = LakeTable(
    name="visitors",
    key="visitor_id",
    rows="{db}collect_visitor v",
    changed="v.change_seq",
    columns=(
        LakeColumn("visitor_id", "BIGINT", "v.id"),
        *_same("v", ("source_record_id", "BIGINT")),
    ),
)

LAKE_TABLES: tuple[LakeTable, ...] = (
    ORDERS,
    ORDER_LINES,
    PRODUCTS,
    CONTACTS,
    TRACKED_EVENTS,
    VISITORS,
    STAGE_MOVES,
    SOURCE_RECORDS,
    CUSTOMERS,
    CARDS,
)
