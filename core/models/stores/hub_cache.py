"""The Hugging Face cache: snapshots of repositories, whose files are links to blobs."""

from collections.abc import Iterator
from pathlib import Path

from core.models.entry import Origin
from core.models.stores.found import Found, Places, gguf_files
from core.patterns import pattern

_SHA256 = pattern(r"[0-9a-f]{64}")


def find(places: Places) -> Iterator[Found]:
    """Yield each file once, though several snapshots may show it."""
    seen: set[Path] = set()
    for folder in dict.fromkeys(_folders(places)):
        for repository in sorted(folder.glob("models--*")) if folder.is_dir() else ():
            for path in gguf_files(repository / "snapshots"):
                blob = path.resolve()
                if blob not in seen and blob.is_file():
                    seen.add(blob)
                    # A blob of a large file is named by its content.
                    named = blob.name if _SHA256.fullmatch(blob.name) else ""
                    yield Found(path=str(path), origin=Origin.HUB, sha256=named)


def _folders(places: Places) -> Iterator[Path]:
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if named := places.variable(variable):
            yield named
    if home := places.variable("HF_HOME"):
        yield home / "hub"
    yield places.cache / "huggingface/hub"
