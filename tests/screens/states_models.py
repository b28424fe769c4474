"""States of the models: the list, files that are not used, a load that took less memory."""

from core.app.events.app_events import Notice, Problem
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import dialog, drop
from tests.gguf.writing import Gguf, facts
from tests.screens.filled import filled


def models(backend: ScriptedBackend, window: MainWindow) -> None:
    """The dialog of models."""
    filled(backend, window)
    backend.put_model("mistral-7b-instruct-q4_k_m", "Mistral", size="7B", quantization="Q4_K_M")
    backend.put_huge_model("llama-3.3-70b-q5_k_m")
    half = backend.put_own_model("half-fetched")
    half.write_bytes(half.read_bytes()[:-1000])
    window.open_models()


def _selected(backend: ScriptedBackend, window: MainWindow, ref: str) -> None:
    filled(backend, window)
    window.controllers.models_controller.open_page(INSTALLED)
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    shown.installed_tab.select_model(ref)


def model_about(backend: ScriptedBackend, window: MainWindow) -> None:
    """The details of a model."""
    name = "mistral-7b-instruct-q4_k_m"
    backend.put_model(name, "Mistral", size="7B", quantization="Q4_K_M")
    _selected(backend, window, name)


def model_put_aside(backend: ScriptedBackend, window: MainWindow) -> None:
    """A file the engine stopped with again and again."""
    name = "gemma-3-4b-it-q4_k_m"
    backend.put_model(name, "Gemma 3", size="4B", quantization="Q4_K_M")
    backend.engine.loads_at_once = False
    for _time in range(3):
        backend.app.models.choose_model(name)
        backend.engine_dies()
    _selected(backend, window, name)


def model_unknown(backend: ScriptedBackend, window: MainWindow) -> None:
    """A file that holds a kind of model that is not known."""
    backend.put_own_model("new", Gguf(facts=facts("qwen99")))
    _selected(backend, window, "new")


def model_refused(backend: ScriptedBackend, window: MainWindow) -> None:
    """Such a file was dropped on the dialog."""
    filled(backend, window)
    window.controllers.models_controller.open_page(INSTALLED)
    drop(dialog(), str(Gguf(facts=facts("qwen99")).write(backend.paths.root.parent / "new.gguf")))


def stepped_down(backend: ScriptedBackend, window: MainWindow) -> None:
    """Memory ran out: the model was loaded with less."""
    filled(backend, window)
    problem = Problem(
        code="stepped_down",
        message="Memory ran out, so the model was loaded with less. Its memory of the "
        "conversation is kept less exactly (q8_0). It keeps 8192 tokens in view instead of "
        "32768. 12 of its layers run on the graphics card instead of 32.",
        hint="Close other programs and change a setting of the model to try more again.",
    )
    notice = Notice(key="stepped_down", severity="warning", problem=problem)
    window.controllers.notices.post_notice(notice)


MODELS = (models, model_put_aside, model_unknown, model_refused, stepped_down)
