"""How a person asks the system itself whether Inglenook has a connection open."""

import os
import sys


def proof_command() -> str:
    """Return a command that lists the internet sockets of this window and its children."""
    pid = os.getpid()
    if sys.platform == "win32":
        children = f"(Get-CimInstance Win32_Process -Filter 'ParentProcessId={pid}').ProcessId"
        return f"Get-NetTCPConnection -OwningProcess (@({pid}) + {children}) -ErrorAction Ignore"
    return f"lsof -nP -a -i -p {pid},$(pgrep -P {pid} | paste -sd, -)"
