"""All settings. Each comes from the environment, is safe by default, and fails loudly when it is missing.

docs/operations.md lists what may be set; the embedded try-out (`make run`) sets ANI_TRYOUT and fills in the rest.
"""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# What a try-out keeps: its database, secrets, demo.json.
VAR = Path(env.str("ANI_VAR", default=str(BASE_DIR / "var")))

# Trying out on this machine's loopback address, over plain http, with made-up people. Relaxes only what is said here.
TRYOUT = env.bool("ANI_TRYOUT", default=False)
DEBUG = False


def _secret(name: str) -> str:
    value: str = env.str(name, default="")
    if value:
        return value
    kept = VAR / "secrets" / name
    if TRYOUT or kept.exists():
        # Kept between runs, so that a second `make run` can still read what the first one sealed.
        from ani_portal.tryout import kept_secret

        return kept_secret(kept)
    raise ImproperlyConfigured(f"Set {name}: docs/operations.md says how to make one.")


SECRET_KEY = _secret("SECRET_KEY")
# The pepper of PINs and the master keys of what people said; see ani_portal/sealing/keyring.py for the form.
PIN_PEPPER = _secret("PIN_PEPPER")
# From the environment, or from a file that a running service reads again when it changes, or from a service of your own:
# KEY_SERVICE is the dotted path of a callable that returns a KeyService.
MASTER_KEYS_FILE = env.str("MASTER_KEYS_FILE", default="")
KEY_SERVICE = env.str("KEY_SERVICE", default="")
MASTER_KEYS = "" if MASTER_KEYS_FILE or KEY_SERVICE else _secret("MASTER_KEYS")
if TRYOUT and MASTER_KEYS and not env.str("MASTER_KEYS", default=""):
    MASTER_KEYS, MASTER_KEYS_FILE = "", str(VAR / "secrets" / "MASTER_KEYS")

# Backups (docs/data-protection/keys-and-backups.md). The store of keys is kept for N days: that is how long a destroyed key
# can be anywhere. The ledger is kept as long as any backup of the data, and a day.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default=str(VAR / "backups"))
VAULT_BACKUP_DAYS = env.int("VAULT_BACKUP_DAYS", default=7)
DATA_BACKUP_DAYS = env.int("DATA_BACKUP_DAYS", default=35)
DISPOSAL_LEDGER = env.str("DISPOSAL_LEDGER", default=str(VAR / "ledger"))
LEDGER_DAYS = DATA_BACKUP_DAYS + 1

# 32 bytes in base64url. Only `backup` and `restore` ask for it: a web server needs none.
BACKUP_KEY = env.str("BACKUP_KEY", default="") or (_secret("BACKUP_KEY") if TRYOUT else "")


ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if TRYOUT else [])

# Each door on a host name of its own, if set: then no route of one resolves on another (access/surfaces.py).
DOOR_HOSTS = {
    door: host
    for door in ("counter", "triage", "onboarding", "audit", "operator")
    if (host := env.str(f"{door.upper()}_HOST", default=""))
}

# Where the day's mark of the log goes, outside this system, and the key that signs it (docs/security.md).
AUDIT_ANCHOR_TO = env.str("AUDIT_ANCHOR_TO", default="")
AUDIT_ANCHOR_KEY = env.str("AUDIT_ANCHOR_KEY", default="")

# What a force's own provider was given to know us by, where it is not kept sealed in the database (docs/operations.md).
_PREFIX = "FORCE_SIGN_IN_SECRET_"
FORCE_SIGN_IN_SECRETS = {
    name.removeprefix(_PREFIX): value for name, value in os.environ.items() if name.startswith(_PREFIX)
}

INSTALLED_APPS = [
    "ani_portal.access",
    "ani_portal.accounts",
    "ani_portal.audit",
    "ani_portal.sealing",
    "ani_portal.live",
    "pharmacies",
    "requests",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "ani_portal.access.correlation.CorrelationMiddleware",
    "csp.middleware.CSPMiddleware",
    "ani_portal.access.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ani_portal.access.surfaces.SurfaceMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ani_portal.accounts.hashed_sessions.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "ani_portal.access.middleware.WordsMiddleware",
    "ani_portal.access.middleware.DeclaredAccessMiddleware",
]

ROOT_URLCONF = "ani_portal.urls"
WSGI_APPLICATION = "ani_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ani_portal.access.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# One server, several roles (docs/security.md). `default` is the application's own: it owns nothing and bypasses
# nothing. The others are for the commands and the worker, and say so by name.


