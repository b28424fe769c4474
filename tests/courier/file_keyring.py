"""A key store for tests: a JSON file that the variable TEST_KEYS names."""

import json
import os
import shutil
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


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


def install_file_keyring(folder: Path) -> dict[str, str]:
    """Put this module where a sealed child may read and write; return its variables."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(__file__, folder / "file_keyring.py")
    return {
        "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
        "PYTHONPATH": os.pathsep.join((os.environ.get("PYTHONPATH", ""), str(folder))),
        "TEST_KEYS": str(folder / "keys.json"),
    }
