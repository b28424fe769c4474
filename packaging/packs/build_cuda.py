"""Make the pack for NVIDIA cards: llama.cpp's CUDA backend and the libraries it needs, in one zip.

    python packaging/packs/build_cuda.py --backend libggml-cuda.so --libraries FOLDER --ggml 0.25.3

The backend is built from the sources of the llama-cpp-python that ships (locks/llama.txt), with
GGML_BACKEND_DL=ON and GGML_CUDA=ON; the libraries are those of the CUDA toolkit that it was built
with: cudart, cublas and cublasLt, which its licence lets us pass on. On Linux each library looks
for the others beside itself (RPATH $ORIGIN), so that the pack needs nothing but the driver.

What is made is named in resources/catalog/packs.json, with its SHA-256: the program takes no other
pack unless the person gives its SHA-256.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from console import ROOT, say

KNOWN = ROOT / "resources" / "catalog" / "packs.json"
LIBRARIES = ("*cudart*", "*cublas*", "*cublasLt*")
SYSTEMS = ("linux-x86_64", "win32-x86_64")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    """Write the pack, and its SHA-256 into the list that ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", type=Path, required=True)
    parser.add_argument("--libraries", type=Path, required=True)
    parser.add_argument("--ggml", required=True, help="the version the program's ggml tells")
    parser.add_argument("--system", choices=SYSTEMS, default=SYSTEMS[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    found = {path for pattern in LIBRARIES for path in options.libraries.glob(pattern)}
    files = [options.backend, *sorted(path for path in found if not path.is_symlink())]
    about = {"name": "cuda", "title": "NVIDIA CUDA", "ggml": options.ggml, "system": options.system}
    target = options.out / f"inglenook-cuda-ggml{options.ggml}-{options.system}.zip"
    sha256 = write(target, about, files)
    remember(sha256)
    say(f"{target.name}: {target.stat().st_size / 1e6:.0f} MB, SHA-256 {sha256}")


def write(target: Path, about: dict[str, str], files: Sequence[Path]) -> str:
    """Write a pack and return its SHA-256; the same files make the same pack."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sums = {path.name: _sha256(path) for path in files}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(
            zipfile.ZipInfo("pack.json", _EPOCH), json.dumps({**about, "files": sums}, indent=1)
        )
        for path in files:
            entry = zipfile.ZipInfo(path.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as into:
                while block := source.read(1 << 20):
                    into.write(block)
    return _sha256(target)


def remember(sha256: str, known: Path = KNOWN) -> None:
    """Add a pack to the list of those that were made with this program."""
    listed = json.loads(known.read_text(encoding="utf-8")) if known.exists() else []
    listed = [*listed, {"name": "cuda", "sha256": sha256}]
    known.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
