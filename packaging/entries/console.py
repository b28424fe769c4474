"""The console program of an installed Inglenook: the command line, and every child process."""

import os
import subprocess
import sys
from pathlib import Path

from outside import restore_environment

CHILD_FLAG = "--child"
"""Written by core.ipc.child_process before the role of a child."""


def main() -> int:
    """Be a child, run a command, or open the window through the program beside this one."""
    restore_environment()
    arguments = sys.argv[1:]
    if arguments[:1] == [CHILD_FLAG]:
        from core.child_main import main as run_child  # noqa: PLC0415 - one of two programs

        return run_child(arguments[1:])
    from desktop.__main__ import main as run  # noqa: PLC0415 - as above
    from desktop.__main__ import wants_window  # noqa: PLC0415

    return _open_window(arguments) if wants_window(arguments) else run(arguments)


def _open_window(arguments: list[str]) -> int:
    """Become the window's program, which alone has Qt."""
    name = "Inglenook.exe" if os.name == "nt" else "Inglenook"
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    # A program of its own for PyInstaller's loader, not another child of this one.
    environment = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    if os.name != "nt":
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
