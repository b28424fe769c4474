"""Packs as packs/build_cuda.py writes them, with small files in the place of libraries."""

import hashlib
import json
import zipfile
from pathlib import Path

from core.engine.devices.backend_packs import this_system


def pack_file(folder: Path, *, version: str = "1.0", files: dict[str, bytes] | None = None) -> Path:
    """Write a pack and return its path."""
    files = (
        {"libggml-cuda.so": b"backend", "libcudart.so.13": b"runtime"} if files is None else files
    )
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    about = {"name": "cuda", "title": "NVIDIA", "ggml": version, "system": this_system()}
    path = folder / f"cuda-{version}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pack.json", json.dumps({**about, "files": sums}))
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
