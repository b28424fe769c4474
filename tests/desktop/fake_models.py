"""The fake application's shelf."""

from pathlib import Path

from msgspec import structs

from core.app.events.app_events import ModelReady, ModelsChanged
from core.base.errors import ErrorCode, ModelError
from core.models.info.model_entry import ModelEntry
from tests.desktop.fake_base import FakeBase
from tests.desktop.fake_values import model


class ModelDesk:
    """The calls as the window makes them."""

    def __init__(self, fake: "FakeModels") -> None:
        self.registry = self
        self.list_models = fake.all_models
        self.chosen_model = fake.chosen_model
        self.choose_model = fake.choose_model
        self.add_model = fake.add_model
        self.unregister_model = fake.forget_model
        self.retry_model = fake.retry_model


class FakeModels(FakeBase):
    """One small model is there and chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.on_shelf: list[ModelEntry] = [model("smollm2-135m-q4_1")]
        self.chosen = "smollm2-135m-q4_1"
        self.registry = self.models = ModelDesk(self)

    def all_models(self) -> tuple[ModelEntry, ...]:
        """Return the shelf."""
        return tuple(self.on_shelf)

    def chosen_model(self) -> ModelEntry | None:
        """Return the chosen file."""
        return next((entry for entry in self.on_shelf if entry.ref == self.chosen), None)

    def choose_model(self, ref: str) -> ModelEntry:
        """Choose a file."""
        self.calls.append(("choose_model", ref))
        self.refuse()
        self.chosen = ref
        self.emit(ModelsChanged())
        return next(entry for entry in self.on_shelf if entry.ref == ref)

    def add_model(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Put a file on the shelf, or take one as it is."""
        self.calls.append(("add_model", path, "anyway") if anyway else ("add_model", path))
        self.refuse()
        for known in self.on_shelf:
            if known.path == path and anyway:
                return self._mend(known)
        if Path(path).read_bytes()[:4] != b"GGUF":
            raise ModelError(ErrorCode.NOT_GGUF, file=Path(path).name)
        entry = model(Path(path).stem, path)
        self.on_shelf.append(entry)
        self.emit(ModelsChanged())
        return entry

    def retry_model(self, ref: str) -> ModelEntry:
        """Use a file again."""
        self.calls.append(("retry_model", ref))
        self.refuse()
        return self._mend(next(entry for entry in self.on_shelf if entry.ref == ref))

    def _mend(self, broken: ModelEntry) -> ModelEntry:
        mended = structs.replace(broken, problem_code="", problem_facts={})
        self.on_shelf = [mended if entry is broken else entry for entry in self.on_shelf]
        self.emit(ModelsChanged())
        return mended

    def forget_model(self, ref: str) -> None:
        """Take a file off the shelf."""
        self.calls.append(("forget_model", ref))
        self.on_shelf = [entry for entry in self.on_shelf if entry.ref != ref]
        self.emit(ModelsChanged())

    def model_ready(self) -> None:
        """The chosen model is loaded."""
        self.emit(ModelReady(ref=self.chosen, context=8192, threads=2, seconds=0.8))
