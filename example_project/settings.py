"""Settings of the example shop: Saleor 2.10 from PyPI with the plugin, served on loopback.

Environment variables: `DATABASE_URL`, `REDIS_URL` (broker and cache; without Redis, tasks run
inside the request), `PUBLIC_URL` (the shop's address for Picqer; default: loopback), and the
variables of Saleor's own settings.
"""

import os
from urllib.parse import urlsplit

from django.core.management.utils import get_random_secret_key

from devtools.instance import LOCAL
from example_project import saleor2_shims  # noqa: F401  # before anything of Saleor

LOCAL.mkdir(exist_ok=True)


def _secret_key() -> str:
    """Return the secret key of this checkout. The key is kept, so that tokens survive a restart."""
    path = LOCAL / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


# Saleor derives further settings from these variables when its settings are imported.
os.environ.setdefault("SECRET_KEY", _secret_key())
os.environ.setdefault("DEFAULT_COUNTRY", "NL")
os.environ.setdefault("DEFAULT_CURRENCY", "EUR")
os.environ.setdefault("DEFAULT_FROM_EMAIL", "Koffie & Blad <winkel@koffieblad.example>")
os.environ.setdefault("CELERY_BROKER_URL", os.environ.get("REDIS_URL", ""))

from saleor.settings import *  # noqa: E402, F403
from saleor.settings import INSTALLED_APPS, LOGGING, PLUGINS  # noqa: E402

ROOT_URLCONF = "saleor_picqer.hosts.saleor2.urls"
INSTALLED_APPS += ["example_project", "saleor_picqer"]
# The Stripe gateway cannot be imported with current stripe libraries.
PLUGINS = [plugin for plugin in PLUGINS if "stripe" not in plugin]
PLUGINS += ["saleor_picqer.plugin.PicqerPlugin"]

DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
SILENCED_SYSTEM_CHECKS = ["fields.W904"]  # Saleor's JSON fields are those of Django 3.0
TIME_ZONE = "Europe/Amsterdam"

PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")
ENABLE_SSL = PUBLIC_URL.startswith("https:")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", urlsplit(PUBLIC_URL).hostname]

MEDIA_ROOT = str(LOCAL / "media")
STATIC_ROOT = str(LOCAL / "static")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(LOCAL / "mails")

# Saleor's loggers and the root logger share a handler: without this, lines appear twice.
for _name in ("django", "django.server", "saleor"):
    LOGGING["loggers"][_name]["propagate"] = False

if REDIS_URL := os.environ.get("REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "picqer-example",
        }
    }
# A shared Redis may also serve other workers.
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "picqer-example:"}
