"""Attempts that a broken-out child would make; each says whether the kernel let it."""

import ctypes
import errno
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.sandbox.kernel_calls import calls_of_zeros

_PTRACE, _IO_URING_SETUP, _UNSHARE = {"x86_64": (101, 425, 272), "aarch64": (117, 425, 97)}[
    platform.machine()
]
_IOCTL, _CLONE = {"x86_64": (16, 56), "aarch64": (29, 220)}[platform.machine()]
_TYPE_A_LETTER = 0x5412
_ATTACH = 16
_SIGCHLD, _SIGCONT = 17, 18
_USER_NAMESPACE = 0x10000000
_MANY_FILES = 5000
FAMILIES = {
    "UNIX": 1, "INET": 2, "INET6": 10, "NETLINK": 16, "PACKET": 17, "ALG": 38, "VSOCK": 40,
    "BLUETOOTH": 31, "CAN": 29, "TIPC": 30, "XDP": 44, "KEY": 15,
}  # fmt: skip
PLACES_VARIABLE = "TEST_PLACES"
KERNEL_VARIABLE = "TEST_LANDLOCK"
"""Which version of Landlock the child takes its kernel for, an older one than it has."""
REFUSED = {errno.EACCES, errno.EPERM, errno.ENOSYS}
"""What a refusal by the kernel's locks looks like; another error is none."""


class Refused(Exception):  # noqa: N818 - the good end
    """The kernel's locks refused it."""


def make_attempts(places: dict[str, str]) -> dict[str, str]:
    """Try everything; return "refused", "done", or another error by name of the attempt."""
    return {name: _result(attempt) for name, attempt in _attempts(places).items()}


def _attempts(places: dict[str, str]) -> dict[str, Callable[[], object]]:
    native = ctypes.CDLL(None, use_errno=True)
    parent = os.getppid()
    return {
        "read ~/.ssh": lambda: Path(places["ssh"]).read_bytes(),
        "list home": lambda: os.listdir(places["home"]),  # noqa: PTH208
        "read a document": lambda: Path(places["document"]).read_bytes(),
        "read chats.db": lambda: Path(places["chats"]).read_bytes(),
        "read settings": lambda: Path(places["settings"]).read_bytes(),
        "write chats.db": lambda: Path(places["chats"]).open("ab").close(),
        "write outside": lambda: (Path(places["home"]) / "new").write_bytes(b"x"),
        "write into the root": lambda: (Path(places["root"]) / "new").write_bytes(b"x"),
        "delete chats.db": lambda: Path(places["chats"]).unlink(),
        "run a program": lambda: subprocess.run(["/bin/true"], check=True),
        "trace the parent": lambda: _call(native, _PTRACE, _ATTACH, parent, 0, 0),
        "read the parent's memory": lambda: Path(f"/proc/{parent}/mem").open("rb").close(),
        "signal the parent": lambda: os.kill(parent, _SIGCONT),
        "session bus": lambda: _connect(places["bus"]),
        "send a program a datagram": lambda: _send_datagram(places["datagrams"]),
        "read the parent's environment": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "change a document's mode": lambda: Path(places["document"]).chmod(0o600),
        "change a document's time": lambda: os.utime(places["document"], (1, 1)),
        "cut a document": lambda: os.truncate(places["document"], 0),
        "signal everyone": lambda: os.kill(-1, 0),
        "signal the group": lambda: os.kill(0, 0),
        **_attempts_to_slow(parent),
        "read the parent's limits": lambda: _limits_of(parent),
        "run what it wrote": lambda: _run_own_file(places["home"]),
        "type into a terminal": lambda: _call(native, _IOCTL, 2, _TYPE_A_LETTER, b"x"),
        "begin a process in a namespace": lambda: _fork_into_namespace(native),
        "new namespace": lambda: _call(native, _UNSHARE, _USER_NAMESPACE),
        "open many files": _open_many_files,
        "dump memory": _dump_memory,
        "io_uring": lambda: _call(native, _IO_URING_SETUP, 4, ctypes.create_string_buffer(120)),
        **_attempts_past_the_folders(places, parent),
        **calls_of_zeros(),
        **{f"socket {name}": partial(_open, family) for name, family in FAMILIES.items()},
    }


