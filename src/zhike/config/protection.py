"""Settings that protect: headers, cookies, content policy, password hashing, sign-in."""

import os

from zhike.config import single_sign_on as _single_sign_on

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_https = os.environ.get("ZHIKE_HTTPS") == "1"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "zhike_session"
CSRF_COOKIE_NAME = "zhike_csrf"
LANGUAGE_COOKIE_NAME = "zhike_language"
if os.environ.get("ZHIKE_BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

PASSWORD_HASHERS = [
    "zhike.secure.hashing.CappedArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Password first, then the second factor; no sign-up: staff come in by invitation.
AUTHENTICATION_BACKENDS = ["zhike.secure.sign_in.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
]
ACCOUNT_ADAPTER = "zhike.secure.sign_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Guesses are counted by our own adapter, per account and not per address: one budget for passwords and codes.
ACCOUNT_RATE_LIMITS = {"login_failed": "1000/h/ip", "login": "60/m/ip"}
SOCIALACCOUNT_ADAPTER = "zhike.secure.single_sign_on.HouseAdapter"
SOCIALACCOUNT_PROVIDERS = _single_sign_on.providers(os.environ)
ZHIKE_OIDC_TRUST_MFA = os.environ.get("ZHIKE_OIDC_TRUST_MFA") == "1"
MFA_ADAPTER = "zhike.secure.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhike"
MFA_FORMS = {
    "authenticate": "zhike.secure.sign_in_forms.AuthenticateForm",
    "reauthenticate": "zhike.secure.sign_in_forms.ReauthenticateForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

# Counters of guesses must outlive a restart and hold in every process: they lie in the database, as JSON (Django's own
# database cache would pickle). Nothing else belongs in this cache; short-lived page caches use "memory".
CACHES = {
    "default": {"BACKEND": "zhike.secure.cache.TallyCache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}
