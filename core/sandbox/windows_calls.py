"""Windows calls: the few of the system that seal a process, by ctypes; each says whether it went.

Nothing here was ever run on Windows.
"""

import contextlib
import ctypes
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import Protocol

_LOW = "S-1-16-4096"
"""Low integrity, a well-known identifier."""
_LOW_FOLDER = "S:(ML;OICI;NW;;;LW)"
"""A mark for folders, in the language of security descriptors: low processes write here."""
_TOKEN_RIGHTS = 0x0002 | 0x0004 | 0x0008 | 0x0020 | 0x0080
"""Duplicate, impersonate, query, change privileges and defaults."""
_TOKEN_PRIVILEGES, _TOKEN_INTEGRITY = 3, 25
_INTEGRITY = 0x20
_REMOVED = 0x4
_IMPERSONATION, _LEVEL_IMPERSONATION = 2, 2
_JOB_EXTENDED_LIMITS, _JOB_SCREEN_LIMITS = 9, 4
_FILE_OBJECT, _LABEL_INFORMATION = 1, 0x10
_NO_DIALOGS = 0x1 | 0x2 | 0x8000
_REMOTE_DRIVE = 4


class WindowsCalls(Protocol):
    """What sealing asks of the system; a test has its own."""

    def set_policy(self, policy: int, flags: int) -> bool:
        """Set one mitigation policy of this process."""

    def limit_by_job(self, flags: int, processes: int, memory: int, screen: int) -> bool:
        """Put this process into a job of its own, whose limits it can't change any more."""

    def keep_privileges(self, names: Iterable[str]) -> bool:
        """Take all other privileges from this process for good."""

    def can_write_when_low(self, folders: Iterable[str]) -> bool:
        """Return whether a thread of low integrity makes a file in each of these folders."""

    def lower_integrity(self) -> bool:
        """Give this process low integrity, for good."""

    def mark_for_low(self, path: str) -> bool:
        """Let low processes write a file, or a folder and what lies in it."""

    def is_remote(self, path: str) -> bool:
        """Return whether a path lies on another computer."""

    def show_no_dialogs(self) -> None:
        """Have the system end this process without asking anybody, and without a report."""


class _SidAndAttributes(ctypes.Structure):
    _fields_ = (("sid", ctypes.c_void_p), ("attributes", ctypes.c_uint32))


class _Privilege(ctypes.Structure):
    """`LUID_AND_ATTRIBUTES`."""

    _fields_ = (
        ("low", ctypes.c_uint32),
        ("high", ctypes.c_int32),
        ("attributes", ctypes.c_uint32),
    )


class _BasicLimits(ctypes.Structure):
    """`JOBOBJECT_BASIC_LIMIT_INFORMATION`."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("smallest", ctypes.c_size_t),
        ("largest", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    """`JOBOBJECT_EXTENDED_LIMIT_INFORMATION`."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process", ctypes.c_size_t),
        ("peak_job", ctypes.c_size_t),
    )


