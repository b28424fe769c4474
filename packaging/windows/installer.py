"""Make the Windows installer out of a folder: lists what it may delete again, then calls makensis.

    python packaging/windows/installer.py [--tree dist/Inglenook] [--version 0.1.0] [--out FILE]

makensis runs on every system, so the script is compiled and tried (under wine) on Linux too.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import freeze
from console import ROOT, SetupError, run, say

LONGEST = 180
"""Characters of a path below the folder of installation: with a user's long name Windows' limit of
260 is kept."""


def main() -> int:
    """Make it; 1 with two sentences when that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, default=freeze.TREE)
    parser.add_argument("--version", default=freeze.version())
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    out = options.out or freeze.DIST / f"inglenook-{options.version}-windows-x64-setup.exe"
    try:
        build(options.tree.resolve(), options.version, out.resolve())
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 1
    say(f"{out.name}: {out.stat().st_size / 1e6:.0f} MB")
    return 0


def build(tree: Path, version: str, out: Path) -> None:
    """Compile installer.nsi for `tree`. Raises SetupError."""
    lists = freeze.BUILD / "windows"
    lists.mkdir(parents=True, exist_ok=True)
    write_lists(tree, lists)
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    defined = {
        "VERSION": version,
        "TREE": str(tree),
        "OUT": str(out),
        "SIZE_KB": str(size),
        "LISTS": str(lists),
        "ICON": str(freeze.ICONS / "inglenook.ico"),
        "LICENCE": str(ROOT / "LICENSE"),
    }
    run(
        [
            *("makensis", "-V2", "-INPUTCHARSET", "UTF8"),
            *(f"-D{name}={value}" for name, value in defined.items()),
            str(Path(__file__).with_name("installer.nsi")),
        ],
        happened="makensis could not make the installer",
        next_step="Install NSIS 3 (Debian: nsis; Windows: choco install nsis).",
    )


def write_lists(tree: Path, folder: Path) -> None:
    """Write what the uninstaller deletes: each file, and each folder if nothing is left in it."""
    paths = sorted(path.relative_to(tree) for path in tree.rglob("*"))
    if too_long := [path for path in paths if len(str(path)) > LONGEST]:
        raise SetupError(
            f"{too_long[0]} is longer than Windows allows below a user's folder.",
            "Leave it out in packaging/contents.py.",
        )
    files = [path for path in paths if not (tree / path).is_dir()]
    folders = [path for path in reversed(paths) if (tree / path).is_dir()]
    _write(folder / "files.nsh", "Delete", files)
    _write(folder / "folders.nsh", "RMDir", folders)


def _write(target: Path, command: str, paths: list[Path]) -> None:
    lines = [f'{command} "$INSTDIR\\{_spelled(path)}"\n' for path in paths]
    target.write_text("".join(lines), encoding="utf-8")


def _spelled(path: Path) -> str:
    return str(path).replace("/", "\\").replace("$", "$$").replace('"', '$\\"')


if __name__ == "__main__":
    sys.exit(main())
