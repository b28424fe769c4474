"""Everything erased: the key in the system's key store goes too, unless a file is left."""

import pytest

from core.app.encryption.key_erasure import erase_with_key
from core.app.encryption.key_file import EncryptionState, KeyFile, write_key_file
from core.app.privacy import stored_data
from core.base.paths import Paths
from tests.app.encryption.fake_key_store import FakeKeyStore


@pytest.fixture
def encrypted(root: Paths, key_store: FakeKeyStore) -> Paths:
    root.create_folders()
    write_key_file(root, KeyFile("7", EncryptionState.ON, ()))
    key_store.keys["7"] = b"key"
    return root


def test_the_key_goes_with_the_data(encrypted: Paths, key_store: FakeKeyStore) -> None:
    assert erase_with_key(encrypted, models=True, keys=key_store) == ()
    assert not encrypted.root.exists()
    assert key_store.keys == {}


def test_the_key_of_files_that_are_left_is_kept(
    encrypted: Paths, key_store: FakeKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_data, "erase_stored_data", lambda *_a, **_n: (encrypted.chats,))
    assert erase_with_key(encrypted, models=True, keys=key_store) == (encrypted.chats,)
    assert key_store.keys == {"7": b"key"}
