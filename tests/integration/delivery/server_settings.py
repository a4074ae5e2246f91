"""Django settings of the real HTTP server: those of the real workers, open to every host name."""

from tests.integration.delivery.worker_settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
DEBUG = False
# Saleor 3 reports to its makers when it starts.
SEND_USAGE_TELEMETRY = False
