"""A tile beside the same tile of the run before."""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from zhike.analyze.boards.catalogue import Drawn
from zhike.analyze.composition_page import trend
from zhike.ui.figures import number


def against(now: Drawn, before: Drawn, day: dt.date) -> Drawn:
    """What is told now, with what stood there on the day of the run before: figures as a trend, bars as differences."""
    if now.empty or before.empty:
        return now
    figure = now.figure
    if figure and before.figure and "amount" in figure and "amount" in before.figure:
        was = {"value": before.figure["value"], "day": day.isoformat()}
        change = trend(before.figure["amount"], figure["amount"])
        figure = {**figure, "trend": change, "note": _("%(value)s on %(day)s") % was}
    then = {bar["label"]: bar["value"] for bar in before.bars}
    bars = [
        {**bar, "shown": f"{bar['shown']} ({_signed(bar['value'] - then.get(bar['label'], 0))})"} for bar in now.bars
    ]
    about = f"{now.about} {_('In brackets: against %(day)s.') % {'day': day.isoformat()}}" if bars else now.about
    return replace(now, figure=figure, bars=bars, about=about)


def _signed(change: float) -> str:
    return f"+{number(change)}" if change > 0 else number(change) if change else "±0"
