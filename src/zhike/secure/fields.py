"""The field catalogue: one row per field, and everything about a field derives from its row.

Policy, masks, sealing, search, exports, the lake's columns, the leak matrix and erasure read this table, so a field cannot
be added in a wrong way. *Class* says who may see a field, *form* says how it lies; the two are independent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Class = Literal["public", "internal", "personal", "sensitive", "secret"]
Form = Literal["open", "sealed", "apart", "cut"]

CLASSES: tuple[Class, ...] = ("public", "internal", "personal", "sensitive", "secret")
CLASS_LABELS: dict[str, Promise] = {
    "public": _("Public"),
    "internal": _("Internal"),
    "personal": _("Personal"),
    "sensitive": _("Sensitive"),
    "secret": _("Secret"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the product.

    `mask` and `normalizer` name functions of zhike_analytics.values; `lookup` names the keyed digests that find the value;
    `lake` says what may enter the lake (`value`, `flag`, `code` or nothing); `keeping` names a class of keeping period;
    `erase` says what erasure does (`key` destroys the record's key, `blank` rewrites the open value, `keep` by law).
    """

    name: str
    label: Promise
    about: str
    cls: Class
    form: Form = "open"
    mask: str = "hidden"
    normalizer: str = "text"
    lookup: tuple[str, ...] = ()
    facet: bool = False
    lake: str = ""
    export: bool = True
    keeping: str = "customer"
    erase: str = "blank"

    @property
    def sealed(self) -> bool:
        """Whether the value lies encrypted (sealed, apart or cut)."""
        return self.form != "open"


_CATALOGUE: dict[str, Field] = {}


def register(*fields: Field) -> None:
    """Add fields (modules at start-up, and fields a merchant defines); a name is taken once."""
    for new in fields:
        if _CATALOGUE.get(new.name, new) != new:
            raise ValueError(f"field {new.name} is already in the catalogue with other properties")
        if new.cls in ("sensitive", "secret") and new.form == "open":
            raise ValueError(f"field {new.name} is {new.cls} and may not lie open")
        _CATALOGUE[new.name] = new


def field(name: str) -> Field:
    """The catalogue's row of a field; an unknown name is a programming error (KeyError)."""
    return _CATALOGUE[name]


def known(name: str) -> bool:
    """Whether the catalogue has a field of this name."""
    return name in _CATALOGUE


def catalogue(about: str | None = None) -> list[Field]:
    """All fields in their order, or those about `person`, `organisation`, `order`, `metric` (a party is both of the first two)."""
    return [f for f in _rows() if about is None or about in f.about.split("+")]


def _rows() -> Iterator[Field]:
    return iter(_CATALOGUE.values())


_PARTY = "person+organisation"


def _sealed(
    name: str,
    label: Promise,
    about: str,
    cls: Class,
    *,
    mask: str = "hidden",
    normalizer: str = "text",
    lookup: tuple[str, ...] = (),
    lake: str = "",
) -> Field:
    return Field(
        name, label, about, cls, "sealed", mask=mask, normalizer=normalizer, lookup=lookup, lake=lake, erase="key"
    )


def _order(
    name: str, label: Promise, *, lookup: tuple[str, ...] = (), facet: bool = False, lake: str = "value"
) -> Field:
    return Field(name, label, "order", "internal", lookup=lookup, facet=facet, lake=lake, keeping="order", erase="keep")


def _order_sealed(
    name: str, label: Promise, *, mask: str = "hidden", normalizer: str = "text", export: bool = True
) -> Field:
    return Field(
        name, label, "order", "personal", "sealed", mask, normalizer, export=export, keeping="order", erase="key"
    )


