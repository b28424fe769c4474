"""Ollama store: a manifest for each name and tag, whose layers are blobs named by SHA-256."""

from collections.abc import Iterator
from pathlib import Path

from core.base.lazy_regex import lazy_pattern
from core.models.info.model_entry import ModelOrigin
from core.models.stores.store_files import StoreLocations, StoreModelFile, read_json, read_text

_MODEL = "application/vnd.ollama.image.model"
_LICENCE = "application/vnd.ollama.image.license"
_DIGEST = lazy_pattern(r"sha256:([0-9a-f]{64})")
_USUAL = ("registry.ollama.ai", "library")
"""Default host and owner, which names leave out."""
_DEPTH = 4
"""host/owner/model/tag."""


def find_ollama_models(places: StoreLocations) -> Iterator[StoreModelFile]:
    """Yield the weights of each complete model."""
    for folder in dict.fromkeys(_folders(places)):
        manifests = folder / "manifests"
        try:
            files = sorted(manifests.glob("/".join("*" * _DEPTH)))
        except OSError:
            continue
        for manifest in files:
            yield from _found(manifest, manifests, folder / "blobs")


def _folders(places: StoreLocations) -> Iterator[Path]:
    if named := places.folder_from_variable("OLLAMA_MODELS"):
        yield named
    yield places.home / ".ollama/models"
    if places.platform not in {"win32", "darwin"}:
        yield Path("/usr/share/ollama/.ollama/models")  # of the system service
        yield Path("/var/lib/ollama/models")


def _found(manifest: Path, manifests: Path, blobs: Path) -> Iterator[StoreModelFile]:
    layers = _layers(manifest)
    digest = layers.get(_MODEL, "")
    blob = blobs / f"sha256-{digest}"
    if not digest or not blob.is_file():
        return
    host, owner, model, tag = manifest.relative_to(manifests).parts
    name = f"{model}:{tag}" if (host, owner) == _USUAL else f"{owner}/{model}:{tag}"
    yield StoreModelFile(
        path=str(blob),
        origin=ModelOrigin.OLLAMA,
        name=name,
        sha256=digest,
        licence=_first_line(blobs / f"sha256-{layers.get(_LICENCE, '')}"),
    )


def _layers(manifest: Path) -> dict[str, str]:
    """Return the digest of the first layer of each kind."""
    content = read_json(manifest)
    layers = content.get("layers") if isinstance(content, dict) else None
    found: dict[str, str] = {}
    for layer in layers if isinstance(layers, list) else ():
        if not isinstance(layer, dict):
            continue
        kind, digest = layer.get("mediaType"), layer.get("digest")
        named = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
        if isinstance(kind, str) and named:
            found.setdefault(kind, named[1])
    return found


def _first_line(path: Path) -> str:
    lines = (line.strip() for line in read_text(path).splitlines())
    return next((line[:80] for line in lines if line), "")
