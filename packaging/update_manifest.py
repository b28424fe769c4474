"""Makes what “Check for updates” asks for: the keys, and the signed news of a version.

    python packaging/update_manifest.py keys ADDRESS KEY_FILE   once; writes resources/update.json
    python packaging/update_manifest.py sign KEY_FILE VERSION PAGE OUT [NOTES]

Sign again now and then, also without a new version: the date of signing is shown, and news older
than what was seen before are refused.

KEY_FILE holds the private key in hex and never belongs into the repository. A build made without
resources/update.json knows no address, says so, and asks nobody.
"""

import json
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.base.private_files import open_private

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "inglenook"


def make_keys(address: str, key_file: Path, resource: Path) -> None:
    """Write a new private key, and what a build needs to believe what it signs."""
    key = Ed25519PrivateKey.generate()
    # Its owner's alone from the beginning, and a key in use is never overwritten.
    with open(key_file, "x", encoding="utf-8", opener=open_private) as file:
        file.write(key.private_bytes_raw().hex())
    public = key.public_key().public_bytes_raw().hex()
    content = {"address": address, "public_key": public}
    resource.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def signed(key_file: Path, version: str, page: str, notes: str = "") -> str:
    """Return the news of a version, to be put where builds ask."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key_file.read_text("utf-8").strip()))
    content = {"product": PRODUCT, "version": version, "page": page, "notes": notes}
    manifest = json.dumps({**content, "issued": int(time.time())})
    return json.dumps({"manifest": manifest, "signature": key.sign(manifest.encode()).hex()})


def main(words: list[str]) -> int:
    """Do what the words say."""
    match words:
        case ["keys", address, key_file]:
            make_keys(address, Path(key_file), ROOT / "resources" / "update.json")
        case ["sign", key_file, version, page, out, *notes]:
            news = signed(Path(key_file), version, page, " ".join(notes))
            Path(out).write_text(news + "\n", "utf-8")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
