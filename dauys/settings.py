"""Settings of one installation. Everything an administrator may change comes from the environment (docs/operating.md).

Nothing here names a place or an office: those are rows the institution writes.
"""

import importlib.util
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "yes", "true", "on"}


HOME = Path(os.environ.get("DAUYS_HOME", "var")).resolve()
"""Where this installation keeps its database, keys and attachments."""

KEYS = Path(os.environ.get("DAUYS_KEYS", HOME / "keys")).resolve()
"""Secrets live apart from the database and its backups; only the service's own user may read them."""


def secret(name: str) -> bytes:
    """The 32 random bytes kept in `<KEYS>/<name>.key`, made on first use, readable by this user alone."""
    path = KEYS / f"{name}.key"
    if not path.exists():
        KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{secrets.token_hex(8)}.new")  # threads of one process may meet here, too
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # of two processes that start together, the first one's key stays
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = path.read_bytes()
    if len(key) != 32:
        raise ImproperlyConfigured(f"{path} must hold exactly 32 bytes; restore it from the key backup.")
    return key


DEBUG = _flag("DAUYS_DEBUG", False)
DEMO = _flag("DAUYS_DEMO", False)
SECRET = secret  # reachable as settings.SECRET(name)
SECRET_KEY = secret("web").hex()
ALLOWED_HOSTS = os.environ.get("DAUYS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SECURE = _flag("DAUYS_HTTPS", False)
"""True behind TLS: cookies become Secure and HSTS is sent."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "dauys.institution",
    "dauys.ledger",
    "dauys.hear",
    "dauys.understand",
    "dauys.answer",
    "dauys.prove",
    "dauys.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dauys.web.middleware.headers",
    "dauys.web.middleware.zipped",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dauys.web.middleware.plain_address",
    "dauys.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dauys.web.middleware.second_factor",
    "dauys.web.middleware.steady_clock",
]

ROOT_URLCONF = "dauys.urls"
WSGI_APPLICATION = "dauys.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dauys.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "dauys.web.templatetags.parts"],
        },
    }
]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
)


def database(url: str) -> dict[str, object]:
    """Django's database entry for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS, "timeout": 20},
        }
    if parts.scheme in {"postgresql", "postgres"}:
        from urllib.parse import parse_qs

        query = parse_qs(parts.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or query.get("host", [""])[0]),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured("DAUYS_DATABASE must begin with sqlite:/// or postgresql://")


DATABASES = {"default": database(os.environ.get("DAUYS_DATABASE", f"sqlite:///{HOME / 'dauys.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "institution.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "answer:desk"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "dauys.web.accounts.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
# Behind the proxy every sender has the proxy's address: ten wrong passwords of a stranger would shut out all officers.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0
MFA_ADAPTER = "dauys.web.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SECOND_FACTOR_REQUIRED = _flag("DAUYS_SECOND_FACTOR", not DEMO)
"""Officers must add a passkey or an authenticator before they see anybody's appeal."""

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "dauys.web.views.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
# "no-referrer" would make browsers send "Origin: null" with every form, which the check of forged forms must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""No page has a script or style of its own, so the policy needs no nonce and is one constant sentence."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 40  # the form itself takes ten and gives the words back; this is the hard stop
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_CODE = os.environ.get("DAUYS_LANGUAGE", "ru")
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["dauys.web.formats"]
TIME_ZONE = "UTC"
"""Moments are kept in UTC; pages show them in the institution's own zone (institution.Institution.zone)."""
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
# Leaflet's files travel in a Python package whose Django application (which wants GDAL) is not used.
_LEAFLET = importlib.util.find_spec("leaflet")
STATICFILES_DIRS = [("leaflet", Path(str(_LEAFLET and _LEAFLET.origin)).parent / "static" / "leaflet")]
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
ATTACHMENTS = Path(os.environ.get("DAUYS_ATTACHMENTS", HOME / "attachments"))
"""Sealed originals and their safe copies; never served by the web server itself."""

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
"""Letters leave through dauys/answer/post alone: one printed to the console would put its reader into the log."""
MAIL_URL = os.environ.get("DAUYS_EMAIL_URL", "")
"""`smtp://user@host:587` (STARTTLS) or `smtps://user@host:465`; empty: nobody is told by e-mail."""
MAIL_PASSWORD_FILE = os.environ.get("DAUYS_EMAIL_PASSWORD_FILE", "")
MAIL_FROM = os.environ.get("DAUYS_EMAIL_FROM", "")
MAIL_BOUNCES = os.environ.get("DAUYS_EMAIL_BOUNCES", "")
"""Where mail that cannot be delivered comes back; `bounces+@host`: the letter's own mark goes after the plus."""
MAIL_CA = os.environ.get("DAUYS_EMAIL_CA", "")
SITE = os.environ.get("DAUYS_SITE", "").rstrip("/")
"""Where this installation is reached, `https://dauys.example.kz`: links in letters lead there."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "dauys.web.logs.Discreet",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("DAUYS_LOG", "WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # A foreign Host or too large a form is the sender's mistake and is answered: no traceback for every robot.
        "django.security": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "WARNING"},
        "dauys": {"level": os.environ.get("DAUYS_LOG", "INFO")},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []

CLOCK_ACCEPTED = os.environ.get("DAUYS_CLOCK_ACCEPTED", "")
"""The day of the last entry, 2027-11-22, where a wrong clock wrote it and somebody has looked at the matter."""

LEDGER_ORIGIN = os.environ.get("DAUYS_ORIGIN", "dauys.local/ledger")
"""The ledger's own name, a host and path without a scheme. It is signed into every head: choose it once."""

UNDO_SECONDS = float(os.environ.get("DAUYS_UNDO_SECONDS", "10"))
"""How long an officer may take back an answer (one to a whole problem, too) or a passing on; 0 does each at once."""

INTAKE = os.environ.get("DAUYS_INTAKE", "together")
"""`together`: submissions that arrive at once share a commit; `alone`: each commits by itself (to compare)."""

DRAFTING_URL = os.environ.get("DAUYS_DRAFTING_URL", "")
"""A drafting machine the institution runs itself (OpenAI protocol), such as http://10.0.0.5:8000/v1; empty: none."""
DRAFTING_MODEL = os.environ.get("DAUYS_DRAFTING_MODEL", "")
DRAFTING_KEY_FILE = os.environ.get("DAUYS_DRAFTING_KEY_FILE", "")
DRAFTING_SECONDS = os.environ.get("DAUYS_DRAFTING_SECONDS", "60")
