"""Numbers as people type them into forms of rules. What cannot be read becomes a number no rule accepts."""

import math


def share(text: str) -> float:
    """Percent, with or without its sign, as a share: `5%` is 0.05; nan for anything else."""
    try:
        return float(text.strip().rstrip("%")) / 100
    except ValueError:
        return math.nan


def whole(text: str) -> int:
    """A whole number of up to six digits; -1 for anything else."""
    typed = text.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= 6 else -1
