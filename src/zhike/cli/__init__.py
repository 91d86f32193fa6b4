"""`zhike`: the command line. Each command is a file that is imported only when it is called."""

import importlib
import importlib.util
import os
from collections.abc import Sequence

import click

# command: (module of zhike.cli, the line shown by `zhike --help`); the order is that of a first day.
COMMANDS = {
    "init": ("init", "Make the data folder, its keys and databases, and the first account."),
    "serve": ("serve", "Run Zhike: the web pages and the worker."),
    "demo": ("demo", "Fill in a demo shop, or remove it."),
    "import": ("import_", "Bring in customers or orders from a file; list, undo, resume imports; bring everything in."),
    "export": ("export", "Write customers or orders to a file; or everything, in an open format."),
    "analyze": ("analyze", "Run the analyses; show RFM."),
    "merge": ("merge", "Let one file become part of another."),
    "unmerge": ("merge", "Take a file out of the one it was merged into."),
    "credit": ("credit", "List enterprises and credit; bring in statements; ask whether an order would wait."),
    "segment": ("segment", "List and count segments; say why a customer is in one."),
    "why": ("why", "Say why a value of a customer is what it is, or why a message was not sent."),
    "send-test": ("send_test", "Send a test message to an address of your own."),
    "staff": ("staff", "Add, list and disable members of staff."),
    "audit": ("audit", "Verify the audit trail."),
    "backup": ("backup", "Back up the data, or the keyring."),
    "restore": ("restore", "Bring back a backup."),
    "duplicates": ("duplicates", "Find duplicates, list them, measure how right the search is."),
    "tasks": ("tasks", "List the tasks that wait for people."),
    "jobs": ("jobs", "List background jobs; pause, resume, cancel or retry one."),
    "doctor": ("doctor", "Check the health of this installation."),
    "upgrade": ("upgrade", "Bring the databases up to this version."),
    "web": ("web", "Run the web process alone."),
    "worker": ("worker", "Run the worker process alone."),
}


class Commands(click.Group):
    """Lists commands from the table above and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands this installation has."""
        return [name for name, (file, _) in COMMANDS.items() if importlib.util.find_spec(f"zhike.cli.{file}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command object, imported now; None when there is no such command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        file, _ = COMMANDS[cmd_name]
        module = importlib.import_module(f"zhike.cli.{file}")
        return next(c for c in vars(module).values() if isinstance(c, click.Command) and c.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhike", prog_name="zhike")
def zhike() -> None:
    """Zhike 知客: customer files, analysis and service for online merchants.

    The data folder is named by ZHIKE_HOME. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not found,
    4 conflict or locked.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of the `zhike` program."""
    os.umask(0o077)  # what this program writes is for its owner alone
    zhike(arguments)
