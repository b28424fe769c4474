"""States of the dialog of models: levels, fetches, what is made, settings, catalog, folders."""

from msgspec import structs

from core.base.errors import ErrorCode
from core.base.i18n import _
from core.messages import (
    DeviceMemory,
    ExampleText,
    HubFile,
    Placement,
    PromptTurn,
    RepositoryListed,
)
from core.models.quantizations.quantization_ladder import LadderRow, RunLocation
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.training.training_page import TrainingPage
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import dialog
from tests.desktop.values import download_plan
from tests.fakes.models import SMALL_MODEL, adapter_gguf, qwen_gguf, tiny_gguf
from tests.fakes.quantization_child import LAYERS
from tests.screens.filled import filled

NAME = "qwen3-4b-q8_0"
HUGE = "llama-3.3-70b-q5_k_m"


def _stocked(backend: ScriptedBackend, window: MainWindow) -> ModelsPage:
    filled(backend, window)
    backend.put_own_model(NAME, qwen_gguf())
    backend.children.ladders.gpu_layers = {"Q8_0": 20, "Q6_K": 28, "Q5_K_M": LAYERS}
    window.controllers.models_controller.open_page(INSTALLED)
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    shown.installed_tab.select_model(NAME)
    return shown


def _path(backend: ScriptedBackend) -> str:
    return backend.app.registry.find_model(NAME).path


def models_none(backend: ScriptedBackend, window: MainWindow) -> None:
    """No registered models."""
    filled(backend, window)
    backend.app.models.unregister_model(SMALL_MODEL)
    window.controllers.models_controller.open_page(INSTALLED)


def models_twins(backend: ScriptedBackend, window: MainWindow) -> None:
    """The same file lies there twice; a scan goes on."""
    shown = _stocked(backend, window)
    twin = backend.put_own_model(f"{NAME}-2", qwen_gguf())
    checksum = backend.app.registry.find_model(NAME).files[0].sha256
    backend.app.models.record_checksum(str(twin), checksum)
    window.controllers.models.refresh_models()
    shown.installed_tab.select_model(f"{NAME}-2")
    words = _("Looking for models: {read} of {found} read").format(read=87, found=212)
    shown.folders_tab.scanning_changed.emit(words)


def models_loading(backend: ScriptedBackend, window: MainWindow) -> None:
    """A model is being loaded, and its checksum computed."""
    shown = _stocked(backend, window)
    backend.put_huge_model(HUGE)
    shown.installed_tab.select_model(HUGE)
    backend.engine.loads_at_once = False
    window.controllers.models.choose_model(HUGE)
    backend.engine.report_loading(0.42)
    backend.pump()
    shown.installed_tab.pane.about.verify_button.click()


def models_placed(backend: ScriptedBackend, window: MainWindow) -> None:
    """A model is ready; partly on a graphics card."""
    _stocked(backend, window)
    backend.engine.loads_at_once = False
    window.controllers.models.choose_model(NAME)
    backend.engine.finish_loading(
        context=16_384,
        threads=8,
        seconds=3.1,
        placement=Placement(gpu_layers=28, device="CUDA0", context=16_384),
        memory=(
            DeviceMemory(device="CPU", kind="cpu", weights=900_000_000),
            DeviceMemory(device="CUDA0", kind="gpu", weights=3_400_000_000, cache=900_000_000),
        ),
    )
    backend.pump()


def models_ladder(backend: ScriptedBackend, window: MainWindow) -> None:
    """The levels of a model."""
    shown = _stocked(backend, window)
    pane = shown.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.quantizations)
    pane.quantizations.request_ladder()
    backend.pump()
    pane.quantizations.table.select_key(f"Q8_0 {_path(backend)}")


def models_making(backend: ScriptedBackend, window: MainWindow) -> None:
    """A level is being measured."""
    models_ladder(backend, window)
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    shown.installed_tab.pane.quantizations.measure_wanted.emit(NAME)
    for done in (0, 120):
        backend.children.quantization.report_progress(done, 398, "blk.12.ffn_down.weight")
    backend.pump()


def models_make(backend: ScriptedBackend, window: MainWindow) -> None:
    """The question before a level is made of a low one."""
    low = str(backend.put_own_model("qwen3-4b-q4_0", qwen_gguf("Q4_0")))
    models_ladder(backend, window)
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    row = LadderRow(
        level="IQ2_XS", bits=2.4, bytes=1_206_000_000, exactly=False, memory=2_306_000_000,
        planned=True, where=RunLocation.GPU, plan=None, makeable=True, needs_matrix=True,
    )  # fmt: skip
    shown.installed_tab.pane.quantizations.quantize_wanted.emit(low, row)


def models_settings(backend: ScriptedBackend, window: MainWindow) -> None:
    """What is set for one model; one was refused."""
    backend.put_own_model(NAME, qwen_gguf())
    backend.app.model_settings.change_setting(NAME, "temperature", "0.7")
    shown = _stocked(backend, window)
    pane = shown.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.settings)
    pane.settings.rows["context"].changed.emit("context", "nonsense")


