"""The funnel on a customer's file."""

from typing import Any

from django.utils.translation import gettext as _

from zhike.clean import queries
from zhike.clean.funnel import words
from zhike.clean.funnel.board_page import Look
from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.customers.records import RegisterRow
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_STATED = ("intention", "purchasing_power", "demand_size", "expected_order_on", "expected_amount")


def pane(viewer: Viewer, row: RegisterRow) -> dict[str, Any]:
    """Everything the pane's template needs."""
    look = Look.of(viewer, [row])
    steps = customers.stage_steps(viewer, row.customer_id, limit=8)
    contact = look.contacts.get(row.customer_id)
    reached = list(customers.PRESALE_STEPS).index(contact.step) if contact and contact.step else -1
    stated = customers.stated_texts(viewer, [row.customer_id], _STATED)
    rules = queries.rule_names([s.rule_id for s in steps if s.rule_id])
    return {
        "row": row,
        "card": look.card(row),
        "stages": words.STAGES,
        "classes": words.CLASSES,
        "stated": {name: texts.get(row.customer_id, "") for name, texts in stated.items()},
        "presale": [(label, n <= reached, n == reached) for n, label in enumerate(words.STEPS.values())],
        "is_before_sale": row.stage in customers.BEFORE_SALE,
        "score": score(viewer, customers.lead_figures(viewer, row.customer_id)),
        "moves": [
            {
                "step": s,
                "why": rules.get(s.rule_id or 0, "") or words.WHYS.get(s.why, s.why),
                "reason": customers.loss_reason_names().get(s.reason, "") if s.reason else "",
            }
            for s in steps
        ],
        "staff": secure.staff_names([s.by_staff_id for s in steps if s.by_staff_id]),
        "may_move": viewer.can("customers.edit") and secure.may_edit(viewer, "stage"),
        "targets": [(code, label) for code, label in words.STAGES.items() if code != row.stage],
    }


def score(viewer: Viewer, figures: Any) -> dict[str, Any]:
    """A score with the points it is made of, greatest first."""
    if not figures:
        return {}
    parts = {p.id: p for p in queries.score_parts()}
    told = [
        {"label": part_label(viewer, parts[int(i)]), "points": points}
        for i, points in sorted(figures.get("parts", {}).items(), key=lambda pair: -abs(pair[1]))
        if int(i) in parts
    ]
    return {**figures, "told": told}


def part_label(viewer: Viewer, part: Any) -> str:
    """A part of the score in words: the segment of a trait, or way, result and step of an act."""
    if part.part == "fit":
        found = segments.segment(viewer, part.segment)
        return found.name if found else _("a segment of somebody else")
    said = [words.WAYS.get(part.way), words.OUTCOMES.get(part.outcome), words.STEPS.get(part.step)]
    return " · ".join(str(text) for text in said if text)
