"""Bring the models that a release ships into resources/models: the catalog's starter, and the rest.

    python3 packaging/release_models.py [--starter ID]

The starter is the first `starter` entry of the catalog that names a file with its SHA-256; the file
is fetched from the hub and checked. While the catalog vouches for none, the development stand-in
of starter_models.py ships, and this says so.
"""

import argparse
import hashlib
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.request import urlopen  # noqa: TID251 - a tool of the release, not of the program

import starter_models
from console import ROOT, SetupError, say

CATALOG = ROOT / "resources" / "catalog" / "models.toml"
HUB = "https://huggingface.co"
_BLOCK = 1 << 20


def main() -> int:
    """Bring them; 1 with two sentences when one can't be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starter", default="", help="another entry of the catalog, by its id")
    wanted = parser.parse_args().starter
    try:
        starter_models.ensure(Path(sys.executable))
        found = starter(tomllib.loads(CATALOG.read_text(encoding="utf-8")), wanted)
        if found is None:
            say("the catalog vouches for no starter model; SmolLM2 135M ships instead")
        else:
            fetch(*found, starter_models.MODELS)
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 1
    return 0


def starter(catalog: dict[str, Any], wanted: str = "") -> tuple[str, str] | None:
    """Return address and SHA-256 of the starter's file, None if the catalog vouches for none."""
    for model in catalog["model"]:
        if model.get("starter") and wanted in {"", model["id"]}:
            for file in model.get("file", ()):
                if file.get("sha256"):
                    address = f"{HUB}/{model['repository']}/resolve/main/{file['name']}"
                    return address, str(file["sha256"])
    if wanted:
        raise SetupError(
            f"The catalog has no starter model “{wanted}” with the SHA-256 of its file.",
            "Add size, sha256 and source of the file to resources/catalog/models.toml.",
        )
    return None


def fetch(address: str, sha256: str, folder: Path) -> None:
    """Fetch one file, and keep it as the only chat model there. Raises SetupError."""
    target = folder / address.rpartition("/")[2]
    partial = target.with_suffix(".part")
    digest = hashlib.sha256()
    say(f"fetching {address}")
    try:
        with urlopen(address, timeout=60) as source, partial.open("wb") as file:  # noqa: S310 - https, by HUB
            while block := source.read(_BLOCK):
                digest.update(block)
                file.write(block)
    except OSError as error:
        raise SetupError(f"{target.name} could not be fetched ({error}).", "Try again.") from error
    if digest.hexdigest() != sha256:
        partial.unlink()
        raise SetupError(
            f"{target.name} is not the file the catalog names (wrong SHA-256).",
            "Look what changed at its source before the catalog is brought up to date.",
        )
    for other in folder.glob("*.gguf"):
        other.unlink()
    shutil.move(partial, target)


if __name__ == "__main__":
    sys.exit(main())