def _database(name: str, *, required: bool = False) -> dict[str, object]:
    url = env.str(name, default="")
    if not url:
        if required:
            # Reached only by commands that need no database: manage.py starts the embedded one for the others.
            url = "postgres://nobody@127.0.0.1:1/set-DATABASE_URL"
        else:
            return {}
    database: dict[str, object] = environ.Env.db_url_config(url)
    # A connection is worth four times the speed of opening one (measured); health checks survive a server restart.
    database |= {
        "ENGINE": "ani_portal.access.backend",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
    database.setdefault("OPTIONS", {})
    options = database["OPTIONS"]
    if isinstance(options, dict):
        options.setdefault("connect_timeout", 5)
        options.setdefault("prepare_threshold", 5)  # needed for prepared_cursor(); Django's own cursors never prepare
        # A dead network is noticed in seconds, not in hours.
        options |= {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3} | options
        options.setdefault("application_name", f"ani-portal {name}")
    return database


DATABASES = {"default": _database("DATABASE_URL", required=True)}
for _alias, _name in {
    "owner": "DATABASE_OWNER_URL",
    "worker": "DATABASE_WORKER_URL",
    "import": "DATABASE_IMPORT_URL",
    "verify": "DATABASE_VERIFY_URL",
}.items():
    if _found := _database(_name):
        DATABASES[_alias] = _found
DATABASE_ROUTERS = ["ani_portal.access.roles.RoleRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What is counted (failed sign-ins) is shared by all processes. Never culled early: that would forget failures.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_counters",
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    }
}

# People ------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "ani_portal.accounts.adapters.AccountAdapter"
# Accounts are made by an invitation, never by whoever comes along.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
# Failed sign-ins in a row, per account and place (adapters.py): five, then five minutes' wait.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"}
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "ani_portal.accounts.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "ani_portal.accounts.forms.SecondFactorForm",
    "authenticate_webauthn": "ani_portal.accounts.forms.PasskeyFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Desk"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRYOUT

# Pages lock when idle and end after twelve hours (accounts/standing.py). The session lives longer than that, so that
# an armed page's feed and alarm, which show nothing of a record, do not fall silent at the end of a long shift.
SESSION_COOKIE_AGE = 36 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# The database keeps a keyed hash of the cookie: a stolen copy opens no session.
SESSION_ENGINE = "ani_portal.accounts.hashed_sessions"

# Plain http is for the loopback try-out alone; everywhere else cookies are bound to the host and to TLS.
OVER_TLS = not TRYOUT
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME = "__Host-session" if OVER_TLS else "session"
CSRF_COOKIE_NAME = "__Host-form" if OVER_TLS else "form"
DEVICE_COOKIE_NAME = "__Host-device" if OVER_TLS else "device"
CSRF_FAILURE_VIEW = "ani_portal.errors.stale_form"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Headers -----------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = OVER_TLS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = OVER_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
# Nothing to other sites. "no-referrer" would also turn the Origin of our own forms into "null".
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# It wants Django's own middleware for that header; ours (access/headers.py) sets it on static files and errors too.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
# Set only behind a proxy that removes this header from what comes in (docs/operations.md).
if env.bool("TRUST_PROXY_HEADERS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [NONE],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Words -------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# Static files ------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail --------------------------------------------------------------------------------------------------------------

# A try-out without a mail server writes its mails to files, so that nothing of it looks broken; a real desk never does.
_MAIL_TO_FILES = TRYOUT and not env.str("EMAIL_HOST", default="")
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if _MAIL_TO_FILES else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=1025 if TRYOUT else 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=not TRYOUT)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="desk@localhost")

# Logs hold no record content: a request's line has its method, route and status, never its body, query or referrer.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "ani_portal.access.logs.Discreet"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "ani_portal.access.logs.JsonLine"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line" if TRYOUT else "json"),
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Their lines hold addresses, hosts and origins that anybody can choose; ours says the status.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
        # A line for each request: of use to whoever runs a service, noise for whoever tries it out.
        "ani_portal.requests": {"level": "WARNING" if TRYOUT else "INFO"},
        "httpx": {"level": "WARNING"},
    },
}

# Open streams per process; whoever comes after gets 503, and their page goes on reading every few seconds.
LIVE_MOST_STREAMS = env.int("LIVE_MOST_STREAMS", default=2000)

PROCRASTINATE_IMPORT_PATHS = ["requests.tasks"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
# Each job is safe beside another of its kind; a mail server that hangs must not hold up the clocks.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 3}

# What the monitoring system shows to read /metrics; without it, there is nothing at that address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Forms carry short answers; a file that a coordinator gives is measured on its way in.
FILE_UPLOAD_HANDLERS = [
    "ani_portal.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# The largest chain has 2,300 sites, and its page a box for each; 256 KB hold them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
