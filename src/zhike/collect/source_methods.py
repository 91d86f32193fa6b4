"""Named methods of gathering customers 来源方式: which one a source stands for, told from its kind."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

METHODS: Mapping[str, Promise] = {
    "original_records": pgettext_lazy("method", "Original records"),
    "new_records": pgettext_lazy("method", "New records"),
    "acquaintances": pgettext_lazy("method", "Acquaintances"),
    "endless_chain": pgettext_lazy("method", "Endless chain"),
    "asking_directly": pgettext_lazy("method", "Asking directly"),
    "repeat_selling": pgettext_lazy("method", "Repeat selling"),
    "feedback": pgettext_lazy("method", "Feedback"),
    "social_ties": pgettext_lazy("method", "Social ties"),
    "enquiry_records": pgettext_lazy("method", "Records of enquiries"),
    "mutual_benefit": pgettext_lazy("method", "Mutual benefit"),
    "buying": pgettext_lazy("method", "Buying"),
    "lists": pgettext_lazy("method", "Lists"),
    "press": pgettext_lazy("method", "Press and directories"),
    "e_mail": pgettext_lazy("method", "E-mail"),
    "search_engine": pgettext_lazy("method", "Search engine"),
    "yellow_pages": pgettext_lazy("method", "Online yellow pages"),
    "trade_sites": pgettext_lazy("method", "Trade sites"),
    "messages": pgettext_lazy("method", "Short messages and chats"),
}
# Kind of source → its method. E-mail, repeat selling and short messages are ways of writing to somebody: no kind of
# source says which one was used.
OF_KIND: Mapping[str, str] = {
    **dict.fromkeys(("shop_platform", "former_system"), "original_records"),
    **dict.fromkeys(
        ("website_form", "web_tracking", "store_terminal", "own_notice", "instrument_reading", "observation"), "new_records"
    ),
    **dict.fromkeys(("interview", "survey", "field_visit", "negotiation"), "asking_directly"),
    **dict.fromkeys(("marketing_campaign", "service_record", "complaint"), "feedback"),
    **dict.fromkeys(("hotline", "live_chat", "correspondence"), "enquiry_records"),
    **dict.fromkeys(("social_media", "forum", "customer_company"), "social_ties"),
    "referral": "endless_chain",
    "acquaintance": "acquaintances",
    **dict.fromkeys(("reciprocal_exchange", "related_service"), "mutual_benefit"),
    **dict.fromkeys(("purchased_list", "data_partner"), "buying"),
    **dict.fromkeys(
        ("exhibition", "conference", "association", "professional_body", "authoritative_database", "government_publication"),
        "lists",
    ),
    **dict.fromkeys(("bank_telecom", "competitor"), "lists"),
    **dict.fromkeys(("newspaper_directory", "media"), "press"),
    **dict.fromkeys(("web_search", "company_site", "collecting_software"), "search_engine"),
    "yellow_pages": "yellow_pages",
    **dict.fromkeys(("industry_site", "b2b_portal", "recruitment_site"), "trade_sites"),
}  # fmt: skip


def methods_of(kinds: Iterable[str]) -> list[str]:
    """The methods behind some kinds of sources in words, each once, in the order of the vocabulary."""
    found = {OF_KIND[kind] for kind in kinds if kind in OF_KIND}
    return [str(words) for code, words in METHODS.items() if code in found]
