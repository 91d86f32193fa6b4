"""What every model has: parameters by name, fitted or given, and a summary of how they were found."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from zhike_analytics.lifetime.fitting import Summary
from zhike_analytics.lifetime.special import Array
from zhike_analytics.problem import MeasureProblem


class FittedModel:
    """Parameters are named as in the papers; their values end in ``_``."""

    names: ClassVar[tuple[str, ...]] = ()
    label: ClassVar[str] = ""
    summary_: Summary

    @classmethod
    def with_parameters(cls, **parameters: float) -> Self:
        """A model with published or stored parameters instead of fitted ones."""
        if set(parameters) != set(cls.names) or not all(np.isfinite(v) and v > 0 for v in parameters.values()):
            raise MeasureProblem("lifetime.bad_parameters", names=",".join(cls.names))
        model = cls()
        for name, value in parameters.items():
            setattr(model, f"{name}_", float(value))
        return model

    @property
    def parameters_(self) -> dict[str, float]:
        """The fitted parameters by name. ``lifetime.not_fitted`` before ``fit``."""
        try:
            return {name: getattr(self, f"{name}_") for name in self.names}
        except AttributeError:
            raise MeasureProblem("lifetime.not_fitted") from None

    def summary(self) -> Summary:
        """Estimates with standard errors, likelihood, how the fit went, warnings."""
        if not hasattr(self, "summary_"):
            raise MeasureProblem("lifetime.not_fitted")
        return self.summary_

    @property
    def warnings_(self) -> tuple[str, ...]:
        """Codes of what to doubt."""
        return self.summary().warnings

    def _settle(self, found: Summary) -> Self:
        self.summary_ = found
        for name, (estimate, _error) in found.parameters.items():
            setattr(self, f"{name}_", estimate)
        return self

    def _doubts(self, at: Array, converged: bool) -> tuple[str, ...]:
        # A parameter beyond e^±10 says that the data do not determine it.
        return (*(() if converged else ("not_converged",)), *(("at_the_edge",) if np.abs(at).max() > 10 else ()))
