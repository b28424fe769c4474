"""States of the dialog of models: levels, fetches, what is made, settings, catalog, folders."""

from msgspec import structs

from core.app.events.app_events import ModelReady, Problem
from core.app.events.download_events import DownloadState
from core.app.events.model_events import (
    ModelLoading,
    ModelScanProgress,
)
from core.app.quantization.quantization_jobs import QuantizationJobProgress
from core.messages import DeviceMemory, DownloadTarget, MemoryPlan, Placement, QuantizationPlan
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import ModelOrigin
from core.models.model_catalog import CatalogFile
from core.models.quantizations.quantization_ladder import (
    LadderRow,
    QualityLoss,
    QuantizationLadder,
)
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.models_dialog import ModelsDialog
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_shelf import PLAN
from tests.desktop.fake_values import adapter, model
from tests.desktop.seen import dialog
from tests.screens.filled import filled

NAME = "qwen3-4b-q8_0"
SOURCE = "llama.cpp's table for an 8B model"


def plan_of(gpu_layers: int, layers: int = 37, verdict: str = "yes") -> QuantizationPlan:
    """Return a plan with so many layers on the graphics card."""
    devices = (DeviceMemory(device="CPU", kind="cpu", weights=900_000_000),)
    return QuantizationPlan(
        level="",
        bytes=0,
        placement=Placement(context=16_384, gpu_layers=gpu_layers),
        plan=MemoryPlan(context=16_384, devices=devices, verdict=verdict),
        layers=layers,
        reads=(),
        cached=0,
    )


def row(level: str, bits: float, share: float, **changes: object) -> LadderRow:
    """Return a level that the graphics card takes whole."""
    made = LadderRow(
        level=level,
        bits=bits,
        bytes=round(4.02e9 * bits / 8),
        exactly=False,
        memory=round(4.02e9 * bits / 8 + 1.1e9),
        planned=True,
        where="gpu",
        plan=plan_of(37),
        speed=420 / bits,
        loss=QualityLoss(share=share, divergence=None, measured=False, source=SOURCE),
    )
    return structs.replace(made, **changes)


def ladder() -> QuantizationLadder:
    """Return a ladder with every kind of row."""
    fetch = CatalogFile(level="Q4_K_M", name="Qwen3-4B-Q4_K_M.gguf")
    best = QualityLoss(share=0.0, divergence=0.0, measured=True, against="Q8_0", same_choice=0.0)
    rows = (
        row("IQ2_XS", 2.4, 0.35, makeable=True, needs_matrix=True),
        row("Q2_K", 3.0, 0.12, makeable=True),
        row("Q4_K_M", 4.85, 0.009, fetch=fetch, makeable=True, recommended=True),
        row("Q6_K", 6.6, 0.002, makeable=True, where="part", plan=plan_of(28)),
        row(
            "Q8_0", 8.5, 0.0, exactly=True, path=f"/models/{NAME}.gguf", ref=NAME, loss=best,
            speed_measured=True, where="part", plan=plan_of(20),
        ),
        row("F16", 16.0, 0.0, fetch=fetch, where="no", plan=plan_of(0, verdict="no")),
    )  # fmt: skip
    return QuantizationLadder(
        name="Qwen3 4B",
        context=16_384,
        rows=rows,
        reason="Q4_K_M is the smallest level that loses next to nothing. It is published to lose "
        "0.9 % with a model of 8B. It should write about 87 tokens a second.",
        source="Q8_0",
        source_path=f"/models/{NAME}.gguf",
        catalog_id="qwen3-4b",
        repository=PLAN.repository,
    )


def _stocked(front: FakeApp, window: MainWindow) -> ModelsDialog:
    filled(front, window)
    front.on_shelf += [
        model(
            NAME, family="Qwen3 4B", architecture="qwen3", parameters=4_022_000_000,
            quantization="Q8_0", bytes_on_disk=4_280_000_000, context=40_960, fits="yes",
            memory_needed=5_600_000_000, origin=ModelOrigin.OWN, licence="apache-2.0",
            bits_per_weight=8.5, vocabulary=151_936, tokenizer="gpt2/qwen2",
        ),
        model(
            "qwen3-4b-q8_0-2", family="Qwen3 4B", architecture="qwen3", parameters=4_022_000_000,
            quantization="Q8_0", bytes_on_disk=4_280_000_000, context=40_960, fits="tight",
            memory_needed=5_600_000_000, origin=ModelOrigin.LM_STUDIO, twins=(NAME,),
            wasted=4_280_000_000, bits_per_weight=8.5,
        ),
    ]  # fmt: skip
    window.open_models()
    shown = dialog()
    assert isinstance(shown, ModelsDialog)
    shown.select_model(NAME)
    return shown


def _asked(front: FakeApp, call: str) -> str:
    """Return the id of the last such request."""
    calls = front.calls
    return f"request-{max(n for n, made in enumerate(calls, 1) if made[0] == call)}"


def models_none(front: FakeApp, window: MainWindow) -> None:
    """An empty shelf."""
    filled(front, window)
    front.on_shelf.clear()
    window.controllers.models.refresh_models()
    window.open_models()


def models_twins(front: FakeApp, window: MainWindow) -> None:
    """Another program has the same file; a scan goes on."""
    shown = _stocked(front, window)
    shown.select_model("qwen3-4b-q8_0-2")
    front.emit(ModelScanProgress(found=212, read=87, current="/models/gemma-3.gguf"))


