"""Shell command with which the user can check that no connection is open."""

import os
import sys


def connection_list_command() -> str:
    """Return a command that lists the internet sockets of this window and its children."""
    pid = os.getpid()
    if sys.platform == "win32":
        children = f"(Get-CimInstance Win32_Process -Filter 'ParentProcessId={pid}').ProcessId"
        return f"Get-NetTCPConnection -OwningProcess (@({pid}) + {children}) -ErrorAction Ignore"
    return f"lsof -nP -a -i -p {pid},$(pgrep -P {pid} | paste -sd, -)"
