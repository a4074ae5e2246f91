"""Hosts and IP addresses to which the API key may not go, or only over TLS."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    address = _parse(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def is_link_local(host: str) -> bool:
    """Return whether a host is an address of 169.254.0.0/16 or fe80::/10.

    Machines of a cloud provider hand out credentials there.
    """
    address = _parse(host)
    return address is not None and address.is_link_local


def _parse(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a text is, also one of IPv4 in the notation of IPv6."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
