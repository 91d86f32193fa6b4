"""Kinds of channels data comes through, as codes; internal ones are our own dealings, external ones somebody else's."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INTERNAL: dict[str, Promise] = {
    "shop_platform": _("Shop platform"),
    "live_chat": _("Live chat"),
    "website_form": _("Website form"),
    "web_tracking": _("Web tracking"),
    "survey": pgettext_lazy("kind of source", "Survey"),
    "interview": _("Interview"),
    "observation": _("Observation"),
    "marketing_campaign": _("Marketing campaign"),
    "correspondence": _("Correspondence"),
    "negotiation": _("Negotiation"),
    "service_record": _("Service record"),
    "hotline": _("Hotline"),
    "complaint": pgettext_lazy("kind of source", "Complaint"),
    "store_terminal": _("Store terminal"),
    "exhibition": _("Exhibition or fair"),
    "referral": _("Referral by a customer"),
    "social_media": _("Social media"),
    "field_visit": _("Field visit"),
    "conference": _("Conference"),
    "own_notice": _("Own notice"),
    "instrument_reading": _("Instrument reading"),
    "former_system": _("Former system"),
}

EXTERNAL: dict[str, Promise] = {
    "web_search": _("Web search"),
    "industry_site": _("Industry site"),
    "company_site": _("Company site"),
    "customer_company": _("Customer's own company"),
    "yellow_pages": _("Yellow pages"),
    "forum": _("Forum"),
    "authoritative_database": _("Authoritative database"),
    "professional_body": _("Professional body"),
    "association": _("Association"),
    "government_publication": _("Government publication"),
    "bank_telecom": _("Bank or telecom company"),
    "media": _("Media"),
    "newspaper_directory": _("Newspaper or directory"),
    "purchased_list": _("Purchased list"),
    "data_partner": _("Data partner"),
    "acquaintance": _("Acquaintances and social ties"),
    "reciprocal_exchange": _("Reciprocal exchange"),
    "b2b_portal": _("B2B portal"),
    "recruitment_site": _("Recruitment site"),
    "related_service": _("Related service trade"),
    "competitor": _("Competitor"),
    "collecting_software": _("Collecting software"),
}

KINDS: dict[str, Promise] = {**INTERNAL, **EXTERNAL}

PLATFORMS: dict[str, Promise] = {
    "taobao": _("Taobao / Tmall"),
    "jd": _("JD.com"),
    "pinduoduo": _("Pinduoduo"),
    "douyin": _("Douyin shop"),
    "youzan": _("Youzan"),
    "shopify": _("Shopify"),
    "woocommerce": _("WooCommerce"),
}

LEGAL_BASES: dict[str, Promise] = {
    "contract": _("Contract: needed to conclude or perform one"),
    "consent": _("Consent of the person"),
    "legal_duty": _("Legal duty"),
    "emergency": _("Protection of life or property in an emergency"),
    "public_data": _("Lawfully published by the person"),
    "other_law": _("Another ground in law"),
    "legitimate_interest": _("Legitimate interest (where the law knows it)"),
}

TRUST: dict[int, Promise] = {
    1: _("1 · hearsay"),
    2: _("2 · unchecked"),
    3: _("3 · usual"),
    4: _("4 · checked"),
    5: _("5 · seen by ourselves"),
}


def kind_label(code: str) -> str:
    """A kind in the reader's language; the code itself when it is not known."""
    return str(KINDS.get(code, code))
