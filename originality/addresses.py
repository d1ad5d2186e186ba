"""Whom a server lets in by the address that it listens on: only this machine, or others too."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str | None) -> bool:
    """Say whether a server at a host hears only its own machine; "", None and names other than localhost do not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
