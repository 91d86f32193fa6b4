"""Figures for whoever watches this installation with Prometheus: each module registers its own gauges, as with checks.

What the worker does is read from the database, so that one page tells of both processes. Values are numbers, labels are
codes out of short lists: no name, number or address of anybody can get here.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

Values = Mapping[tuple[str, ...], float | None] | float | None

CONTENT_TYPE = CONTENT_TYPE_LATEST

_KEPT_S = 2.0  # several watchers at once cost one look
_FAILED = "zhike_gauge_failed"


@dataclass(frozen=True)
class Gauge:
    """`read` gives the value, or {label values: value}; None is left out. A name that ends in _total only grows."""

    name: str
    about: Promise | str
    labels: tuple[str, ...]
    read: Callable[[], Values]


_gauges: dict[str, Gauge] = {}

registry = CollectorRegistry()
ProcessCollector(namespace="zhike_web", registry=registry)
requests = Histogram(
    "zhike_request_seconds",
    "How long requests took, by the name of their route.",
    ("route", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)


def gauge(
    name: str, about: Promise | str, *, labels: tuple[str, ...] = ()
) -> Callable[[Callable[[], Values]], Callable[[], Values]]:
    """Register a gauge; called at import of `<module>/gauges.py`. `about` ends up in the reference, in both languages."""

    def decorate(read: Callable[[], Values]) -> Callable[[], Values]:
        _gauges[name] = Gauge(name, about, labels, read)
        return read

    return decorate


def gauges() -> list[Gauge]:
    """Every declared gauge, by name."""
    from django.utils.module_loading import autodiscover_modules

    from zhike.kit import readings  # noqa: F401  (the kit's own)

    autodiscover_modules("gauges")
    return [_gauges[name] for name in sorted(_gauges)]


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(registry)


class _Declared:
    """Reads the declared gauges when the page is asked for; the last reading is kept for two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._kept: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            if time.monotonic() - self._read_at > _KEPT_S:
                self._kept = list(_read_all())
                self._read_at = time.monotonic()
            return self._kept

    def forget(self) -> None:
        self._read_at = float("-inf")


declared = _Declared()
registry.register(declared)


def _read_all() -> Iterator[Metric]:
    from django.utils import translation

    failed = GaugeMetricFamily(_FAILED, "1: this gauge could not be read.", labels=("gauge",))
    with translation.override("en"):
        for one in gauges():
            family = _family(one)
            try:
                found: Any = one.read()
                values = found if isinstance(found, Mapping) else {(): found}
            except Exception:  # noqa: BLE001  (one broken gauge must not hide the others)
                failed.add_metric([one.name], 1)
                continue
            for labels, value in values.items():
                if value is not None:
                    family.add_metric(list(labels), float(value))
            yield family
    yield failed


def _family(one: Gauge) -> GaugeMetricFamily | CounterMetricFamily:
    kind = CounterMetricFamily if one.name.endswith("_total") else GaugeMetricFamily
    return kind(one.name, str(one.about), labels=one.labels)
