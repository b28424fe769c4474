"""System calls that no role needs, by their numbers: each is tried with arguments of zeros.

From the kernel's unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64). A kernel that lets one
through answers that zeros make no sense, or does what zeros ask for, which changes nothing.
"""

import ctypes
import os
import platform
from collections.abc import Callable
from functools import partial

_TABLE = """
process_vm_readv:310:270 process_vm_writev:311:271 pidfd_open:434:434 pidfd_getfd:438:438
pidfd_send_signal:424:424 kcmp:312:272 ptrace:101:117 move_pages:279:239 migrate_pages:256:238
process_madvise:440:440 process_mrelease:448:448 setns:308:268 unshare:272:97 mount:165:40
umount2:166:39 pivot_root:155:41 chroot:161:51 open_tree:428:428 move_mount:429:429 fsopen:430:430
fsconfig:431:431 fsmount:432:432 fspick:433:433 mount_setattr:442:442 name_to_handle_at:303:264
open_by_handle_at:304:265 fanotify_init:300:262 userfaultfd:323:282 bpf:321:280
perf_event_open:298:241 add_key:248:217 request_key:249:218 keyctl:250:219 io_uring_setup:425:425
io_uring_enter:426:426 io_uring_register:427:427 memfd_secret:447:447 execveat:322:281
init_module:175:105 finit_module:313:273 delete_module:176:106 kexec_load:246:104
kexec_file_load:320:294 settimeofday:164:170 clock_settime:227:112 clock_adjtime:305:266
adjtimex:159:171 sethostname:170:161 setdomainname:171:162 swapon:167:224 swapoff:168:225
reboot:169:142 acct:163:89 quotactl:179:60 syslog:103:116 vhangup:153:58 iopl:172:- ioperm:173:-
modify_ldt:154:- uselib:134:- personality:135:92 ioprio_set:251:30 setuid:105:146 setgid:106:144
setresuid:117:147 setresgid:119:149 setfsuid:122:151 setfsgid:123:152 setgroups:116:159
capset:126:91 chown:92:- lchown:94:- fchown:93:55 fchownat:260:54 mknod:133:- mknodat:259:33
setxattr:188:5 lsetxattr:189:6 fsetxattr:190:7 removexattr:197:14 fremovexattr:199:16
shmget:29:194 shmat:30:196 shmctl:31:195 semget:64:190 semop:65:193 msgget:68:186 msgsnd:69:189
msgrcv:70:188 mq_open:240:180 mq_unlink:241:181 tee:276:77 vmsplice:278:75 tkill:200:130
rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240
"""
"""Name, number on x86_64, number on aarch64, "-" where there is none."""


def calls_of_zeros() -> dict[str, Callable[[], None]]:
    """Return the attempts by their names."""
    native = ctypes.CDLL(None, use_errno=True)
    column = {"x86_64": 1, "aarch64": 2}[platform.machine()]
    rows = [row.split(":") for row in _TABLE.split()]
    return {
        f"call {row[0]}": partial(_call, native, int(row[column]))
        for row in rows
        if row[column] != "-"
    }


def _call(native: ctypes.CDLL, number: int) -> None:
    if native.syscall(number, *(ctypes.c_long(0) for _argument in range(6))) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
