"""What the header of an order looks like in Picqer, and what of it has changed."""

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from saleor_picqer.domain.mapping.inputs import OrderMapping
from saleor_picqer.domain.mapping.request import order_request
from saleor_picqer.domain.orders import Address, Order
from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.errors import AccountSetupError, DataError
from saleor_picqer.picqer.objects.orders import OrderCreate, OrderUpdate
from tests.unit.domain.builders import Lists, address, line, order, request_of

NAMELESS = address(first_name=" ", last_name="", company=" ")
FRIEND = address(first_name="Bo", last_name="Jansen")


def header(order: Order, **mapping: Any) -> Any:
    return request_of(order, **mapping).header


# --- references and contact


def test_reference_is_the_number_with_the_channels_prefix() -> None:
    assert request_of(order(number="17"), reference_prefix="NL-").reference == "NL-17"


def test_guest_order_carries_e_mail_address_and_phone() -> None:
    """Failure mode F38."""
    guest = header(order(email=" a@b.nl ", shipping=address(phone="+31201234567")))

    assert (guest["emailaddress"], guest["telephone"]) == ("a@b.nl", "+31201234567")


def test_phone_is_that_of_the_billing_address_when_there_is_no_other() -> None:
    ordered = order(shipping=address(phone=" "), billing=address(phone="+31612345678"))

    assert header(ordered)["telephone"] == "+31612345678"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", "nl"), ("nl-be", "nl"), ("NL_BE", "nl"), ("nb", "en"), ("de", "en"), ("", "en")],
)
def test_order_speaks_dutch_or_english(language: str, expected: str) -> None:
    """Failure mode F43."""
    assert header(order(language=language))["language"] == expected


def test_note_becomes_remarks() -> None:
    assert header(order(note=" Ring twice\n"))["customer_remarks"] == "Ring twice"


# --- names


def test_person_is_the_name_when_there_is_no_company() -> None:
    found = header(order())

    assert (found["deliveryname"], found["deliverycontactname"]) == ("Anna Visser", None)


def test_company_is_the_name_and_the_person_its_contact() -> None:
    found = header(order(shipping=address(company="Jansen B.V.")))

    assert (found["deliveryname"], found["deliverycontactname"]) == ("Jansen B.V.", "Anna Visser")


@pytest.mark.parametrize(
    ("changes", "delivery", "invoice"),
    [
        ({"shipping": NAMELESS, "billing": FRIEND}, "Bo Jansen", "Bo Jansen"),
        ({"shipping": FRIEND, "billing": NAMELESS}, "Bo Jansen", "Bo Jansen"),
        (
            {"shipping": NAMELESS, "billing": address(company="Jansen B.V.")},
            "Jansen B.V.",
            "Jansen B.V.",
        ),
        ({"shipping": NAMELESS, "billing": NAMELESS}, "anna@example.org", "anna@example.org"),
        ({"shipping": NAMELESS, "billing": None, "email": " "}, "Order 10042", "Order 10042"),
    ],
)
def test_name_is_filled_when_an_address_has_no_name(
    changes: Any, delivery: str, invoice: str
) -> None:
    """Failure mode F39."""
    found = header(order(**changes))

    assert (found["deliveryname"], found["invoicename"]) == (delivery, invoice)


def test_contact_is_the_person_of_the_company_that_is_named() -> None:
    company = address(first_name="Bo", last_name="Jansen", company="Jansen B.V.")

    found = header(order(shipping=NAMELESS, billing=company))

    assert (found["deliveryname"], found["deliverycontactname"]) == ("Jansen B.V.", "Bo Jansen")


# --- addresses


def test_both_addresses_are_complete() -> None:
    shipping = address(street1="Kade 1", street2="3 hoog", region="NH", city="Amsterdam")
    billing = address(street1="Plein 2", postal_code="3512 KL", city="Utrecht")

    found = header(order(shipping=shipping, billing=billing))

    parts = ("address", "address2", "zipcode", "city", "region", "country")
    assert [found[f"delivery{part}"] for part in parts] == [
        "Kade 1",
        "3 hoog",
        "1011 AB",
        "Amsterdam",
        "NH",
        "NL",
    ]
    assert [found[f"invoice{part}"] for part in parts] == [
        "Plein 2",
        None,
        "3512 KL",
        "Utrecht",
        None,
        "NL",
    ]


