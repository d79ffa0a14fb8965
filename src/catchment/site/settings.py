"""Django's settings. Everything that differs between places comes from the environment."""

import os
import secrets
from pathlib import Path

from catchment.kernel import database
from catchment.site.signin import provider

PACKAGE = Path(__file__).resolve().parents[1]
HOME = database.home()
DEMO = os.environ.get("CATCHMENT_DEMO") == "1"
DEBUG = os.environ.get("CATCHMENT_DEBUG") == "1"
SECURE = os.environ.get("CATCHMENT_HTTPS") == "1"


def _secret_key() -> str:
    given = os.environ.get("CATCHMENT_SECRET_KEY")
    if given:
        return given
    kept = HOME / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("CATCHMENT_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOMS = [
    "rulebook",
    "places",
    "people",
    "staff",
    "consent",
    "record",
    "board",
    "ledger",
    "booking",
    "referral",
    "screening",
    "claims",
    "budget",
    "surveillance",
    "measures",
    "portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "procrastinate.contrib.django",
    "catchment.kernel",
    *(f"catchment.rooms.{room}" for room in ROOMS),
    "catchment.twin",
    "catchment.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "catchment.site.middleware.chosen_language",
    "catchment.site.middleware.bounded",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "catchment.site.middleware.acting_post",
    "catchment.site.middleware.wall",
    "catchment.site.signin.forced.second_factor",
    "catchment.site.once.once",
    "catchment.site.middleware.answer_refusals",
    "catchment.site.middleware.content_policy",
]
ROOT_URLCONF = "catchment.site.urls"
WSGI_APPLICATION = "catchment.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            PACKAGE / "site" / "templates",
            *(PACKAGE / "rooms" / room / "web" / "templates" for room in ROOMS),
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "catchment.site.navigation.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "catchment.kernel.ui.tags",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ]
            if not DEBUG
            else [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        },
    }
]
PREPARE = os.environ.get("CATCHMENT_PREPARE", "on") != "off"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **database.connection_settings(),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": int(os.environ.get("CATCHMENT_POOL", "12")), "timeout": 10},
            # Planning a statement behind the walls costs more than running it: the third time it is prepared. A pooler
            # that hands one connection to many transactions must keep prepared statements itself, or take `off`.
            "server_side_binding": PREPARE,
            "prepare_threshold": 3 if PREPARE else None,
            "connect_timeout": 5,
            "options": "-c statement_timeout=30000 -c lock_timeout=10000",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "catchment_cache"}}
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_ADAPTER = "catchment.site.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CATCHMENT_PROXIES", "0"))
MFA_ADAPTER = "catchment.site.signin.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Catchment"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SINGLE_SIGN_ON = provider.configured(HOME)
SOCIALACCOUNT_ADAPTER = "catchment.site.signin.single.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = SINGLE_SIGN_ON.as_setting() if SINGLE_SIGN_ON else {}
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "site" / "static"
WHITENOISE_MAX_AGE = 3600
WHITENOISE_USE_FINDERS = True
FILES = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
PROCRASTINATE_IMPORT_PATHS: list[str] = [
    "catchment.rooms.referral.jobs",
    "catchment.rooms.measures.jobs",
    "catchment.site.jobs",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
