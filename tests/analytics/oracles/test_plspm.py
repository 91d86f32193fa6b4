"""The path model of satisfaction beside the package `plspm`: paths, loadings and what is explained, in all three schemes."""

import pandas as pd
import pytest

from tests.analytics.published import published
from tests.analytics.test_satisfaction import BANK_ITEMS, BANK_PATHS
from tests.proofs import note
from zhike_analytics.satisfaction import PathModel

pytest.importorskip("plspm", reason="plspm is installed by `make prove` alone")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("scheme", ["centroid", "factorial", "path"])
def test_paths_loadings_and_explained_shares_are_those_of_the_package(scheme):
    from plspm import config
    from plspm.mode import Mode
    from plspm.plspm import Plspm
    from plspm.scheme import Scheme

    bank = pd.read_csv(published("sem_satisfaction/satisfaction.csv"))
    structure = config.Structure()
    for target in dict.fromkeys(target for _, target in BANK_PATHS):
        structure.add_path([source for source, into in BANK_PATHS if into == target], [target])
    # What the package calls scaled divides all items by one number; the items are as they were asked.
    setting = config.Config(structure.path(), scaled=True)
    for name, items in BANK_ITEMS.items():
        setting.add_lv(name, Mode.A, *[config.MV(item) for item in items])
    other = Plspm(bank, setting, Scheme[scheme.upper()], iterations=1000, tolerance=1e-9)
    model = PathModel(BANK_ITEMS, BANK_PATHS, scheme=scheme, scaled=False).fit(bank)
    theirs, outer = other.path_coefficients(), other.outer_model()
    assert [model.paths_[path] for path in BANK_PATHS] == pytest.approx(
        [theirs.loc[target, source] for source, target in BANK_PATHS], abs=1e-6
    )
    for name, items in BANK_ITEMS.items():
        assert list(model.loadings_[name].values()) == pytest.approx(
            [outer.loc[item, "loading"] for item in items], abs=1e-6
        )
    explained = other.inner_summary()["r_squared"].to_dict()
    assert model.r_squared_ == pytest.approx({name: explained[name] for name in model.r_squared_}, abs=1e-6)
    assert model.goodness_of_fit_ == pytest.approx(other.goodness_of_fit(), abs=1e-6)
    note(
        f"plspm: bank customers, {scheme}, goodness of fit",
        package=f"{other.goodness_of_fit():.7f}",
        ours=f"{model.goodness_of_fit_:.7f}",
    )
