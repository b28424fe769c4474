"""Path kinds: network drive, cloud placeholder, link or regular file; identity of a folder."""

import os
import stat
from pathlib import Path

import psutil

_NETWORK_TYPES = frozenset(
    {
        "9p", "afpfs", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.gvfsd-fuse",
        "fuse.rclone", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3",
        "smbfs", "webdav",
    }
)  # fmt: skip
# Windows: see “File Attribute Constants”; macOS: SF_DATALESS in sys/stat.h.
_NOT_HERE_ATTRIBUTES = 0x1000 | 0x40000 | 0x400000  # offline, recall on open, on data access
_NOT_HERE_FLAG = 0x40000000
_LINK_TAGS = frozenset({0xA000000C, 0xA0000003})  # symbolic link, mount point or junction
_PLAIN_TAGS = frozenset({0, 0x80000013, 0x80000017})  # none, deduplicated, compressed
_CLOUD_TAG, _CLOUD_MASK = 0x9000001A, 0xFFFF0FFF


def is_on_network_drive(path: Path) -> bool:
    """Return whether `path` lies on a network drive, as far as the system tells."""
    if str(path).startswith("\\\\"):
        return True
    best = ""
    remote = False
    for partition in psutil.disk_partitions(all=True):
        mount = partition.mountpoint
        inside = path == Path(mount) or Path(mount) in path.parents
        if inside and len(mount) >= len(best):
            best = mount
            options = partition.opts.lower().split(",")
            remote = partition.fstype.lower() in _NETWORK_TYPES or "remote" in options
    return remote


def is_cloud_placeholder(status: os.stat_result) -> bool:
    """Return whether reading the file would fetch it: a placeholder of a cloud storage."""
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    return bool(attributes & _NOT_HERE_ATTRIBUTES or flags & _NOT_HERE_FLAG)


def is_link(status: os.stat_result) -> bool:
    """Return whether an entry leads elsewhere: a symbolic link or a junction."""
    return stat.S_ISLNK(status.st_mode) or _tag(status) in _LINK_TAGS


def is_regular_file(status: os.stat_result) -> bool:
    """Return whether an entry is an ordinary file.

    A file of a cloud storage that is on this computer is one, though Windows marks it.
    """
    tag = _tag(status)
    known = tag in _PLAIN_TAGS or tag & _CLOUD_MASK == _CLOUD_TAG
    return stat.S_ISREG(status.st_mode) and known


def _tag(status: os.stat_result) -> int:
    return int(getattr(status, "st_reparse_tag", 0))


def folder_identity(path: Path) -> tuple[int, int] | None:
    """Return (device, inode), which changes if another folder takes its place; None if gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
