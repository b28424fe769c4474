"""Names of models as other programs give them: those of the list, and nothing that is a path."""

from pathlib import Path

from core.app.loading.model_load_service import ModelLoadService
from core.app.models.model_service import ModelService
from core.base.errors import ErrorCode, ModelError
from core.messages import DEFAULT_MODEL_NAMES, ApiModel
from core.models.info.model_entry import ModelEntry


def find_named_model(models: ModelService, name: str) -> ModelEntry:
    """Return the usable model of a name. Raises ModelError.

    Only whole names count, of the list or of its files: parts of names and paths, which a person
    may type, would let another program try files that it must not know of.
    """
    if name.strip().removesuffix(":latest").lower() in DEFAULT_MODEL_NAMES:
        entry = models.chosen_model()
    else:
        entry = models.registry.find_whole_name(name)
        if entry is None:
            raise ModelError(ErrorCode.MODEL_UNKNOWN, ref=name[:100])
    if entry is None:
        raise ModelError(ErrorCode.NO_MODEL)
    if entry.problem_code:
        raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
    return entry


def describe_models(models: ModelService, loading: ModelLoadService) -> tuple[ApiModel, ...]:
    """Return the usable models as other programs see them."""
    chosen = models.chosen_model()

    def loaded_context(path: str) -> int:
        loaded = loading.loaded_model(path)
        return 0 if loaded is None else loaded.context

    return tuple(
        ApiModel(
            name=entry.ref,
            file_name=Path(entry.path).stem,
            family=entry.family,
            architecture=entry.architecture,
            parameters=entry.parameters,
            quantization=entry.quantization,
            bytes_on_disk=entry.bytes_on_disk,
            context=entry.context,
            created=_created(entry.path),
            sha256=entry.sha256,
            is_loaded=entry.path == loading.path,
            loaded_context=loaded_context(entry.path),
            seconds_left=loading.idle.seconds_left if entry.path == loading.path else None,
            is_chosen=chosen is not None and entry.path == chosen.path,
        )
        for entry in models.registry.list_models()
        if not entry.problem_code
    )


def _created(path: str) -> int:
    try:
        return int(Path(path).stat().st_mtime)
    except OSError:
        return 0
