"""The window's program of an installed Inglenook; without llama.cpp, torch and Chroma."""

import sys

from outside import restore_environment

from desktop.__main__ import main

if __name__ == "__main__":
    restore_environment()
    sys.exit(main())