class SystemCalls:
    """The calls as Windows has them."""

    _kernel: ctypes.CDLL
    _security: ctypes.CDLL

    def __init__(self) -> None:
        if sys.platform != "win32":
            raise OSError("other systems have no such calls")
        self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        self._security = ctypes.WinDLL("advapi32", use_last_error=True)
        handle = ctypes.c_void_p
        self._kernel.GetCurrentProcess.restype = handle
        self._kernel.CreateJobObjectW.restype = handle
        self._kernel.CreateJobObjectW.argtypes = (handle, ctypes.c_wchar_p)
        self._kernel.SetInformationJobObject.argtypes = (
            handle, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32,
        )  # fmt: skip
        self._kernel.AssignProcessToJobObject.argtypes = (handle, handle)
        self._kernel.CloseHandle.argtypes = (handle,)
        self._kernel.LocalFree.argtypes = (handle,)
        self._kernel.SetProcessMitigationPolicy.argtypes = (
            ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t,
        )  # fmt: skip

    def set_policy(self, policy: int, flags: int) -> bool:
        """Set one mitigation policy of this process."""
        word = ctypes.c_uint32(flags)
        size = ctypes.sizeof(word)
        return bool(self._kernel.SetProcessMitigationPolicy(policy, ctypes.byref(word), size))

    def limit_by_job(self, flags: int, processes: int, memory: int, screen: int) -> bool:
        """Put this process into a job; its handle is closed, so that nobody here can change it."""
        job = self._kernel.CreateJobObjectW(None, None)
        if not job:
            return False
        limits = _ExtendedLimits()
        limits.basic.flags, limits.basic.processes = flags, processes
        limits.process_memory = memory
        word, kernel = ctypes.c_uint32(screen), self._kernel
        size, word_size = ctypes.sizeof(limits), ctypes.sizeof(word)
        try:
            return bool(
                kernel.SetInformationJobObject(
                    job, _JOB_EXTENDED_LIMITS, ctypes.byref(limits), size
                )
                and (
                    not screen
                    or kernel.SetInformationJobObject(
                        job, _JOB_SCREEN_LIMITS, ctypes.byref(word), word_size
                    )
                )
                and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
            )
        finally:
            kernel.CloseHandle(job)

    def keep_privileges(self, names: Iterable[str]) -> bool:
        """Take all other privileges from this process for good."""
        with self._own_token() as token:
            kept = {self._privilege(name) for name in names}
            size = ctypes.c_uint32()
            self._security.GetTokenInformation(
                token, _TOKEN_PRIVILEGES, None, 0, ctypes.byref(size)
            )
            content = ctypes.create_string_buffer(max(size.value, 4))
            if not self._security.GetTokenInformation(
                token, _TOKEN_PRIVILEGES, content, size, ctypes.byref(size)
            ):
                return False
            count = ctypes.c_uint32.from_buffer(content).value
            held = (_Privilege * count).from_buffer(content, 4)
            for privilege in held:
                if (privilege.low, privilege.high) not in kept:
                    privilege.attributes = _REMOVED
            return bool(self._security.AdjustTokenPrivileges(token, 0, content, 0, None, None))

    def can_write_when_low(self, folders: Iterable[str]) -> bool:
        """Return whether a thread of low integrity makes a file in each of these folders."""
        with self._own_token() as token:
            copy = ctypes.c_void_p()
            if not self._security.DuplicateTokenEx(
                token, _TOKEN_RIGHTS, None, _LEVEL_IMPERSONATION, _IMPERSONATION, ctypes.byref(copy)
            ):
                return False
            try:
                if not self._lower(copy) or not self._security.ImpersonateLoggedOnUser(copy):
                    return False
                try:
                    return all(map(_can_write, folders))
                finally:
                    self._security.RevertToSelf()
            finally:
                self._kernel.CloseHandle(copy)

    def lower_integrity(self) -> bool:
        """Give this process low integrity, for good."""
        with self._own_token() as token:
            return self._lower(token)

    def mark_for_low(self, path: str) -> bool:
        """Let low processes write a file, or a folder and what lies in it."""
        descriptor, entries = ctypes.c_void_p(), ctypes.c_void_p()
        present, defaulted = ctypes.c_int(), ctypes.c_int()
        if not self._security.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            _LOW_FOLDER, 1, ctypes.byref(descriptor), None
        ):
            return False
        try:
            return bool(
                self._security.GetSecurityDescriptorSacl(
                    descriptor,
                    ctypes.byref(present),
                    ctypes.byref(entries),
                    ctypes.byref(defaulted),
                )
            ) and not self._security.SetNamedSecurityInfoW(
                path, _FILE_OBJECT, _LABEL_INFORMATION, None, None, None, entries
            )
        finally:
            self._kernel.LocalFree(descriptor)

    def is_remote(self, path: str) -> bool:
        """Return whether a path lies on another computer."""
        if path.startswith("\\\\"):
            return True
        return bool(self._kernel.GetDriveTypeW(path[:3]) == _REMOTE_DRIVE)

    def show_no_dialogs(self) -> None:
        """Have the system end this process without asking anybody, and without a report."""
        self._kernel.SetErrorMode(_NO_DIALOGS)

    @contextlib.contextmanager
    def _own_token(self) -> Iterator[ctypes.c_void_p]:
        token = ctypes.c_void_p()
        own = ctypes.c_void_p(self._kernel.GetCurrentProcess())
        if not self._security.OpenProcessToken(own, _TOKEN_RIGHTS, ctypes.byref(token)):
            raise OSError("this process can't see its own rights")
        try:
            yield token
        finally:
            self._kernel.CloseHandle(token)

    def _lower(self, token: ctypes.c_void_p) -> bool:
        sid = ctypes.c_void_p()
        if not self._security.ConvertStringSidToSidW(_LOW, ctypes.byref(sid)):
            return False
        try:
            label = _SidAndAttributes(sid, _INTEGRITY)
            size = ctypes.sizeof(label) + self._security.GetLengthSid(sid)
            return bool(
                self._security.SetTokenInformation(
                    token, _TOKEN_INTEGRITY, ctypes.byref(label), size
                )
            )
        finally:
            self._kernel.LocalFree(sid)

    def _privilege(self, name: str) -> tuple[int, int]:
        found = _Privilege()
        self._security.LookupPrivilegeValueW(None, name, ctypes.byref(found))
        return found.low, found.high


def _can_write(folder: str) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
