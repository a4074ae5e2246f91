"""Django settings of a Saleor with `EarlyApp`."""

import os

from tests.integration.django_settings import *  # noqa: F403
from tests.integration.django_settings import INSTALLED_APPS  # type: ignore[attr-defined]

INSTALLED_APPS = ["tests.integration.support.early_app.EarlyApp", *INSTALLED_APPS]

if os.environ["EARLY_APP"] == "serves its own schema":
    ROOT_URLCONF = "tests.integration.support.early_urls"
