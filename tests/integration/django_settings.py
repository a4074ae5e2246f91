"""Django settings for the integration tests, on whichever Saleor is installed.

Environment: `DATABASE_URL`, a PostgreSQL server where databases may be created.
"""

import os

# Saleor 2.10 derives the columns' defaults from these while it reads its own settings.
os.environ.update(DEFAULT_COUNTRY="NL", DEFAULT_CURRENCY="EUR", MAX_CHECKOUT_LINE_QUANTITY="1000")
# Staff sign in once for all tests of a module.
os.environ.update(JWT_TTL_ACCESS="1 day")

from tests.integration.support.host import IS_SALEOR_3, LINE

if IS_SALEOR_3:
    from saleor.tests.settings import *  # noqa: F403
    from saleor.tests.settings import BUILTIN_PLUGINS, DATABASES, EXTERNAL_PLUGINS

    # Saleor's own tests switch plugins off; ours is found through its entry point.
    PLUGINS = BUILTIN_PLUGINS + EXTERNAL_PLUGINS
else:
    from example_project.settings import *  # noqa: F403

    # The names come from Saleor, which has no types.
    from example_project.settings import DATABASES  # type: ignore[attr-defined]

SECRET_KEY = "for tests only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Saleor lists and translates all of them whenever it looks at an address; it names Ireland itself.
COUNTRIES_ONLY = ["IE", "NL"]
ENABLE_ACCOUNT_CONFIRMATION_BY_EMAIL = False

# Runs of several lines on one server keep out of each other's way.
_TEST_DATABASE = f"test_{DATABASES['default']['NAME']}_{LINE.replace('.', '_')}"
DATABASES["default"]["TEST"] = {"NAME": _TEST_DATABASE}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "replica" in DATABASES:
    # A server's threads connect to it themselves; the test's own thread does not.
    DATABASES["replica"].update(NAME=_TEST_DATABASE, CONN_MAX_AGE=0)

# Redis, if there is one, belongs to others.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# As with a broker; the `worker` fixture stands in for it.
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = False
# The plugin's tasks, so that a task which strays into Saleor's own queue is noticed.
SALEOR_PICQER = {"queue": "picqer"}
