"""The satisfaction indices of nations as paths between latent variables; which questions measure them is the house's choice."""

from __future__ import annotations

Paths = tuple[tuple[str, str], ...]


def _paths(text: str) -> Paths:
    return tuple((source, target) for line in text.split(";") for source, targets in [line.split(">")]
                 for target in targets.split())  # fmt: skip


# American index (Fornell and others 1996): nine paths.
ACSI = _paths(
    "expectations>quality value satisfaction;quality>value satisfaction;value>satisfaction;"
    "satisfaction>complaints loyalty;complaints>loyalty"
)
# European index: the twelve paths in the order of the published figures.
ECSI: Paths = (
    ("image", "expectations"), ("expectations", "quality"), ("expectations", "value"), ("quality", "value"),
    ("image", "satisfaction"), ("expectations", "satisfaction"), ("quality", "satisfaction"), ("value", "satisfaction"),
    ("satisfaction", "complaints"), ("image", "loyalty"), ("satisfaction", "loyalty"), ("complaints", "loyalty"),
)  # fmt: skip
# 中国用户满意度指数: six structural variables, eleven paths. The count is published; which eleven is the field's usual drawing.
CCSI = _paths(
    "image>expectations quality value satisfaction;expectations>quality value satisfaction;quality>value satisfaction;"
    "value>satisfaction;satisfaction>loyalty"
)
# For a shop on the net quality is felt in three places: the site, the goods, delivery and after-sale. Our own completion.
E_COMMERCE = _paths(
    "expectations>site goods service;site>value satisfaction;goods>value satisfaction;service>value satisfaction;"
    "value>satisfaction;satisfaction>complaints loyalty;complaints>loyalty"
)
MODELS: dict[str, Paths] = {"acsi": ACSI, "ecsi": ECSI, "ccsi": CCSI, "e_commerce": E_COMMERCE}


def fitting_paths(model: str, latents: set[str]) -> Paths:
    """The paths of a model between the latent variables that were asked about."""
    return tuple(path for path in MODELS[model] if set(path) <= latents)
