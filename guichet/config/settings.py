"""Settings of the site, read from the environment; every default is the safe one for production.

``docs/operating.md`` lists the variables. What is missing is named together, with what to set.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from guichet.config import env

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO = env.flag("DEMO")
TESTING = env.flag("GUICHET_TESTING")
DEBUG = env.flag("DEBUG")
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR.parent / "var").resolve()
PRIVATE_DIR = DATA_DIR / "private"

missing: list[str] = []

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    missing.append("SECRET_KEY: a long random text, kept for the life of the site.")
if DEBUG and not (DEMO or TESTING):
    missing.append("DEBUG=0: the debug mode shows people's data to anyone who meets an error.")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
SITE_URL = env.text("SITE_URL").rstrip("/")
if not SITE_URL:
    missing.append("SITE_URL: the public address of the site, such as https://guichet.example.org.")
SITE_HOST = SITE_URL.split("//")[-1].split("/")[0].rsplit(":", 1)[0]
if not ALLOWED_HOSTS and SITE_URL:
    ALLOWED_HOSTS = [SITE_HOST]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

# The State's registries: "simulator" or the address of the real door.
REGISTRIES = {
    "agdref": {"url": env.text("AGDREF_URL", "simulator"), "token": env.text("AGDREF_TOKEN")},
    "fne": {"url": env.text("FNE_URL", "simulator"), "token": env.text("FNE_TOKEN")},
    "ine": {"url": env.text("INE_URL", "simulator"), "token": env.text("INE_TOKEN")},
    "visabio": {"url": env.text("VISABIO_URL", "simulator"), "token": env.text("VISABIO_TOKEN")},
    "ephoto": {"url": env.text("EPHOTO_URL", "simulator"), "token": env.text("EPHOTO_TOKEN")},
    "addresses": {"url": env.text("ADDRESSES_URL", "simulator"), "token": ""},
    "beacon": {"url": env.text("BEACON_URL", "simulator"), "token": ""},  # https://api.drand.sh, or a relay of it
}
REGISTRY_TIMEOUT_SECONDS = 3.0
ALLOW_SIMULATED_REGISTRIES = env.flag("ALLOW_SIMULATED_REGISTRIES", default=DEMO or TESTING)
SIMULATED_REGISTRIES = [name for name, registry in REGISTRIES.items() if registry["url"] == "simulator"]
if SIMULATED_REGISTRIES and not ALLOW_SIMULATED_REGISTRIES:
    missing.append(
        f"{', '.join(name.upper() + '_URL' for name in SIMULATED_REGISTRIES)}: the address of the registry"
        " (or ALLOW_SIMULATED_REGISTRIES=1, which lets invented data stand for the State's: never with real people)."
    )

if DEMO and len(SIMULATED_REGISTRIES) < len(REGISTRIES):
    missing.append("DEMO=0: the demonstration invents people and shows every mail; it never meets a real registry.")

# FranceConnect: closed, and said so, until it is connected. Whatever is not FranceConnect itself invents its people.
FRANCECONNECT_ISSUER = env.text("FRANCECONNECT_ISSUER").rstrip("/")
FRANCECONNECT = {
    "issuer": FRANCECONNECT_ISSUER,
    "client_id": env.text("FRANCECONNECT_CLIENT_ID"),
    "client_secret": env.text("FRANCECONNECT_CLIENT_SECRET"),
    "simulated": bool(FRANCECONNECT_ISSUER) and not env.is_franceconnect(FRANCECONNECT_ISSUER),
}
if FRANCECONNECT_ISSUER and not (FRANCECONNECT["client_id"] and FRANCECONNECT["client_secret"]):
    missing.append("FRANCECONNECT_CLIENT_ID, FRANCECONNECT_CLIENT_SECRET: given by FranceConnect with its address.")
if FRANCECONNECT["simulated"] and not ALLOW_SIMULATED_REGISTRIES:
    missing.append(
        "FRANCECONNECT_ISSUER: an https address under franceconnect.gouv.fr (or ALLOW_SIMULATED_REGISTRIES=1, which lets"
        " anybody be whoever they say: never with real people)."
    )
if DEMO and FRANCECONNECT_ISSUER and not FRANCECONNECT["simulated"]:
    missing.append("DEMO=0: the demonstration never meets the real FranceConnect.")

MAIL_HOST = env.text("EMAIL_HOST")
if not MAIL_HOST and not (DEMO or TESTING):
    missing.append("EMAIL_HOST: the mail server (with EMAIL_PORT, EMAIL_USER, EMAIL_PASSWORD, EMAIL_TLS).")

if missing:
    raise ImproperlyConfigured("Guichet does not start. Set:\n  - " + "\n  - ".join(missing))

PRIVATE_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

INSTALLED_APPS = [
    "guichet.demo",
    "guichet.web.design",
    "guichet.web.public",
    "guichet.web.account",
    "guichet.web.applicant",
    "guichet.web.booking",
    "guichet.web.officer",
    "guichet.instruction",
    "guichet.applications",
    "guichet.permits",
    "guichet.appointments",
    "guichet.certificates",
    "guichet.support",
    "guichet.files",
    "guichet.procedures",
    "guichet.accounts",
    "guichet.offices",
    "guichet.registries",
    "guichet.messaging",
    "guichet.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "widget_tweaks",
    "dsfr",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
]

MIDDLEWARE = [
    "guichet.core.middleware.ClockMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guichet.core.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guichet.web.design.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guichet.core.middleware.ReadOnlyMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "guichet.web.design.gate.TemporaryPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "guichet.config.urls"
WSGI_APPLICATION = "guichet.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guichet.web.design.context.page",
                *(["guichet.demo.context.demonstration"] if DEMO else []),
            ],
            "builtins": ["guichet.web.design.templatetags.days"],
        },
    }
]

DATABASES = {"default": env.database(env.text("DATABASE_URL") or f"sqlite:///{DATA_DIR}/guichet.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits and one-time codes must be shared by every process: the database unless Redis is given.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.text("REDIS_URL")}
        if env.text("REDIS_URL")
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "guichet_cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},  # with Django's 300, a crowd would push the limits out of the cache
        }
    )
}

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "langue"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SITE_URL.startswith("https://")
USE_I18N = True
FORMAT_MODULE_PATH = ["guichet.config.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# People
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "guichet.accounts.backends.IdentifierBackend"]
LOGIN_URL = "account:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "guichet.accounts.passwords.CompositionValidator"},
    {"NAME": "guichet.accounts.passwords.CommonPasswordValidator"},
    {"NAME": "guichet.accounts.passwords.NotIdentityValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # never the identifier alone: it would lock the rightful person out
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying while locked does not lengthen the wait that was told
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "guichet.web.account.throttling.locked_out"
AXES_USERNAME_FORM_FIELD = "identifier"
AXES_CLIENT_IP_CALLABLE = "guichet.core.addresses.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
BOT_CHECK_HASHES = env.integer("BOT_CHECK_HASHES", 150_000)  # well under a second, some seconds on an old phone
OTP_TOTP_ISSUER = "Guichet"
OTP_TOTP_THROTTLE_FACTOR = 1

SESSION_ENGINE = "guichet.core.sessions"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_FAILURE_VIEW = "guichet.web.public.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE_COOKIES and env.flag("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_COOKIES
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = None if DEMO or TESTING else BASE_DIR.parent / "static-build"  # where collectstatic builds for production
WHITENOISE_USE_FINDERS = DEMO or TESTING
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_DIR), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # a page asks for a dozen documents, three files each, sent at once without JavaScript
CLAMAV_SOCKET = env.text("CLAMAV_SOCKET")

# Mail
MAILERS = {
    "default": (
        {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
        if TESTING
        else {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": MAIL_HOST,
                "port": env.integer("EMAIL_PORT", 587),
                "username": env.text("EMAIL_USER"),
                "password": env.text("EMAIL_PASSWORD"),
                "use_tls": env.flag("EMAIL_TLS", default=True),
                "timeout": 20,
            },
        }
    )
}
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM") or f"Guichet <ne-pas-repondre@{SITE_HOST or 'localhost'}>"
# In the demonstration nothing leaves: the outbox is the mailbox, and bodies are kept to be read there.
OUTBOX_TRANSPORT = "mailbox" if DEMO else "smtp"
OUTBOX_KEEP_BODIES = DEMO or TESTING

# What this site is
BRAND = env.text("BRAND", "neutral")  # "etat" only for those the State allows to bear its block
PROCEDURES_DIR = env.text("PROCEDURES_DIR")  # the site's own procedures, beside the catalogue (docs/procedures.md)
SUPPORT_PHONE = env.text("SUPPORT_PHONE", "0806 001 620")
DRAFT_KEPT_DAYS = env.integer("DRAFT_KEPT_DAYS", 120)
PHONENUMBER_DEFAULT_REGION = "FR"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "guichet.core.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Django's own request log prints paths, and paths hold numbers and tokens.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # prints whatever host a machine made up
        "axes": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