@pytest.mark.parametrize("missing", ["shipping", "billing"])
def test_other_address_serves_as_both_when_one_is_missing(missing: str) -> None:
    """Failure mode F40: null address."""
    found = header(order(**{"shipping": FRIEND, "billing": FRIEND, missing: None}))

    assert found["deliveryname"] == found["invoicename"] == "Bo Jansen"
    assert found["deliverycity"] == found["invoicecity"] == "Amsterdam"


def test_second_line_is_left_out_when_it_is_missing() -> None:
    """Failure mode F40: missing street2."""
    assert "deliveryaddress2" not in request_of(order(shipping=address(street2=" "))).body


def test_country_is_in_upper_case() -> None:
    """Failure mode F40: lower case."""
    assert header(order(shipping=address(country=" be ")))["deliverycountry"] == "BE"


def test_country_is_asked_for_when_the_shipping_address_has_none() -> None:
    with pytest.raises(DataError, match="shipping address needs a country, but has none"):
        request_of(order(shipping=address(country="")))


def test_country_is_asked_for_when_there_is_no_address() -> None:
    with pytest.raises(DataError, match="needs a country"):
        request_of(order(shipping=None, billing=None))


def test_country_is_shown_when_it_is_a_name() -> None:
    """Failure mode F40: country name instead of ISO-2."""
    with pytest.raises(DataError, match='"Netherlands" is not a code of two letters'):
        request_of(order(billing=address(country="Netherlands")))


def test_invoice_takes_the_country_of_the_delivery_when_it_has_none() -> None:
    assert header(order(billing=address(country=" ")))["invoicecountry"] == "NL"


ADDRESSES = [
    None,  # both None, the first pair, is a DataError
    address(),
    address(company="Jansen B.V.", phone="+31201234567"),
    NAMELESS,
    Address(country="nl"),
]


@pytest.mark.parametrize(("shipping", "billing"), list(product(ADDRESSES, ADDRESSES))[1:])
@pytest.mark.parametrize("email", ["", "a@b.nl"])
@pytest.mark.parametrize("customer", [None, 7])
def test_every_combination_of_blanks_can_be_written(
    shipping: Address | None, billing: Address | None, email: str, customer: int | None
) -> None:
    """Failure mode F39: matrix of blanks."""
    request = request_of(order(shipping=shipping, billing=billing, email=email))

    assert OrderCreate.model_validate(request.for_customer(customer).body).encode()


# --- profiles and templates


PARCEL_NL = Delivery("Parcel NL")
PROFILES = {"parcel nl": "12", "*": "Express"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"delivery": Delivery(" Parcel  NL")}, 12),
        ({"delivery": Delivery("Courier")}, 88),
        ({"delivery": PARCEL_NL, "method_fields": {"shipping_profile": "Express"}}, 88),
        ({"delivery": PARCEL_NL, "method_fields": {"shipping_profile": " "}}, 12),
    ],
)
def test_profile_is_the_methods_own_then_that_of_its_name_then_the_common_one(
    changes: Any, expected: int
) -> None:
    found = header(order(**changes), shipping_profiles=PROFILES)

    assert found["idshippingprovider_profile"] == expected


def test_template_is_chosen_in_the_same_way() -> None:
    by_method = {"parcel": "Presents"}

    assert header(order(delivery=Delivery("Parcel")), templates=by_method)["idtemplate"] == 5
    assert header(order(method_fields={"template": "3"}), templates=by_method)["idtemplate"] == 3


def test_nothing_is_chosen_or_looked_up_when_nothing_is_set() -> None:
    lists = Lists()

    request = order_request(order(delivery=Delivery("Parcel")), OrderMapping(), lists)

    assert request.header["idshippingprovider_profile"] is None
    assert request.header["idtemplate"] is None
    assert lists.asked == []


def test_name_is_not_looked_up_when_the_id_is_set() -> None:
    wrong = {"*": "no such profile"}

    found = header(
        order(private_metadata={"idshippingprovider_profile": "4"}), shipping_profiles=wrong
    )

    assert found["idshippingprovider_profile"] == 4


def test_order_waits_when_picqer_lacks_what_is_chosen() -> None:
    with pytest.raises(AccountSetupError):
        request_of(order(), templates={"*": "no such template"})


# --- bodies


def test_blanks_are_left_out_of_a_guest_order() -> None:
    body = request_of(order()).body

    assert None not in body.values()
    assert body.keys().isdisjoint({"idcustomer", "telephone", "deliveryaddress2", "tags"})


def test_false_and_zero_are_sent() -> None:
    """Failure mode F42."""
    body = request_of(order(private_metadata={"invoiced": "false", "discount": "0"})).body

    assert (body["invoiced"], body["discount"]) == (False, Decimal(0))


