"""Hugging Face cache: snapshots of repositories, whose files are links to blobs."""

from collections.abc import Iterator
from pathlib import Path

from core.base.lazy_regex import lazy_pattern
from core.models.info.model_entry import ModelOrigin
from core.models.stores.store_files import StoreLocations, StoreModelFile, find_gguf_files

_SHA256 = lazy_pattern(r"[0-9a-f]{64}")


def find_hugging_face_models(places: StoreLocations) -> Iterator[StoreModelFile]:
    """Yield each file once, even if several snapshots contain it."""
    seen: set[Path] = set()
    for folder in dict.fromkeys(_folders(places)):
        for repository in sorted(folder.glob("models--*")) if folder.is_dir() else ():
            for path in find_gguf_files(repository / "snapshots"):
                blob = path.resolve()
                if blob not in seen and blob.is_file():
                    seen.add(blob)
                    # A blob of a large file is named by its content.
                    named = blob.name if _SHA256.fullmatch(blob.name) else ""
                    yield StoreModelFile(path=str(path), origin=ModelOrigin.HUB, sha256=named)


def _folders(places: StoreLocations) -> Iterator[Path]:
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if named := places.folder_from_variable(variable):
            yield named
    if home := places.folder_from_variable("HF_HOME"):
        yield home / "hub"
    yield places.cache_folder / "huggingface/hub"
