"""From paths and bodies to typed objects: what every resource is made of."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from saleor_picqer.picqer.objects.base import Body, PicqerObject, complaints
from saleor_picqer.picqer.transport import ApiResponse, Request, Transport

PAGE_SIZE = 100

type Filters = Mapping[str, object]


class Resource:
    """A topic of the API. Every method raises PicqerApiError if the request does not end well."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _get[T: PicqerObject](self, model: type[T], path: str, filters: Filters | None = None) -> T:
        answer = self._send("GET", path, filters=filters)
        return _parsed(model, answer.payload, answer)

    def _list[T: PicqerObject](
        self, model: type[T], path: str, filters: Filters | None = None
    ) -> Iterator[T]:
        """All objects of a list, each once, page by page of 100 as they are consumed.

        A page that is retried is asked for again at the same offset. The last page is short, or
        repeats only what was there (a list that knows no offset).
        """
        seen: set[object] = set()
        offset = 0
        while True:
            answer = self._send("GET", path, filters={**(filters or {}), "offset": offset})
            rows = _rows(answer)
            fresh = list(_fresh(model, rows, answer, seen))
            yield from fresh
            offset += len(rows)
            if len(rows) < PAGE_SIZE or not fresh:
                return

    def _write[T: PicqerObject](
        self, model: type[T], method: str, path: str, body: Body | None = None
    ) -> T:
        answer = self._transport.request(_request(method, path, body))
        return _parsed(model, answer.payload, answer)

    def _act[T: PicqerObject](
        self,
        model: type[T],
        method: str,
        path: str,
        body: Body | None = None,
        *,
        filters: Filters | None = None,
    ) -> T | None:
        """Carries out an action. What comes back is undocumented: the object, or nothing usable."""
        payload = self._send(method, path, body, filters=filters).payload
        try:
            return model.model_validate(payload)
        except ValidationError:
            return None

    def _send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        filters: Filters | None = None,
    ) -> ApiResponse:
        return self._transport.request(_request(method, path, body, filters))


def _request(
    method: str, path: str, body: Body | None = None, filters: Filters | None = None
) -> Request:
    given = (filters or {}).items()
    params = {name: _parameter(value) for name, value in given if value is not None}
    raw = None if body is None else body.encode()
    return Request(method, path, params or None, raw)


def _parsed[T: PicqerObject](model: type[T], payload: Any, answer: ApiResponse) -> T:
    try:
        return model.model_validate(payload)
    except ValidationError as failure:
        text = f"no {model.__name__}: {complaints(failure)}"
    raise answer.invalid_response(text)


def _rows(answer: ApiResponse) -> list[Any]:
    """The items of a list; PHP may write an empty one as an object."""
    if isinstance(answer.payload, list):
        return answer.payload
    if answer.payload == {}:
        return []
    raise answer.invalid_response("no list")


def _fresh[T: PicqerObject](
    model: type[T], rows: list[Any], answer: ApiResponse, seen: set[object]
) -> Iterator[T]:
    for row in rows:
        item = _parsed(model, row, answer)
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
