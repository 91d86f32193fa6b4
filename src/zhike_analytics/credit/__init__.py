"""Credit 信用分析 of customers: scorecards of 5C, 5P and 6A, grades, limits and terms, payment behaviour, exposure, Altman's Z.

Nothing here decides. It adds up what people judged, says which rule bound a limit, and which factor was missing. The three
sets of factors look at the same firm from three sides: their scores are never added together.
"""

from zhike_analytics.credit.distress import ZONES, Distress, altman, rating_equivalent
from zhike_analytics.credit.evidence import Evidence, information_value, weight_of_evidence
from zhike_analytics.credit.exposure import Exposure, Hold, exposure, hold
from zhike_analytics.credit.limits import (
    BANDS,
    Limit,
    band_share,
    small_customer_amount,
    suggest_limit,
    working_assets,
    working_assets_value,
)
from zhike_analytics.credit.payments import (
    AGES,
    Ageing,
    Invoice,
    Payments,
    ageing,
    days_of_sales_outstanding,
    payment_behaviour,
)
from zhike_analytics.credit.scorecards import (
    FACTORS,
    GRADES,
    SCALE,
    Scored,
    even_weights,
    grade_of,
    refuse_bad_weights,
    score,
)

__all__ = [
    "AGES",
    "BANDS",
    "FACTORS",
    "GRADES",
    "SCALE",
    "ZONES",
    "Ageing",
    "Distress",
    "Evidence",
    "Exposure",
    "Hold",
    "Invoice",
    "Limit",
    "Payments",
    "Scored",
    "ageing",
    "altman",
    "band_share",
    "days_of_sales_outstanding",
    "even_weights",
    "exposure",
    "grade_of",
    "hold",
    "information_value",
    "payment_behaviour",
    "rating_equivalent",
    "refuse_bad_weights",
    "score",
    "small_customer_amount",
    "suggest_limit",
    "weight_of_evidence",
    "working_assets",
    "working_assets_value",
]
