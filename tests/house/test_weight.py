"""What each side may import, tried in fresh processes: core no Qt, the window no torch."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT, python_sources

HEAVY = (
    "chromadb", "kreuzberg", "llama_cpp", "numpy", "pypdfium2", "sentence_transformers", "torch",
    "transformers",
)  # fmt: skip
QT = ("PySide6", "shiboken6")


def front_end_modules() -> list[str]:
    """Return what a front end without a window imports."""
    return [module for module in modules("core") if module.startswith(("core.app", "core.cli"))]


def modules(folder: str) -> list[str]:
    names = [source.name.removesuffix(".py").replace("/", ".") for source in python_sources(folder)]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


@pytest.mark.parametrize(
    ("imported", "blocked"),
    [(front_end_modules(), (*QT, *HEAVY)), (modules("desktop"), HEAVY)],
    ids=["core.app and core.cli", "desktop"],
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
