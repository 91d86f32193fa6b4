"""RFM once more, in NumPy and plain Python, sharing no line with the library."""

from datetime import date

import numpy as np
import pandas as pd


def people(lines: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Per customer from lines with customer_id, order_id, day (date), net_cents."""
    orders = lines.groupby(["customer_id", "order_id"], as_index=False).agg(
        day=("day", "min"), cents=("net_cents", "sum")
    )
    bought = orders[orders.cents > 0].groupby("customer_id").agg(last=("day", "max"), frequency=("day", "size"))
    bought["monetary_cents"] = orders.groupby("customer_id").cents.sum()
    bought["recency_days"] = [(as_of - last).days for last in bought["last"]]
    return bought.sort_index()


def scores(base: pd.DataFrame, sorting: str, ties: str, bins: int = 5) -> pd.DataFrame:
    cut = _by_rank if ties == "by_rank" else _together
    # A higher key is better for all three: days are turned round here, and only here.
    keys = {"r": -base.recency_days, "f": base.frequency, "m": base.monetary_cents}
    out = pd.DataFrame(index=base.index)
    within: list[str] = []
    for letter, key in keys.items():
        if sorting == "nested" and within:
            out[letter] = 0
            for _, group in out.groupby(within):
                out.loc[group.index, letter] = cut(key.loc[group.index], letter, bins)
            within.append(letter)
            continue
        out[letter] = cut(key, letter, bins)
        within.append(letter)
    out["cell"] = out.r.astype(str) + out.f.astype(str) + out.m.astype(str)
    return out


def _together(key: pd.Series, letter: str, bins: int) -> pd.Series:
    values = np.sort(key.to_numpy(dtype=float))
    limits = [_type7(values, step / bins) for step in range(1, bins)]
    if letter == "r":
        # A day count equal to a limit belongs to the more recent group.
        return sum(((key >= limit).astype(int) for limit in limits), pd.Series(1, key.index))
    return sum(((key > limit).astype(int) for limit in limits), pd.Series(1, key.index))


def _type7(values: np.ndarray, share: float) -> float:
    place = (len(values) - 1) * share
    low = int(np.floor(place))
    high = min(low + 1, len(values) - 1)
    return float(values[low] + (place - low) * (values[high] - values[low]))


def _by_rank(key: pd.Series, letter: str, bins: int) -> pd.Series:
    order = sorted(key.index, key=lambda customer: (key[customer], customer))
    share, more = divmod(len(order), bins)
    sizes = [share + (1 if group < more else 0) for group in range(bins)]
    given = np.repeat(np.arange(1, bins + 1), sizes)
    return pd.Series(given, index=order).reindex(key.index)
