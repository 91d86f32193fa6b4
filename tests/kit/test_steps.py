"""A step of a migration works on rows where there are rows, and draws up models only when it asks for them."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.state import ProjectState

from zhike.kit import jobs
from zhike.kit.steps import Step

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class Drawn(ProjectState):
    """A state that tells whether its models were drawn up."""

    times = 0

    @property
    def apps(self) -> Any:
        """All models, as Django draws them up."""
        self.times += 1
        return "all models"

    def clear_delayed_apps_cache(self) -> None:
        """Nothing is kept."""


def carried_out(step: Step) -> tuple[int, bool]:
    state = Drawn()
    with connection.schema_editor() as editor:
        step.database_forwards("kit", editor, state, state)
    return state.times, bool(done)


done: list[Any] = []


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def by_sql(apps: Any, schema_editor: Any) -> None:
    done.append(schema_editor.connection.vendor)


def by_models(apps: Any, schema_editor: Any) -> None:
    done.append(apps.upper())


@pytest.mark.django_db(transaction=True)
def test_a_step_by_sql_alone_draws_up_no_models() -> None:
    assert carried_out(Step(by_sql, Step.noop)) == (0, True)


@pytest.mark.django_db(transaction=True)
def test_a_step_that_asks_for_models_gets_them() -> None:
    assert carried_out(Step(by_models, Step.noop))[1] and done == ["ALL MODELS"]


@pytest.mark.django_db(transaction=True)
def test_a_step_about_rows_is_left_out_where_there_are_none() -> None:
    step = Step(by_sql, Step.noop, of="kit_job")
    assert carried_out(step) == (0, False)
    jobs.enqueue("clean.find_duplicates")
    assert carried_out(step) == (0, True)


def test_a_step_written_down_keeps_what_it_is_about() -> None:
    name, given, named = Step(by_sql, Step.noop, of="kit_job").deconstruct()
    again = Step(*given, **named)
    assert (name, again.of, again.code) == ("Step", "kit_job", by_sql)
