"""Make dist/Inglenook, the folder every installer is made of.

    python3 packaging/freeze.py [--light] [--wheels FOLDER]

Everything comes from locks/, each file checked by its SHA-256, into an environment of its own;
llama.cpp comes from the wheel that llama_wheel.py has built.
"""

import argparse
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

from console import ROOT, SetupError, run, say

BUILD = ROOT / "build"
DIST = ROOT / "dist"
TREE = DIST / "Inglenook"
WHEELS = BUILD / "wheels"
ICONS = BUILD / "icons"
SHIBOKEN = BUILD / "shiboken"
NOTICES = BUILD / "licences" / "third-party.txt"
VENV = BUILD / "freeze-venv"
PACKAGING = ROOT / "packaging"
IDENTIFIER = "org.inglenook.Inglenook"
SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
NOT_SHIPPED = frozenset({"models", "screenshots"})
"""Of resources/: pictures for the README, and models, which `shipping_models` prepares."""


def version() -> str:
    """Return the version in pyproject.toml, the only place that has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def main() -> int:
    """Bring the environment up to date and run PyInstaller in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--light", action="store_true", help="without the children's libraries")
    parser.add_argument("--wheels", type=Path, default=WHEELS, help="where llama.cpp's wheel lies")
    options = parser.parse_args()
    try:
        python = environment(options.wheels)
        freeze(python, light=options.light)
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 1
    return 0


