"""Words for the codes of rights and the audit."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SIGHTS: dict[str, Promise] = {"shown": pgettext_lazy("sight", "Shown"), "masked": _("Masked"), "hidden": _("Hidden")}
SCOPES: dict[str, Promise] = {"own": _("Own customers"), "team": _("Customers of the team"), "all": _("All customers")}
OUTCOMES: dict[str, Promise] = {"ok": _("Done"), "refused": _("Refused"), "failed": _("Failed")}
# Who acts when no member of staff does.
ACTORS: dict[str, Promise] = {"system": _("System"), "local operator": _("Command line")}
ALERTS: dict[str, Promise] = {
    "many_reveals": _("Many values revealed"),
    "many_exports": _("Many exports"),
    "refused_reveals": _("Reveals refused"),
    "failed_sign_ins": _("Many failed sign-ins"),
    "blocked_lookups": _("Guessing of values blocked"),
    "vault_alarms": _("Sealed values did not open"),
    "at_night": _("Reveals or exports between 0:00 and 6:00"),
}
PROBLEMS: dict[str, Promise] = {
    "email_invalid": _("This is not an e-mail address."),
    "email_taken": _("Somebody with this e-mail address is here already."),
    "name_missing": _("A name is needed."),
    "own_roles": _("Nobody changes their own roles. Ask another administrator."),
    "own_account": _("Nobody disables their own account."),
    "last_owner": _("One active owner must remain."),
    "staff_disabled": _("This account is disabled."),
    "staff_unknown": _("There is no such person."),
    "team_unknown": _("There is no such team."),
    "team_name": _("The team needs a name that is not taken."),
    "role_unknown": _("There is no such role."),
    "role_value": _("One of the values is not allowed."),
    "secret_is_nobodys": _("Secret fields are shown to nobody."),
    "owner_keeps_keys": _("The owner keeps the rights to manage staff and to edit the policy."),
    "staff.owner": _("Only an owner may make, change or disable an owner."),
    "policy.own_role": _("Nobody but an owner changes a role they hold themselves."),
}
