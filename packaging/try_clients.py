"""Ask a port of Inglenook by other people's clients, installed into an environment of their own.

    python packaging/try_clients.py [--folder KEPT_ENVIRONMENT] [CLIENT…]

It needs the package index, and the starter model. litellm is not among the clients: it would bring
an environment of hundreds of packages along.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "tests" / "api" / "clients"
CLIENTS = {
    "openai": ("openai",),
    "anthropic": ("anthropic",),
    "ollama": ("ollama",),
    "langchain": ("langchain-openai",),
    "llama_index": ("llama-index-llms-openai-like",),
    "llm": ("llm",),
}
SECONDS = 600


def main() -> int:
    """Run the scripts of all clients, or of those named; returns how many failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("clients", nargs="*", choices=[*CLIENTS, []])
    options = parser.parse_args()
    wanted = options.clients or list(CLIENTS)
    with tempfile.TemporaryDirectory() as scratch:
        python = _install(options.folder or Path(scratch, "venv"), wanted)
        with tempfile.TemporaryDirectory() as root:
            return _try_all(python, Path(root), wanted)


def _install(folder: Path, wanted: Sequence[str]) -> Path:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    packages = [package for client in wanted for package in CLIENTS[client]]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def _try_all(python: Path, root: Path, wanted: Sequence[str]) -> int:
    command = [sys.executable, "-P", "-m", "desktop", "--root", str(root), "--json"]
    token = json.loads(subprocess.check_output([*command, "serve", "token"], cwd=ROOT))["token"]
    model = json.loads(
        subprocess.check_output([*command, "model", "list"], cwd=ROOT).split(b"\n")[0]
    )
    with subprocess.Popen(
        [*command, "serve", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            address = json.loads(server.stdout.readline())["address"]
            failed = [
                client
                for client in wanted
                if subprocess.run(
                    [python, SCRIPTS / f"try_{client}.py", address, token, model["ref"]],
                    timeout=SECONDS,
                    check=False,
                ).returncode
            ]
        finally:
            server.terminate()
    print(f"failed: {', '.join(failed) or 'none'}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
