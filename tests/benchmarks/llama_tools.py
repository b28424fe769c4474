"""Builds llama.cpp's own tools from the sources that the installed llama-cpp-python was made of.

Usage: python tests/benchmarks/llama_tools.py DIR [--jobs N]

DIR gets the sources from the package index, and a folder `bin` with llama-bench,
llama-batched-bench, llama-perplexity and llama-server: some ten minutes on two cores. Then
`inglenook bench engine --only tools --tools DIR/bin` measures beside them.
"""

import argparse
import importlib.metadata
import subprocess
import sys
import tarfile
from pathlib import Path

TARGETS = ("llama-bench", "llama-batched-bench", "llama-perplexity", "llama-server")
PACKAGE = "llama-cpp-python"


def main() -> None:
    """Fetch, unpack, build, and print the folder of the tools."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    source = fetch_sources(options.folder) / "vendor" / "llama.cpp"
    build = options.folder / "build"
    _run("cmake", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF")
    _run("cmake", "--build", build, "--target", *TARGETS, "--parallel", options.jobs)
    link = options.folder / "bin"
    if not link.exists():
        link.symlink_to(build / "bin", target_is_directory=True)
    sys.stdout.write(f"{link}\n")


def fetch_sources(folder: Path) -> Path:
    """Return the unpacked sources of the version that is installed here."""
    version = importlib.metadata.version(PACKAGE)
    # With --no-build-isolation pip finds nothing to read the sources' metadata with.
    sources = ["--no-deps", "--no-binary", PACKAGE, f"{PACKAGE}=={version}"]
    _run(sys.executable, "-m", "pip", "download", *sources, "-d", folder)
    (archive,) = folder.glob(f"llama_cpp_python-{version}.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / f"llama_cpp_python-{version}"


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)


if __name__ == "__main__":
    main()
