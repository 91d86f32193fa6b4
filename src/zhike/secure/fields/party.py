"""Fields that persons and organizations share: identifiers, ways to reach them, address, standing with us."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from zhike.secure.fields import choices
from zhike.secure.fields.field import PARTY, Field, stated

_party = partial(stated, about=PARTY)
_sealed = partial(_party, form="sealed")
_pointer = partial(Field, about=PARTY, cls="internal")

FIELDS = (
    _pointer("number", _("File number"), lookup=("number",), lake="value", erase="keep"),
    _pointer("kind", _("Kind"), facet=True, lake="value", erase="keep"),
    Field("name", _("Name"), PARTY, "personal", mask="name", normalizer="name", lookup=("name_token",), group="self", weight=5),
    Field("sex", _("Sex"), "person", "personal", normalizer="sex", facet=True, lake="code", group="self", kind="choice",
          choices=choices.SEXES, weight=3),
    Field("birth_date", _("Birth date"), "person", "sensitive", "sealed", mask="birthday", normalizer="date", erase="key",
          group="self", kind="date", weight=2),
    Field("phone", _("Phone"), PARTY, "personal", "sealed", mask="phone", normalizer="phone", lookup=("phone", "phone_tail"),
          lake="flag", erase="key", group="contact", weight=5),
    Field("other_phone", _("Other phone"), PARTY, "personal", "sealed", mask="phone", normalizer="phone",
          lookup=("phone", "phone_tail"), lake="flag", erase="key", group="contact", weight=1),
    Field("email", _("E-mail"), PARTY, "personal", "sealed", mask="email", normalizer="email", lookup=("email",), lake="flag",
          erase="key", group="contact", weight=3),
    Field("wechat", _("WeChat"), "person", "personal", "sealed", mask="wechat", normalizer="handle", lookup=("wechat",),
          lake="flag", erase="key", group="contact", weight=1),
    Field("qq", _("QQ"), "person", "personal", "sealed", mask="qq", normalizer="handle", lookup=("qq",), lake="flag",
          erase="key", group="contact", weight=1),
    _sealed("weibo", _("Weibo"), "contact", "personal", mask="handle", normalizer="handle"),
    _party("preferred_channel", _("Preferred channel"), "contact", "internal", kind="choice", choices=choices.CHANNELS, weight=2),
    _party("preferred_hours", _("Preferred hours"), "contact", "internal", kind="many", choices=choices.HOURS),
    _party("do_not_contact", _("Do not contact"), "contact", "internal", kind="yes_no", weight=0),
    Field("platform_handle", _("Platform member name"), PARTY, "personal", "sealed", mask="handle", normalizer="handle",
          lookup=("platform_handle",), erase="key", group="accounts"),
    Field("platform_id", _("Platform customer id"), PARTY, "internal", normalizer="handle", lookup=("platform_id",),
          group="accounts"),
    Field("payment_account", _("Payment account"), PARTY, "sensitive", "sealed", mask="handle", normalizer="handle",
          lookup=("payment_account",), erase="key", group="accounts"),
    _party("member_number", _("Member number"), "accounts", "internal", weight=0),
    Field("nickname", _("Nickname"), "person", "personal", mask="handle", group="self"),
    Field("country", _("Country"), PARTY, "internal", facet=True, lake="code", group="address"),
    Field("province", _("Province"), PARTY, "internal", facet=True, lake="code", group="address", weight=2),
    Field("city", _("City"), PARTY, "internal", facet=True, lake="code", group="address", weight=2),
    Field("district", _("District"), PARTY, "internal", facet=True, lake="code", group="address"),
    Field("address_detail", _("Street address"), PARTY, "personal", "sealed", mask="address", normalizer="address",
          erase="key", group="address", weight=3),
    Field("postcode", _("Postcode"), PARTY, "personal", normalizer="text", group="address"),
    _party("residence_area", _("Area of residence"), "address", "internal", weight=0),
    Field("occupation", _("Occupation"), "person", "personal", facet=True, lake="code", group="career", weight=3),
    Field("employer", _("Employer"), "person", "personal", group="career", weight=1),
    Field("company", _("Company"), PARTY, "internal", group="career"),
    Field("credit_code", _("Unified social credit code"), "organisation", "internal", lookup=("credit_code",),
          normalizer="credit_code", group="basics", weight=4),
    Field("language", _("Language"), PARTY, "internal", facet=True, lake="code", group="self"),
    _party("time_zone", _("Time zone"), "self", "internal", weight=0),
    _party("relation_time", _("Relation in time"), "standing", "internal", kind="choice", choices=choices.RELATION_TIMES),
    _party("route", _("Route"), "standing", "internal", kind="choice", choices=choices.ROUTES),
    _party("side", _("Side"), "standing", "internal", kind="choice", choices=choices.SIDES),
    _party("visibility", _("Visibility"), "standing", "internal", kind="choice", choices=choices.VISIBILITIES),
    _party("life_cycle", _("Life cycle"), "standing", "internal", kind="choice", choices=choices.LIFE_CYCLES, weight=0),
    _party("intention", _("Intention to buy"), "standing", "internal", kind="choice", choices=choices.INTENTIONS),
    _party("demand_size", _("Size of demand"), "standing", "internal", kind="number"),
    _party("leaving_reason", _("Reason for leaving"), "leaving", "internal", kind="long", weight=0),
    _party("feedback", _("Feedback given"), "leaving", "internal", kind="long", weight=0),
    _party("win_back", _("Attempts to win back"), "leaving", "internal", kind="long", weight=0),
    Field("note", _("Note"), PARTY, "personal", form="cut", export=False, erase="key", group="other", kind="long"),
    _party("other_material", _("Other useful material"), "other", "personal", kind="long", weight=0),
    _pointer("tags", _("Tags"), facet=True, lake="code"),
    _pointer("owner", _("Owner"), facet=True, lake="code", erase="keep"),
    _pointer("stage", _("Stage"), facet=True, lake="code"),
    _pointer("relations", _("Linked people and companies")),
    Field("attachments", _("Attachments"), PARTY, "personal", "sealed", export=False, erase="key"),
    Field("credit_reports", _("Credit and site-visit reports"), PARTY, "sensitive", "sealed", export=False, erase="key"),
    _pointer("contracts", _("Contracts")),
    Field("consent_evidence", _("Evidence of consent"), PARTY, "personal", "sealed", export=False, erase="key", keeping="consent"),
)  # fmt: skip
