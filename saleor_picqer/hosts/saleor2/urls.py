"""ROOT_URLCONF for Saleor 2.10, which has no plugin webhooks of its own.

Our route comes first: with DEBUG, Saleor 2.10 ends in a view for everything else.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from saleor.plugins.manager import get_plugins_manager
from saleor.urls import urlpatterns as saleor_urlpatterns

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.hosts.saleor2.orders import CHANNEL


@csrf_exempt
def plugin_webhook(request: Any, channel: str, rest: str) -> HttpResponse:
    """Answers as Saleor 3 does: 404 for another channel or an inactive plugin."""
    plugin = get_plugins_manager().get_plugin(PLUGIN_ID)
    if channel != CHANNEL or plugin is None or not plugin.active:
        return HttpResponseNotFound()
    return plugin.receive(request, f"/{rest}")


urlpatterns = [
    path(f"plugins/channel/<slug:channel>/{PLUGIN_ID}/<path:rest>", plugin_webhook),
    *saleor_urlpatterns,
]
