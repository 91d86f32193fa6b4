"""The funnel 客户漏斗: who came to which stage when, how many went on, how long they stayed, what is likely to come.

Every figure stands on *stays*: one row for each time somebody was at a stage, from when to when.
"""

from zhike_analytics.funnel.calibration import Calibration, calibration
from zhike_analytics.funnel.conversion import Step, conversion, overall, reached, steps
from zhike_analytics.funnel.durations import StageTime, median_days, stage_days, time_in_stage
from zhike_analytics.funnel.leads import lead_scores
from zhike_analytics.funnel.pipelines import pipeline, velocity
from zhike_analytics.funnel.stays import STAGES, entries, stays

__all__ = [
    "STAGES",
    "Calibration",
    "StageTime",
    "Step",
    "calibration",
    "conversion",
    "entries",
    "lead_scores",
    "median_days",
    "overall",
    "pipeline",
    "reached",
    "stage_days",
    "stays",
    "steps",
    "time_in_stage",
    "velocity",
]
