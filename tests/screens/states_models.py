"""States of the models: the shelf, files that are not used, a load that took less memory."""

from core.app.events.app_events import Notice, Problem
from core.base.errors import ErrorCode, ModelError
from core.models.info.model_entry import ModelEntry
from desktop.models.models_dialog import ModelsDialog
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import model
from tests.desktop.seen import dialog, drop
from tests.screens.filled import filled


def models(front: FakeApp, window: MainWindow) -> None:
    """The dialog of models."""
    filled(front, window)
    front.on_shelf += [
        model(
            "mistral-7b-instruct-q4_k_m",
            family="Mistral 7B Instruct",
            parameters=7_241_732_096,
            quantization="Q4_K_M",
            bytes_on_disk=4_368_439_584,
            context=32_768,
            fits="tight",
            memory_needed=5_900_000_000,
        ),
        model(
            "llama-3.3-70b-q5_k_m",
            family="Llama 3.3",
            parameters=70_553_706_496,
            quantization="Q5_K_M",
            bytes_on_disk=49_949_818_272,
            context=131_072,
            fits="no",
            memory_needed=53_000_000_000,
        ),
        model(
            "half-fetched",
            family="",
            architecture="",
            parameters=0,
            quantization="",
            context=0,
            fits="",
            problem_code="gguf_truncated",
            problem_facts={"file": "half-fetched.gguf", "missing": "2.1 GB"},
        ),
    ]
    window.open_models()


def _selected(front: FakeApp, window: MainWindow, entry: ModelEntry) -> None:
    filled(front, window)
    front.on_shelf.append(entry)
    window.open_models()
    shown = dialog()
    assert isinstance(shown, ModelsDialog)
    shown.select_model(entry.ref)


def model_put_aside(front: FakeApp, window: MainWindow) -> None:
    """A file the engine stopped with again and again."""
    name = "gemma-3-4b-it-q4_k_m"
    facts = {"file": f"{name}.gguf", "times": "3", "detail": "signal SIGSEGV", "ref": name}
    aside = model(name, family="Gemma 3", problem_code="model_put_aside", problem_facts=facts)
    _selected(front, window, aside)


def model_unknown(front: FakeApp, window: MainWindow) -> None:
    """A file that holds a kind of model that is not known."""
    facts = {"file": "new.gguf", "architecture": "qwen99"}
    odd = model("new", problem_code="architecture_unknown", problem_facts=facts)
    _selected(front, window, odd)


def model_refused(front: FakeApp, window: MainWindow) -> None:
    """Such a file was dropped on the dialog."""
    filled(front, window)
    window.open_models()
    front.refusal = ModelError(
        ErrorCode.ARCHITECTURE_UNKNOWN, file="new.gguf", architecture="qwen99"
    )
    drop(dialog(), str(front.paths.root / "new.gguf"))


def stepped_down(front: FakeApp, window: MainWindow) -> None:
    """Memory ran out: the model was loaded with less."""
    filled(front, window)
    problem = Problem(
        code="stepped_down",
        message="Memory ran out, so the model was loaded with less. Its memory of the "
        "conversation is kept less exactly (q8_0). It keeps 8192 tokens in view instead of "
        "32768. 12 of its layers run on the graphics card instead of 32.",
        hint="Close other programs and change a setting of the model to try more again.",
    )
    front.emit(Notice(key="stepped_down", severity="warning", problem=problem))


MODELS = (models, model_put_aside, model_unknown, model_refused, stepped_down)
