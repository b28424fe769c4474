"""The window's program of an installed Inglenook; without llama.cpp, torch and Chroma."""

import sys

from desktop.__main__ import main
from outside import restore_environment

if __name__ == "__main__":
    restore_environment()
    sys.exit(main())
