"""Fields of organizations: the enterprise file 企业客户档案. People of a company are files of their own, linked to it."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from zhike.secure.fields import choices
from zhike.secure.fields.field import stated

_company = partial(stated, about="organisation", cls="internal")
_basics = partial(_company, group="basics")
_state = partial(_company, group="state", kind="long")
_setting = partial(_company, group="setting", cls="public", kind="long", weight=0)
_trading = partial(_company, group="trading", cls="sensitive", kind="long")
_trade = partial(_company, group="trade", kind="long")
_practice = partial(_company, group="practice", kind="long", weight=0)

FIELDS = (
    _basics("legal_form", _("Legal form"), kind="choice", choices=choices.LEGAL_FORMS),
    _basics("founded_on", _("Founded on"), kind="date"),
    _basics("staff_count", _("Number of staff"), kind="number", weight=2),
    _basics("registered_capital", _("Registered capital (10,000 yuan)"), kind="number"),
    _basics("web_site", _("Web site")),
    _basics("region_of_trade", _("Region of trade"), kind="list"),
    _basics("dealer_or_user", _("Dealer or end user"), kind="choice", choices=choices.DEALER_OR_USER, weight=2),
    _basics("relation_to_us", _("Its relation to us"), kind="long", weight=2),
    _basics("business_with_us", _("Its business with us"), kind="long", weight=2),
    _basics("organisation_structure", _("Structure of the organization"), kind="long"),
    _basics("invoice_title", _("Invoice title")),
    _basics("tax_number", _("Taxpayer number")),
    _basics("invoice_bank", _("Bank of deposit")),
    _basics("invoice_account", _("Account number"), cls="sensitive", mask="bank_card"),
    _state("management_ability", _("Ability of management"), weight=2),
    _state("trade_reputation", _("Reputation in the trade"), weight=2),
    _state("business_philosophy", _("Philosophy of business")),
    _state("business_policy", _("Business policy")),
    _state("development_direction", _("Direction of development")),
    _state("operating_results", _("Operating results")),
    _state("product_structure", _("Product structure")),
    _state("product_competitiveness", _("Competitiveness of its products")),
    _state("market_position", _("Market position and strength")),
    _state("market_capacity", _("Market capacity")),
    _state("market_potential", _("Market potential")),
    _setting("region_culture", _("Culture of its region")),
    _setting("region_customs", _("Customs of its region")),
    _setting("development_potential", _("Potential for development")),
    _setting("export_policy", _("Policy in its export markets")),
    _trading("sales_activity", _("Sales activity")),
    _trading("existing_problems", _("Existing problems")),
    _trading("future_potential", _("Future potential")),
    _trading("finance_state", _("State of finance"), weight=2),
    _trading("credit_state", _("State of credit"), weight=2),
    _trade("trade_relations", _("Record of trade relations")),
    _trade("contract_performance", _("Performance of contracts and problems")),
    _trade("attitude_to_us", _("Its attitude to us")),
    _trade("dealings_with_rivals", _("Dealings with our competitors")),
    _trade("market_flow", _("Where its goods go")),
    _company("rivals_attended", _("Competitors it attends to"), "rivals", kind="list"),
    _company("rival_attention", _("How closely it attends to them"), "rivals", kind="choice", choices=choices.ATTENTION),
    _company("rival_comparison", _("We and they compared"), "rivals", kind="long"),
    _practice("trade_conduct", _("Conduct in trade")),
    _practice("dealing_quality", _("Quality of dealing")),
    _practice("dealing_ability", _("Ability in dealing")),
    _practice("concerns", _("What it worries about")),
    _practice("negotiating_attitude", _("Attitude in negotiation")),
)  # fmt: skip
