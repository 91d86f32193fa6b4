"""Questions the clean module answers; nothing here writes."""

from zhike.clean.queries.funnel import numbers, qualified, rule_names, score_parts

__all__ = ["numbers", "qualified", "rule_names", "score_parts"]
