"""Django app: adds the plugin to Saleor's schema, plugin list and periodic tasks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate, pre_delete

logger = logging.getLogger(__name__)

# Lines of Saleor that every release is tested on.
SUPPORTED = ("2.10", "3.21", "3.22", "3.23")


class PicqerConfig(AppConfig):
    name = "saleor_picqer"
    label = "saleor_picqer"
    verbose_name = "Picqer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the plugin to Saleor."""
        # Django calls this after loading the models of every app, which types and tasks need.
        from saleor_picqer import manual_fulfilment, plugin, product_hooks, retention, tasks
        from saleor_picqer.config import PLUGIN_ID
        from saleor_picqer.dashboard import installation
        from saleor_picqer.graphql import api
        from saleor_picqer.hosts import host

        for check in (check_host, check_extensions, check_schema):
            checks.register(check, PLUGIN_ID)
        for warning in check_host():
            logger.warning("%s %s", warning.msg, warning.hint)
        api.join()
        add_plugins(host().global_plugins)
        host().connect_signals()
        host().connect_products(
            product_hooks.products_changed,
            product_hooks.variants_changed,
            product_hooks.variants_deleted,
        )
        host().guard_fulfilments(manual_fulfilment.refusal)
        pre_delete.connect(
            plugin.forget_configuration,
            sender="plugins.PluginConfiguration",
            dispatch_uid="picqer-forget-configuration",
        )
        # Saleor's permissions exist then, as the plugin is the last of the installed apps.
        post_migrate.connect(
            installation.bring_in_step, sender=self, dispatch_uid="picqer-dashboard-app"
        )
        pre_delete.connect(
            retention.forget_customer,
            sender="account.User",
            dispatch_uid="picqer-forget-customer",
        )
        schedule("picqer-sweep", "saleor_picqer.sweep", tasks.SWEEP_EVERY)


def check_host(**_: Any) -> list[checks.CheckMessage]:
    """Warn if this release was not tested with the installed Saleor line."""
    from saleor_picqer import __version__
    from saleor_picqer.hosts import host

    version = host().access.version
    if ".".join(version.split(".")[:2]) in SUPPORTED:
        return []
    return [
        checks.Warning(
            f"saleor-picqer {__version__} is not tested with Saleor {version}.",
            hint=f"It supports Saleor {', '.join(SUPPORTED)}.",
            id="saleor_picqer.W001",
        )
    ]


def check_extensions(**_: Any) -> list[checks.CheckMessage]:
    """Return an error for each problem of the setting `SALEOR_PICQER`."""
    from saleor_picqer import extensions

    return [
        checks.Error(f"{extensions.SETTING}: {found.message}.", id=f"saleor_picqer.{found.code}")
        for found in extensions.validate()
    ]


def check_schema(**_: Any) -> list[checks.CheckMessage]:
    """Warn if Saleor's GraphQL endpoint lacks the plugin's queries and mutations."""
    from saleor_picqer.graphql import api

    if api.is_served():
        return []
    # No error, as Django would then refuse to start or to migrate the shop.
    return [
        checks.Warning(
            "Saleor's GraphQL endpoint lacks the queries and mutations of saleor-picqer.",
            hint="Another app has built the schema that is served. See the log of Saleor's start,"
            " and list saleor_picqer before that app in INSTALLED_APPS.",
            id="saleor_picqer.W002",
        )
    ]


def add_plugins(paths: Sequence[str]) -> None:
    """Add missing plugins to the setting `PLUGINS`."""
    saleor: Any = settings
    missing = [path for path in paths if path not in saleor.PLUGINS]
    saleor.PLUGINS = [*saleor.PLUGINS, *missing]


def schedule(name: str, task: str, seconds: int) -> None:
    """Add a periodic task to the setting `CELERY_BEAT_SCHEDULE` if missing."""
    saleor: Any = settings
    # Saleor 2.10 has no such setting.
    saleor.CELERY_BEAT_SCHEDULE = getattr(saleor, "CELERY_BEAT_SCHEDULE", {})
    # A message that waits longer is of no use: the next one does the same.
    entry = {"task": task, "schedule": seconds, "options": {"expires": 5 * seconds}}
    saleor.CELERY_BEAT_SCHEDULE.setdefault(name, entry)
