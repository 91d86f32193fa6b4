"""The web process: Django behind ASGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
application = get_asgi_application()
