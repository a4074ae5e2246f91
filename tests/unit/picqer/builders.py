"""Accounts, clients and payloads for tests; payloads have the shapes of Picqer's pages."""

from typing import Any

from saleor_picqer.picqer.client import PicqerAccount, PicqerClient

ENDPOINT = "https://shop.picqer.com"
API_KEY = "kJ8s-secret-key"
BASE = f"{ENDPOINT}/api/v1"


def account(**changes: Any) -> PicqerAccount:
    values: dict[str, Any] = {
        "endpoint": ENDPOINT,
        "api_key": API_KEY,
        "storefront": "https://shop.example",
        "contact_email": "ops@shop.example",
    }
    return PicqerAccount(**(values | changes))


def client(**options: Any) -> PicqerClient:
    return PicqerClient(account(), **options)


def error_body(code: int, message: str = "Onbekend") -> dict[str, Any]:
    return {"error": True, "error_code": code, "error_message": message}


def order(idorder: int = 24035, **changes: Any) -> dict[str, Any]:
    return {
        "idorder": idorder,
        "orderid": "O2026-2210",
        "status": "concept",
        "reference": "SALEOR-10042",
        "tags": [],
        "products": [order_line()],
        **changes,
    }


def order_line(**changes: Any) -> dict[str, Any]:
    return {
        "idorder_product": 77120,
        "idproduct": 90125,
        "idvatgroup": 310,
        "productcode": "MUG-RED",
        "name": "Mug, red",
        "remarks": "",
        "price": 8.26,
        "amount": 2,
        "amount_cancelled": 0,
        "weight": 310,
        "partof_idorder_product": None,
        "has_parts": False,
        **changes,
    }


def product(idproduct: int = 90125, **changes: Any) -> dict[str, Any]:
    return {
        "idproduct": idproduct,
        "idvatgroup": 310,
        "productcode": "MUG-RED",
        "name": "Mug, red",
        "price": 8.26,
        "type": "normal",
        "unlimitedstock": False,
        "tags": {},
        "images": [],
        "stock": [],
        **changes,
    }


def shipment(**changes: Any) -> dict[str, Any]:
    return {
        "idshipment": 6402,
        "idpicklist": 50231,
        "idorder": 24035,
        "providername": "PostNL",
        "trackingcode": "3SFLAT",
        "tracktraceurl": "https://t.example/3SFLAT",
        "parcels": [],
        **changes,
    }


def parcel(code: str | None) -> dict[str, Any]:
    return {"idparcel": 31, "tracking_code": code, "tracking_url": f"https://t.example/{code}"}
