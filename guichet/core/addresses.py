"""Where a request comes from, behind a known number of proxies."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

ONE_SUBSCRIBER = 64  # bits of an IPv6 address: the rest is theirs to choose, a new one for each request if they like


def client_address(request: HttpRequest) -> str:
    """The address of the client; of IPv6, the beginning that its subscriber cannot change, so that limits hold.

    ``TRUSTED_PROXIES`` proxies each append one entry to X-Forwarded-For.
    """
    count: int = settings.TRUSTED_PROXIES
    if count:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= count:
            return _of_subscriber(hops[-count])
    return _of_subscriber(str(request.META.get("REMOTE_ADDR", "")))


def _of_subscriber(written: str) -> str:
    try:
        address = ip_address(written)
    except ValueError:
        return written
    if not isinstance(address, IPv6Address):
        return written
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address.packed, ONE_SUBSCRIBER), strict=False).network_address)