def test_blank_parts_of_addresses_are_empty_texts_when_there_is_a_customer() -> None:
    body = request_of(order(shipping=FRIEND)).for_customer(7).body

    assert body["idcustomer"] == 7
    assert body["deliveryname"] == "Bo Jansen"
    blank = {name for name, value in body.items() if value == ""}
    assert blank == {
        f"{side}{part}"
        for side in ("delivery", "invoice")
        for part in ("contactname", "address2", "region")
    }


def test_customer_of_none_is_a_guest() -> None:
    request = request_of(order())

    assert request.for_customer(7).for_customer(None).body == request.body


# --- changes


def changes(before: Order, after: Order) -> dict[str, Any]:
    """Return the body for `PUT /orders`, validated as the client does."""
    found = request_of(after).changes(request_of(before).digests()).body
    assert OrderUpdate.model_validate(found)
    return dict(found)


def test_nothing_changed_when_the_order_is_the_same() -> None:
    full = order(
        note="x", private_metadata={"discount": "5", "preferred_delivery_date": "2026-03-31"}
    )

    assert changes(full, full) == {}


def test_only_what_changed_is_there() -> None:
    assert changes(order(), order(shipping=address(city="Utrecht"))) == {"deliverycity": "Utrecht"}


def test_nothing_changed_when_the_order_was_sent_for_a_customer() -> None:
    sent = request_of(order()).for_customer(7).digests()

    assert request_of(order()).changes(sent).body == {}
    assert "idcustomer" not in sent


def test_reference_stays_when_the_prefix_changes() -> None:
    sent = request_of(order()).digests()

    assert request_of(order(), reference_prefix="NL-").changes(sent).body == {}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"note": "Ring twice"}, {"customer_remarks": ""}),
        ({"shipping": address(street2="3 hoog")}, {"deliveryaddress2": ""}),
        ({"private_metadata": {"idtemplate": "3"}}, {"idtemplate": None}),
        (
            {"metadata": {"preferred_delivery_date": "2026-03-31"}},
            {"preferred_delivery_date": None},
        ),
        (
            {"metadata": {"pickup_point_data": '{"carrier":"a","id":1}'}},
            {"pickup_point_data": None},
        ),
    ],
)
def test_what_became_blank_is_cleared(before: Any, expected: Any) -> None:
    assert changes(order(**before), order()) == expected


def test_own_discount_is_sent_as_none_when_it_is_taken_back() -> None:
    assert changes(order(private_metadata={"discount": "5"}), order()) == {"discount": 0}


@pytest.mark.parametrize(
    "texts", [{"auto_split": "true"}, {"invoiced": "true"}, {"orderfield.3": "x"}]
)
def test_what_cannot_be_cleared_stays(texts: dict[str, str]) -> None:
    assert changes(order(private_metadata=texts), order()) == {}


def test_fields_that_are_new_in_the_table_are_no_change_when_they_are_blank() -> None:
    sent = request_of(order()).digests()
    del sent["telephone"], sent["invoiced"]

    assert request_of(order()).changes(sent).body == {}


def test_part_of_an_address_is_cleared_when_picqer_filled_it_from_the_customer() -> None:
    request = request_of(order(shipping=FRIEND)).for_customer(7)
    stored = {"deliveryaddress2": "3 hoog", "deliveryregion": "", "deliverycity": "AMSTERDAM"}

    assert request.changes(request.digests(stored)).body == {"deliveryaddress2": ""}


def test_digests_do_not_show_the_values() -> None:
    digests = request_of(order()).digests()

    assert all("Anna" not in text and "Kade" not in text for text in digests.values())


def test_digests_are_found_by_trial_only_with_the_key() -> None:
    """Failure mode F111."""
    ours = replace(request_of(order()), digest_key="the shop's secret")
    guessed = request_of(order()).digests()

    assert not ours.digests().items() & guessed.items()
    assert ours.changes(ours.digests()).body == {}


def test_repr_tells_of_no_person() -> None:
    """Failure mode F111: error reports show it."""
    shown = f"{order()!r} {request_of(order())!r} {request_of(order()).changes({})!r}"

    for text in ("Anna", "Kade", "example", "Vries"):
        assert text not in shown


def test_digest_of_the_lines_is_the_same_in_any_sequence() -> None:
    mug, cup = line("MUG", 2), line("CUP")

    one, other = request_of(order(mug, cup)).digests(), request_of(order(cup, mug)).digests()

    assert one["lines"] == other["lines"]
    assert one["lines"] != request_of(order(mug)).digests()["lines"]
