"""The web process: Django behind ASGI."""

import os

from django.core.asgi import get_asgi_application

from zhike.config.logging import set_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
set_up("web")
application = get_asgi_application()
