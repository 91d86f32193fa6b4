"""What the statements of one organization come to: ratios by both readings, their way, warnings, peers, Z″."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhike.credit import measuring
from zhike.credit.models import FinancialStatement
from zhike.credit.queries.statements import statements_of
from zhike.credit.records import PERIODS, StatementFacts
from zhike.customers import queries as customers
from zhike.secure.records import SYSTEM, Viewer
from zhike_analytics.credit import Distress, altman
from zhike_analytics.ratios import RULES, Ratio, RatioWarning, Standing, Trend, peer_standing, ratios, trend

_MOST_PEERS = 2_000
_LEAST_OF_TRADE = 5


@dataclass(frozen=True, slots=True)
class Analysis:
    """The newest statement measured. `series`: the statements of its own kind, the oldest first, with their ratios; `trade`: the
    industry the peers share, empty where they are all enterprises with statements."""

    newest: StatementFacts
    ratios: Mapping[str, Ratio]
    warnings: tuple[RatioWarning, ...]
    series: tuple[tuple[StatementFacts, Mapping[str, Ratio]], ...]
    trends: Mapping[str, Trend]
    peers: Mapping[str, Standing]
    trade: str
    distress: Distress


def analysis(viewer: Viewer, customer_id: int, record_ids: Sequence[int]) -> Analysis | None:
    """The analysis of a file; None without statements or without the right to see them."""
    held = statements_of(viewer, record_ids)
    if not held:
        return None
    newest = min(held, key=_newest_first)
    # Years are compared with years, groups with groups: the parts of a year are no trend.
    own_kind = [s for s in held if (s.period, s.is_consolidated) == (newest.period, newest.is_consolidated)]
    series = tuple((s, ratios(measuring.statement_of(s.amounts))) for s in sorted(own_kind, key=lambda s: s.ends_on))
    found = ratios(measuring.statement_of(newest.amounts))
    peers, trade = _peers(customer_id, newest)
    keys = [rule.key for rule in RULES]
    return Analysis(
        newest=newest,
        ratios=found,
        warnings=measuring.told_by(newest.amounts),
        series=series,
        trends={key: trend(key, [(s.ends_on, r[key].value) for s, r in series]) for key in keys},
        peers={key: peer_standing(key, found[key].value, [p[key].value for p in peers]) for key in keys},
        trade=trade,
        distress=altman(measuring.statement_of(newest.amounts)),
    )


def _peers(customer_id: int, newest: StatementFacts) -> tuple[list[Mapping[str, Ratio]], str]:
    """The newest statements of other enterprises, of the same industry where enough of them are; only quartiles leave here."""
    rows = FinancialStatement.objects.filter(is_newest=True, currency=newest.currency).order_by("-ends_on", "id")
    held = list(rows[:_MOST_PEERS])
    roots = customers.customers_of_records(SYSTEM, [row.source_record_id for row in held])
    others: dict[int, FinancialStatement] = {}
    for row in held:
        root = roots.get(row.source_record_id)
        if root is not None and root != customer_id:
            others.setdefault(root, row)
    trades = customers.stated_texts(SYSTEM, [customer_id, *others], ["industry"]).get("industry", {})
    own = set(trades.get(customer_id, "").split("、")) - {""}
    alike = {root: r for root, r in others.items() if own & set(trades.get(root, "").split("、"))}
    chosen, trade = (alike, "、".join(sorted(own))) if len(alike) >= _LEAST_OF_TRADE else (others, "")
    return [ratios(measuring.statement_of(measuring.amounts_of(row))) for row in chosen.values()], trade


def told_in_short(viewer: Viewer, record_ids: Sequence[int]) -> dict[str, object] | None:
    """The newest statement in a line or two: period, tone, the first warnings in words; None without one."""
    from zhike.credit import finance_page, words

    held = statements_of(viewer, record_ids)
    if not held:
        return None
    newest = min(held, key=_newest_first)
    told = measuring.told_by(newest.amounts)
    tone = told[0].tone if told else "none"
    return {
        "period": finance_page.period_text(newest),
        "tone": words.TONES[tone],
        "word": words.TONE_WORDS[tone],
        "warnings": [words.WARNINGS[one.code] for one in told][:2],
    }


def _newest_first(one: StatementFacts) -> tuple[int, int, bool]:
    return -one.ends_on.toordinal(), PERIODS.index(one.period), not one.is_consolidated
