"""The resource `tags`, and the tags on orders, products and customers."""

from __future__ import annotations

from typing import Protocol

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.models import Tag, Wire, public
from picqer_simulator.core.parsing import boolean, integer, read, require, text
from picqer_simulator.core.queries import Query, contains, page

READERS = {"title": text, "color": text, "inherit": boolean}


class Tagged(Protocol):
    """A record that carries tags."""

    tags: list[int]


def wire(tag: Tag) -> Wire:
    """Return a tag as JSON."""
    return public(tag) | {"textColor": "#FFFFFF"}


def tags_wire(account: Account, ids: list[int]) -> Wire | list[Wire]:
    """Return the tags of a record as JSON: an object with the titles as keys."""
    # Picqer is written in PHP, which encodes an empty map as an empty array.
    if not ids and account.options.empty_tags == "array":
        return []
    tags = [account.state.tags[idtag] for idtag in ids]
    return {tag.title: wire(tag) for tag in tags}


def list_(account: Account, query: Query) -> list[Wire]:
    tags = account.state.tags.values()
    found = page(account.options, tags, query, {"search": contains("title")})
    return [wire(tag) for tag in found]


def get(account: Account, idtag: int) -> Wire:
    return wire(account.find(account.state.tags, idtag))


def create(account: Account, body: Wire) -> Wire:
    values = read(account.options, body, READERS)
    require(values, "title", "color", "inherit")
    tag = Tag(idtag=account.state.new_id("tag"), **values)
    account.state.tags[tag.idtag] = tag
    return wire(tag)


def update(account: Account, idtag: int, body: Wire) -> Wire:
    tag = account.find(account.state.tags, idtag)
    for name, value in read(account.options, body, READERS).items():
        setattr(tag, name, value)
    return wire(tag)


def delete(account: Account, idtag: int) -> None:
    """Delete a tag and remove the tag from all records."""
    account.find(account.state.tags, idtag)
    state = account.state
    owners: list[Tagged] = [*state.products.values(), *state.orders.values()]
    owners += state.customers.values()
    for owner in owners:
        if idtag in owner.tags:
            owner.tags.remove(idtag)
    del state.tags[idtag]


def list_on(account: Account, owner: Tagged) -> list[Wire]:
    """List the tags of a record."""
    return [wire(account.state.tags[idtag]) for idtag in owner.tags]


def put_on(account: Account, owner: Tagged, body: Wire) -> list[Wire]:
    """Add a tag to a record; repeated requests have no effect."""
    values = read(account.options, body, {"idtag": integer})
    require(values, "idtag")
    tag = account.find(account.state.tags, values["idtag"])
    if tag.idtag not in owner.tags:
        owner.tags.append(tag.idtag)
    return list_on(account, owner)


def take_off(owner: Tagged, idtag: int) -> None:
    """Remove a tag from a record; raise ApiError 20 if the record lacks the tag."""
    if idtag not in owner.tags:
        raise ApiError(NOT_FOUND)
    owner.tags.remove(idtag)
