#!/usr/bin/python3
"""tests/relay/delivery/oracle-addresses.py — addresses and whether they are public, by Python's ipaddress and by the list that the
design names; "ADDRESS public|blocked" a line. Blocked is what either of them blocks."""
import ipaddress
import random

LIST = [ipaddress.ip_network(text) for text in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
    192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    ::/128 ::1/128 fc00::/7 fe80::/10 fec0::/10 ff00::/8 2001::/23 2001:db8::/32 2002::/16 100::/64 5f00::/16
    ::/96 64:ff9b:1::/48 3fff::/20""".split()]
MAPPED = [ipaddress.ip_network("::ffff:0:0/96"), ipaddress.ip_network("64:ff9b::/96")]


def canonical(address):
    if address.version == 6 and any(address in network for network in MAPPED):
        return ipaddress.ip_address(int(address) & 0xffffffff)
    return address


def is_public(address):
    inner = canonical(address)
    listed = any(inner in network for network in LIST if network.version == inner.version)
    unicast = inner.version == 4 or inner in ipaddress.ip_network("2000::/3")  # nothing else is given to anybody
    return not listed and unicast and inner.is_global and not inner.is_multicast


random.seed(7)
addresses = set()
for network in LIST + MAPPED:
    first, last = int(network.network_address), int(network.broadcast_address)
    kind = type(network.network_address)
    edges = [first, first + 1, last - 1, last, first - 1, last + 1] + [random.randint(first, last) for _ in range(100)]
    addresses.update(kind(n) for n in edges if 0 <= n < 2 ** kind(0).max_prefixlen)
for _ in range(4000):
    v4 = ipaddress.IPv4Address(random.getrandbits(32))
    addresses.update([v4, ipaddress.IPv6Address(0x20 << 120 | random.getrandbits(120)), ipaddress.IPv6Address(random.getrandbits(128)),
                      ipaddress.IPv6Address(0xffff << 32 | int(v4)), ipaddress.IPv6Address((0x64ff9b << 96) | int(v4))])
for address in sorted(addresses, key=lambda one: (one.version, int(one))):
    print(address, "public" if is_public(address) else "blocked")
