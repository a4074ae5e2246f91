"""Staff of the app, and the tokens given to its pages by the dashboard."""

from __future__ import annotations

from typing import Any

import pytest
from saleor.account.models import User

from tests.integration.browser.visitor import Visitor
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop

in_dashboard = pytest.mark.skipif(
    not IS_SALEOR_3, reason="Saleor 2.10 has no apps in its dashboard"
)
OPERATOR = "operator@example.com"
# The global id that the dashboard passes to a card on the home page.
APP = "QXBwOjE="


def hire(shop: Shop, *permissions: str, email: str = OPERATOR) -> User:
    """Return the member of staff with this address, employed if necessary."""
    if not User.objects.filter(email=email).exists():
        shop.staff_api(*permissions, email=email)
    return User.objects.get(email=email)


def hire_for_channels(shop: Shop, *channels: Any) -> User:
    """Return a member of staff limited to orders of the given channels (Saleor 3)."""
    from saleor.account.models import Group

    email = f"staff-of-{len(channels)}-channels@example.com"
    user = hire(shop, "manage_orders", email=email)
    group = Group.objects.get(name=email)
    group.restricted_access_to_channels = True
    group.save()
    group.channels.set(channels)
    return user


def token_of_page(user: User) -> str:
    """Return the dashboard's token for the app's own page; on Saleor 3 only."""
    from saleor.core.jwt import create_access_token_for_app

    return create_access_token_for_app(_app(), user)


def token_of_order(user: User) -> str:
    """Return the dashboard's token for the app on the page of an order; on Saleor 3 only."""
    return _token_of_place(user, "order_details_more_actions")


def token_of_product(user: User) -> str:
    """Return the dashboard's token for the app on the page of a product; on Saleor 3 only."""
    return _token_of_place(user, "product_details_more_actions")


def _token_of_place(user: User, mount: str) -> str:
    """Return Saleor's token for a place: empty for a person without the permission."""
    from saleor.core.jwt import create_access_token_for_app_extension

    extension = _app().extensions.get(mount=mount)
    permissions = extension.permissions.all()
    if not set(permissions) <= set(user.effective_permissions):
        return ""
    return create_access_token_for_app_extension(extension, permissions, user, _app())


def open_order(visitor: Visitor, user: User, order: str, path: str = "/order") -> None:
    """Open the page of an order (a global id) as the line does it."""
    if IS_SALEOR_3:
        visitor.open_in_dashboard(path, token_of_order(user), orderId=order)
    else:
        visitor.open_alone(path, orderId=order)
        visitor.sign_in(user.email)


def open_product(visitor: Visitor, user: User, product: str, path: str = "/product") -> None:
    """Open the page of a product (a global id) as the line does it."""
    if IS_SALEOR_3:
        visitor.open_in_dashboard(path, token_of_product(user), productId=product)
    else:
        visitor.open_alone(path, productId=product)
        visitor.sign_in(user.email)


def open_home(visitor: Visitor, user: User) -> None:
    """Open the card on the home page with the token for the page of an order."""
    if IS_SALEOR_3:
        visitor.open_in_dashboard("/home", token_of_order(user), id=APP)
    else:
        visitor.open_alone("/home")
        visitor.sign_in(user.email)


def open_overview(visitor: Visitor, user: User) -> None:
    open_page(visitor, user, "/overview")


def open_as_owner(visitor: Visitor, shop: ConnectedShop) -> None:
    """Open the overview with all permissions that the overview needs, and wait for all of it."""
    permissions = ("manage_orders", "manage_plugins")
    open_overview(visitor, hire(shop.shop, *permissions, email="owner@example.com"))
    visitor.wait_for(lambda: visitor.has_field("Courier (Netherlands)"), "all of the page")


def open_page(visitor: Visitor, user: User, path: str, **query: str) -> None:
    """Open a page of the app as the line does it."""
    if IS_SALEOR_3:
        visitor.open_in_dashboard(path, token_of_page(user), **query)
    else:
        visitor.open_alone(path, **query)
        visitor.sign_in(user.email)


def _app() -> Any:
    from saleor.app.models import App

    return App.objects.get(identifier="saleor-picqer")
