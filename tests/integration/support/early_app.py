"""An app that is set up before the plugin and has Saleor build its GraphQL schema.

The environment variable `EARLY_APP` names what else the app does.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

from django.apps import AppConfig


class EarlyApp(AppConfig):
    name = "tests.integration.support.early_app"

    def ready(self) -> None:
        # Saleor's view and its urls keep references to the schema.
        importlib.import_module("saleor.urls")
        match os.environ["EARLY_APP"]:
            case "prevents a second build":
                importlib.reload = _fail  # type: ignore[assignment]
            case "serves its own schema":
                importlib.import_module("tests.integration.support.early_urls")


def _fail(_module: Any) -> Any:
    raise RuntimeError("this schema can be built once only")
