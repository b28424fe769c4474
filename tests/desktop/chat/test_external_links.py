"""Warnings about an address before it is opened."""

import pytest
from PySide6.QtGui import QDesktopServices

from desktop.chat.message.external_links import address_warnings, ask_to_open_link
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import words_of


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/a", []),
        ("https://xn--80ak6aa92e.com/", ["аррӏе.com", "xn--80ak6aa92e.com", "CYRILLIC"]),
        ("https://ехample.org/", ["several scripts", "CYRILLIC, LATIN", "xn--"]),
        ("https://bücher.example/", ["xn--bcher-kva.example"]),
        ("https://bank.example@evil.example/", ["before “@”", "evil.example"]),
        ("https://example.org/?q=secret", ["is sent too"]),
        ("https://[", ["not a well-formed address"]),
    ],
)
def test_what_is_odd_is_said(address: str, expected: list[str]) -> None:
    warnings = "\n".join(address_warnings(address))
    assert all(words in warnings for words in expected), warnings
    assert bool(warnings) == bool(expected)


def test_a_long_address_is_shown_to_its_end(ui: OpenWindow) -> None:
    address = "https://example.org/" + "long/" * 80 + "end"
    asking = ask_to_open_link(ui.theme, ui.window, address)
    ui.settle()
    assert address in words_of(asking).replace("\n", "")
    assert address not in words_of(asking), "no line is longer than the dialog"
    asking.reject()
    ui.settle()


def test_an_odd_address_is_opened_only_by_saying_yes(
    ui: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    address = "https://bank.example@evil.example/"
    for button in ("cancel_button", "confirm_button"):
        asking = ask_to_open_link(ui.theme, ui.window, address)
        ui.settle()
        assert all(words in words_of(asking) for words in address_warnings(address))
        assert not opened
        getattr(asking, button).click()
        ui.settle()
    assert opened == [address]
