"""The parts of the page of satisfaction, each computed or refused with a code: nothing that cannot be believed is a figure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from zhike.survey.records import QuestionFacts, QuestionnaireFacts

Columns = Mapping[str, list[float | None]]
_SAMPLES = 500
_CLASSES = ("need_class", "object_class", "content_class", "factor")


def figures(found: QuestionnaireFacts, asked: list[QuestionFacts], columns: Columns) -> dict[str, Any]:
    """All of them, as JSON values."""
    answered = {code: [float("nan") if v is None else v for v in values] for code, values in columns.items()}
    items = [q for q in asked if q.role == "item"]
    rated = [{**_told(q), **_estimate(_mean(q, answered[q.code]))} for q in items]
    drivers = _or_refused(lambda: _driven(items, answered))
    weights = _or_refused(lambda: _weights(found, items, answered, drivers))
    return {
        "items": rated,
        "weights": weights,
        "index": _index(items, answered, weights),
        "satisfied": _overall(items, answered),
        "recommend": _recommend(asked, answered),
        "effort": _effort(asked, answered),
        "classes": {name: _by_class(items, answered, name) for name in _CLASSES},
        "chart": _or_refused(lambda: _chart(found, asked, answered)),
        "drivers": drivers,
        "model": _or_refused(lambda: _model(found, items, answered)),
        "reliability": _reliability(items, answered),
    }


def _or_refused(compute: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
    from zhike_analytics.problem import MeasureProblem

    try:
        return compute()
    except MeasureProblem as problem:
        return {"refused": problem.code, **{name: value for name, value in problem.params.items() if name == "least"}}


def _scale(question: QuestionFacts) -> Any:
    from zhike_analytics.satisfaction import Scale

    return Scale(question.scale, question.scale_values)


def _mean(question: QuestionFacts, values: list[float]) -> Any:
    from zhike_analytics.satisfaction import mean_index

    return mean_index(values, _scale(question))


def _estimate(one: Any) -> dict[str, Any]:
    return {"value": one.value, "low": one.low, "high": one.high, "n": one.n, "few": one.few}


def _told(question: QuestionFacts) -> dict[str, Any]:
    return {name: getattr(question, name) for name in ("code", "text", "latent", *_CLASSES)}


def _indices(items: list[QuestionFacts], answered: Mapping[str, list[float]]) -> dict[str, Any]:
    return {q.code: _scale(q).index(answered[q.code]) for q in items}


def _own(items: list[QuestionFacts]) -> list[QuestionFacts]:
    """What the index is made of: the indicators, not the questions about satisfaction as a whole or loyalty."""
    return _indicators(items) or items


def _indicators(items: list[QuestionFacts]) -> list[QuestionFacts]:
    return [q for q in items if q.latent not in ("satisfaction", "loyalty", "complaints", "expectations")]


def _weights(
    found: QuestionnaireFacts, items: list[QuestionFacts], answered: Mapping[str, list[float]], drivers: Any
) -> dict[str, Any]:
    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.satisfaction import entropy_weights, judged_weights, normed

    own = _own(items)
    codes = [q.code for q in own]
    ratio: float | None = None
    if found.weighting == "judged":
        if len(found.judgements) != len(own):
            raise MeasureProblem("satisfaction.bad_judgements")
        judged = judged_weights([list(row) for row in found.judgements])
        values, ratio = judged.weights, judged.consistency_ratio
    elif found.weighting == "entropy":
        import numpy as np

        values = entropy_weights(np.column_stack([answered[code] for code in codes]))
    elif found.weighting == "derived" and drivers and "drivers" in drivers:
        shares = {one["name"]: one["share"] for one in drivers["drivers"]}
        values = normed([shares.get(code, 0.0) for code in codes])
    elif found.weighting == "given":
        values = normed([q.weight or 0.0 for q in own])
    else:
        values = normed([1.0] * len(own))
    return {"by": found.weighting, "values": dict(zip(codes, values, strict=True)), "consistency_ratio": ratio}


def _index(items: list[QuestionFacts], answered: Mapping[str, list[float]], weights: Any) -> dict[str, Any] | None:
    """The weighted index of each response, then its mean with the interval of a mean."""
    import numpy as np

    from zhike_analytics.satisfaction import Scale, mean_index

    if not weights or "values" not in weights or not items:
        return None
    own = _own(items)
    x = np.column_stack(list(_indices(own, answered).values()))
    w = np.array([weights["values"][q.code] for q in own])
    given = np.isfinite(x)
    known = given @ w
    each = np.where(known > 0, (np.where(given, x, 0.0) @ w) / np.where(known > 0, known, 1.0), np.nan)
    return _estimate(mean_index(each, Scale("index", (0.0, 100.0))))


def _overall(items: list[QuestionFacts], answered: Mapping[str, list[float]]) -> dict[str, Any] | None:
    from zhike_analytics.satisfaction import satisfied

    first = next((q for q in items if q.latent == "satisfaction"), None)
    if first is None:
        return None
    # Of ten levels the three best are the two best of five.
    top = 3 if len(first.scale_values) >= 10 else 2
    return {**_estimate(satisfied(answered[first.code], _scale(first), top=top)), "top": top, "text": first.text}


def _recommend(asked: list[QuestionFacts], answered: Mapping[str, list[float]]) -> dict[str, Any] | None:
    from zhike_analytics.satisfaction import net_promoters

    one = next((q for q in asked if q.role == "recommend"), None)
    if one is None:
        return None
    found = net_promoters(answered[one.code])
    counts = {"promoters": found.promoters, "passives": found.passives, "detractors": found.detractors}
    return {**_estimate(found.score), **counts}


def _effort(asked: list[QuestionFacts], answered: Mapping[str, list[float]]) -> dict[str, Any] | None:
    from zhike_analytics.satisfaction import customer_effort

    one = next((q for q in asked if q.role == "effort"), None)
    if one is None:
        return None
    found = customer_effort(answered[one.code])
    return {**_estimate(found.easy), "mean": found.mean.value}


def _by_class(items: list[QuestionFacts], answered: Mapping[str, list[float]], name: str) -> list[dict[str, Any]]:
    """The mean of the items of each class, over all who answered any of them."""
    import numpy as np

    from zhike_analytics.satisfaction import Scale, mean_index

    told = []
    for code in dict.fromkeys(getattr(q, name) for q in items if getattr(q, name)):
        own = [q for q in items if getattr(q, name) == code]
        x = np.column_stack(list(_indices(own, answered).values()))
        x = x[np.isfinite(x).any(axis=1)]
        each = np.nanmean(x, axis=1) if len(x) else np.array([])
        told.append({"code": code, "items": len(own), **_estimate(mean_index(each, Scale("index", (0.0, 100.0))))})
    return told


def _chart(
    found: QuestionnaireFacts, asked: list[QuestionFacts], answered: Mapping[str, list[float]]
) -> dict[str, Any]:
    """Importance and performance: asked, given away, or derived from what moves satisfaction."""
    import numpy as np

    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.satisfaction import importance_performance, improved_importance_performance

    by_role = {role: {q.about: q for q in asked if q.role == role} for role in ("importance", "rival")}
    items = [q for q in asked if q.role == "item" and q.code in by_role["importance"]]
    if not items:
        derived = _driven([q for q in asked if q.role == "item"], answered)
        shares = {one["name"]: one["share"] for one in derived["drivers"]}
        items = [q for q in asked if q.code in shares]
        means = [_mean(q, answered[q.code]).value for q in items]
        chart = importance_performance([q.code for q in items], [shares[q.code] for q in items], means)
        return {"how": "derived", **_drawn(chart)}
    important = [by_role["importance"][q.code] for q in items]
    names, means = [q.code for q in items], [_mean(q, answered[q.code]).value for q in items]
    if None in means or any(not np.isfinite(answered[q.code]).any() for q in important):
        raise MeasureProblem("satisfaction.empty_item")
    if found.method == "double_improved" and all(q.code in by_role["rival"] for q in items):
        points = [float(np.nanmean(answered[q.code])) for q in important]
        rivals = [_mean(by_role["rival"][q.code], answered[by_role["rival"][q.code].code]).value for q in items]
        if None in rivals:
            raise MeasureProblem("satisfaction.empty_item")
        return {"how": "improved", **_drawn(improved_importance_performance(names, points, means, rivals))}
    weighed = [_mean(q, answered[q.code]).value for q in important]
    return {"how": "asked", **_drawn(importance_performance(names, weighed, means))}


def _drawn(chart: Any) -> dict[str, Any]:
    lines = {"importance_line": chart.importance_line, "performance_line": chart.performance_line}
    return {"attributes": [asdict(one) for one in chart.attributes], "crossing": chart.crossing, **lines}


def _driven(items: list[QuestionFacts], answered: Mapping[str, list[float]]) -> dict[str, Any]:
    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.satisfaction import driven

    outcome = next((q.code for q in items if q.latent == "satisfaction"), None)
    drivers = [q.code for q in _indicators(items)]
    if outcome is None or len(drivers) < 2:
        raise MeasureProblem("satisfaction.no_attributes")
    found = driven({code: answered[code] for code in [outcome, *drivers]}, outcome=outcome, drivers=drivers)
    told = [{**asdict(one), "certain": one.certain} for one in found.drivers]
    return {**asdict(found), "drivers": told, "left_out": list(found.left_out), "warnings": list(found.warnings)}


def _model(
    found: QuestionnaireFacts, items: list[QuestionFacts], answered: Mapping[str, list[float]]
) -> dict[str, Any] | None:
    from zhike_analytics.satisfaction import PathModel, fitting_paths

    if not found.model:
        return None
    blocks: dict[str, list[str]] = {}
    for q in items:
        if q.latent:
            blocks.setdefault(q.latent, []).append(q.code)
    paths = fitting_paths(found.model, set(blocks))
    low = min(q.scale_values[0] for q in items)
    high = max(q.scale_values[-1] for q in items)
    alike = len({(q.scale_values[0], q.scale_values[-1]) for q in items if q.latent}) == 1
    model = PathModel(blocks, paths)
    model.fit(dict(answered), low=low if alike else None, high=high if alike else None).bootstrap(_SAMPLES)
    told = model.summary()
    return {
        "scheme": told.scheme, "n": told.n, "filled": told.filled, "goodness_of_fit": told.goodness_of_fit,
        "samples": told.samples, "warnings": list(told.warnings), "indices": model.indices_,
        "paths": [{**asdict(one), "certain": one.certain} for one in told.paths],
        "latents": [asdict(one) for one in told.latents],
    }  # fmt: skip


def _reliability(items: list[QuestionFacts], answered: Mapping[str, list[float]]) -> dict[str, Any]:
    import numpy as np

    from zhike_analytics.satisfaction import cronbach_alpha, sampling_adequacy, sphericity

    blocks: dict[str, list[str]] = {}
    for q in items:
        blocks.setdefault(q.latent or "satisfaction", []).append(q.code)
    x = np.column_stack([answered[q.code] for q in items]) if items else np.empty((0, 0))
    alphas = []
    for name, codes in blocks.items():
        if len(codes) > 1:
            one = cronbach_alpha(np.column_stack([answered[code] for code in codes]))
            alphas.append({"latent": name, "items": len(codes), "alpha": one.raw, "n": one.n})
    return {
        "alphas": alphas,
        "adequacy": _or_refused(lambda: asdict(sampling_adequacy(x))),
        "sphericity": _or_refused(lambda: asdict(sphericity(x))),
    }
