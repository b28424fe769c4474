"""What a child is handed, and no more: no folder of a like name, no writing, nothing to others."""

import os
import sys
from pathlib import Path

import pytest

from core.sandbox.grants import (
    GRANTS_VARIABLE,
    NO_GRANTS,
    Grants,
    encode_grants,
    lies_in,
    take_grants,
)
from core.sandbox.readable_files import system_files


def test_a_folder_whose_name_only_begins_alike_is_another() -> None:
    home = os.path.join(os.sep, "home", "ann")  # noqa: PTH118 - names alone
    assert lies_in(home, (home,))
    assert lies_in(os.path.join(home, "a.txt"), (home,))  # noqa: PTH118
    assert lies_in(os.path.join(home, "a.txt"), (home + os.sep,))  # noqa: PTH118
    assert not lies_in(home + "ette", (home,))
    assert not lies_in(os.path.dirname(home), (home,))  # noqa: PTH120


def test_who_may_read_may_not_write() -> None:
    reader, writer = Grants(read=("/a",)), Grants(write=("/a",))
    assert writer.covers(reader)
    assert not reader.covers(writer)
    assert not reader.covers(Grants(servers=True))
    assert reader.joined(writer).covers(writer)


def test_grants_are_taken_once() -> None:
    """What a child starts itself finds none in its environment."""
    grants = Grants(read=(os.fsdecode(b"/a\xff"),), write=("/b",), servers=True)
    environment = {GRANTS_VARIABLE: encode_grants(grants), "HOME": "/home"}
    assert take_grants(environment) == grants
    assert environment == {"HOME": "/home"}
    assert take_grants(environment) == NO_GRANTS


@pytest.mark.skipif(sys.platform == "win32", reason="paths of other systems")
def test_a_variable_for_certificates_opens_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, certificates = tmp_path / "home", tmp_path / "certificates"
    for folder in (home, certificates):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(home))
    places = os.pathsep.join(map(str, (home, tmp_path, certificates, "relative")))
    monkeypatch.setenv("SSL_CERT_DIR", places)
    opened = set(system_files(network=True))
    assert str(certificates) in opened
    assert opened.isdisjoint({str(home), str(tmp_path), "relative"})
