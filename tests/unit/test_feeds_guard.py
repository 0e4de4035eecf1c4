from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import FeedError
from watcher.feeds.guard import Guard, is_public, refusal, unwrap, with_option

LOOPBACK = (ip_network("127.0.0.0/8"),)

CLOSED = {
    "this network": "0.0.0.0",
    "this network, any": "0.1.2.3",
    "loopback": "127.0.0.1",
    "loopback, last": "127.255.255.254",
    "private 10": "10.0.0.1",
    "private 172.16": "172.16.0.1",
    "private 172.31": "172.31.255.255",
    "private 192.168": "192.168.1.1",
    "carrier-grade NAT": "100.64.0.1",
    "carrier-grade NAT, last": "100.127.255.255",
    "cloud metadata": "169.254.169.254",
    "IETF assignments": "192.0.0.170",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.7",
    "documentation 3": "203.0.113.9",
    "6to4 relay": "192.88.99.1",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.1",
    "multicast, last": "239.255.255.255",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 unspecified": "::",
    "v6 loopback": "::1",
    "v6 loopback spelt out": "0:0:0:0:0:0:0:1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped in hex": "::ffff:7f00:1",
    "mapped private": "::ffff:192.168.0.1",
    "IPv4-compatible": "::127.0.0.1",
    "IPv4-compatible public": "::8.8.8.8",
    "IPv4-translated": "::ffff:0:127.0.0.1",
    "NAT64 loopback": "64:ff9b::7f00:1",
    "NAT64 metadata": "64:ff9b::169.254.169.254",
    "NAT64 local use": "64:ff9b:1::7f00:1",
    "NAT64 local use, other lengths": "64:ff9b:1:7f00:1::",
    "NAT64 local use, own prefix": "64:ff9b:1:abcd::8.8.8.8",
    "6to4 loopback": "2002:7f00:1::",
    "6to4 private": "2002:c0a8:101::1",
    "Teredo of a loopback client": "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "protocol assignments": "2001:2::1",
    "ORCHID": "2001:10::1",
    "v6 documentation": "2001:db8::1",
    "v6 documentation, new": "3fff::1",
    "unique local": "fc00::1",
    "unique local, usual": "fd12:3456:789a::1",
    "link-local": "fe80::1",
    "link-local with scope": "fe80::1%2",
    "site-local": "fec0::1",
    "v6 multicast": "ff02::1",
    "discard": "100::1",
    "segment routing": "5f00::1",
    "unassigned": "4000::1",
    "no address": "localhost",
    "legacy spelling": "127.1",
    "legacy number": "2130706433",
    "legacy hex": "0x7f000001",
    "legacy octal": "0177.0.0.1",
    "empty": "",
}

OPEN = {
    "public": "8.8.8.8",
    "before private 172": "172.15.255.255",
    "after private 172": "172.32.0.1",
    "before NAT": "100.63.255.255",
    "after NAT": "100.128.0.1",
    "before multicast": "223.255.255.254",
    "v6": "2606:4700:4700::1111",
    "v6 of a registry": "2a00:1450:4001:800::200e",
    "v6 next to Teredo": "2001:200::1",
    "mapped public": "::ffff:8.8.8.8",
    "NAT64 public": "64:ff9b::8.8.8.8",
    "NAT64 local use of a public one": "64:ff9b:1::8.8.8.8",
    "6to4 public": "2002:808:808::1",
    "Teredo of a public client": "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
}


@pytest.mark.parametrize("address", CLOSED.values(), ids=CLOSED.keys())
def test_closed_addresses_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN.values(), ids=OPEN.keys())
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address)
    Guard().check(address)


def test_a_refusal_names_the_address_and_what_to_set() -> None:
    with pytest.raises(FeedError) as refusal:
        Guard().check("127.0.0.1")

    assert str(refusal.value) == (
        "the address 127.0.0.1 is private; set allow_private if this feed is yours"
    )


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.0.1"])
def test_nobody_is_told_to_open_an_address_of_the_link(address: str) -> None:
    assert refusal(address) == f"the address {address} is private"
    assert with_option(refusal(address)) == refusal(address)


def test_nobody_is_told_to_open_an_address_for_whoever_redirects_there() -> None:
    said = "the server redirects to the address 10.0.0.1, which is private"
    assert refusal("10.0.0.1", redirected=True) == with_option(said) == said


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("192.168.1.7", "repeat with --allow-private 192.168.0.0/16"),
        ("::ffff:127.0.0.1", "repeat with --allow-private 127.0.0.0/8"),
        ("fd00::7", "repeat with --allow-private fd00::7/128"),
        ("::1", "repeat with --allow-private ::1/128"),
        ("127.1", "set allow_private if this feed is yours"),
    ],
)
def test_where_there_is_an_option_a_refusal_names_it(address: str, advice: str) -> None:
    assert with_option(refusal(address)) == f"the address {address} is private; {advice}"
    assert with_option("the server answered 404") == "the server answered 404"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        pytest.param("127.0.0.1", True, id="listed"),
        pytest.param("::ffff:127.0.0.1", True, id="listed, wrapped"),
        pytest.param("64:ff9b::7f00:1", True, id="listed, through NAT64"),
        pytest.param("::1", False, id="other family"),
        pytest.param("10.0.0.1", False, id="other network"),
        pytest.param("8.8.8.8", True, id="public needs no list"),
        pytest.param("127.1", False, id="no address"),
    ],
)
def test_allowed_networks_open_what_they_list_and_no_more(address: str, allowed: bool) -> None:
    assert Guard(LOOPBACK).allows(address) is allowed


def test_a_wrapped_form_can_be_allowed_by_its_own_network() -> None:
    assert Guard((ip_network("64:ff9b:1::/48"),)).allows("64:ff9b:1:7f00:1::")


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        pytest.param("localhost", True, id="this machine"),
        pytest.param("LOCALHOST.", True, id="with its dot"),
        pytest.param("feeds.localhost", True, id="its subdomain"),
        pytest.param("127.0.0.1", True, id="literal"),
        pytest.param("::1", True, id="v6 literal"),
        pytest.param("127.1", True, id="short spelling"),
        pytest.param("2130706433", True, id="one number"),
        pytest.param("0x7f.1", True, id="mixed spelling"),
        pytest.param("0x7f000001", True, id="hexadecimal"),
        pytest.param("8.8.8.8", False, id="public literal"),
        pytest.param("feeds.example.org", False, id="name"),
        pytest.param("7.example", False, id="number in front"),
    ],
)
def test_hosts_that_a_proxy_would_look_up_are_judged_by_their_spelling(
    host: str, refused: bool
) -> None:
    if refused:
        with pytest.raises(FeedError, match="is private"):
            Guard().check_host(host)
    else:
        Guard().check_host(host)


ipv4 = st.integers(0, 2**32 - 1).map(IPv4Address)


@given(ipv4)
def test_wrapping_an_address_never_changes_the_verdict(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80),
        IPv6Address(0x20010000 << 96 | (~number & 0xFFFFFFFF)),
    ]

    assert {unwrap(form) for form in wrapped} == {address}
    assert {is_public(form) for form in wrapped} == {is_public(address)}


@given(ipv4 | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_nothing_that_python_calls_private_is_let_through(
    address: IPv4Address | IPv6Address,
) -> None:
    real = unwrap(address)
    if not real.is_global or real.is_multicast:
        assert not is_public(address)


@given(st.text())
def test_any_text_gets_a_verdict(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        assert not is_public(text)
