"""Columns of a file of statements: what a heading means, and the units amounts are written in."""

from collections.abc import Sequence

from zhike.credit.records import AMOUNTS

# The template's headings, in the order of the template; then what files call them otherwise. Small letters, no spaces.
HEADINGS: dict[str, tuple[str, ...]] = {
    "customer": ("客户", "档案编号", "客户编号", "统一社会信用代码", "公司名称", "客户名称", "customer", "file_number", "credit_code"),
    "ends_on": ("报表日期", "截止日期", "报告期", "日期", "ends_on", "date", "period_end"),
    "period": ("期间", "报表类型", "period"),
    "unit": ("单位", "金额单位", "unit"),
    "is_audited": ("已审计", "是否审计", "审计", "audited", "is_audited"),
    "is_consolidated": ("合并报表", "是否合并", "合并", "consolidated", "is_consolidated"),
    "origin": ("来源", "资料来源", "origin", "source"),
    "current_assets": ("流动资产", "流动资产合计"),
    "inventory": ("存货",),
    "prepayments": ("预付款项", "预付账款", "预付款"),
    "receivables": ("应收账款", "应收款项"),
    "cash": ("货币资金", "现金"),
    "securities": ("交易性金融资产", "短期投资", "短期证券"),
    "other_cash": ("其他现金类", "应收票据"),
    "total_assets": ("资产总计", "资产总额", "总资产"),
    "current_liabilities": ("流动负债", "流动负债合计"),
    "total_liabilities": ("负债合计", "负债总额", "总负债"),
    "net_assets": ("所有者权益", "所有者权益合计", "净资产", "资产净值"),
    "retained_earnings": ("未分配利润", "留存收益"),
    "sales": ("营业收入", "销售收入"),
    "ebit": ("息税前利润", "ebit"),
    "net_profit": ("净利润",),
}  # fmt: skip
PERIODS = {
    "": "year", "year": "year", "年": "year", "年报": "year", "年度": "year",
    "half": "half", "半年": "half", "半年报": "half",
    "quarter": "quarter", "季": "quarter", "季报": "quarter", "季度": "quarter",
    "month": "month", "月": "month", "月报": "month", "月度": "month",
}  # fmt: skip
# Cents in one of the unit.
UNITS = {
    "": 100, "元": 100, "yuan": 100, "1": 100, "千元": 100_000, "thousand": 100_000, "1000": 100_000,
    "万元": 1_000_000, "万": 1_000_000, "10000": 1_000_000, "wan": 1_000_000,
    "百万元": 100_000_000, "million": 100_000_000, "亿元": 10_000_000_000,
}  # fmt: skip
YES = frozenset({"是", "yes", "y", "true", "1", "已审计", "√", "合并"})
NO = frozenset({"", "否", "no", "n", "false", "0", "未审计", "×", "母公司"})


def placed(headings: Sequence[str]) -> dict[str, int]:
    """Which column of a file holds what: {part: place}; a heading nobody knows is passed over."""
    calm = ["".join(text.split()).lower().split("(")[0].split("（")[0] for text in headings]
    known = {word: part for part, words in HEADINGS.items() for word in (part, *words)}
    found: dict[str, int] = {}
    for place, text in enumerate(calm):
        if text in known:
            found.setdefault(known[text], place)
    return found


def template() -> str:
    """An empty file to fill in, with one line as an example; opens in a spreadsheet as it is."""
    example = {
        "customer": "K0000000001", "ends_on": "2025-12-31", "period": "年报", "unit": "万元", "is_audited": "是",
        "is_consolidated": "否", "origin": "年度审计报告", "current_assets": "900", "inventory": "300", "prepayments": "20",
        "receivables": "350", "cash": "120", "securities": "60", "other_cash": "0", "total_assets": "2000",
        "current_liabilities": "500", "total_liabilities": "1100", "net_assets": "900", "retained_earnings": "350",
        "sales": "2500", "ebit": "180", "net_profit": "110",
    }  # fmt: skip
    heads = ",".join(words[0] for words in HEADINGS.values())
    return f"\ufeff{heads}\r\n" + ",".join(example[part] for part in HEADINGS) + "\r\n"


def unknown_amounts(found: dict[str, int]) -> list[str]:
    """The amounts no column holds."""
    return [name for name in AMOUNTS if name not in found]
