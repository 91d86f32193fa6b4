"""Fields of a credit file: statements, credit, invoices. Of a class of their own, so that a role is given them as such.

They lie open, as amounts do: rights and the encrypted disk protect them, not the vault. Nothing of them enters the lake.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from zhike.secure.fields.field import PARTY, Field

_financial = partial(Field, cls="financial")

FIELDS = (
    _financial("statements", _("Financial statements and ratios"), "organisation"),
    _financial("credit", _("Credit: reports, grade, limit and terms"), PARTY),
    _financial("receivables", _("Invoices and how they are paid"), PARTY),
)
