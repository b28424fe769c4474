#!/usr/bin/env python3
"""Inglenook from source: `python3 packaging/dev.py run` sets everything up and opens the window.

Needs nothing but Python itself. `setup` only sets up, `test` and `check` run what CI runs;
`test --quick` runs the tests alone that take no real model, in a few minutes.
"""

import argparse
import os
import subprocess
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one is told so here
    sys.exit(
        "inglenook: this is Python {}.{}, and Inglenook needs 3.11 or newer.\n"
        "inglenook: install a newer Python and start this file with it.".format(*sys.version_info)
    )

import checks
import console
import environment


def main() -> int:
    """Do what the command line asks; 1 for whatever went wrong."""
    arguments = _parser().parse_args()
    try:
        return _dispatch(arguments.command, arguments.rest)
    except console.SetupError as error:
        for line in str(error).splitlines():
            console.say(line)
    except KeyboardInterrupt:
        console.say("stopped. The same command goes on where it was.")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["setup", "run", "test", "check"])
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, help="goes to inglenook (run) or to pytest (test, check)"
    )
    return parser


def _dispatch(command: str, rest: list[str]) -> int:
    python = environment.set_up(tests=command != "run")
    if command == "run":
        return open_window(str(python), rest)
    if command == "setup":
        print(python)
        return 0
    if "--quick" in rest:
        return checks.run_quick_tests(python, [word for word in rest if word != "--quick"])
    return checks.run_checks(python, rest)


def open_window(python: str, rest: list[str]) -> int:
    """Become the application, which also takes the command line's words ("ask …")."""
    # Child processes may write no compiled copies: each start of one compiled its modules anew.
    compiling = [python, "-m", "compileall", "-q", "core", "desktop"]
    subprocess.run(compiling, cwd=console.ROOT, stdout=subprocess.DEVNULL, check=False)
    # -P: a folder named "desktop" in the working directory must not be imported instead.
    command = [python, "-P", "-m", "desktop", *rest]
    if os.name != "nt":
        os.execv(python, command)  # noqa: S606 - no shell is wanted
    # On Windows exec would hand the terminal back while the window is open.
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
