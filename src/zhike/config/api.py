"""The API below /api/v1: each module that has routes declares them in its own `api.py`; here they come together."""

from importlib import import_module
from importlib.util import find_spec

from zhike.api.assembly import assemble

# The order of the reference. A module takes part by having `<module>/api.py` with a list ROUTES.
MODULES = ["customers", "shop", "clean", "collect", "credit", "analyze", "work", "desk"]

urlpatterns = assemble(
    routes
    for module in MODULES
    if find_spec(f"zhike.{module}.api")
    for routes in import_module(f"zhike.{module}.api").ROUTES
)
