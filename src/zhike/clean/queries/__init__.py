"""Questions the clean module answers; nothing here writes."""

from zhike.clean.queries.funnel import numbers, qualified, rule_names, score_parts
from zhike.clean.queries.truth import invented_records

__all__ = ["invented_records", "numbers", "qualified", "rule_names", "score_parts"]
