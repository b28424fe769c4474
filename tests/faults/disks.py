"""Disks with faults: small ones, read-only ones, ones that lose their power or their blocks.

They need root on Linux. A loop device stands for the drive. What a file system has not yet written
to it when the power fails is not in its image: a copy of the image, taken at any moment, is what a
machine finds when it starts again.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024

needs_disks = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mkfs.ext4"),
    reason="mounting a disk needs root on Linux, and mkfs.ext4",
)


@contextlib.contextmanager
def mounted(source: str, folder: Path, *options: str) -> Iterator[Path]:
    """Mount something on a folder, which is made; unmount it at the end."""
    folder.mkdir(exist_ok=True)
    _run("mount", *options, source, str(folder))
    try:
        yield folder
    finally:
        _run("umount", "--lazy", str(folder))


def small_disk(folder: Path, megabytes: int) -> contextlib.AbstractContextManager[Path]:
    """Mount an empty disk of so many megabytes in memory."""
    return mounted("tmpfs", folder, "-t", "tmpfs", "-o", f"size={megabytes}m")


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """Mount a folder over itself so that nobody can write into it, root included."""
    with mounted(str(folder), folder, "--bind"):
        _run("mount", "-o", "remount,bind,ro", str(folder))
        yield folder


def format_image(image: Path, megabytes: int) -> Path:
    """Write an image with an empty ext4 file system."""
    with image.open("wb") as file:
        file.truncate(megabytes * MEGABYTE)
    _run("mkfs.ext4", "-q", "-F", "-m", "0", str(image))
    return image


def drive(image: Path, folder: Path) -> contextlib.AbstractContextManager[Path]:
    """Mount an image as a drive."""
    return mounted(str(image), folder, "-o", "loop")


def cut_power(image: Path, copy: Path) -> Path:
    """Copy what reached the drive by now; the file system on it goes on meanwhile."""
    shutil.copyfile(image, copy)
    return copy


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
