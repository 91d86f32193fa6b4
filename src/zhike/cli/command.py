"""How a command is declared: options, Django set up, one `Output`, and errors turned into exit codes.

::

    @command("why")
    @click.argument("customer")
    def why(out: Output, customer: str) -> None:
        \"\"\"Say why a value of a customer is what it is.\"\"\"

The decorated function is called with `out` first. Raise `Refused`, `NotFound` or `Conflict` to end with 1, 3 or 4.
"""

import functools
import os
from collections.abc import Callable
from typing import IO, Any

import click

from zhike.cli.output import Output


class Refused(click.ClickException):
    """The command was understood and not carried out. Exit code 1. `code` is for programs, the message for people."""

    exit_code = 1

    def __init__(self, message: str, code: str = "refused", **details: Any) -> None:
        super().__init__(message)
        self.code, self.details = code, details
        context = click.get_current_context(silent=True)
        self.as_json = context is not None and bool(context.params.get("as_json"))

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it as JSON on stdout where JSON was asked for, else on stderr."""
        if self.as_json:
            Output(as_json=True).result({"ok": False, "error": self.code, "message": self.message, **self.details})
        else:
            click.echo(f"zhike: {self.message}", err=True)


class NotFound(Refused):
    """What was named does not exist. Exit code 3."""

    exit_code = 3


class Conflict(Refused):
    """Somebody else is at it, or the database is locked: try again. Exit code 4."""

    exit_code = 4


def command(
    name: str, *, into: click.Group | None = None, django: bool = True
) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command with `--json`; `into` makes it a subcommand. `django=False` leaves Django alone."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        def run(*args: Any, as_json: bool, **kwargs: Any) -> Any:
            if django:
                set_up_django()
            with _readable_errors():
                return function(Output(as_json=as_json), *args, **kwargs)

        declared = click.option("--json", "as_json", is_flag=True, help="Write one JSON object to stdout.")(run)
        made = click.command(name)(declared)
        if into is not None:
            into.add_command(made)
        return made

    return decorate


def group(name: str, text: str) -> click.Group:
    """A command with subcommands: `staff = group("staff", "…")`, then `@command("list", into=staff)`."""
    return click.Group(name, help=text)


def set_up_django(process: str = "cli") -> None:
    """Django with this installation's settings, logging, and the language of the terminal (ZHIKE_LANGUAGE or LANG)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    import django
    from django.utils import translation

    from zhike.config.logging import set_up

    django.setup()
    set_up(process)
    spoken = os.environ.get("ZHIKE_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    translation.activate("zh-hans" if spoken.lower().startswith("zh") else "en")


class _readable_errors:
    """Turns a locked database, a missing table and a lack of rights into messages with the right exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> None:
        if error is None or isinstance(error, click.ClickException):
            return
        from django.core.exceptions import PermissionDenied
        from django.db import OperationalError, ProgrammingError
        from django.utils.translation import gettext

        if isinstance(error, PermissionDenied):
            raise Refused(gettext("You may not do this: %(code)s") % {"code": error}, "forbidden") from error
        if isinstance(error, OperationalError | ProgrammingError):
            text = str(error)
            if "locked" in text:
                raise Conflict(gettext("The database is busy; try again."), "locked") from error
            if "no such table" in text or "does not exist" in text:
                message = gettext("The databases are not set up: run `zhike init`, or `zhike upgrade` after an update.")
                raise Refused(message, "not_set_up") from error
