"""The web process: Django behind ASGI."""

import os

from zhike.config.bodies import application as sealed_application
from zhike.config.logging import set_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
set_up("web")
application = sealed_application()
