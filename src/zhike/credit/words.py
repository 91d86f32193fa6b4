"""Codes of statements and credit in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

Words = dict[str, Promise]

PERIODS: Words = {
    "year": _p("statement", "Year"),
    "half": _p("statement", "Half-year"),
    "quarter": _p("statement", "Quarter"),
    "month": _p("statement", "Month"),
}
AMOUNTS: Words = {
    "current_assets": _("Current assets"),
    "inventory": _("Inventory"),
    "prepayments": _("Prepayments"),
    "receivables": _("Accounts receivable"),
    "cash": _p("balance sheet", "Cash"),
    "securities": _("Short-term securities"),
    "other_cash": _("Other cash-type (notes due at once)"),
    "total_assets": _("Total assets"),
    "current_liabilities": _("Current liabilities"),
    "total_liabilities": _("Total liabilities"),
    "net_assets": _("Net assets (equity)"),
    "retained_earnings": _("Retained earnings"),
    "sales": _p("income", "Sales"),
    "ebit": _("Earnings before interest and tax"),
    "net_profit": _("Net profit"),
}
# Name, formula; `reading` says whose name it is.
RATIOS: dict[str, tuple[Promise, Promise]] = {
    "current_ratio": (_("Current ratio"), _("current assets ÷ current liabilities")),
    "quick_ratio": (_("Quick ratio"), _("(current assets − inventory) ÷ current liabilities")),
    "quick_ratio_strict": (
        _("Quick ratio, strict"),
        _("(current assets − inventory − prepayments) ÷ current liabilities"),
    ),
    "cash_to_current_assets": (_("Cash ratio (textbook)"), _("cash-type assets ÷ current assets")),
    "cash_to_current_liabilities": (
        _("Realizable ratio (textbook), commonly the cash ratio"),
        _("cash-type assets ÷ current liabilities"),
    ),
    "current_assets_to_total_debt": (
        _("Debt liquidity (textbook)"),
        _("current assets ÷ total liabilities"),
    ),
    "debt_to_net_assets": (
        _("Debt ratio (textbook), commonly debt to equity"),
        _("total liabilities ÷ net assets"),
    ),
    "debt_to_asset": (_("Debt to assets (standard)"), _("total liabilities ÷ total assets")),
}
READINGS: Words = {"both": _("both"), "textbook": _("textbook"), "standard": _("standard")}
# What a careful reader looks for; a rule of thumb beside each ratio.
USUAL: Words = {
    "current_ratio": _("about 200%; below 100% is short"),
    "quick_ratio": _("about 100%"),
    "quick_ratio_strict": _("about 100%"),
    "cash_to_current_liabilities": _("about 20%"),
    "debt_to_asset": _("40–60%; above 70% be careful"),
    "debt_to_net_assets": _("100% or less is cautious"),
}
BLANKS: Words = {
    "not_stated": _("not stated"),
    "no_current_liabilities": _("no current liabilities"),
    "no_current_assets": _("no current assets"),
    "no_total_liabilities": _("no liabilities"),
    "no_total_assets": _("no assets"),
    "net_assets_gone": _("net assets are gone"),
}
WARNINGS: Words = {
    "net_assets_gone": _("Debts exceed assets"),
    "not_balanced": _("The balance does not balance"),
    "part_beyond_whole": _("A part is larger than its whole"),
    "current_ratio": _("Current ratio is low"),
    "quick_ratio": _("Quick ratio is low"),
    "cash_to_current_liabilities": _("Little cash for what is due"),
    "debt_to_asset": _("Much debt"),
    "loss": _p("statement", "Loss"),
    "idle_cash": _("More cash than debts due: idle money"),
}
TONES = {"bad": "bad", "watch": "warn", "note": "info", "none": "good"}
TONE_WORDS: Words = {
    "bad": _p("statement", "Serious"),
    "watch": _p("statement", "Watch"),
    "note": _p("statement", "In order"),
    "none": _p("statement", "In order"),
}
ZONES: Words = {
    "safe": _("safe zone"),
    "grey": _("grey zone"),
    "distress": _("distress zone"),
}
ZONE_TONES = {"safe": "good", "grey": "warn", "distress": "bad"}
SETS: Words = {"5c": _("5C"), "5p": _("5P"), "6a": _("6A")}
FACTORS: Words = {
    "character": _p("5C", "Character"),
    "capacity": _p("5C", "Capacity"),
    "capital": _p("5C", "Capital"),
    "collateral": _p("5C", "Collateral"),
    "condition": _p("5C", "Conditions"),
    "people": _p("5P", "People"),
    "purpose": _p("5P", "Purpose"),
    "payment": _p("5P", "Payment"),
    "protection": _p("5P", "Protection"),
    "prospect": _p("5P", "Prospects"),
    "economic": _p("6A", "Economic"),
    "technical": _p("6A", "Technical"),
    "managerial": _p("6A", "Managerial"),
    "organisational": _p("6A", "Organizational"),
    "commercial": _p("6A", "Commercial"),
    "financial": _p("6A", "Financial"),
}
ABOUT_FACTORS: Words = {
    "character": _("willingness to pay, record, honesty"),
    "capacity": _("profit and cash flow to pay from"),
    "capital": _("net assets behind the debts"),
    "collateral": _("security and guarantees"),
    "condition": _("economy, trade, place"),
    "people": _("owners and managers"),
    "purpose": _("what the credit is for"),
    "payment": _("what it will be paid from"),
    "protection": _("own assets and guarantees behind it"),
    "prospect": _("outlook of the firm and its trade"),
    "economic": _("demand and gain of the business"),
    "technical": _("equipment, process, know-how"),
    "managerial": _("ability of the management"),
    "organisational": _("structure and order within"),
    "commercial": _("buying, selling, market"),
    "financial": _("funds, debts, return"),
}
SECTIONS: Words = {
    "identity": _("Identity and register"),
    "owners": _("Owners and managers"),
    "business": _("Business and market"),
    "finance": _("Ratios and trend"),
    "payment": _("Payment record"),
    "disputes": _("Disputes"),
    "voices": _("Word of rivals and banks"),
    "opinion": _("Opinion of the author"),
}
STATES: Words = {
    "draft": _p("credit report", "Draft"),
    "waiting": _p("credit report", "Waiting for approval"),
    "approved": _p("credit report", "Approved"),
    "refused": _p("credit report", "Refused"),
    "withdrawn": _p("credit report", "Withdrawn"),
}
STATE_TONES = {"draft": "info", "waiting": "warn", "approved": "good", "refused": "bad"}
LIMIT_RULES: Words = {
    "working_assets": _("Working assets method"),
    "small_customer": _("Small customer: half of net assets and profit"),
    "sales": _("Monthly sales × days of terms"),
    "best_paid": _("Largest invoice paid in time"),
    "grade": _("Cap of the grade"),
    "own_risk": _("Cap of the house"),
}
BLANK_RULES: Words = {
    "no_statement": _("no statement"),
    "not_stated": _("the statement lacks a part"),
    "no_sales": _("no sales in twelve months"),
    "no_terms": _("no grade yet"),
    "not_set": _("not set or never"),
}
HOLDS: Words = {
    "over_limit": _("beyond the limit"),
    "overdue": _("overdue beyond the grace"),
    "expired": _("the credit has expired"),
    "no_limit": _("no credit was approved"),
}
AGES: Words = {
    "not_due": _("Not due"),
    "to_30": _("1–30 days"),
    "to_60": _("31–60 days"),
    "to_90": _("61–90 days"),
    "over_90": _("Above 90 days"),
}
