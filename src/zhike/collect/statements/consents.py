"""What a cell says of somebody's consent: yes, no, or the day on which they agreed."""

import datetime as dt

from zhike.collect.mapping.binding import folded
from zhike.customers.records import BroughtConsent
from zhike_analytics.values import moment
from zhike_analytics.values.problem import ValueProblem

_YES = frozenset(["是", "有", "同意", "已同意", "授权", "已授权", "允许", "接受", "愿意", "订阅", "已订阅", "yes", "y", "true", "t", "1", "given", "granted", "agreed", "accepted", "subscribed", "optedin", "opted-in", "opt-in", "optin", "on", "√", "✓", "✔"])  # fmt: skip
_NO = frozenset(["否", "无", "不", "不同意", "未授权", "不允许", "拒绝", "已拒绝", "撤回", "已撤回", "撤销", "取消", "已取消", "退订", "已退订", "no", "n", "false", "f", "0", "withdrawn", "refused", "denied", "unsubscribed", "optedout", "opted-out", "opt-out", "optout", "off", "×", "✗", "✘"])  # fmt: skip


def consent_in(purpose: str, text: str, *, as_of: dt.datetime, zone: str, dates: str | None) -> BroughtConsent | str:
    """The answer of a cell that is not blank, or the code of what is wrong with it. `as_of`: the day the row stands for."""
    word = folded(text)
    if word in _YES or word in _NO:
        return BroughtConsent(purpose, "given" if word in _YES else "withdrawn", as_of)
    try:
        at = moment(text, zone, dates).at
    except ValueProblem:
        return "consent_unreadable"
    return "consent_future" if at > as_of + dt.timedelta(days=1) else BroughtConsent(purpose, "given", at, True)
