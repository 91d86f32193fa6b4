"""RFM: recency, frequency, monetary value; scores, classes, segments and what to do with them."""

from __future__ import annotations

import sys
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING, Any

from zhike_analytics.rfm.contact import break_even, break_even_index, test_cell_size
from zhike_analytics.rfm.score import RfmRun, rfm, rfm_run
from zhike_analytics.rfm.segments import (
    CLASS_CODES,
    MAP_A,
    MAP_B,
    SEGMENT10_CODES,
    interval_segment,
    segment10,
)
from zhike_analytics.rfm.summary import cells, moved, movement, rfm_summary

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "CLASS_CODES",
    "MAP_A",
    "MAP_B",
    "SEGMENT10_CODES",
    "RfmRun",
    "break_even",
    "break_even_index",
    "cells",
    "interval_segment",
    "moved",
    "movement",
    "rfm",
    "rfm_run",
    "rfm_summary",
    "segment10",
    "test_cell_size",
]


class _Callable(ModuleType):
    # `from zhike_analytics import rfm` finds this module as soon as anybody has imported it,
    # and finds the function before. Both must be callable alike.
    def __call__(self, orders: Any, *, as_of: date | str, **options: Any) -> ir.Table:
        return rfm(orders, as_of=as_of, **options)


sys.modules[__name__].__class__ = _Callable
