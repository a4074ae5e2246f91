"""Judgements about the settings, the Picqer account and its webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from saleor_picqer.domain.alarms import RULES, Alarm
from saleor_picqer.domain.doctor.findings import Finding, described, error, ok, quoted, warning
from saleor_picqer.domain.hooks import HookChanges

_FEW_LEFT: Final = 0.1
# What Picqer's list of calls for keys of fulfilment customers does not name.
_NOT_FOR_FULFILMENT: Final = frozenset({"warehouses", "VAT groups", "webhooks"})


@dataclass(frozen=True, slots=True)
class Origin:
    """The address at which the plugin was switched on, None before, and the present one."""

    known: str | None
    present: str


def judge_copy(origin: Origin) -> Iterator[Finding]:
    if origin.known in (None, origin.present):
        yield ok("The plugin works at the public address at which it was switched on.")
        return
    yield error(
        f"The plugin was switched on at {origin.known}, and this is {origin.present}. Nothing is"
        " sent to Picqer, and webhooks stay as they are.",
        "If this is a copy of the shop, switch the plugin off, or use another Picqer account and"
        " run `manage.py picqer confirm-address --copy`. If the shop has moved, run `manage.py"
        " picqer confirm-address --moved`.",
    )


@dataclass(frozen=True, slots=True)
class StoredProblems:
    """State of the plugin's switch, and problems of the stored settings."""

    active: bool
    problems: Sequence[str] = ()


def judge_settings(stored: StoredProblems) -> Iterator[Finding]:
    for problem in stored.problems:
        yield error(problem, "Correct the setting in the dashboard.")
    if not stored.active:
        yield warning(
            "The plugin is switched off in this channel.",
            "Switch it on in the plugin's settings; until then orders stay in Saleor.",
        )
    elif not stored.problems:
        yield ok("All settings are valid.")


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """Facts about the API key; `problem` is the reason why Picqer could not be asked.

    `user` is the key's owner, None for a key that may not read users; limits are per minute.
    """

    user: str | None = None
    missing: Sequence[str] = ()
    limit: int | None = None
    remaining: int | None = None
    problem: str = ""


def judge_key(key: KeyFacts) -> Iterator[Finding]:
    if key.problem:
        yield error(key.problem, "Check address and API key in the plugin's settings.")
        return
    owner = f'The API key belongs to "{key.user}"' if key.user else "The API key works"
    if key.missing:
        scope = ""
        if key.user is None and set(key.missing) >= _NOT_FOR_FULFILMENT:
            scope = " It looks like the key of a fulfilment customer, whose scope is too small."
        yield error(
            f"{owner}, and may not read {', '.join(key.missing)}.{scope}",
            "Use the key of a user who may, or give that user the rights in Picqer.",
            len(key.missing),
        )
    else:
        yield ok(f"{owner}, with all rights that the plugin needs.")
    if key.limit is None or key.remaining is None:
        return
    text = f"{key.remaining:,} of {key.limit:,} requests per minute are left."
    if key.remaining < key.limit * _FEW_LEFT:
        advice = "Wait a minute. If this stays, another program with the same key uses them up."
        yield warning(text, advice, key.remaining)
    else:
        yield ok(text, key.remaining)


@dataclass(frozen=True, slots=True)
class HookFacts:
    """The channel's webhooks in Picqer, compared with what the settings require.

    `strange` are addresses of active webhooks of the same channel at other public addresses.
    """

    changes: HookChanges
    strange: Sequence[str] = ()
    last_error: str = ""


def judge_webhooks(facts: HookFacts) -> Iterator[Finding]:
    changes = facts.changes
    advice = (
        "A worker repairs webhooks within minutes after the check of each hour, or at once after"
        " saving the settings."
    )
    if facts.last_error:
        advice += f" The last attempt failed: {facts.last_error}"
    off = [event for _, event in changes.reactivate]
    if changes.create:
        text = f"Picqer has no webhook for {', '.join(changes.create)}."
        yield error(text, advice, len(changes.create))
    if off:
        text = f"Picqer has switched off the webhooks for {', '.join(off)}."
        yield error(f"{text} {_UNREACHABLE}", advice, len(off))
    if changes.deactivate:
        count = len(changes.deactivate)
        text = f"Picqer has {described(count, 'webhook')} with an old address or secret."
        yield warning(text, advice, count)
    if facts.strange:
        yield warning(
            f"Picqer also has webhooks to {quoted(facts.strange)} for a channel of this key.",
            "If that is a former address of this shop, remove them in Picqer. They may also belong"
            " to a copy of the shop.",
            len(facts.strange),
        )
    if changes.is_empty:
        yield ok(f"All {len(changes.keep)} webhooks in Picqer are active.", len(changes.keep))


_UNREACHABLE: Final = "Picqer does so when deliveries keep failing."


@dataclass(frozen=True, slots=True)
class TaxFacts:
    """Tax rates of products with the number of products, and the rates of Picqer's VAT groups.

    The rate None stands for products whose rate Saleor does not know.
    """

    used: Mapping[Decimal | None, int]
    groups: Sequence[Decimal]
    default_rate: Decimal | None = None


def judge_vat_groups(taxes: TaxFacts) -> Iterator[Finding]:
    unknown = taxes.used.get(None, 0)
    used = {rate: count for rate, count in taxes.used.items() if rate is not None}
    if unknown and taxes.default_rate is None:
        yield error(
            f"Saleor knows no tax rate of {described(unknown, 'variant')}, which cannot be sent.",
            "Give their products a tax class with a rate in the channel's country, or fill in the"
            " setting Default VAT rate.",
            unknown,
        )
    elif unknown and taxes.default_rate is not None:
        used[taxes.default_rate] = used.get(taxes.default_rate, 0) + unknown
    missing = sorted(rate for rate in used if rate not in taxes.groups)
    for rate in missing:
        needed = described(used[rate], "variant")
        yield error(
            f"Picqer has no VAT group of {rate.normalize():f} %, needed by {needed}.",
            "Add it in Picqer. Orders follow within the hour; start the full sync again.",
            used[rate],
        )
    if used and not missing:
        yield ok(f"Picqer has a VAT group for {described(len(used), 'tax rate')} of the products.")
    elif not taxes.used:
        yield ok("The channel has no product whose tax rate matters.")


@dataclass(frozen=True, slots=True)
class BacklogFacts:
    """Numbers of what has been due for longer than the limit of the alarm, in minutes."""

    orders: int
    deliveries: int
    minutes: int


def judge_backlog(backlog: BacklogFacts) -> Iterator[Finding]:
    late, limit = backlog.orders + backlog.deliveries, f"more than {backlog.minutes} minutes"
    if not late:
        yield ok(f"No order and no webhook delivery has been due for {limit}.")
        return
    orders = described(backlog.orders, "order")
    deliveries = described(backlog.deliveries, "webhook delivery", "webhook deliveries")
    yield error(
        f"Due for {limit}: {orders} and {deliveries}.",
        "Check that Celery's workers take the plugin's tasks, and that there are enough of them.",
        late,
    )


@dataclass(frozen=True, slots=True)
class RaisedAlarms:
    """The raised alarms of a channel."""

    alarms: Sequence[Alarm] = field(default=())


def judge_alarms(raised: RaisedAlarms) -> Iterator[Finding]:
    for alarm in raised.alarms:
        text = f"Alarm {alarm.key.name}: {alarm.message}"
        yield error(text, RULES[alarm.key].advice, alarm.count)
    if not raised.alarms:
        yield ok("No alarm is raised.")
