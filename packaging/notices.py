"""Collect the licences of all that ships into one file, and list it as CycloneDX for machines.

    python packaging/notices.py [--out FILE] [--sbom FILE]

Reads the environment that freezes (build/freeze-venv): it holds what ships, and PyInstaller.
"""

import argparse
import importlib.metadata
import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

import freeze
from console import ROOT, SetupError, run, say

LICENCE_FILE = re.compile(r"(?i)^(licen[cs]e|copying|notice|authors|third.?party)")
MAX_BYTES = 2_000_000
NOT_SHIPPED = frozenset(
    {"pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools", "altgraph"}
)
_LINE = "=" * 100
_BEYOND_PYTHON = """\
Parts that come with the packages above, or beside them

llama.cpp and ggml (in llama-cpp-python): MIT licence, Copyright (c) 2023-2026 The ggml authors
Python: PSF licence, Copyright (c) 2001-2026 Python Software Foundation, https://docs.python.org/3/license.html
PyInstaller's loader: GPL 2.0 with an exception that lets it be part of any program,
    https://pyinstaller.org/en/stable/license.html
Qt and PySide6: GNU LGPL 3.0. Qt's libraries lie in the folder PySide6 and may be exchanged for your
    own build; source code: https://download.qt.io/official_releases/QtForPython/
PDFium (in pypdfium2): BSD 3-clause and Apache 2.0
"""


def main() -> int:
    """Write what is asked for; 1 with two sentences when that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=freeze.NOTICES)
    parser.add_argument("--sbom", type=Path)
    options = parser.parse_args()
    site = next(iter(sorted(freeze.VENV.glob("[Ll]ib/**/site-packages"))), None)
    try:
        if site is None:
            raise SetupError("There is no build/freeze-venv.", "Run packaging/freeze.py first.")
        count = write(site, options.out)
        say(f"{options.out.name}: the licences of {count} packages")
        if options.sbom:
            write_sbom(options.sbom)
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 1
    return 0


def write(site: Path, target: Path) -> int:
    """Write the licences of what is installed in `site`; return how many packages that are."""
    found = {
        re.sub(r"[-_.]+", "-", each.name).lower(): each
        for each in importlib.metadata.distributions(path=[str(site)])
    }
    shipped = [found[name] for name in sorted(found) if name not in NOT_SHIPPED]
    target.parent.mkdir(parents=True, exist_ok=True)
    parts = ["What Inglenook is made of, and under which licences\n", *map(_entry, shipped)]
    target.write_text(f"\n{_LINE}\n".join([*parts, _BEYOND_PYTHON]), encoding="utf-8")
    return len(shipped)


def write_sbom(target: Path) -> None:
    """List the packages as CycloneDX JSON."""
    target.parent.mkdir(parents=True, exist_ok=True)
    python = freeze.VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    command = [sys.executable, "-m", "cyclonedx_py", "environment", str(python)]
    run(
        [*command, "--pyproject", str(ROOT / "pyproject.toml"), "-o", str(target)],
        happened="The list of packages could not be written",
        next_step="pip install --require-hashes -r packaging/locks/tools.txt brings cyclonedx-py.",
    )


def _entry(package: Distribution) -> str:
    about = package.metadata
    licence = _field(package, "License-Expression") or _classified(package)
    licence = licence or _field(package, "License")
    head = [f"{package.name} {package.version}", licence.strip().splitlines()[0] if licence else ""]
    home = _field(package, "Home-page") or next(iter(about.get_all("Project-URL") or ()), "")
    texts = [text for _name, text in sorted(set(_texts(package)))]
    return "\n\n".join(filter(None, ["\n".join(filter(None, [*head, home])), *texts]))


def _field(package: Distribution, name: str) -> str:
    return str(package.metadata[name]) if name in package.metadata else ""


def _classified(package: Distribution) -> str:
    classes = package.metadata.get_all("Classifier") or ()
    return ", ".join(each.rpartition(" :: ")[2] for each in classes if each.startswith("License"))


def _texts(package: Distribution) -> Iterator[tuple[str, str]]:
    """Yield name and text of each licence file a package brings, each text once."""
    seen = set()
    for path in package.files or ():
        if not LICENCE_FILE.match(path.name) or path.suffix in {".py", ".pyc", ".html", ".json"}:
            continue
        place = Path(str(package.locate_file(path)))
        if not place.is_file() or place.stat().st_size > MAX_BYTES:
            continue
        text = place.read_text(encoding="utf-8", errors="replace").strip()
        if text and text not in seen:
            seen.add(text)
            yield str(path), text


if __name__ == "__main__":
    sys.exit(main())
