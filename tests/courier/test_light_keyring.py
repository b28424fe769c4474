"""The key store opens without the HTTP client that a package behind it only names."""

import subprocess
import sys

_CODE = """
import sys
from core.courier.connection import key_store
assert "http.client" not in sys.modules, "it was loaded"
assert key_store.keyring.get_password
import urllib.request
assert urllib.request.pathname2url("/a b") == "/a%20b"
assert "http.client" in sys.modules
"""


def test_the_key_store_loads_no_http_client_until_it_is_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CODE],
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