def _attempts_to_slow(parent: int) -> dict[str, Callable[[], object]]:
    if sys.platform != "linux":
        return {}
    return {
        "slow the parent down": lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
        "slow the person down": lambda: os.setpriority(os.PRIO_USER, os.getuid(), 1),
        "move the parent": lambda: os.sched_setaffinity(parent, os.sched_getaffinity(0)),
    }


def _attempts_past_the_folders(
    places: dict[str, str], parent: int
) -> dict[str, Callable[[], object]]:
    """Return ways to what a path of a file doesn't name."""
    if sys.platform != "linux":
        return {}
    return {
        "open the parent's files": lambda: _open_files_of(parent),
        "read the parent's map of memory": lambda: Path(f"/proc/{parent}/maps").read_bytes(),
        "read the parent's command": lambda: Path(f"/proc/{parent}/cmdline").read_bytes(),
        "list processes": lambda: os.listdir("/proc"),  # noqa: PTH208
        "abstract socket": lambda: _connect(places["abstract"]),
        "abstract socket by a pair": lambda: _connect_pair(places["abstract"]),
        "run a program from memory": _run_from_memory,
        "leave by a link": lambda: Path("/proc/self/root" + places["ssh"]).read_bytes(),
        "link a document into its folder": lambda: _link(places),
    }


def _open_files_of(process: int) -> None:
    if sys.platform == "win32":
        return
    for name in os.listdir(f"/proc/{process}/fd"):  # noqa: PTH208
        os.close(os.open(f"/proc/{process}/fd/{name}", os.O_RDONLY | os.O_NONBLOCK))


def _link(places: dict[str, str]) -> None:
    folder = Path(os.environ.get("TMPDIR", places["home"]))
    (folder / "linked").hardlink_to(places["document"])


def _connect_pair(address: str) -> None:
    if sys.platform == "win32":
        return
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with one, other:
        try:
            one.connect(address)
        except OSError as error:  # a pair is connected for good
            raise OSError(
                errno.EPERM if error.errno == errno.EISCONN else error.errno, ""
            ) from error


def _run_from_memory() -> None:
    """Run a program that lies in no folder."""
    if sys.platform != "linux":
        return
    descriptor = os.memfd_create("program", 0)
    with Path("/bin/true").open("rb") as program:
        os.write(descriptor, program.read())
    subprocess.run([f"/proc/self/fd/{descriptor}"], check=True, pass_fds=(descriptor,))


def _limits_of(process: int) -> None:
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - POSIX only

        resource.prlimit(process, resource.RLIMIT_NOFILE)


def _run_own_file(otherwise: str) -> None:
    """Run a program from the folder that is this process's own, if it has one."""
    path = Path(os.environ.get("TMPDIR", otherwise)) / "own_program"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o700)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Path("/bin/true").read_bytes())
    subprocess.run([path], check=True)


def _fork_into_namespace(native: ctypes.CDLL) -> None:
    process = native.syscall(_CLONE, _USER_NAMESPACE | _SIGCHLD, 0, 0, 0, 0)
    if process == 0:
        os._exit(0)
    if process < 0:
        raise OSError(ctypes.get_errno(), "")
    os.waitpid(process, 0)


def _result(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        if error.errno in REFUSED:
            return "refused"
        return errno.errorcode.get(error.errno or 0, str(error))
    return "DONE"


def _call(native: ctypes.CDLL, number: int, *arguments: object) -> None:
    if native.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")


def _open_many_files() -> None:
    held: list[int] = []
    try:
        for _number in range(_MANY_FILES):
            held.append(os.dup(2))  # noqa: PERF401 - what is open when it fails is closed
    except OSError as error:
        raise OSError(errno.EPERM if error.errno == errno.EMFILE else error.errno, "") from error
    finally:
        for each in held:
            os.close(each)


def _dump_memory() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    if resource.getrlimit(resource.RLIMIT_CORE)[0] == 0:
        raise PermissionError(errno.EPERM, "")


def _send_datagram(path: str) -> None:
    if sys.platform == "win32":
        return
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        one.sendto(b"x", path)


def _connect(path: str) -> None:
    with socket.socket(FAMILIES["UNIX"]) as one:
        one.connect(path)


def _open(family: int) -> None:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(family, kind).close()
        except OSError as error:
            if error.errno in REFUSED:
                raise
        else:
            return
    raise OSError(errno.EAFNOSUPPORT, "")
