"""Django's settings for the provider. In CITY_FOLDER: `key.pem` signs, `old-keys/*.pem` are published beside it."""

import os
from pathlib import Path

FOLDER = Path(os.environ["CITY_FOLDER"])
SECRET_KEY = os.urandom(32).hex()
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.accounts.provider.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "provider.db"}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and nothing worth more is kept
LOGIN_URL = "/log-in"
LOGIN_FORM = (
    """<form method="post">{% csrf_token %}{{ form }}<input type="hidden" name="next" value="{{ next }}"></form>"""
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "loaders": [
                ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN_FORM}),
                "django.template.loaders.app_directories.Loader",
            ],
        },
    }
]
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": os.environ["CITY_ISSUER"],
    "OIDC_RSA_PRIVATE_KEY": (FOLDER / "key.pem").read_text(),
    "OIDC_RSA_PRIVATE_KEYS_INACTIVE": [path.read_text() for path in (FOLDER / "old-keys").glob("*.pem")],
    "OAUTH2_VALIDATOR_CLASS": "tests.accounts.provider.claims.Validator",
    "SCOPES": {"openid": "Who you are", "profile": "Your name"},
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,  # names itself when it sends the browser back (RFC 9207)
}