def models_loading(front: FakeApp, window: MainWindow) -> None:
    """A model is being loaded, and its checksum computed."""
    shown = _stocked(front, window)
    window.controllers.models.choose_model(NAME)
    path = f"/models/{NAME}.gguf"
    front.emit(ModelLoading(ref=NAME, path=path, share=0.42))
    shown.installed_tab.pane.about.verify_button.click()
    front.replies[-1].report(ByteProgress(3, 10))


def models_placed(front: FakeApp, window: MainWindow) -> None:
    """A model is ready; partly on a graphics card."""
    _stocked(front, window)
    window.controllers.models.choose_model(NAME)
    front.emit(
        ModelReady(
            ref=NAME, context=16_384, threads=8, seconds=3.1,
            placement=Placement(gpu_layers=28, device="CUDA0", context=16_384),
            memory=(
                DeviceMemory(device="CPU", kind="cpu", weights=900_000_000),
                DeviceMemory(device="CUDA0", kind="gpu", weights=3_400_000_000, cache=900_000_000),
            ),
        )
    )  # fmt: skip


def models_ladder(front: FakeApp, window: MainWindow) -> None:
    """The levels of a model."""
    shown = _stocked(front, window)
    pane = shown.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.quantizations)
    pane.quantizations.request_ladder()
    front.replies[-1].finish(ladder())
    pane.quantizations.table.select_key(f"Q8_0 /models/{NAME}.gguf")


def models_making(front: FakeApp, window: MainWindow) -> None:
    """A level is being made."""
    models_ladder(front, window)
    shown = dialog()
    assert isinstance(shown, ModelsDialog)
    shown.installed_tab.pane.quantizations.measure_wanted.emit(NAME)
    front.replies[-1].report(
        QuantizationJobProgress(
            stage="making", done=120, total=398, current="blk.12.ffn_down.weight",
            seconds_left=140.0,
        )
    )  # fmt: skip


def models_make(front: FakeApp, window: MainWindow) -> None:
    """The question before a level is made."""
    front.quantizations.warned = (
        "qwen3-4b-q4_0.gguf is already at Q4_0: what is made of it loses more than the same level "
        "made of the original. Fetch Q8_0 or F16 first if you can."
    )
    models_ladder(front, window)
    shown = dialog()
    assert isinstance(shown, ModelsDialog)
    shown.installed_tab.pane.quantizations.quantize_wanted.emit(
        f"/models/{NAME}.gguf", ladder().rows[0]
    )


def models_settings(front: FakeApp, window: MainWindow) -> None:
    """What is set for one model; one was refused."""
    front.model_settings.kept = {"temperature": "0.7"}
    shown = _stocked(front, window)
    pane = shown.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.settings)
    pane.settings.rows["context"].changed.emit("context", "nonsense")


def models_adapters(front: FakeApp, window: MainWindow) -> None:
    """The adapters beside a model."""
    front.adapters_beside = [adapter("gardener"), adapter("lawyer")]
    front.model_settings.kept = {"adapters": "/adapters/gardener.gguf=0.8"}
    shown = _stocked(front, window)
    pane = shown.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.adapters)


def models_catalog(front: FakeApp, window: MainWindow) -> None:
    """The catalog, with the levels of a model of it."""
    shown = _stocked(front, window)
    shown.show_tab("catalog")
    shown.catalog_tab.table.select_key("qwen3-4b")
    shown.catalog_tab.quantizations.request_ladder()
    front.replies[-1].finish(ladder())


def models_fetch_asked(front: FakeApp, window: MainWindow) -> None:
    """Before the host is asked."""
    shown = _stocked(front, window)
    shown.show_tab("catalog")
    shown.catalog_tab.download_wanted.emit("qwen3-4b:Q4_K_M")


def models_fetch_planned(front: FakeApp, window: MainWindow) -> None:
    """Host and bytes are known."""
    models_fetch_asked(front, window)
    shown = dialog()
    assert isinstance(shown, DownloadDialog)
    shown.primary_button.click()
    front.downloads.planned()


def models_fetching(front: FakeApp, window: MainWindow) -> None:
    """One fetch goes on, one waits, one failed, one is done."""
    problem = Problem(
        code="fetch_checksum",
        message="gemma-3-4b-it-Q4_K_M.gguf is not what hub.example said it would be.",
        hint="What came is removed; fetch it again, or from another host.",
    )
    for number, (name, changes) in enumerate(
        {
            "Qwen3-4B-Q4_K_M": {"state": "fetching", "bytes_per_second": 11e6},
            "Qwen3-8B-Q4_K_M": {"state": "paused"},
            "gemma-3-4b-it-Q4_K_M": {"state": "failed", "problem": problem},
            "SmolLM3-Q4_K_M": {"state": "done", "ref": "smollm3"},
        }.items()
    ):
        file = DownloadTarget(
            name=f"{name}.gguf",
            target=f"/models/{name}.gguf",
            size=2_497_281_120,
            digest="sha256:" + "ab" * 32,
        )
        plan = structs.replace(PLAN, download_id=f"fetch-{number}", files=(file,))
        state = DownloadState(plan=plan, done=900_000_000, **changes)  # type: ignore[arg-type]
        front.downloads.states[plan.download_id] = state
    _stocked(front, window)


def models_folders(front: FakeApp, window: MainWindow) -> None:
    """Folders of models, and other programs' stores."""
    front.model_files.model_folders = ("/models", "/media/stick/models")
    shown = _stocked(front, window)
    shown.show_tab("folders")


SHELF = (
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
)
