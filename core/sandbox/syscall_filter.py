"""System call filter (seccomp, Linux): a process under it can make the listed calls only.

The program is written here, since the packages for it need a library of the system. It can't be
taken off, and what the process starts inherits it. See seccomp(2) and the kernel's
Documentation/userspace-api/seccomp_filter.rst. Calls whose arguments don't matter cost nothing: the
kernel keeps a list of them.
"""

import ctypes
import errno
import os
import platform
from collections.abc import Iterable, Iterator

from core.sandbox.role_rules import RoleRules
from core.sandbox.syscall_numbers import numbers_of

_PR_SET_NO_NEW_PRIVS, _SECCOMP_SET_FILTER, _ALL_THREADS = 38, 1, 1
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_REFUSE = _ERRNO | errno.EACCES
_UNKNOWN = _ERRNO | errno.ENOSYS
"""The answer to what libraries only try: they know another way then."""
_LOAD = 0x20
_EQUAL, _AT_LEAST, _HAS_BITS, _AND, _RETURN = 0x15, 0x35, 0x45, 0x54, 0x06
_AT_NUMBER, _AT_MACHINE, _AT_ARGUMENTS = 0, 4, 16
"""Where struct seccomp_data holds the call's number, the machine, and the arguments."""
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_OTHER_NUMBERS = 0x40000000
"""From here on x86 has the same calls once more, for 32-bit pointers."""

_COMMON = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 close close_range lseek
open openat openat2 creat access faccessat faccessat2 stat fstat lstat newfstatat statx statfs
fstatfs readlink readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink
unlinkat rename renameat renameat2 ftruncate fallocate fsync fdatasync sync_file_range fadvise64
readahead copy_file_range sendfile splice flock fcntl dup dup2 dup3 pipe pipe2 poll ppoll select
pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2
timerfd_create timerfd_settime timerfd_gettime umask fchmod mmap munmap mprotect mremap madvise
msync mlock mlock2 munlock mlockall munlockall mincore brk membarrier rseq memfd_create
get_mempolicy set_mempolicy mbind pkey_alloc pkey_free pkey_mprotect futex futex_waitv futex_wake
futex_wait futex_requeue set_robust_list get_robust_list set_tid_address sched_yield
sched_getaffinity sched_getparam sched_getscheduler sched_getattr sched_get_priority_max
sched_get_priority_min getpriority ioprio_get nanosleep clock_nanosleep clock_gettime clock_getres
gettimeofday time times getrusage getpid getppid gettid getuid geteuid getgid getegid getresuid
getresgid getgroups getpgid getpgrp getsid uname sysinfo getcpu getrandom getrlimit capget
arch_prctl rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend
sigaltstack restart_syscall pause alarm setitimer getitimer timer_create timer_settime
timer_gettime timer_getoverrun timer_delete exit exit_group sendto recvfrom sendmsg recvmsg
shutdown getsockname getpeername getsockopt setsockopt seccomp landlock_create_ruleset
landlock_add_rule landlock_restrict_self
"""
_FOR_CHILDREN = """
execve fork vfork wait4 waitid setsid setpgid inotify_init inotify_init1 inotify_add_watch
inotify_rm_watch setrlimit
"""
"""What a role needs that starts children and watches folders."""
_FOR_LINKS = """
symlink symlinkat link linkat getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
chmod fchmodat fchmodat2 utimensat utime utimes futimesat truncate
"""
"""What installing packages needs: links, and the attributes of a file that is copied. Modes and
times that are set by a file's name are not Landlock's to refuse, nor lengths in its versions below
3: no role of ours may, each sets them of a file that it has open."""
_FOR_NETWORK = "connect sendmmsg recvmmsg"
_FOR_LISTENING = "bind listen accept accept4"

_UNIX, _INTERNET, _INTERNET6, _NETLINK = 1, 2, 10, 16
_FAMILIES = {"": (), "in": (_INTERNET, _INTERNET6), "out": (_INTERNET, _INTERNET6, _NETLINK)}
_FAMILIES["both"] = _FAMILIES["out"]
"""Families of sockets; looking up a host asks the kernel by NETLINK which addresses there are."""
_STREAM, _SOCKET_FLAGS = 1, 0x80800
"""A connection's kind, and the flags that may be added to one (SOCK_CLOEXEC, SOCK_NONBLOCK)."""
_EVERYONE = 0xFFFFFFFF
"""The process -1 of kill."""
_NAMESPACES = 0x7E020080
"""All flags of clone that make a namespace: a process in one could do what only root may."""
_THREAD = 0x00010000
_NO_PROGRAM = 0x0008
"""The flag of memory with a descriptor that is never run (MFD_NOEXEC_SEAL)."""
_TERMINAL_INPUT = (0x5412, 0x541C)
"""Commands that type into a terminal (TIOCSTI, TIOCLINUX)."""
_PROCESS_SETTINGS = (1, 2, 3, 4, 15, 16, 22, 23, 27, 38, 39, 41, 42, 0x53564D41)
"""What prctl may do: names, the signal at a parent's death, dumps, locks, pages."""

