"""The base class of resources: requests from paths and bodies, typed objects from responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from saleor_picqer.domain.batches import Page
from saleor_picqer.picqer.objects.base import Body, PicqerObject, complaints
from saleor_picqer.picqer.transport import ApiResponse, Request, Transport

PAGE_SIZE = 100
# A list that goes on has no end: the plugin reads none of more than a few hundred objects at once.
MAX_PAGES = 1_000
MAX_LIST_SIZE = 64 * 1024 * 1024  # bytes of all pages together
# Objects of a list that is read page by page, by a caller that keeps its place. The largest shops
# have some hundred thousand products.
MAX_OFFSET = 2_000_000

type Filters = Mapping[str, object]


class Resource:
    """A topic of the API. Every method may raise PicqerApiError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _get[T: PicqerObject](self, model: type[T], path: str, filters: Filters | None = None) -> T:
        response = self._transport.request(_request("GET", path, filters=filters))
        return _parsed(model, response.payload, response)

    def _list[T: PicqerObject](
        self, model: type[T], path: str, filters: Filters | None = None
    ) -> Iterator[T]:
        """Yield all objects of a list, each once; pages of 100 are read on demand."""
        seen: set[object] = set()
        offset = size = 0
        for _ in range(MAX_PAGES):
            page = {**(filters or {}), "offset": offset}
            response = self._transport.request(_request("GET", path, filters=page))
            rows = _rows(response)
            fresh = list(_fresh(model, rows, response, seen))
            yield from fresh
            offset += len(rows)
            size += response.size
            # The last page is short. A list that ignores the offset repeats its only page.
            if len(rows) < PAGE_SIZE or not fresh:
                return
            if size > MAX_LIST_SIZE:
                break
        raise response.invalid_response(f"a list without end: {offset} objects, {size} bytes")

    def _page[T: PicqerObject](
        self, model: type[T], path: str, offset: int, filters: Filters | None = None
    ) -> Page[T]:
        """Read one page of a list, for a caller that goes on later."""
        page = {**(filters or {}), "offset": offset}
        response = self._transport.request(_request("GET", path, filters=page))
        rows = _rows(response)
        last = len(rows) < PAGE_SIZE
        if not last and offset > MAX_OFFSET:
            raise response.invalid_response(f"a list without end: {offset} objects")
        items = [_parsed(model, row, response) for row in rows]
        return Page(items, None if last else offset + len(rows))

    def _write[T: PicqerObject](
        self, model: type[T], method: str, path: str, body: Body | None = None
    ) -> T:
        response = self._transport.request(_request(method, path, body))
        return _parsed(model, response.payload, response)

    def _act[T: PicqerObject](
        self,
        model: type[T],
        method: str,
        path: str,
        body: Body | None = None,
        *,
        filters: Filters | None = None,
    ) -> T | None:
        """Carry out an action and return the object, or None where Picqer sends none."""
        # What Picqer sends after an action is not documented.
        response = self._transport.request(_request(method, path, body, filters=filters))
        try:
            return model.model_validate(response.payload)
        except ValidationError:
            return None

    def _send(self, method: str, path: str, body: Body | None = None) -> None:
        """Carry out an action and drop the response."""
        self._transport.request(_request(method, path, body))


def _request(
    method: str, path: str, body: Body | None = None, filters: Filters | None = None
) -> Request:
    given = (filters or {}).items()
    params = {name: _parameter(value) for name, value in given if value is not None}
    raw = None if body is None else body.encode()
    return Request(method, path, params or None, raw)


def _parsed[T: PicqerObject](model: type[T], payload: Any, response: ApiResponse) -> T:
    try:
        return model.model_validate(payload)
    except ValidationError as failure:
        text = f"no {model.__name__}: {complaints(failure)}"
    raise response.invalid_response(text)


def _rows(response: ApiResponse) -> list[Any]:
    """Return the items of a list."""
    # Picqer's PHP may write an empty list as an object.
    if isinstance(response.payload, list):
        return response.payload
    if response.payload == {}:
        return []
    raise response.invalid_response("no list")


def _fresh[T: PicqerObject](
    model: type[T], rows: list[Any], response: ApiResponse, seen: set[object]
) -> Iterator[T]:
    for row in rows:
        item = _parsed(model, row, response)
        key = getattr(item, model.id_field)
        if key not in seen:
            seen.add(key)
            yield item


def _parameter(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
