"""Owns tags, and their shape on what carries them: an object keyed by title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.models import Tag, Wire, public
from picqer_simulator.core.parsing import boolean, integer, read, require, text
from picqer_simulator.core.queries import Query, contains, page

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

READERS = {"title": text, "color": text, "inherit": boolean}


class Tagged(Protocol):
    """An order, product or customer."""

    tags: list[int]


def wire(tag: Tag) -> Wire:
    return public(tag) | {"textColor": "#FFFFFF"}


def tags_wire(simulator: Simulator, ids: list[int]) -> Wire | list[Wire]:
    """Keyed by title; the backend is PHP, so an empty one may be an array."""
    if not ids and simulator.knobs.empty_tags == "array":
        return []
    tags = [simulator.state.tags[idtag] for idtag in ids]
    return {tag.title: wire(tag) for tag in tags}


def list_(simulator: Simulator, query: Query) -> list[Wire]:
    tags = simulator.state.tags.values()
    found = page(simulator.knobs, tags, query, {"search": contains("title")})
    return [wire(tag) for tag in found]


def get(simulator: Simulator, idtag: int) -> Wire:
    return wire(simulator.find(simulator.state.tags, idtag))


def create(simulator: Simulator, body: Wire) -> Wire:
    values = read(simulator.knobs, body, READERS)
    require(values, "title", "color", "inherit")
    tag = Tag(idtag=simulator.state.new_id("tag"), **values)
    simulator.state.tags[tag.idtag] = tag
    return wire(tag)


def update(simulator: Simulator, idtag: int, body: Wire) -> Wire:
    tag = simulator.find(simulator.state.tags, idtag)
    for name, value in read(simulator.knobs, body, READERS).items():
        setattr(tag, name, value)
    return wire(tag)


def delete(simulator: Simulator, idtag: int) -> None:
    simulator.find(simulator.state.tags, idtag)
    state = simulator.state
    owners: list[Tagged] = [*state.products.values(), *state.orders.values()]
    owners += state.customers.values()
    for owner in owners:
        if idtag in owner.tags:
            owner.tags.remove(idtag)
    del state.tags[idtag]


def list_on(simulator: Simulator, owner: Tagged) -> list[Wire]:
    return [wire(simulator.state.tags[idtag]) for idtag in owner.tags]


def put_on(simulator: Simulator, owner: Tagged, body: Wire) -> list[Wire]:
    values = read(simulator.knobs, body, {"idtag": integer})
    require(values, "idtag")
    tag = simulator.find(simulator.state.tags, values["idtag"])
    if tag.idtag not in owner.tags:
        owner.tags.append(tag.idtag)
    return list_on(simulator, owner)


def take_off(owner: Tagged, idtag: int) -> None:
    if idtag not in owner.tags:
        raise ApiError(NOT_FOUND)
    owner.tags.remove(idtag)