_Step = tuple[int, int, int, int]


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def forbid_new_rights() -> bool:
    """Let this process never get more rights than it has: the kernel's condition for the rest."""
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) == 0


def filter_calls(rules: RoleRules, *, servers: bool = False) -> bool:
    """Refuse all calls that a role doesn't need; return whether this kernel took the filter.

    `servers`: it may connect although its role says otherwise.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        return False
    return _install(list(_filter(machine, rules, servers=servers)))


def forbid_internet_sockets() -> bool:
    """Let no thread of this process make an internet socket from now on."""
    machine = platform.machine()
    if machine not in _MACHINES:
        return False
    steps = _beginning(_MACHINES[machine])
    steps += _special(machine, "socket", _none_of(0, (_INTERNET, _INTERNET6)))
    return _install([*steps, (_RETURN, 0, 0, _ALLOW)])


def _filter(machine: str, rules: RoleRules, *, servers: bool) -> Iterator[_Step]:
    """Yield the program: calls whose arguments matter, then ranges of all others."""
    yield from _beginning(_MACHINES[machine])
    internet = rules.internet or ("out" if servers else "")
    yield from _special(machine, "socket", _one_of(0, _FAMILIES[internet]))
    # A pair of datagrams could send to any other program's socket, which it need not open.
    yield from _special(machine, "socketpair", _pair(_UNIX, _STREAM))
    yield from _special(machine, "clone3", [(_RETURN, 0, 0, _UNKNOWN)])
    yield from _special(machine, "clone", _clone(may_fork=rules.starts_children))
    yield from _special(machine, "ioctl", _none_of(1, _TERMINAL_INPUT))
    yield from _special(machine, "prctl", _one_of(0, _PROCESS_SETTINGS))
    yield from _special(machine, "prlimit64", _one_of(0, (0, os.getpid())))
    if rules.starts_children:  # what it starts lies in a folder, where Landlock sees it
        yield from _special(machine, "memfd_create", _with_bits(1, _NO_PROGRAM))
    yield from _about_processes(machine, rules)
    names = [_COMMON]
    names += [_FOR_CHILDREN] if rules.starts_children else []
    names += [_FOR_LINKS] if rules.makes_links else []
    names += [_FOR_NETWORK] if internet in {"out", "both"} else []
    names += [_FOR_LISTENING] if internet in {"in", "both"} else []
    yield from _ranges(numbers_of(" ".join(names), machine))


def _about_processes(machine: str, rules: RoleRules) -> Iterator[_Step]:
    """Yield what a role may do to processes: to itself, and to its children if it has any.

    Landlock keeps signals to its children, where it can; priorities are nobody's to keep.
    """
    others, own = (1, os.getppid()), (0, os.getpid())
    for call in ("kill", "tgkill"):
        if rules.makes_links:  # a shell's jobs are groups
            yield from _special(machine, call, _none_of(0, (*others, _EVERYONE)))
        elif rules.starts_children:
            refused = (*_no_group(), *_none_of(0, (0, *others)))
            yield from _special(machine, call, list(refused))
        else:
            yield from _special(machine, call, _one_of(0, own[1:]))
    of_whom = _none_of(1, others) if rules.starts_children else _one_of(1, own)
    one_process = [(_LOAD, 0, 0, _AT_ARGUMENTS), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _REFUSE)]
    yield from _special(machine, "setpriority", one_process + of_whom)
    for call in ("sched_setaffinity", "sched_setscheduler", "sched_setattr"):
        yield from _special(machine, call, _one_of(0, own))
    if not rules.makes_links:  # the times of a file by its descriptor: there is no name
        no_name = [(_LOAD, 0, 0, _AT_ARGUMENTS + 8 + 4), (_EQUAL, 1, 0, 0)]
        yield from _special(
            machine, "utimensat", [*no_name, (_RETURN, 0, 0, _REFUSE), *_one_of(1, (0,))]
        )


def _no_group() -> list[_Step]:
    """Return steps that refuse a negative process: a group, or everyone."""
    return [(_LOAD, 0, 0, _AT_ARGUMENTS), (_AT_LEAST, 0, 1, 1 << 31), (_RETURN, 0, 0, _REFUSE)]


def _pair(family: int, kind: int) -> list[_Step]:
    """Return steps that allow a pair of sockets of one family and kind."""
    return [
        (_LOAD, 0, 0, _AT_ARGUMENTS),
        (_EQUAL, 1, 0, family),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _AT_ARGUMENTS + 8),
        (_AND, 0, 0, ~_SOCKET_FLAGS & 0xFFFFFFFF),
        (_EQUAL, 0, 1, kind),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]


def _beginning(machine: int) -> list[_Step]:
    """Refuse calls of a foreign machine, whose numbers are others, and load the number."""
    return [
        (_LOAD, 0, 0, _AT_MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_NUMBERS),
        (_RETURN, 0, 0, _REFUSE),
    ]


def _special(machine: str, name: str, steps: list[_Step]) -> Iterator[_Step]:
    """Yield steps for one call; they end it, and others jump over them."""
    for number in numbers_of(name, machine):
        yield (_EQUAL, 0, len(steps), number)
        yield from steps


def _one_of(argument: int, values: Iterable[int]) -> list[_Step]:
    """Return steps that allow a call only with one of these values (32 bits)."""
    return _compare(argument, values, _ALLOW, _REFUSE)


def _none_of(argument: int, values: Iterable[int]) -> list[_Step]:
    return _compare(argument, values, _REFUSE, _ALLOW)


def _with_bits(argument: int, bits: int) -> list[_Step]:
    """Return steps that allow a call only with one of these bits set."""
    load = (_LOAD, 0, 0, _AT_ARGUMENTS + 8 * argument)
    return [load, (_HAS_BITS, 0, 1, bits), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]


def _compare(argument: int, values: Iterable[int], found: int, otherwise: int) -> list[_Step]:
    steps: list[_Step] = [(_LOAD, 0, 0, _AT_ARGUMENTS + 8 * argument)]
    for value in values:
        steps += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, found)]
    return [*steps, (_RETURN, 0, 0, otherwise)]


def _clone(*, may_fork: bool) -> list[_Step]:
    """Return steps that allow threads, and processes if `may_fork`; never a namespace."""
    return [
        (_LOAD, 0, 0, _AT_ARGUMENTS),
        (_HAS_BITS, 0, 1, _NAMESPACES),
        (_RETURN, 0, 0, _REFUSE),
        (_HAS_BITS, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ALLOW if may_fork else _REFUSE),
    ]


def _ranges(numbers: list[int]) -> Iterator[_Step]:
    """Yield steps that allow these numbers: each range ends what lies below its own end."""
    for first, last in _joined(numbers):
        yield (_AT_LEAST, 3, 0, last + 1)
        yield (_AT_LEAST, 0, 1, first)
        yield (_RETURN, 0, 0, _ALLOW)
        yield (_RETURN, 0, 0, _REFUSE)
    yield (_RETURN, 0, 0, _UNKNOWN)


def _joined(numbers: list[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _install(steps: list[_Step]) -> bool:
    instructions = (_Instruction * len(steps))(*(_Instruction(*each) for each in steps))
    program = _Program(len(steps), instructions)
    (number,) = numbers_of("seccomp", platform.machine())
    call = ctypes.CDLL(None, use_errno=True).syscall
    return int(call(number, _SECCOMP_SET_FILTER, _ALL_THREADS, ctypes.byref(program))) == 0


def _prctl(option: int, *arguments: object) -> int:
    try:
        call = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return -1
    return int(call(option, *arguments, *(0,) * (4 - len(arguments))))
