"""Django settings of the real Celery workers: the tests' settings, on the tests' database.

Environment: the tests' variables, and from `real_worker` the test database, the name of the
connections, a prefix for all keys in Redis, and the seconds between two sweeps.
"""

import os

from tests.integration.django_settings import *  # noqa: F403
from tests.integration.django_settings import DATABASES, IS_SALEOR_3

PREFIX = os.environ["PICQER_WORKER_PREFIX"]

for _database in DATABASES.values():
    _database["NAME"] = os.environ["PICQER_WORKER_DATABASE"]
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "application_name": os.environ["PICQER_WORKER_NAME"],
    }

# The workers share their request budget, as they do in a shop.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache"
        if IS_SALEOR_3
        else "django_redis.cache.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
        "KEY_PREFIX": PREFIX,
    }
}

CELERY_BROKER_URL = os.environ["REDIS_URL"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": PREFIX}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE = {
    "picqer-sweep": {
        "task": "saleor_picqer.sweep",
        "schedule": float(os.environ["PICQER_WORKER_SWEEP_SECONDS"]),
    }
}
