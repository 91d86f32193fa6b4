"""Where the pages of `secure` stand in the frame."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from zhike.secure import queries
from zhike.secure.records import Viewer
from zhike.ui import frame


def announce() -> None:
    """Tell the frame our pages, who is looking, and who keeps a chosen language."""
    frame.nav_item(
        "security", "Security", "shield-lock", "secure:home", "audit.view", 90, "foot", under=("/security/",)
    )
    frame.nav_item("staff", "Staff", "users", "secure:staff", "staff.manage", 91, "foot", parent="security")
    frame.nav_item(
        "policy", "Roles and field policy", "adjustments", "secure:policy", "policy.edit", 92, "foot", parent="security"
    )
    frame.nav_item("audit", "Audit", "list-search", "secure:audit", "audit.view", 93, "foot", parent="security")
    frame.nav_item(
        "consents", "Consent and notices", "checkup-list", "secure:consents", "consents.view", 93, "foot",
        parent="security", keywords="tongyi gaozhi",
    )  # fmt: skip
    frame.nav_item(
        "customers.fields", "Own fields", "forms", "secure:fields", "fields.define", 28, parent="customers",
        under=("/fields/",), keywords="zidingyi zd ziduan",
    )  # fmt: skip
    frame.viewer_source(_viewer)
    frame.language_keeper(_keep_language)


def _viewer(request: HttpRequest) -> Viewer | None:
    viewer = queries.viewer_of(request)
    return viewer if viewer.staff_id is not None else None


def _keep_language(request: HttpRequest, code: str) -> None:
    if request.user.is_authenticated:
        get_user_model().objects.filter(pk=request.user.pk).update(locale=code)
