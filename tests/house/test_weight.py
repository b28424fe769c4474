"""What each side may import, tried in fresh processes: core no Qt, the window no torch."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, python_sources

HEAVY = (
    "chromadb", "kreuzberg", "llama_cpp", "numpy", "pypdfium2", "sentence_transformers", "torch",
    "transformers",
)  # fmt: skip
QT = ("PySide6", "shiboken6")


def front_end_modules() -> list[str]:
    """Return what a front end without a window imports."""
    light = ("core.app", "core.bench", "core.cli")
    return [module for module in modules("core") if module.startswith(light)]


def modules(folder: str) -> list[str]:
    names = [source.name.removesuffix(".py").replace("/", ".") for source in python_sources(folder)]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


@pytest.mark.parametrize(
    ("imported", "blocked"),
    [(front_end_modules(), (*QT, *HEAVY)), (modules("desktop"), HEAVY)],
    ids=["core.app, core.bench and core.cli", "desktop"],
)
def test_a_front_end_is_light(imported: list[str], blocked: tuple[str, ...]) -> None:
    script = (
        "import importlib, sys\n"
        f"for name in {blocked!r}:\n    sys.modules[name] = None\n"
        f"for name in {imported!r}:\n    importlib.import_module(name)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


LATER = (
    "ctypes", "dataclasses", "email", "hmac", "html", "importlib.metadata", "psutil", "subprocess",
    "msgspec", "socket", "tomllib", "uuid", "core.base.error_messages.error_message_table",
    "core.messages", "desktop.chat.composer.adapter_chips",
    "core.app.models.model_suggestion", "core.chat.export.chat_export_html",
    "core.library.filesystem.folder_scanner",
    "desktop.compare.compare_dialog", "desktop.first_run.welcome_pages",
    "desktop.models.models_page",
    "desktop.help.command_palette", "desktop.privacy.privacy_page",
    "desktop.settings.settings_page",
)  # fmt: skip
"""What a window loads when it is first asked for; `subprocess` tells that no child was started."""


def test_the_first_key_waits_for_nothing_that_can_come_later(tmp_path: Path) -> None:
    script = (
        "import builtins, gc, os, sys\n"
        "from desktop.bench import startup_benchmark\n"
        "def leave(code):\n"
        "    print(gc.isenabled(), builtins.__import__.__name__, *sys.modules)\n"
        "    sys.stdout.flush()\n"
        "    end(code)\n"
        "end, os._exit = os._exit, leave\n"
        "startup_benchmark.start_inglenook(sys.argv[1])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "root")],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    collects, importer, *loaded = ended.stdout.split("\n")[1].split()
    assert (collects, importer != "__feature_import__") == ("False", True)
    assert not set(LATER) & set(loaded)