register(
    Field("number", _("File number"), _PARTY, "internal", lookup=("number",), lake="value", erase="keep"),
    Field("kind", _("Kind"), _PARTY, "internal", facet=True, lake="value", erase="keep"),
    Field("name", _("Name"), _PARTY, "personal", mask="name", normalizer="name", lookup=("name_token",)),
    Field("sex", _("Sex"), "person", "personal", normalizer="sex", facet=True, lake="code"),
    _sealed("birth_date", _("Birth date"), "person", "sensitive", mask="birthday", normalizer="date"),
    _sealed(
        "phone",
        _("Phone"),
        _PARTY,
        "personal",
        mask="phone",
        normalizer="phone",
        lookup=("phone", "phone_tail"),
        lake="flag",
    ),
    _sealed(
        "other_phone",
        _("Other phone"),
        _PARTY,
        "personal",
        mask="phone",
        normalizer="phone",
        lookup=("phone", "phone_tail"),
        lake="flag",
    ),
    _sealed("email", _("E-mail"), _PARTY, "personal", mask="email", normalizer="email", lookup=("email",), lake="flag"),
    _sealed(
        "wechat", _("WeChat"), "person", "personal", mask="wechat", normalizer="handle", lookup=("wechat",), lake="flag"
    ),
    _sealed("qq", _("QQ"), "person", "personal", mask="qq", normalizer="handle", lookup=("qq",), lake="flag"),
    _sealed(
        "platform_handle",
        _("Platform member name"),
        _PARTY,
        "personal",
        mask="handle",
        normalizer="handle",
        lookup=("platform_handle",),
    ),
    Field("platform_id", _("Platform customer id"), _PARTY, "internal", normalizer="handle", lookup=("platform_id",)),
    _sealed(
        "payment_account",
        _("Payment account"),
        _PARTY,
        "sensitive",
        mask="handle",
        normalizer="handle",
        lookup=("payment_account",),
    ),
    Field("nickname", _("Nickname"), "person", "personal", mask="handle"),
    Field("country", _("Country"), _PARTY, "internal", facet=True, lake="code"),
    Field("province", _("Province"), _PARTY, "internal", facet=True, lake="code"),
    Field("city", _("City"), _PARTY, "internal", facet=True, lake="code"),
    Field("district", _("District"), _PARTY, "internal", facet=True, lake="code"),
    _sealed("address_detail", _("Street address"), _PARTY, "personal", mask="address", normalizer="address"),
    Field("postcode", _("Postcode"), _PARTY, "personal", normalizer="text"),
    Field("occupation", _("Occupation"), "person", "personal", facet=True, lake="code"),
    Field("employer", _("Employer"), "person", "personal"),
    Field("company", _("Company"), _PARTY, "internal"),
    Field("credit_code", _("Unified social credit code"), "organisation", "internal", lookup=("credit_code",)),
    Field("language", _("Language"), _PARTY, "internal", facet=True, lake="code"),
    Field("note", _("Note"), _PARTY, "personal", form="cut", export=False, erase="key"),
    Field("tags", _("Tags"), _PARTY, "internal", facet=True, lake="code"),
    Field("owner", _("Owner"), _PARTY, "internal", facet=True, lake="code", erase="keep"),
    Field("stage", _("Stage"), _PARTY, "internal", facet=True, lake="code"),
)

register(
    _order("order_number", _("Order number"), lookup=("order_number",), lake=""),
    _order("order_status", _("Order status"), facet=True, lake="code"),
    _order("ordered_at", _("Ordered at")),
    _order("paid_at", _("Paid at")),
    _order("goods_amount", _("Goods amount")),
    _order("shipping_amount", _("Shipping amount")),
    _order("discount_amount", _("Discount amount")),
    _order("paid_amount", _("Paid amount")),
    _order("refund_amount", _("Refund amount")),
    _order("order_lines", _("Order lines")),
    _order_sealed("receiver_name", _("Receiver's name"), mask="name", normalizer="name"),
    _order_sealed("receiver_phone", _("Receiver's phone"), mask="phone", normalizer="phone"),
    _order_sealed("receiver_address", _("Receiver's address"), mask="address", normalizer="address"),
    # The words a buyer writes hold phones and addresses: sealed whole until identifiers are cut out of texts.
    _order_sealed("buyer_message", _("Buyer's message"), export=False),
    _order_sealed("seller_memo", _("Seller's memo"), export=False),
    _order_sealed("tracking_number", _("Tracking number"), mask="waybill"),
    Field("metrics", _("Metrics"), "metric", "internal", facet=True, lake="value"),
    Field("rfm_class", _("RFM class"), "metric", "internal", facet=True, lake="value"),
    Field("order_count", _("Orders"), "metric", "internal", facet=True, lake="value"),
    Field("net_amount", _("Net amount"), "metric", "internal", facet=True, lake="value"),
    Field("first_order_at", _("First order"), "metric", "internal", facet=True, lake="value"),
    Field("last_order_at", _("Last order"), "metric", "internal", facet=True, lake="value"),
    Field("contact_records", _("Contact records"), _PARTY, "internal", lake=""),
)
