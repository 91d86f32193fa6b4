"""Every address of the product, module by module."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# A module's pages appear when it has pages: the list is the order of the architecture, top to bottom.
MODULES = ["desk", "protect", "analyze", "collect", "shop", "customers", "secure", "ui", "kit"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"zhike.{module}.urls")) for module in MODULES if find_spec(f"zhike.{module}.urls")
]
