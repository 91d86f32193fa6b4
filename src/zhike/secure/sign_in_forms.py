"""Forms of the second factor, counting every code against the account's one budget of guesses."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms
from django.utils.translation import gettext_lazy as _

from zhike.secure import guessing


class _Counted:
    user: object

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of your second factor")  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs.pop("placeholder", None)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """The code, if it is right and guesses are left."""
        email = self.user.email  # type: ignore[attr-defined]
        if not guessing.claim(context.request, email):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()  # type: ignore[misc]
        guessing.give_back(context.request, email)
        return code


class AuthenticateForm(_Counted, forms.AuthenticateForm):
    """The code after the password."""


class ReauthenticateForm(_Counted, forms.ReauthenticateForm):
    """The code before a delicate step."""
