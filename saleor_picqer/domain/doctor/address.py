"""Judgements about Saleor's public address: the form, and the answers to a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from saleor_picqer.domain.doctor.findings import Finding, error, ok, warning

_SET_ADDRESS: Final = (
    "Set PUBLIC_URL (Saleor 3), or the domain of the site and ENABLE_SSL (Saleor 2.10), to the"
    " https address at which the internet reaches Saleor. Then save the plugin's settings, so that"
    " Picqer's webhooks follow."
)
# Domains that lead to no shop on the internet (RFC 2606, RFC 6762), and those that Saleor has
# before an address is set.
_LOCAL_DOMAINS: Final = (
    "localhost", "local", "internal", "test", "invalid", "example",
    "example.com", "mirumee.com",
)  # fmt: skip
# A delivery of Picqer in this time shows that Picqer reaches Saleor.
_RECENT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Saleor's public address, and the hosts of the channels' Picqer accounts."""

    address: str
    account_hosts: frozenset[str] = frozenset()


def judge_public_address(facts: PublicAddress) -> Iterator[Finding]:
    parts = urlsplit(facts.address)
    host = parts.hostname or ""
    # A test account on this machine reaches this machine.
    if facts.account_hosts and all(map(is_local, facts.account_hosts)):
        yield ok(f"Picqer is on this machine or network, and Saleor at {facts.address}.")
    elif is_local(host):
        yield error(f"Picqer cannot reach Saleor's public address {facts.address}.", _SET_ADDRESS)
    elif parts.scheme != "https":
        yield warning(
            f"Saleor's public address {facts.address} is not encrypted, and webhooks have names and"
            " addresses of customers.",
            _SET_ADDRESS,
        )
    else:
        yield ok(f"Saleor's public address is {facts.address}.")


def is_local(host: str) -> bool:
    """Return whether a host is this machine or in a private network, or in a reserved domain."""
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or any(
            name == domain or name.endswith(f".{domain}") for domain in _LOCAL_DOMAINS
        )


class Failure(StrEnum):
    """Reason for a request without an answer."""

    ADDRESS = "address"  # no connection can be made: unknown host, refused port, TLS certificate
    TIMEOUT = "timeout"
    NETWORK = "network"


class Reply(StrEnum):
    """Kind of an answer's body."""

    RIGHT = "right"  # the plugin of this shop answers
    OTHER_SHOP = "other shop"  # the plugin answers, on another database
    PLUGIN = "plugin"  # the plugin answers, and refuses
    HTML = "html"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Outcome of a request to the channel's webhook address.

    `failure` with `reason` stands for no answer. `location` is the target of a redirect without
    its query. `heard_at` is when Picqer's last delivery came.
    """

    address: str
    now: datetime
    status: int = 0
    reply: Reply = Reply.OTHER
    location: str = ""
    failure: Failure | None = None
    reason: str = ""
    heard_at: datetime | None = None

    @property
    def reached_lately(self) -> bool:
        return self.heard_at is not None and self.now - self.heard_at < _RECENT


def judge_round_trip(trip: RoundTrip) -> Iterator[Finding]:
    if trip.failure is not None:
        yield _judge_failure(trip.failure, trip)
    elif trip.reply is Reply.RIGHT and trip.status == 200:
        yield ok("A request to Saleor's public address reaches the plugin, with its signature.")
    elif trip.reply is Reply.OTHER_SHOP:
        yield error(
            "Saleor's public address leads to the plugin of another database. One of the two is a"
            " copy of the other.",
            "Correct PUBLIC_URL (Saleor 3) or the domain of the site (Saleor 2.10) of the copy,"
            " then run `manage.py picqer confirm-address` there.",
        )
    else:
        yield _judge_answer(trip)


_NO_ANSWERS: Final[Mapping[Failure, str]] = {
    Failure.ADDRESS: "No connection to {host} can be made: {reason}.",
    Failure.TIMEOUT: "{host} did not answer within a few seconds.",
    Failure.NETWORK: "The connection to {host} broke off ({reason}).",
}
_NO_ANSWER_ADVICE: Final = (
    "Check the proxy and the firewall before Saleor, then try again. A Saleor with a single web"
    " process cannot answer itself: run `manage.py picqer doctor` on the command line."
)


def _judge_failure(failure: Failure, trip: RoundTrip) -> Finding:
    advice = _SET_ADDRESS if failure is Failure.ADDRESS else _NO_ANSWER_ADVICE
    text = _NO_ANSWERS[failure].format(host=urlsplit(trip.address).netloc, reason=trip.reason)
    if not trip.reached_lately:
        return error(text, advice)
    # A network may keep its own machines from the public address.
    return warning(f"{text} Picqer itself has reached Saleor within the last day.", advice)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Meaning of an answer other than the right one; texts may name `{status}` and `{location}`."""

    is_meant: Callable[[RoundTrip], bool]
    text: str
    advice: str


_ANSWERS: Final = (
    _Answer(
        lambda trip: 300 <= trip.status < 400,
        "Saleor's public address redirects to {location} ({status}), and Picqer's webhooks do not"
        " follow.",
        _SET_ADDRESS,
    ),
    _Answer(
        lambda trip: trip.status == 401 and trip.reply is Reply.PLUGIN,
        "The plugin answers at Saleor's public address and does not know the signature.",
        "A proxy removes the header X-Picqer-Signature, or the web processes have another"
        " SECRET_KEY than this one, or another shop has this address.",
    ),
    _Answer(
        lambda trip: trip.status == 405 and trip.reply is Reply.PLUGIN,
        "The request arrives at the plugin with another method than POST.",
        "A proxy redirects or rewrites it: let POST requests below /plugins/ pass unchanged.",
    ),
    _Answer(
        lambda trip: trip.status in (401, 403, 407, 429, 451),
        "A proxy or firewall before Saleor refuses the request ({status}).",
        "Let requests below /plugins/global/picqer-global/webhooks/ pass without a login, a"
        " challenge or a list of addresses.",
    ),
    _Answer(
        lambda trip: trip.status == 404,
        "Nothing answers at the webhook's address (404).",
        "Another program may answer at Saleor's public address, a proxy may not pass on /plugins/,"
        " or the plugin picqer-global was switched off in the database. On Saleor 2.10,"
        " ROOT_URLCONF has to be saleor_picqer.hosts.saleor2.urls.",
    ),
    _Answer(
        lambda trip: trip.status >= 500,
        "The proxy before Saleor, or Saleor itself, fails ({status}).",
        "Look into the logs of the proxy and of Saleor.",
    ),
    _Answer(
        lambda trip: trip.reply is Reply.HTML,
        "Another program answers at Saleor's public address, with a web page ({status}).",
        _SET_ADDRESS,
    ),
    _Answer(
        lambda _: True,
        "Another program than the plugin answers at Saleor's public address ({status}).",
        _SET_ADDRESS,
    ),
)


def _judge_answer(trip: RoundTrip) -> Finding:
    answer = next(one for one in _ANSWERS if one.is_meant(trip))
    values = {"status": trip.status, "location": trip.location or "nowhere"}
    return error(answer.text.format(**values), answer.advice)
