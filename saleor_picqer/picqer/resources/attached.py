"""Tags, a sub-resource of orders, products and customers."""

from __future__ import annotations

from collections.abc import Iterator

from saleor_picqer.picqer.objects.common import Tag, TagLink
from saleor_picqer.picqer.resources.base import Resource


class WithTags(Resource):
    """A resource of objects with tags."""

    _path: str

    def tags(self, idobject: int) -> Iterator[Tag]:
        return self._list(Tag, f"{self._path}/{idobject}/tags")

    def add_tag(self, idobject: int, idtag: int) -> None:
        self._send("POST", f"{self._path}/{idobject}/tags", TagLink(idtag=idtag))

    def remove_tag(self, idobject: int, idtag: int) -> None:
        self._send("DELETE", f"{self._path}/{idobject}/tags/{idtag}")
