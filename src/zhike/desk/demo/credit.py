"""Statements, invoices and credit reports of the demo shop's companies: invented, and each with something to see."""

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random

from zhike.credit import actions as credit
from zhike.credit.records import InvoiceStated, ReportDraft, Stated
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike_analytics.credit import FACTORS

_WAN = 1_000_000
_YEARS = 3
# In 10,000 yuan: a sound firm, one short of cash, one that sinks, one in order; how they grow from year to year.
_FIRMS = (
    ({"current_assets": 900, "inventory": 300, "prepayments": 20, "receivables": 320, "cash": 120, "securities": 60,
      "total_assets": 2000, "current_liabilities": 500, "total_liabilities": 1100, "net_assets": 900,
      "retained_earnings": 350, "sales": 2500, "ebit": 180, "net_profit": 120}, 1.06),
    ({"current_assets": 640, "inventory": 330, "prepayments": 15, "receivables": 230, "cash": 38,
      "total_assets": 1250, "current_liabilities": 560, "total_liabilities": 910, "net_assets": 340,
      "retained_earnings": 60, "sales": 1900, "ebit": 64, "net_profit": 25}, 0.97),
    ({"current_assets": 210, "inventory": 120, "receivables": 70, "cash": 9,
      "total_assets": 520, "current_liabilities": 390, "total_liabilities": 560, "net_assets": -40,
      "retained_earnings": -180, "sales": 610, "ebit": -22, "net_profit": -48}, 0.9),
    ({"current_assets": 480, "inventory": 110, "prepayments": 8, "receivables": 150, "cash": 160,
      "total_assets": 860, "current_liabilities": 230, "total_liabilities": 330, "net_assets": 530,
      "retained_earnings": 240, "sales": 1320, "ebit": 96, "net_profit": 71}, 1.04),
)  # fmt: skip
_JUDGED = ((8, 8, 7, 6, 7), (6, 5, 5, 4, 6), (4, 2, 1, 2, 5), (9, 7, 8, None, 7))
_EVIDENCE = {
    "character": "三年往来没有失信记录。",
    "capacity": "看过年度报表与近半年流水。",
    "capital": "按最新资产负债表。",
    "collateral": "未提供抵押，股东口头担保。",
    "condition": "礼品行业旺季集中在节前。",
}


def tell_of_credit(firms: Sequence[int], staff: Mapping[str, int], chance: Random, *, by: Viewer) -> int:
    """Statements of three years, a dozen invoices and a credit report for each company; how many companies."""
    keeper = secure.viewer_of_staff(staff["keeper"]) if "keeper" in staff else by
    decider = secure.viewer_of_staff(staff["supervisor"]) if "supervisor" in staff else by
    today = clock.today(installation().time_zone)
    for place, firm in enumerate(firms):
        shape, growth = _FIRMS[place % len(_FIRMS)]
        _statements(firm, shape, growth, today, keeper)
        _invoices(firm, place, chance, today, keeper)
        _report(firm, place, today, keeper, decider)
    return len(firms)


def _statements(firm: int, shape: Mapping[str, int], growth: float, today: dt.date, by: Viewer) -> None:
    last = today.year - 1
    for back in range(_YEARS):
        scale = growth**-back
        cents = {name: round(value * scale) * _WAN for name, value in shape.items()}
        # Assets follow from the other two, so that the balance balances whatever rounding does.
        cents["total_assets"] = cents["total_liabilities"] + cents["net_assets"]
        stated = Stated(
            ends_on=dt.date(last - back, 12, 31), is_audited=back > 0 or shape["net_assets"] > 500, amounts=cents,
            origin="年度审计报告" if back else "客户提供",
        )  # fmt: skip
        credit.add_statement(firm, stated, by=by)


def _invoices(firm: int, place: int, chance: Random, today: dt.date, by: Viewer) -> None:
    usual_late = (0, 6, 25, 1)[place % 4]
    for number in range(10):
        due = today - dt.timedelta(days=330 - 34 * number)
        amount = chance.randint(8, 36) * 500_000
        is_open = due >= today or (usual_late > 20 and number == 9) or number > 9
        late = max(0, usual_late + chance.randint(-4, 6)) if usual_late > 1 else usual_late * (number % 4 == 0)
        paid_on = min(due + dt.timedelta(days=late), today)
        credit.note_invoice(
            firm,
            InvoiceStated(
                number=f"FP{today.year}{firm % 1000:03d}{number:02d}",
                issued_on=due - dt.timedelta(days=30),
                due_on=due,
                amount_cents=amount,
                paid_cents=0 if is_open else amount,
                paid_on=None if is_open else paid_on,
            ),
            by=by,
        )


def _report(firm: int, place: int, today: dt.date, author: Viewer, decider: Viewer) -> None:
    judged = dict(zip(FACTORS["5c"], _JUDGED[place % len(_JUDGED)], strict=True))
    limit = (80, 30, 0, 60)[place % 4] * 100_000
    draft = ReportDraft(
        leading="5c",
        scores={"5c": {f: (None if n is None else float(n), _EVIDENCE[f]) for f, n in judged.items()}},
        sections={
            "identity": "登记信息与公示一致，存续。",
            "owners": "实际控制人从业十余年，未见不良记录。",
            "business": "以节日礼品采购为主，年采购两次。",
            "payment": "详见账款记录。",
            "voices": "同行反映付款尚可，基本户银行未见异常。",
            "opinion": "净资产为负，不宜赊账。" if limit == 0 else "可在额度内赊账，每年复审。",
        },
        sources=[("企业信用信息公示", (today - dt.timedelta(days=20)).isoformat(), "存续"),
                 ("客户提供的报表", (today - dt.timedelta(days=15)).isoformat(), "近三年")],
        limit_cents=limit,
        terms_days=30 if limit else 0,
        valid_until=today + dt.timedelta(days=20 if place == 1 else 300),
    )  # fmt: skip
    made = credit.draft_report(firm, draft, by=author)
    credit.submit_report(made, by=author)
    # One waits for the visitor to decide.
    if place != 3 and decider.staff_id is not None and decider.staff_id != author.staff_id:
        note = "资不抵债，先款后货。" if limit == 0 else "同意。"
        credit.decide_report(made, "approved", note, by=decider)
