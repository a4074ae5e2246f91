"""Settings for the type checker: our models without Saleor around them."""

from django.apps import AppConfig


class Models(AppConfig):
    name = "saleor_picqer"
    default_auto_field = "django.db.models.BigAutoField"


INSTALLED_APPS = ["tests.typing_settings.Models"]
SECRET_KEY = "for the type checker"
USE_TZ = True

# Saleor's, as far as we read them.
DEFAULT_COUNTRY = "NL"
