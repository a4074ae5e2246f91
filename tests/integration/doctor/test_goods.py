"""The doctor's checks of SKUs, taxes, warehouses, shipping methods and countries."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sites.models import Site
from saleor.account.models import Address
from saleor.order.models import Order
from saleor.product.models import ProductVariant
from saleor.shipping.models import ShippingMethod, ShippingZone
from saleor.site.models import SiteSettings
from saleor.warehouse.models import Stock, Warehouse

from saleor_picqer.domain.shipping import MARK_KEY
from saleor_picqer.hosts.common.survey import ISO_COUNTRIES
from saleor_picqer.models import CatalogueProduct
from tests.integration.doctor.conftest import Patient
from tests.integration.support.host import IS_SALEOR_3

on_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has nothing of this kind")

# A setting of Saleor 3.23: until then shipping zones always decide where stock is for sale.
ZONES_DECIDE = "use_legacy_shipping_zone_stock_availability"


# --- SKUs and products


def test_doubled_sku_is_found_ignoring_case_and_blanks(patient: Patient) -> None:
    """Failure mode F103."""
    patient.connected.shop.product("OTHER")
    ProductVariant.objects.filter(sku="OTHER").update(sku="beans ")

    found = patient.findings("skus")

    assert [one.level for one in found] == ["error", "warning"]
    assert found[0].count == 1
    assert '"BEANS"' in found[0].text
    assert "1 SKU with outer blanks" in found[1].text


@pytest.mark.parametrize("sku", ["  ", pytest.param(None, marks=on_saleor_3)])
def test_missing_sku_is_found(patient: Patient, sku: str | None) -> None:
    patient.connected.shop.product("NONE")
    ProductVariant.objects.filter(sku="NONE").update(sku=sku)

    finding = patient.finding("skus")

    assert finding.level == "warning"
    assert finding.count == 1
    assert "without a SKU" in finding.text


def test_digital_products_need_no_sku(patient: Patient) -> None:
    patient.connected.shop.product("EBOOK", ships=False)
    ProductVariant.objects.filter(sku="EBOOK").update(sku=" ")

    assert patient.finding("skus").level == "ok"


def test_sku_that_is_inactive_in_picqer_is_found(patient: Patient) -> None:
    shop = patient.connected
    shop.picqer_api("POST", f"/products/{shop.product('BEANS')['idproduct']}/inactivate")

    finding = patient.finding("products")

    assert finding.level == "warning"
    assert '"BEANS"' in finding.text
    assert finding.count == 1


def test_product_that_could_not_be_sent_is_found(patient: Patient) -> None:
    CatalogueProduct.objects.filter(sku="BEANS").update(last_error="No VAT group")

    finding = patient.finding("products")

    assert finding.level == "error"
    assert "1 product could not be sent" in finding.text


# --- taxes


def test_missing_vat_group_is_found(patient: Patient) -> None:
    """Failure mode F36."""
    groups = patient.connected.picqer_api("GET", "/vatgroups")
    odd = [{"name": group["name"], "percentage": 13} for group in groups]
    patient.connected.control("POST", "/seed", vatgroups=odd)

    finding = patient.finding("vat_groups")

    assert finding.level == "error"
    assert finding.text == "Picqer has no VAT group of 21 %, needed by 2 variants."
    assert finding.count == 2


@on_saleor_3
def test_rate_of_a_tax_class_without_a_vat_group_is_found(patient: Patient) -> None:
    from saleor.tax.models import TaxClass, TaxClassCountryRate

    books = TaxClass.objects.create(name="Books")
    TaxClassCountryRate.objects.create(tax_class=books, country="NL", rate=5)
    variant = ProductVariant.objects.get(sku="TEA")
    variant.product.tax_class = books
    variant.product.save()

    finding = patient.finding("vat_groups")

    assert finding.text == "Picqer has no VAT group of 5 %, needed by 1 variant."


def test_products_without_a_known_rate_are_found(patient: Patient) -> None:
    """Failure mode F81."""
    forget_tax_rates()
    patient.connected.connect(default_vat_rate="")
    patient.connected.run_until_idle()

    finding = patient.finding("vat_groups")

    assert finding.level == "error"
    assert "knows no tax rate of 2 variants" in finding.text
    assert "Default VAT rate" in finding.advice


def forget_tax_rates() -> None:
    """Have Saleor know no tax rate; without a tax plugin Saleor 2.10 knows none anyway."""
    if IS_SALEOR_3:
        from saleor.tax.models import TaxClassCountryRate

        TaxClassCountryRate.objects.all().delete()


# --- warehouses


def mirror(patient: Patient) -> Warehouse:
    """Return Saleor's mirror of Picqer's only warehouse."""
    return Warehouse.objects.get(name="Main")


@on_saleor_3
def test_warehouse_outside_the_channel_is_found(patient: Patient) -> None:
    mirror(patient).channels.clear()

    finding = patient.finding("warehouses")

    assert finding.level == "error"
    assert 'Warehouses outside the channel, whose stock is not for sale: "Main"' in finding.text


def test_warehouse_outside_the_shipping_zones_is_found(patient: Patient) -> None:
    stock_by_zones()
    mirror(patient).shipping_zones.clear()

    found = patient.findings("warehouses")

    assert found[0].level == "error"
    if IS_SALEOR_3:
        assert "Warehouses in no shipping zone of the channel" in found[0].text
    else:
        assert "Warehouses outside the channel" in found[0].text


def test_shipping_zone_without_a_warehouse_is_found(patient: Patient) -> None:
    stock_by_zones()
    zone = ShippingZone.objects.create(name="Belgium", countries=["BE"])
    if IS_SALEOR_3:
        zone.channels.add(patient.connected.shop.zone.channels.get())

    finding = patient.finding("warehouses")

    assert finding.level == "warning"
    assert 'where customers see no stock of Picqer\'s: "Belgium"' in finding.text


@pytest.mark.skipif(not hasattr(SiteSettings, ZONES_DECIDE), reason="zones always decide")
def test_shipping_zones_do_not_matter_where_channels_decide(patient: Patient) -> None:
    stock_by_zones(legacy=False)
    mirror(patient).shipping_zones.clear()

    assert patient.finding("warehouses").level == "ok"


def stock_by_zones(*, legacy: bool = True) -> None:
    """Have shipping zones decide where stock is for sale, on lines with a choice."""
    if hasattr(SiteSettings, ZONES_DECIDE):
        SiteSettings.objects.update(**{ZONES_DECIDE: legacy})
        Site.objects.clear_cache()


def test_warehouse_that_is_not_mirrored_yet_is_found(patient: Patient) -> None:
    patient.connected.control("POST", "/seed", warehouses=[{"name": "North"}])

    finding = patient.findings("warehouses")[0]

    assert finding.level == "warning"
    assert '"North"' in finding.text
    assert "full sync" in finding.advice


def test_account_without_a_selling_warehouse_is_found(patient: Patient) -> None:
    (warehouse,) = patient.connected.picqer_api("GET", "/warehouses")
    patient.connected.control("POST", f"/warehouses/{warehouse['idwarehouse']}", active=False)

    finding = patient.finding("warehouses")

    assert finding.level == "error"
    assert "no active warehouse" in finding.text


@on_saleor_3
def test_allocation_by_stock_is_found_where_picqer_has_several_warehouses(patient: Patient) -> None:
    shop = patient.connected
    shop.shop.set_channel(allocation_strategy="prioritize-high-stock")
    assert patient.finding("allocation").level == "ok"

    shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    shop.full_sync()

    finding = patient.finding("allocation")
    assert finding.level == "warning"
    assert "the most stock" in finding.text


# --- shipping methods


def test_no_handled_shipping_method_is_found(patient: Patient) -> None:
    """Failure mode F98."""
    patient.connected.connect(shipping_methods="all")
    patient.connected.run_until_idle()
    ShippingMethod.objects.all().delete()

    finding = patient.finding("shipping_methods")

    assert finding.level == "warning"
    assert "no order is sent" in finding.text


@on_saleor_3
def test_mark_that_is_no_answer_is_found(patient: Patient) -> None:
    patient.connected.connect(shipping_methods="marked")
    patient.connected.run_until_idle()
    courier = ShippingMethod.objects.filter(name="Courier")
    courier.update(private_metadata={MARK_KEY: "ja"})

    found = patient.findings("shipping_methods")

    assert found[0].level == "warning"
    assert 'counts as false: "Courier"' in found[0].text
    assert found[1].text == 'Picqer handles 1 shipping method: "Parcel".'


@on_saleor_3
def test_marked_method_that_no_channel_offers_is_found(patient: Patient) -> None:
    patient.connected.connect(shipping_methods="marked")
    patient.connected.run_until_idle()
    zone = patient.connected.shop.zone
    zone.shipping_methods.create(
        name="Old", type="price", private_metadata={MARK_KEY: "true"}, tax_class=None
    )

    found = patient.findings("shipping_methods")

    assert 'that no channel offers: "Old"' in found[0].text


def ship_without_picqer(patient: Patient) -> str:
    """Fulfil an order by another method from the mirror, by hand, and return the number."""
    shop = patient.connected
    order = shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    shop.run_until_idle()
    shop.shop.fulfil(order, "Main")
    return shop.number(order)


def test_order_shipped_from_picqers_warehouse_without_picqer_is_found(patient: Patient) -> None:
    """Failure mode F94: the next pull offers its goods again."""
    number = ship_without_picqer(patient)

    finding = patient.finding("other_shipments")

    assert finding.level == "warning"
    assert finding.count == 1
    assert f'"{number}"' in finding.text
    assert "booked out in Picqer" in finding.text


def test_order_shipped_by_picqer_is_no_finding(patient: Patient) -> None:
    order = patient.connected.order(BEANS=1)
    patient.connected.ship(order)
    patient.connected.run_until_idle()
    assert patient.connected.shop.order(order).fulfilments

    assert patient.finding("other_shipments").level == "ok"


def test_order_shipped_from_another_warehouse_is_no_finding(patient: Patient) -> None:
    ship_without_picqer(patient)
    elsewhere = patient.connected.shop.warehouse("Elsewhere")
    Stock.objects.filter(warehouse=mirror(patient)).update(warehouse=elsewhere)

    assert patient.finding("other_shipments").level == "ok"


# --- countries


@pytest.mark.parametrize(
    ("code", "level", "words"),
    [
        ("", "error", "No country in the delivery address"),
        ("EU", "warning", '"EU"'),
        ("NL", "ok", ""),
    ],
)
def test_country_of_an_order_is_judged(patient: Patient, code: str, level: str, words: str) -> None:
    """Failure mode F40."""
    order = Order.objects.get(pk=patient.connected.place(BEANS=1))
    Address.objects.filter(pk=order.shipping_address_id).update(country=code)

    finding = patient.finding("countries")

    assert finding.level == level
    assert words in finding.text


def test_country_of_a_shipping_zone_is_judged(patient: Patient) -> None:
    zone: Any = patient.connected.shop.zone
    type(zone).objects.filter(pk=zone.pk).update(countries="NL,EU,DE")

    finding = patient.finding("countries")

    assert finding.level == "warning"
    assert finding.text.endswith(': "EU".')


def test_codes_of_countries_are_the_standards_own() -> None:
    assert {"NL", "BE", "DE", "GB", "US"} <= ISO_COUNTRIES
    assert not {"EU", "XK", ""} & ISO_COUNTRIES
