"""Builder of model and adapter entries, from facts and from the state of the registry."""

from pathlib import Path

from msgspec import Struct

from core.base.errors import ModelError
from core.models.info.model_duplicates import DuplicateInfo
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelFile
from core.models.info.model_facts import ModelFacts, display_path
from core.models.registry.model_sources import ModelSource


class ModelEntryDetails(Struct, frozen=True, kw_only=True):
    """What is shown of a model beside its facts."""

    error: ModelError | None
    verdict: str
    needed: int
    sums: tuple[str, ...]
    twins: DuplicateInfo | None
    own_template: bool


def build_model_entry(
    source: ModelSource, facts: ModelFacts, view: ModelEntryDetails
) -> ModelEntry:
    """Return a model as it is shown."""
    files = (str(source.path), *facts.later_parts)
    error, twins = view.error, view.twins
    return ModelEntry(
        ref=source.ref,
        path=display_path(source.path),
        family=facts.family or display_path(Path(source.path.stem)),
        architecture=facts.architecture,
        parameters=facts.parameters,
        quantization=facts.quantization,
        bytes_on_disk=facts.total_bytes,
        context=facts.context,
        fits=view.verdict,
        memory_needed=view.needed,
        has_template=facts.has_template,
        tokenizer=facts.tokenizer,
        vocabulary=facts.vocabulary,
        problem_code=error.code if error else "",
        problem_facts=error.facts if error else {},
        origin=source.origin,
        bits_per_weight=facts.bits_per_weight,
        licence=facts.licence or (source.found.licence if source.found else ""),
        own_template=view.own_template,
        files=tuple(
            ModelFile(path=display_path(Path(file)), bytes=stamp.size, sha256=sum_)
            for file, stamp, sum_ in zip(files, facts.stamps, view.sums, strict=False)
        ),
        twins=twins.refs if twins else (),
        wasted=twins.wasted if twins else 0,
    )


def build_adapter_entry(source: ModelSource, facts: ModelFacts) -> AdapterEntry:
    """Return an adapter as it is shown."""
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
