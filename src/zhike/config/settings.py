"""Django settings, from the environment and the data folder; every switch is listed in docs/reference/settings.md."""

import os
from pathlib import Path

from zhike.config.databases import databases
from zhike.config.secret_key import secret_key
from zhike.kit.home import CHECKOUT, home

HOME = home()
PACKAGE = Path(__file__).resolve().parents[1]

DEBUG = os.environ.get("ZHIKE_DEBUG") == "1"
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = os.environ.get("ZHIKE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZHIKE_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "zhike.kit",
    "zhike.ui",
    "zhike.secure",
    "zhike.api",
    "zhike.work",
    "zhike.customers",
    "zhike.shop",
    "zhike.reach",
    "zhike.clean",
    "zhike.collect",
    "zhike.survey",
    "zhike.credit",
    "zhike.analyze",
    "zhike.protect",
    "zhike.desk",
]

MIDDLEWARE = [
    "zhike.kit.timing.middleware",
    "zhike.kit.presence.middleware",
    "zhike.kit.answering.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhike.secure.session_limits.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhike.ui.zone.ShopZone",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "zhike.config.urls"
ASGI_APPLICATION = "zhike.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "secure" / "templates"],  # our sign-in pages come before the library's own
        "OPTIONS": {
            # One copy of each template per language, what never changes in it made text once (docs/decisions).
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "zhike.ui.folding.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zhike.ui.frame.frame",
            ],
        },
    },
]

FORM_RENDERER = "zhike.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "zhike.ui.views.csrf_failed"

DATABASES = databases(HOME)
DATABASE_ROUTERS = ["zhike.secure.routing.KeyringRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "secure.Staff"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = sorted((PACKAGE / "locale").glob("*"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [d for d in [PACKAGE / "static_build"] if d.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or os.environ.get("ZHIKE_TESTING") == "1"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

from zhike.config.protection import *  # noqa: E402, F403  (headers, cookies, CSP, sign-in: one screen of their own)

FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING_CONFIG = None
ZHIKE_LOGGING = "zhike.config.logging.set_up"  # every process calls it itself, with its own name
CHECKOUT = CHECKOUT