def models_adapters(backend: ScriptedBackend, window: MainWindow) -> None:
    """The adapters beside a model."""
    base = backend.model_path(SMALL_MODEL)
    for name in ("gardener", "lawyer"):
        file = adapter_gguf(base, name, "SmolLM2 135M Instruct").write(backend.model_path(name))
        backend.app.model_files.add_adapter(str(file))
    kept = f"{backend.model_path('gardener')}=0.8"
    backend.app.model_settings.change_setting(SMALL_MODEL, "adapters", kept)
    shown = _stocked(backend, window)
    shown.installed_tab.select_model(SMALL_MODEL)
    pane = shown.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.adapters)


def models_catalog(backend: ScriptedBackend, window: MainWindow) -> None:
    """The catalog, with the levels of a model of it."""
    shown = _stocked(backend, window)
    shown.show_tab("catalog")
    shown.catalog_tab.table.select_key("qwen3-4b")
    shown.catalog_tab.quantizations.request_ladder()
    backend.pump()


def models_fetch_asked(backend: ScriptedBackend, window: MainWindow) -> None:
    """Before the host is asked."""
    shown = _stocked(backend, window)
    shown.show_tab("catalog")
    shown.catalog_tab.download_wanted.emit("qwen3-4b:Q4_K_M")


def models_fetch_planned(backend: ScriptedBackend, window: MainWindow) -> None:
    """Host and bytes are known."""
    models_fetch_asked(backend, window)
    shown = dialog()
    assert isinstance(shown, DownloadDialog)
    shown.primary_button.click()
    file = HubFile(
        name="Qwen_Qwen3-4B-Q4_K_M.gguf", size=2_497_281_120, digest="sha256:" + "ab" * 32
    )
    backend.courier.answer(
        RepositoryListed,
        repository="bartowski/Qwen_Qwen3-4B-GGUF",
        commit="c0ffee",
        files=(file,),
        licence="Apache-2.0",
    )
    backend.pump()


def models_fetching(backend: ScriptedBackend, window: MainWindow) -> None:
    """One fetch is done, one failed, one is paused and one goes on."""
    courier = backend.courier
    _download(backend, "SmolLM3-Q4_K_M")
    courier.finish_download(tiny_gguf("SmolLM3").encode())
    backend.pump()
    _download(backend, "gemma-3-4b-it-Q4_K_M")
    courier.fail(
        ErrorCode.FETCH_CHANGED,
        file="gemma-3-4b-it-Q4_K_M.gguf",
        host="hub.example",
        detail="another size",
    )
    backend.pump()
    paused = _download(backend, "Qwen3-8B-Q4_K_M")
    backend.app.downloads.pause_download(paused)
    backend.pump()
    _download(backend, "Qwen3-4B-Q4_K_M")
    courier.report_transfer(900_000_000, bytes_per_second=11e6)
    backend.pump()
    _stocked(backend, window)


def _download(backend: ScriptedBackend, name: str) -> str:
    """Begin to fetch a file, and return what the download is called."""
    plan = download_plan(backend.paths)
    file = structs.replace(
        plan.files[0], name=f"{name}.gguf", target=str(backend.paths.models / f"{name}.gguf")
    )
    plan = structs.replace(plan, download_id=name, files=(file,))
    backend.app.downloads.start_download(plan)
    backend.courier.report_transfer(900_000_000)
    backend.pump()
    return name


def models_folders(backend: ScriptedBackend, window: MainWindow) -> None:
    """Folders of models, and other programs' stores."""
    for name in ("models", "models on the stick"):
        folder = backend.paths.root.parent / f"other {name}"
        folder.mkdir()
        backend.app.model_files.add_model_folder(str(folder))
    shown = _stocked(backend, window)
    shown.show_tab("folders")


def models_training(backend: ScriptedBackend, window: MainWindow) -> None:
    """An adapter is being trained."""
    _stocked(backend, window)
    window.registry.action_by_id("models.train").trigger()
    shown = dialog()
    assert isinstance(shown, TrainingPage)
    shown.examples.add_file_examples("tone.jsonl", _examples(24))
    shown.train_button.click()
    for _round in range(20):
        backend.pump()
    for step in range(1, 25):
        held_out = 2.6 - 0.04 * step if step % 6 == 0 else None
        backend.children.trainer.report_step(step, 48, 2.8 / (1 + 0.09 * step), held_out)
    backend.pump()


def _examples(count: int) -> tuple[ExampleText, ...]:
    return tuple(
        ExampleText(
            turns=(PromptTurn(role="user", text=f"How do we answer letter {number}?"),),
            answer="Briefly, by name, and with a date.",
        )
        for number in range(1, count + 1)
    )


MODEL_WORK = (
    models_none,
    models_twins,
    models_loading,
    models_placed,
    models_ladder,
    models_making,
    models_make,
    models_settings,
    models_adapters,
    models_catalog,
    models_fetch_asked,
    models_fetch_planned,
    models_fetching,
    models_folders,
    models_training,
)