def environment(wheels: Path) -> Path:
    """Return the python of an environment with exactly what is locked, and llama.cpp's wheel."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = PACKAGING / "locks" / f"{SYSTEMS[sys.platform]}.txt"
    wheel = max(wheels.glob("llama_cpp_python-*.whl"), default=None)
    if wheel is None:
        raise SetupError(
            f"There is no wheel of llama-cpp-python in {wheels}.",
            "Build it first: python3 packaging/llama_wheel.py",
        )
    stamp = VENV / "made-of.txt"
    made_of = lock.read_text(encoding="utf-8") + f"{wheel.name} {wheel.stat().st_size}\n"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == made_of:
        return python
    next_step = "The lines above say what; check the connection and the disk, then try again."
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "No environment could be made", "")
    pip = [str(python), "-m", "pip", "install", "--no-compile"]
    locked = [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    _run(locked, "What is locked could not be installed", next_step)
    _run([*pip, "--no-deps", str(wheel)], "llama.cpp's wheel could not be installed", next_step)
    stamp.write_text(made_of, encoding="utf-8")
    return python


def freeze(python: Path, *, light: bool) -> None:
    """Run PyInstaller on inglenook.spec."""
    _run(
        [str(python), str(PACKAGING / "art" / "render.py"), str(ICONS)],
        "The icon could not be drawn",
        "The lines above say why.",
    )
    _run(
        [str(python), str(PACKAGING / "notices.py")],
        "The licences could not be collected",
        "The lines above say why.",
    )
    if not light:
        compile_shiboken(python)
    work = BUILD / ("freeze-light" if light else "freeze")
    target = DIST / "light" if light else DIST
    _run(
        [
            *[str(python), "-m", "PyInstaller", str(PACKAGING / "inglenook.spec"), "--noconfirm"],
            *["--distpath", str(target), "--workpath", str(work), "--log-level", "WARN"],
        ],
        "PyInstaller failed",
        "Its last lines above say at what.",
        {
            "INGLENOOK_LIGHT": "1" if light else "0",
            "PYTHONHASHSEED": "0",
            # Each start would inflate the modules anew; installers compress them better as a whole.
            "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",
        },
    )
    if sys.platform == "linux":
        # Python's own library comes with its symbols for debuggers: two thirds of its size.
        for library in target.glob("Inglenook/_internal/libpython*.so*"):
            _run(["strip", "--strip-unneeded", str(library)], "strip failed", "Install binutils.")


def compile_shiboken(python: Path) -> None:
    """Have the modules that shiboken carries as text compiled beside it, in SHIBOKEN.

    Otherwise each start of the window compiles them: a thirtieth of a second.
    """
    shutil.rmtree(SHIBOKEN, ignore_errors=True)
    say("compiling shiboken's own modules")
    unpack = (
        "import shiboken6, shutil, sys, PySide6.QtCore; from pathlib import Path; "
        "here = Path(shiboken6.__file__).with_name('files.dir'); "
        "shutil.copytree(here, sys.argv[1]); shutil.rmtree(here)"
    )
    failed = "Shiboken's modules could not be compiled"
    next_step = "Look how shiboken6 unpacks them now: its signature_bootstrap.py, SBK_EMBED."
    _run([str(python), "-B", "-c", unpack, str(SHIBOKEN)], failed, next_step, {"SBK_EMBED": "0"})
    options = ["-q", "-b", "--invalidation-mode", "unchecked-hash"]
    options += ["-s", str(SHIBOKEN), "-p", "shiboken6"]  # what tracebacks name
    _run([str(python), "-m", "compileall", *options, str(SHIBOKEN)], failed, next_step)
    for source in SHIBOKEN.rglob("*.py"):
        source.unlink()


def _run(
    command: list[str], happened: str, next_step: str, environment: dict[str, str] | None = None
) -> None:
    run(command, happened=happened, next_step=next_step, environment=environment)


# ------------------------------------------------------------ asked by the spec


def resources(*, models: bool) -> list[tuple[str, str]]:
    """Return what of resources/ goes in, as pairs of a place here and a place there."""
    found = [
        (place, f"resources/{place.name}" if place.is_dir() else "resources")
        for place in sorted((ROOT / "resources").iterdir())
        if place.name not in NOT_SHIPPED and not place.name.startswith(("_", "."))
    ]
    if models:
        found.append((shipping_models(), "resources/models"))
    found.append((NOTICES, "resources/licences"))
    found.append((_metadata(), f"inglenook-{version()}.dist-info"))
    return [(str(here), there) for here, there in found if here.exists()]


def shiboken() -> list[tuple[str, str]]:
    """Return where shiboken looks for its modules before it takes those it carries.

    Not on macOS, where a folder with a dot in its name would be moved away from its library.
    """
    if sys.platform == "darwin" or not SHIBOKEN.exists():
        return []
    return [(str(SHIBOKEN), "shiboken6/files.dir")]


def icons() -> str | None:
    """Return the program's icon in this system's format; Linux takes it from its own folders."""
    if sys.platform == "linux":
        return None
    suffix = "ico" if sys.platform == "win32" else "icns"
    return str(ICONS / f"inglenook.{suffix}")


def info_plist() -> dict[str, object]:
    """Return what macOS is told of the program."""
    return {
        "CFBundleDisplayName": "Inglenook",
        "LSMinimumSystemVersion": "14.0",
        "LSApplicationCategoryType": "public.app-category.productivity",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "GGUF model",
                "CFBundleTypeRole": "Viewer",
                "CFBundleTypeExtensions": ["gguf"],
                "LSHandlerRank": "Default",
            },
            {
                "CFBundleTypeName": "Folder",
                "CFBundleTypeRole": "Viewer",
                "LSItemContentTypes": ["public.folder"],
                "LSHandlerRank": "Alternate",
            },
        ],
    }


def windows_version_file() -> Path:
    """Write what Windows shows as the programs' details; without it virus scanners grow wary."""
    numbers = (*(int(part) for part in re.findall(r"\d+", version())[:3]), 0, 0, 0)[:4]
    strings = {
        "CompanyName": "Inglenook",
        "FileDescription": "Inglenook",
        "FileVersion": version(),
        "LegalCopyright": "MIT licence",
        "ProductName": "Inglenook",
        "ProductVersion": version(),
    }
    rows = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    path = BUILD / "version.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('040904B0', [{rows}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n",
        encoding="utf-8",
    )
    return path


def shipping_models() -> Path:
    """Return a folder with the models as they ship: weights in float32 take half the room."""
    import half_weights  # noqa: PLC0415 - needs numpy, which only the build's environment has

    source, target = ROOT / "resources" / "models", BUILD / "models"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".fetch-*"))
    for weights in target.glob("*/model.safetensors"):
        half_weights.convert(weights)
    return target


def _metadata() -> Path:
    """Write what importlib.metadata tells of an installed package: its name and version."""
    folder = BUILD / "metadata"
    folder.mkdir(parents=True, exist_ok=True)
    text = f"Metadata-Version: 2.1\nName: inglenook\nVersion: {version()}\n"
    (folder / "METADATA").write_text(text, encoding="utf-8")
    return folder


if __name__ == "__main__":
    sys.exit(main())
