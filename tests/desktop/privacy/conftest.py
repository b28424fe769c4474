"""Encryption at a price for tests, and plain files again after each."""

from collections.abc import Iterator

import pytest

from core.app.encryption import key_wrapping
from core.base import log
from core.base.data_key import no_key, use_data_key


@pytest.fixture(autouse=True)
def _cheap_and_plain_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(key_wrapping, "_COST", 2**4)
    yield
    use_data_key(no_key)
    log.hide_details(hidden=False)
