"""The shop's shipping methods, as settings name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from saleor_picqer.config import SettingProblem
from saleor_picqer.config.table import LABELS
from saleor_picqer.domain.names import normal_name
from saleor_picqer.domain.shipping import MARKED, ShippingPolicy
from saleor_picqer.hosts import host

_METHODS: Final = "shipping_methods"
# Settings whose keys are shipping methods; the asterisk stands for all others.
_BY_METHOD: Final = ("shipping_profiles", "templates")
_OTHERS: Final = "*"


def shipping_problems(valid: Mapping[str, Any]) -> Iterator[SettingProblem]:
    """Yield the problem of each setting that names a shipping method unknown to Saleor.

    `valid` has the parsed values of the settings whose form is right.
    """
    policy: ShippingPolicy | None = valid.get(_METHODS)
    if policy and policy.reads_marks and not host().has_shipping_metadata:
        yield SettingProblem(
            _METHODS,
            f"{LABELS[_METHODS]}: Saleor {host().access.version} cannot mark shipping methods."
            ' Write "all", or the names of the shipping methods, separated by commas.',
        )
    if host().shipping.has_others():
        return
    names = {normal_name(name): name for name in host().shipping.names()}
    named = {_METHODS: policy.names if policy else ()}
    named |= {setting: valid.get(setting, {}) for setting in _BY_METHOD}
    for setting, wanted in named.items():
        if unknown := sorted(set(wanted) - {_OTHERS, *names}):
            yield SettingProblem(setting, _unknown(setting, unknown, names.values()))


def _unknown(setting: str, unknown: Iterable[str], known: Iterable[str]) -> str:
    return (
        f"{LABELS[setting]}: Saleor has no shipping method {_quoted(unknown)}."
        f" Write one of {_quoted(sorted(known)) or 'those that you create first'}."
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def shipping_warning(channel: str, valid: Mapping[str, Any]) -> str | None:
    """Return a warning where Picqer handles no shipping method and gets no order."""
    policy: ShippingPolicy | None = valid.get(_METHODS)
    if policy is None or host().shipping.has_others():
        return None
    if any(policy.handles(delivery) for delivery in host().shipping.deliveries(channel)):
        return None
    advice = "Mark a shipping method" if policy.kind == MARKED else "Name or add a shipping method"
    slug = host().channels.slug(channel)
    return (
        f'Picqer handles no shipping method of channel "{slug}", so no order is sent to Picqer.'
        f" {advice}, or change the setting {LABELS[_METHODS]}."
    )
