"""Django settings. What differs from one installation to the next comes from `installation.py`."""

import os
from pathlib import Path

from django.utils.csp import CSP

from quartier.config import installation, logs

HERE = Path(__file__).resolve().parent.parent
INSTALLATION = installation.load()

SECRET_KEY = INSTALLATION.secret_key
DEBUG = INSTALLATION.debug
DEMO = INSTALLATION.demo
# Whether what stays in the sandbox reaches somebody there: elsewhere nothing is ever "sent" that way.
SANDBOX_IS_READ = DEMO or os.environ.get("QUARTIER_SANDBOX_IS_READ") == "1"
ALLOWED_HOSTS = list(INSTALLATION.hosts)
ORIGIN = INSTALLATION.origin
SECURE = ORIGIN.startswith("https:")

CAP_HOSTS = set(INSTALLATION.cap_hosts)
FIELD_KEYS = INSTALLATION.field_keys
INDEX_KEY = INSTALLATION.index_key

ROOMS = [
    "conversation",
    "appeals",
    "duty",
    "followup",
    "expenses",
    "shopping",
    "concerns",
    "companions",
    "visits",
    "matching",
    "cases",
    "intake",
    "alerts",
    "trust",
    "telephony",
    "messaging",
    "promises",
    "people",
    "incidents",
    "rota",
    "team",
    "places",
    "jobs",
    "live",
    "audit",
    "limits",
    "public",
    "console",
    "volunteer",
    "look",
]
INSTALLED_APPS = [
    *[f"quartier.{room}" for room in ROOMS],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
]

MIDDLEWARE = [
    "quartier.config.request_id.RequestIdMiddleware",
    "quartier.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "quartier.config.sessions.SessionMiddleware",
    "quartier.config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # The last one is synchronous only, so that Django runs all of them in the one thread of the request.
    "quartier.config.gate.GateMiddleware",
]

ROOT_URLCONF = "quartier.config.urls"
ASGI_APPLICATION = "quartier.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        # The simulation is no app: it has no tables. Its report has templates.
        "DIRS": [HERE / "sim" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "quartier.config.context.page",
            ],
            "builtins": ["quartier.look.templatetags.look"],
        },
    }
]

DATABASES = {"default": installation.database(INSTALLATION.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LEASE_SECONDS = INSTALLATION.lease_seconds
TASKS = {
    "default": {
        "BACKEND": "quartier.jobs.backend.DatabaseBackend",
        "QUEUES": [],
        "OPTIONS": {"LEASE_SECONDS": LEASE_SECONDS},
    }
}

AUTH_USER_MODEL = "team.Account"
AUTHENTICATION_BACKENDS = ["quartier.team.backend.AccountBackend"]
LOGIN_URL = "sign_in"

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [HERE / room / "locale" for room in [*ROOMS, "config", "lib", "cli", "sim"]]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("QUARTIER_STATIC", INSTALLATION.home / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "quartier.config.static.Storage"},
}

# Where browsers reach the line: `wss://name:port`. Empty: calls only on operators' own phones, or no line at all.
LINE_WSS = os.environ.get("QUARTIER_LINE_WSS", "") or installation.line_address(INSTALLATION)

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, *([LINE_WSS] if LINE_WSS else [])],
    "media-src": [CSP.SELF, "blob:"],
    "worker-src": [CSP.SELF, "blob:"],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    # A page that holds the phone frames the next ones (docs/decisions/0018); nobody else may.
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SESSION_ENGINE = "quartier.team.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_TRUSTED_ORIGINS = [ORIGIN] if SECURE else []
CSRF_FAILURE_VIEW = "quartier.config.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

MAIL = INSTALLATION.mail
MAILERS = {"default": installation.mailer(INSTALLATION.mail)}
DEFAULT_FROM_EMAIL = INSTALLATION.mail_sender
MAIL_HOOK = installation.mail_hook(INSTALLATION.mail)
MAIL_INBOX = INSTALLATION.mail_inbox
# Push services on this machine, without https: for tests, which have one.
PUSH_LOOPBACK = False
TEXTS = INSTALLATION.texts
TELEGRAM = INSTALLATION.telegram
MATRIX = INSTALLATION.matrix
GEOCODER = INSTALLATION.geocoder
BEHAVIOUR = INSTALLATION.behaviour

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": logs.formatter(INSTALLATION.logs)}},
    "filters": {"one_line": {"()": logs.WithoutTraceback}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        **{f"django.security.{each}": {"filters": ["one_line"]} for each in logs.REFUSED_LOGGERS},
        # Django gives it a handler of its own: every event is one line of ours.
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "level": "NOTSET", "propagate": True},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("QUARTIER_LOG", "WARNING")},
}
