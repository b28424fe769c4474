"""Host addresses: which redirects are followed, and which ways can be listened to."""

import pytest

from core.courier.connection.host_address import parse_address, unencrypted_warning

HUB = parse_address("https://hub.example")


@pytest.mark.parametrize(
    "target",
    ["https://127.0.0.1", "https://localhost", "https://10.0.0.7", "https://192.168.1.1:8443",
     "https://169.254.169.254", "https://[::1]", "https://[fd00::2]", "https://printer.local"],
)  # fmt: skip
def test_a_public_host_leads_into_no_private_network(target: str) -> None:
    assert not HUB.allows_redirect_to(parse_address(target))
    assert parse_address("https://192.168.1.5").allows_redirect_to(parse_address(target))


def test_other_redirects_are_followed_but_to_http() -> None:
    assert HUB.allows_redirect_to(parse_address("https://files.example"))
    assert not HUB.allows_redirect_to(parse_address("http://files.example"))


def test_an_open_way_is_named() -> None:
    addresses = ("http://192.168.1.5:8000/v1", "https://a.example", "http://127.0.0.1:1")
    assert "The way to 192.168.1.5:8000 is not encrypted" in unencrypted_warning(addresses)
    assert unencrypted_warning(addresses[1:]) == ""


@pytest.mark.parametrize(
    "other", ["http://hub.example", "https://hub.example:8443", "https://a.hub.example"]
)
def test_a_key_goes_to_its_own_port_and_scheme_alone(other: str) -> None:
    assert HUB.is_same_origin(parse_address("https://hub.example:443/models"))
    assert not HUB.is_same_origin(parse_address(other))
