from decimal import Decimal

import pytest

from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.common import TagWrite


def test_key_is_checked_by_its_user(picqer: PicqerClient) -> None:
    assert picqer.users.me().iduser > 0


def test_key_is_checked_by_statistics(picqer: PicqerClient) -> None:
    assert picqer.stats.get().open_orders is not None


def test_warehouses_are_listed_and_read(picqer: PicqerClient) -> None:
    first = next(picqer.warehouses.list(), None)
    if first is None:
        pytest.skip("the account has no warehouse")

    assert picqer.warehouses.get(first.idwarehouse) == first


def test_vatgroups_are_listed_with_exact_percentages(picqer: PicqerClient) -> None:
    groups = list(picqer.vatgroups.list())

    assert all(isinstance(group.percentage, Decimal) for group in groups)
    assert picqer.vatgroups.get(groups[0].idvatgroup) == groups[0]


def test_orderfields_are_listed_and_read(picqer: PicqerClient) -> None:
    for field in picqer.orderfields.list():
        assert picqer.orderfields.get(field.idorderfield).title == field.title


def test_shippingproviders_are_listed_with_profiles(picqer: PicqerClient) -> None:
    providers = list(picqer.shippingproviders.list())

    assert all(provider.idshippingprovider > 0 for provider in providers)
    assert all(
        p.idshippingprovider_profile > 0 for provider in providers for p in provider.profiles
    )


def test_templates_are_listed(picqer: PicqerClient) -> None:
    assert all(template.idtemplate > 0 for template in picqer.templates.list())


def test_tag_lives_from_create_to_delete(writable: PicqerClient, name: str) -> None:
    tag = writable.tags.create(TagWrite(title=name, color="#ff0000", inherit=False))
    assert [found.idtag for found in writable.tags.list(search=name)] == [tag.idtag]

    writable.tags.update(tag.idtag, TagWrite(title=f"{name}-2", color="#00ff00", inherit=True))
    assert next(writable.tags.list(search=f"{name}-2")).inherit is True

    writable.tags.delete(tag.idtag)
    assert list(writable.tags.list(search=name)) == []
