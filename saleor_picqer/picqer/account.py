"""A Picqer account: address, API key, and the User-Agent of requests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from saleor_picqer import __version__
from saleor_picqer.errors import SettingsError
from saleor_picqer.picqer.addresses import is_link_local, is_loopback

API_PATH = "/api/v1"


@dataclass(frozen=True)
class PicqerAccount:
    """Access to a Picqer account.

    `endpoint` is `https://<name>.picqer.com`, with or without `/api/v1` and a trailing slash.
    `storefront` and `contact_email` go into the User-Agent required by Picqer. Hosts other than
    this machine need https unless `plain_http_hosts` names them.

    Raises SettingsError if the endpoint or the key cannot be used.
    """

    endpoint: str
    api_key: str = field(repr=False)
    storefront: str
    contact_email: str
    plain_http_hosts: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    def __post_init__(self) -> None:
        endpoint = usable_endpoint(self.endpoint, self.plain_http_hosts)
        object.__setattr__(self, "endpoint", endpoint)
        object.__setattr__(self, "api_key", usable_key(self.api_key))

    @property
    def name(self) -> str:
        """Host and port, which tell accounts apart in logs."""
        return urlsplit(self.endpoint).netloc

    @property
    def base_url(self) -> str:
        """The beginning of all addresses of the API."""
        return self.endpoint + API_PATH

    @property
    def fingerprint(self) -> str:
        """Digest of address and key: Picqer's rate limit counts per key."""
        digest = hashlib.sha256(f"{self.endpoint} {self.api_key}".encode())
        return digest.hexdigest()[:16]

    @property
    def user_agent(self) -> str:
        """Name, version, shop and mail address, which Picqer requires of every client."""
        who = f"{_header_text(self.storefront)} - {_header_text(self.contact_email)}"
        return f"saleor-picqer/{__version__} ({who})"


def order_page(account: str, remote_id: int) -> str:
    """Return the address of the page on which Picqer shows an order to the warehouse's staff.

    `account` is the name of a `PicqerAccount`.
    """
    scheme = "http" if is_loopback(urlsplit(f"//{account}").hostname or "") else "https"
    return f"{scheme}://{account}/orders/{remote_id}"


def normalised_endpoint(endpoint: str) -> str:
    """Return scheme and host of an address; raise SettingsError for another text."""
    try:
        parts = urlsplit(endpoint.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        problem = "Picqer's address should look like https://example.picqer.com."
        raise SettingsError("endpoint", problem)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError("endpoint", "Picqer's address must hold neither a login nor a query.")
    if parts.path.rstrip("/") not in {"", "/api", API_PATH}:
        problem = f"Picqer's address should end after the host name or with {API_PATH}."
        raise SettingsError("endpoint", problem)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def usable_endpoint(endpoint: str, plain_http_hosts: frozenset[str]) -> str:
    """Return scheme and host of an address; raise SettingsError if the key must not go there."""
    endpoint = normalised_endpoint(endpoint)
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if is_link_local(host):
        raise SettingsError("endpoint", f"{host} is a link-local address, never Picqer's.")
    if parts.scheme != "https" and not (is_loopback(host) or host in plain_http_hosts):
        problem = (
            "Write https:// instead of http://, because the API key must travel encrypted. If"
            f" {host} is a test account in your own network, add it to plain_http_hosts in the"
            " Django setting SALEOR_PICQER."
        )
        raise SettingsError("endpoint", problem)
    return endpoint


def usable_key(api_key: str) -> str:
    """Return a key without outer blanks; raise SettingsError for a text that is no key."""
    key = api_key.strip()
    # requests can only put printable ASCII into the Authorization header.
    if not key or not (key.isascii() and key.isprintable()):
        problem = "The API key is empty or holds characters that no key has."
        raise SettingsError("api_key", problem)
    return key


def _header_text(text: str) -> str:
    """Return the text as a line of ASCII without brackets, which would end the comment."""
    ascii_only = text.encode("ascii", "ignore").decode()
    return " ".join(ascii_only.translate(str.maketrans("()", "  ")).split())
