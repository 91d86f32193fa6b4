"""Steps of migrations that work on rows or by SQL alone."""

from collections.abc import Callable
from typing import Any, cast

from django.db import migrations, router
from django.utils.functional import SimpleLazyObject

Code = Callable[[Any, Any], None]


class Step(migrations.RunPython):
    """A step like Django's own, for which the models of the house are drawn up only when it asks for them.

    Django draws all of them up anew for every step, the tenth of a second each time: half of what a new installation
    waited for. With `of` the step is about the rows of that table, and left out where there are none.
    """

    def __init__(self, code: Code, reverse_code: Code | None = None, *, of: str = "", elidable: bool = False) -> None:
        super().__init__(code, reverse_code, elidable=elidable)
        self.of = of

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """With `of`, where it is given."""
        name, given, named = super().deconstruct()
        return name, list(given), {**named, **({"of": self.of} if self.of else {})}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Carry it out."""
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label, **self.hints):
            return
        if self.of:
            if connection.alias != "default":
                return
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(self.of)} LIMIT 1")
                if cursor.fetchone() is None:
                    return

        def drawn_up() -> Any:
            from_state.clear_delayed_apps_cache()
            return from_state.apps

        self.code(cast(Any, SimpleLazyObject(drawn_up)), schema_editor)
