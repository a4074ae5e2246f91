"""Comments on orders, picklists, products and customers, and the older notes on orders."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Comment, Wire, public
from picqer_simulator.core.parsing import boolean, read, require, text
from picqer_simulator.core.queries import Query, page
from picqer_simulator.rules.users import OWNER

READERS = {"body": text, "show_at_related": boolean, "is_visible_fulfilment": boolean}


def wire(comment: Comment) -> Wire:
    """Return a comment as JSON."""
    owner = {f"id{comment.owner}": comment.idowner}
    return public(comment) | owner | {"updated_at": comment.created_at}


def note_wire(comment: Comment) -> Wire:
    """Return a comment as JSON of the older resource `notes`."""
    return {
        "idorder_note": comment.idcomment,
        "idorder": comment.idowner,
        "iduser": comment.iduser,
        "note": comment.body,
        "created": comment.created_at,
    }


def of(account: Account, owner: str, idowner: int) -> list[Comment]:
    """Return all comments on one record."""
    return [
        comment
        for comment in account.state.comments.values()
        if (comment.owner, comment.idowner) == (owner, idowner)
    ]


def count(account: Account, owner: str, idowner: int) -> int:
    """Count the comments on one record."""
    return len(of(account, owner, idowner))


def list_on(account: Account, owner: str, idowner: int, query: Query) -> list[Wire]:
    """List the comments on one record."""
    found = page(account.options, of(account, owner, idowner), query)
    return [wire(comment) for comment in found]


def add(account: Account, owner: str, idowner: int, body: Wire) -> Comment:
    """Add a comment to one record."""
    values = read(account.options, body, READERS)
    require(values, "body")
    comment = Comment(
        idcomment=account.state.new_id("comment"),
        owner=owner,
        idowner=idowner,
        body=values["body"],
        show_at_related=values.get("show_at_related", True),
        is_visible_fulfilment=values.get("is_visible_fulfilment", False),
        iduser=OWNER,
        created_at=account.clock.stamp(),
    )
    account.state.comments[comment.idcomment] = comment
    account.emit("comments.created", wire(comment))
    return comment


def list_on_product(account: Account, idproduct: int, query: Query) -> list[Wire]:
    account.find(account.state.products, idproduct)
    return list_on(account, "product", idproduct, query)


def add_to_product(account: Account, idproduct: int, body: Wire) -> Wire:
    account.find(account.state.products, idproduct)
    return wire(add(account, "product", idproduct, body))


def list_on_customer(account: Account, idcustomer: int, query: Query) -> list[Wire]:
    account.find(account.state.customers, idcustomer)
    return list_on(account, "customer", idcustomer, query)


def add_to_customer(account: Account, idcustomer: int, body: Wire) -> Wire:
    account.find(account.state.customers, idcustomer)
    return wire(add(account, "customer", idcustomer, body))


def list_on_picklist(account: Account, idpicklist: int, query: Query) -> list[Wire]:
    account.find(account.state.picklists, idpicklist)
    return list_on(account, "picklist", idpicklist, query)


def add_to_picklist(account: Account, idpicklist: int, body: Wire) -> Wire:
    account.find(account.state.picklists, idpicklist)
    return wire(add(account, "picklist", idpicklist, body))
