"""A shop's sources and a way to record: the ground of the customer stories."""

import pytest

from tests.customers.story import Record
from zhike.customers.records import SourceFacts, Statement, Tally


def _shop(code: str, name: str) -> SourceFacts:
    from zhike.customers import actions
    from zhike.secure.records import LOCAL_OPERATOR

    return actions.add_source(
        code=code, name=name, channel_kind="shop_platform", platform=code, legal_basis="contract", by=LOCAL_OPERATOR
    )


@pytest.fixture
def vault_ready(request: pytest.FixtureRequest) -> None:
    """Root keys of the test installation."""
    request.getfixturevalue("transactional_db")
    from zhike.secure import vault

    vault.setup()


@pytest.fixture
def taobao(vault_ready: None) -> SourceFacts:
    """A Taobao shop."""
    return _shop("taobao", "淘宝店")


@pytest.fixture
def shopify(vault_ready: None) -> SourceFacts:
    """An own web shop."""
    return _shop("shopify", "独立站")


@pytest.fixture
def record() -> Record:
    """Record statements of a source under a run and finish the run, as an import does."""
    from zhike.customers import actions

    def run(source: SourceFacts, *statements: Statement, run_id: int = 1) -> Tally:
        tally = actions.record_statements(actions.prepare_statements(source.id, statements, run_id=run_id))
        for _ in actions.finish_run(run_id):
            pass
        return tally

    return run
