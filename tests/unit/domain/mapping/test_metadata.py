"""Fields set by staff, visitors and callables, and values without sense."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.mapping import metadata
from saleor_picqer.domain.mapping.fields import Field, WritableBy
from saleor_picqer.domain.mapping.header import HEADER
from saleor_picqer.domain.mapping.order_metadata import order_metadata
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.errors import DataError, SettingsError
from saleor_picqer.picqer.objects.orders import OrderCreate
from tests.unit.domain.builders import line, order, request_of

POINT = '{"carrier": "dhl", "id": "1"}'

EXAMPLES: dict[metadata.Kind, tuple[str, Any, str]] = {
    metadata.TEXT: (" Anna ", "Anna", ""),
    metadata.FLAG: ("False", False, "maybe"),
    metadata.PERCENTAGE: ("12,5 %", Decimal("12.5"), "120"),
    metadata.ID: ("12", 12, "twelve"),
    metadata.IDS: ("12, 18", [12, 18], "12; 18"),
    metadata.LANGUAGE: ("NL", "nl", "Dutch"),
    metadata.COUNTRY: ("be", "BE", "Belgium"),
    metadata.DATE: ("2026-03-31", date(2026, 3, 31), "31-03-2026"),
    metadata.POINT: (POINT, {"carrier": "dhl", "id": "1"}, "dhl 1"),
}
"""A text that is fine, its value, and one that makes no sense."""

BY_STAFF = [field for field in HEADER if field.writable_by >= WritableBy.STAFF]
MALFORMED = [field for field in BY_STAFF if EXAMPLES[field.kind][2]]
ANY_ORDER_FIELD = pytest.mark.parametrize("field", BY_STAFF, ids=lambda field: field.name)


@ANY_ORDER_FIELD
def test_private_metadata_sets_each_field_that_staff_may_set(field: Field[Any]) -> None:
    text, value, _ = EXAMPLES[field.kind]

    request = request_of(order(private_metadata={field.name: text}))

    assert request.header[field.name] == value
    assert OrderCreate.model_validate(request.body)


@pytest.mark.parametrize("field", MALFORMED, ids=lambda field: field.name)
def test_key_but_not_the_value_is_named_when_private_metadata_makes_no_sense(
    field: Field[Any],
) -> None:
    text = EXAMPLES[field.kind][2]

    with pytest.raises(DataError, match=f'"{field.name}" of the order') as error:
        request_of(order(private_metadata={field.name: text}))

    assert text not in str(error.value)
    assert error.value.__context__ is None


@ANY_ORDER_FIELD
def test_blank_private_metadata_means_nothing(field: Field[Any]) -> None:
    request = request_of(order(private_metadata={field.name: " "}))

    assert request == request_of(order())


@pytest.mark.parametrize("name", ["reference", "idcustomer", "products", "productcode"])
def test_private_metadata_never_sets_what_is_the_plugins_own(name: str) -> None:
    assert request_of(order(private_metadata={name: "1"})) == request_of(order())


def test_keys_are_ignored_when_they_are_no_fields() -> None:
    own = dict.fromkeys(order_metadata(Entry("1", "default", remote_id=1)), "x")

    request = request_of(
        order(private_metadata=own | {"colour": "red"}, metadata={"colour": "red"})
    )

    assert request == request_of(order())


def test_visitors_set_harmless_fields_only() -> None:
    texts = {field.name: EXAMPLES[field.kind][0] for field in HEADER}

    request = request_of(order(metadata=texts, note="Ring twice"))

    plain = request_of(order(note="Ring twice")).header
    changed = {name for name, value in request.header.items() if value != plain[name]}
    assert changed == {"preferred_delivery_date", "pickup_point_data", "customer_remarks"}


@given(text=st.text() | st.sampled_from(["NaN", "1e999", "[" * 3000, '{"a":' * 2000, POINT[:-1]]))
@pytest.mark.parametrize(
    "name", ["preferred_delivery_date", "pickup_point_data", "customer_remarks"]
)
def test_order_goes_out_whatever_visitors_write(name: str, text: str) -> None:
    request = request_of(order(metadata={name: text}))

    assert OrderCreate.model_validate(request.body).encode()


def test_private_metadata_comes_before_public() -> None:
    both = order(
        metadata={"preferred_delivery_date": "2026-03-30"},
        private_metadata={"preferred_delivery_date": "2026-03-31"},
    )

    assert request_of(both).header["preferred_delivery_date"] == date(2026, 3, 31)


def test_remarks_are_added_to_the_customers_note() -> None:
    noted = order(note="Ring twice", metadata={"customer_remarks": "Leave at no. 3"})

    assert request_of(noted).header["customer_remarks"] == "Ring twice\nLeave at no. 3"


def test_order_fields_are_named_by_their_id() -> None:
    texts = {"orderfield.35": "Sinterklaas", "orderfield.9": "x", "orderfield.10": " "}

    request = request_of(order(private_metadata=texts))

    values = {field["idorderfield"]: field["value"] for field in request.header["orderfields"]}
    assert values == {35: "Sinterklaas", 9: "x"}
    assert OrderCreate.model_validate(request.body)


def test_key_is_named_when_an_order_field_has_no_id() -> None:
    with pytest.raises(DataError, match=r'"orderfield\.gift"'):
        request_of(order(private_metadata={"orderfield.gift": "Sinterklaas"}))


def test_value_is_no_text_when_another_program_wrote_it() -> None:
    assert request_of(order(metadata={"customer_remarks": 5})).header["customer_remarks"] is None
    with pytest.raises(DataError, match='"invoiced"'):
        request_of(order(private_metadata={"invoiced": True}))


# --- lines


def test_line_takes_remarks_from_visitors_and_its_name_from_staff() -> None:
    marked = line(
        metadata={"remarks": "Engrave: Anna", "name": "Free"},
        private_metadata={"name": "Mug no. 5"},
    )

    (sent,) = request_of(order(marked)).lines

    assert (sent.remarks, sent.name) == ("Engrave: Anna", "Mug no. 5")


def test_line_ignores_metadata_of_fields_that_only_the_plugin_sets() -> None:
    texts = {"price": "0", "amount": "100", "productcode": "CUP", "idvatgroup": "1"}

    marked = order(line(metadata=texts, private_metadata=texts))

    assert request_of(marked).lines == request_of(order(line())).lines


# --- callables


@ANY_ORDER_FIELD
def test_callable_sets_each_field_that_staff_may_set(field: Field[Any]) -> None:
    value = EXAMPLES[field.kind][1]

    request = request_of(order(extra={field.name: value}))

    assert request.header[field.name] == value
    assert OrderCreate.model_validate(request.body)


def test_callable_leaves_a_field_blank_by_none() -> None:
    assert request_of(order(extra={"telephone": None})).header["telephone"] is None


@pytest.mark.parametrize(
    "name", ["deliveryname", "deliverycountry", "invoicename", "invoicecountry"]
)
@pytest.mark.parametrize("blank", [None, " "])
def test_callable_cannot_take_away_what_picqer_requires(name: str, blank: str | None) -> None:
    assert request_of(order(extra={name: blank})) == request_of(order())


def test_callable_cannot_take_away_a_price() -> None:
    assert request_of(order(line(extra={"price": None}))) == request_of(order(line()))


def test_callable_is_asked_before_private_metadata_is_read() -> None:
    request = request_of(order(extra={"discount": Decimal(5)}, private_metadata={"discount": "x"}))

    assert request.header["discount"] == Decimal(5)


@pytest.mark.parametrize("name", ["reference", "idcustomer", "products", "no_such_field"])
def test_field_is_named_when_a_callable_may_not_set_it(name: str) -> None:
    with pytest.raises(SettingsError, match=f'"{name}"') as error:
        request_of(order(extra={name: "1"}))

    assert error.value.setting == "SALEOR_PICQER"


@pytest.mark.parametrize("name", ["productcode", "idproduct", "amount", "weight"])
def test_field_is_named_when_a_callable_may_not_set_it_of_a_line(name: str) -> None:
    with pytest.raises(SettingsError, match=f'"{name}" of the line "Mug"'):
        request_of(order(line(extra={name: 1})))


def test_callable_sets_fields_of_a_line() -> None:
    extra = {"price": Decimal(1), "name": "Mug no. 5", "remarks": "wrap", "idvatgroup": 7}

    request = request_of(order(line("MUG", 3, total="10", extra=extra)))

    assert [sent.body for sent in request.lines] == [{"productcode": "MUG", "amount": 3, **extra}]
    assert OrderCreate.model_validate(request.body)


# --- tags


def test_tags_add_up_each_once() -> None:
    tagged = order(private_metadata={"tags": "fragile, Gift ,"}, extra={"tags": ["gift", " VIP "]})

    assert request_of(tagged, tags=("Webshop", "Gift")).tags == (
        "Webshop",
        "Gift",
        "fragile",
        "VIP",
    )


@pytest.mark.parametrize("tags", ["VIP", [1], {"VIP": 1}])
def test_tags_are_named_when_a_callable_gives_no_list_of_titles(tags: object) -> None:
    with pytest.raises(SettingsError, match='"tags"'):
        request_of(order(extra={"tags": tags}))


def test_public_metadata_adds_no_tags() -> None:
    assert request_of(order(metadata={"tags": "VIP"})).tags == ()
