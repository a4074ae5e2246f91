"""Changes by staff to a channel; on Saleor 3 only."""

from __future__ import annotations

from django.core.cache import cache

from tests.integration.support.api import to_global_id
from tests.integration.support.shop import Shop

RENAME = """
mutation ($id: ID!, $slug: String!) {
  channelUpdate(id: $id, input: { slug: $slug }) { errors { field message code } }
}
"""


def rename_channel(shop: Shop, slug: str) -> None:
    """Give the channel another slug."""
    shop.admin_api.query(RENAME, id=to_global_id("Channel", shop.channel_pk), slug=slug)
    shop.channel_slug = slug
    cache.clear()
