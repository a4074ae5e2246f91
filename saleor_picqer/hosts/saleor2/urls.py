"""ROOT_URLCONF for Saleor 2.10: Saleor's URLs and those of the plugin's webhooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from saleor.urls import urlpatterns as saleor_urlpatterns

from saleor_picqer.config import GLOBAL_PLUGIN_ID, PLUGIN_ID
from saleor_picqer.hosts.saleor2.channels import CHANNEL, Saleor2Channels


@csrf_exempt
def plugin_webhook(request: Any, rest: str, channel: str = CHANNEL) -> HttpResponse:
    """Pass a webhook to the plugin; 404 for another channel."""
    plugin = Saleor2Channels().plugins([channel]).get(channel)
    return HttpResponseNotFound() if plugin is None else plugin.webhook(request, f"/{rest}")


# Saleor's own list ends, with DEBUG, in a view that matches every path: it has to come last.
urlpatterns = [
    path(f"plugins/global/{GLOBAL_PLUGIN_ID}/<path:rest>", plugin_webhook),
    path(f"plugins/channel/<slug:channel>/{PLUGIN_ID}/<path:rest>", plugin_webhook),
    *saleor_urlpatterns,
]
