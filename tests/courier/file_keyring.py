"""A key store for tests: a JSON file that the variable TEST_KEYS names."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

if TYPE_CHECKING:  # programs that are timed use this, too
    import pytest


class FileKeyring(KeyringBackend):
    """Keeps keys where the test can see them."""

    priority = 1

    @property
    def _path(self) -> Path:
        return Path(os.environ["TEST_KEYS"])

    def _read(self) -> dict[str, str]:
        content: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        return content

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        keys = {**self._read(), f"{service}/{username}": password}
        self._path.write_text(json.dumps(keys))

    def delete_password(self, service: str, username: str) -> None:
        keys = self._read()
        if keys.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError
        self._path.write_text(json.dumps(keys))


def use_file_keyring(patch: "pytest.MonkeyPatch", keys: Path) -> None:
    """Let this process keep its keys in a file."""
    patch.setenv("TEST_KEYS", str(keys))
    use_keyring(patch, FileKeyring())  # type: ignore[no-untyped-call]


def use_keyring(patch: "pytest.MonkeyPatch", backend: KeyringBackend) -> None:
    """Let this process have a key store of a kind; the package keeps the first one it finds."""
    patch.setattr("keyring.core._keyring_backend", backend)
