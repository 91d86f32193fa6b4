"""Every address of the product, module by module."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from zhike.secure.permissions import needs
from zhike.ui.views import components

# A module's pages appear when it has pages: the list is the order of the architecture, top to bottom.
MODULES = [
    "desk",
    "protect",
    "analyze",
    "survey",
    "credit",
    "collect",
    "clean",
    "reach",
    "shop",
    "customers",
    "work",
    "secure",
    "api",
    "ui",
    "kit",
]

# The API comes first: programs ask more often than people, and need not be led past the address of every page.
urlpatterns: list[URLPattern | URLResolver] = [path("", include("zhike.config.api"))]

urlpatterns += [path("", include(f"zhike.{module}.urls")) for module in MODULES if find_spec(f"zhike.{module}.urls")]

# The building blocks stand below rights; here, where everything is known, their page gets its own.
urlpatterns += [path("ui/", needs("ui.components")(components), name="components")]

handler400 = "zhike.ui.views.bad_request"
handler403 = "zhike.ui.views.forbidden"
handler404 = "zhike.ui.views.not_found"
handler500 = "zhike.ui.views.broken"
