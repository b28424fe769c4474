"""Builder of model and adapter entries, from facts and from the state of the registry."""

from pathlib import Path

from msgspec import Struct

from core.base.errors import ModelError
from core.models.info.model_duplicates import DuplicateInfo
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelFile
from core.models.info.model_facts import ModelFacts, display_path
from core.models.registry.model_sources import ModelSource


class ModelEntryDetails(Struct, frozen=True, kw_only=True):
    """The parts of an entry that are not facts of the file."""

    error: ModelError | None
    verdict: str
    needed: int
    sums: tuple[str, ...]
    duplicates: DuplicateInfo | None
    own_template: bool


def build_model_entry(
    source: ModelSource, facts: ModelFacts, details: ModelEntryDetails
) -> ModelEntry:
    """Return what front ends show of a file: what its header says, and how it is here."""
    files = (str(source.path), *facts.later_parts)
    error, duplicates = details.error, details.duplicates
    return ModelEntry(
        ref=source.ref,
        path=display_path(source.path),
        family=facts.family or display_path(Path(source.path.stem)),
        architecture=facts.architecture,
        parameters=facts.parameters,
        quantization=facts.quantization,
        bytes_on_disk=facts.total_bytes,
        context=facts.context,
        fits=details.verdict,
        memory_needed=details.needed,
        has_template=facts.has_template,
        tokenizer=facts.tokenizer,
        vocabulary=facts.vocabulary,
        problem_code=error.code if error else "",
        problem_facts=error.facts if error else {},
        origin=source.origin,
        bits_per_weight=facts.bits_per_weight,
        licence=facts.licence or (source.found.licence if source.found else ""),
        own_template=details.own_template,
        files=tuple(
            ModelFile(path=display_path(Path(file)), bytes=stamp.size, sha256=sum_)
            for file, stamp, sum_ in zip(files, facts.stamps, details.sums, strict=False)
        ),
        duplicates=duplicates.refs if duplicates else (),
        wasted=duplicates.wasted if duplicates else 0,
    )


def build_adapter_entry(source: ModelSource, facts: ModelFacts) -> AdapterEntry:
    """Return what front ends show of a LoRA file, which answers nothing by itself."""
    return AdapterEntry(
        ref=source.ref,
        path=display_path(source.path),
        name=facts.family,
        architecture=facts.architecture,
        bytes_on_disk=facts.total_bytes,
        origin=source.origin,
        base=facts.base,
        problem_code=facts.problem_code,
        problem_facts=facts.problem_facts,
    )
