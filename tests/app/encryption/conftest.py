"""An application over a key store that can fail, and scrypt at a price for tests."""

from collections.abc import Iterator

import pytest

from core.app.encryption import key_wrapping
from core.base import log
from core.base.data_key import no_key, use_data_key
from tests.app.encryption.fake_key_store import FakeKeyStore


@pytest.fixture(autouse=True)
def _cheap_and_plain_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(key_wrapping, "_COST", 2**4)
    yield
    use_data_key(no_key)
    log.hide_details(hidden=False)


@pytest.fixture
def key_store() -> FakeKeyStore:
    return FakeKeyStore()
