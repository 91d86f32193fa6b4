"""`zhike init`: a new installation: folder, keys, databases, the shop's facts, the owner's account."""

import sys

import click

from zhike.cli.command import Conflict, Refused, command
from zhike.cli.output import Output


@command("init")
@click.option("--email", help="E-mail address of the owner's account; asked for when left out on a terminal.")
@click.option("--name", default="", help="Name of the owner, as shown to colleagues.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--shop", default="", help="Name of the shop.")
@click.option(
    "--time-zone", default="Asia/Shanghai", show_default=True, help="Time zone of the shop; days begin by it."
)
@click.option("--currency", default="CNY", show_default=True, help="Currency of the shop's amounts.")
def init(
    out: Output, email: str | None, name: str, password_stdin: bool, shop: str, time_zone: str, currency: str
) -> None:
    """Make the data folder, its keys and databases, and the first account. Safe to run again after an interruption."""
    from django.contrib.auth import get_user_model
    from django.utils.translation import gettext as _

    from zhike.cli.ground import collect_static, migrate
    from zhike.kit import installation
    from zhike.kit.home import home
    from zhike.secure import vault

    # Asked before anything is made, so that a refusal leaves no half installation.
    email = email or (click.prompt(_("E-mail address of the owner")) if sys.stdin.isatty() else None)
    if not email:
        raise Refused(_("Say whose account it is: --email."), "email_missing")
    password = _password(password_stdin)
    vault.setup()
    migrate()
    if get_user_model().objects.exists():
        raise Conflict(_("This installation already has accounts; use `zhike staff add`."), "already_set_up")
    try:
        facts = installation.set_up(name=shop, time_zone=time_zone, currency=currency)
    except ValueError as error:
        raise Refused(str(error), "bad_setting") from None
    add_owner(email, name, password)
    collect_static()
    out.result(
        {"ok": True, "home": str(home()), "email": email, "time_zone": facts.time_zone, "currency": facts.currency},
        _("Ready in %(home)s. Next: `zhike serve`, then sign in as %(email)s.") % {"home": home(), "email": email},
    )


def add_owner(email: str, name: str, password: str) -> None:
    """The first account, with the owner's role; raises Refused for a weak password or a bad address."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils.translation import gettext as _

    from zhike.secure import staffing
    from zhike.secure.records import LOCAL_OPERATOR

    try:
        validate_password(password)
        staffing.add(email, name or email.partition("@")[0], ["owner"], by=LOCAL_OPERATOR, password=password)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "weak_password") from None
    except staffing.StaffProblem as problem:
        text = {"email_invalid": _("%(email)s is not an e-mail address."), "name_missing": _("Say who it is: --name.")}
        raise Refused(text.get(problem.code, problem.code) % {"email": email}, problem.code) from None


def _password(from_stdin: bool) -> str:
    from django.utils.translation import gettext as _

    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused(_("Give the password with --password-stdin."), "password_missing")
    return str(click.prompt(_("Password"), hide_input=True, confirmation_prompt=True))
