"""States of the models: the shelf, files that are not used, a load that took less memory."""

from core.app.events.app_events import Notice, Problem
from desktop.models.models_dialog import ModelsDialog
from desktop.window.main_window import MainWindow
from tests.desktop.front import Front
from tests.desktop.seen import dialog, drop
from tests.gguf.writing import Gguf, facts
from tests.screens.filled import filled


def models(front: Front, window: MainWindow) -> None:
    """The dialog of models."""
    filled(front, window)
    front.put_model("mistral-7b-instruct-q4_k_m", "Mistral", size="7B", quantization="Q4_K_M")
    front.put_huge_model("llama-3.3-70b-q5_k_m")
    half = front.put_own_model("half-fetched")
    half.write_bytes(half.read_bytes()[:-1000])
    window.open_models()


def _selected(front: Front, window: MainWindow, ref: str) -> None:
    filled(front, window)
    window.open_models()
    shown = dialog()
    assert isinstance(shown, ModelsDialog)
    shown.installed_tab.select_model(ref)


def model_put_aside(front: Front, window: MainWindow) -> None:
    """A file the engine stopped with again and again."""
    name = "gemma-3-4b-it-q4_k_m"
    front.put_model(name, "Gemma 3", size="4B", quantization="Q4_K_M")
    front.engine.loads_at_once = False
    for _time in range(3):
        front.app.models.choose_model(name)
        front.engine_dies()
    _selected(front, window, name)


def model_unknown(front: Front, window: MainWindow) -> None:
    """A file that holds a kind of model that is not known."""
    front.put_own_model("new", Gguf(facts=facts("qwen99")))
    _selected(front, window, "new")


def model_refused(front: Front, window: MainWindow) -> None:
    """Such a file was dropped on the dialog."""
    filled(front, window)
    window.open_models()
    drop(dialog(), str(Gguf(facts=facts("qwen99")).write(front.paths.root.parent / "new.gguf")))


def stepped_down(front: Front, window: MainWindow) -> None:
    """Memory ran out: the model was loaded with less."""
    filled(front, window)
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
