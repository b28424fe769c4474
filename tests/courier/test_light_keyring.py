"""The key store opens without what packages behind it only name, and has it when it is used."""

import subprocess
import sys

_CODE = """
import sys
from core.courier.connection import key_store
for name in ("http.client", "more_itertools.more", "importlib_metadata._meta"):
    assert name not in sys.modules, name
assert key_store.keyring.get_password
key_store.keyring.get_keyring()  # looks for all stores
assert "keyring.backends.SecretService" in sys.modules
import importlib_metadata, more_itertools
assert importlib_metadata.version("keyring") and list(more_itertools.chunked("ab", 1))
import urllib.request
assert urllib.request.pathname2url("/a b") == "/a%20b"
assert "http.client" in sys.modules
"""


def test_the_key_store_loads_what_is_seldom_used_when_it_is() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CODE],
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
