"""Formatting of models and adapters: JSON fields for scripts, table rows for people."""

from core.app.problems import problem_of
from core.base.errors import ErrorCode, ModelError
from core.base.formatting import format_bytes, format_count
from core.base.i18n import N_, _
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelOrigin

ORIGIN_NAMES = {
    ModelOrigin.SHIPPED: N_("Inglenook"),
    ModelOrigin.OWN: N_("own folder"),
    ModelOrigin.ADDED: N_("added"),
    ModelOrigin.FOLDER: N_("folder"),
    ModelOrigin.LM_STUDIO: "LM Studio",
    ModelOrigin.OLLAMA: "Ollama",
    ModelOrigin.JAN: "Jan",
    ModelOrigin.GPT4ALL: "GPT4All",
    ModelOrigin.HUB: "Hugging Face",
}
MODEL_TABLE_HEADS = (
    N_("NAME"),
    N_("FAMILY"),
    N_("PARAMETERS"),
    N_("LEVEL"),
    N_("BITS"),
    N_("SIZE"),
    N_("CONTEXT"),
    N_("FITS"),
    N_("FROM"),
)


def model_fields(entry: ModelEntry) -> dict[str, object]:
    """Return a model as scripts get it."""
    fields: dict[str, object] = {
        "ref": entry.ref,
        "path": entry.path,
        "family": entry.family,
        "parameters": entry.parameters,
        "quantization": entry.quantization,
        "bytes": entry.bytes_on_disk,
        "context": entry.context,
        "fits": entry.fits,
        "bits_per_weight": entry.bits_per_weight,
        "licence": entry.licence,
        "origin": str(entry.origin),
        "sha256": entry.sha256,
        "files": len(entry.files),
        "twins": list(entry.duplicates),
        "wasted": entry.wasted,
    }
    return fields | _problem_field(model_error(entry))


def detailed_model_fields(entry: ModelEntry) -> dict[str, object]:
    """Return all about a model as scripts get it."""
    return model_fields(entry) | {
        "architecture": entry.architecture,
        "memory_needed": entry.memory_needed,
        "has_template": entry.has_template,
        "template": template_source(entry),
        "tokenizer": entry.tokenizer,
        "vocabulary": entry.vocabulary,
        "parts": [
            {"path": file.path, "bytes": file.bytes, "sha256": file.sha256} for file in entry.files
        ],
    }


def adapter_fields(entry: AdapterEntry, fits: list[str]) -> dict[str, object]:
    """Return an adapter as scripts get it; `fits` are the names of the models it goes with."""
    fields: dict[str, object] = {
        "adapter": entry.ref,
        "path": entry.path,
        "name": entry.name,
        "architecture": entry.architecture,
        "bytes": entry.bytes_on_disk,
        "origin": str(entry.origin),
        "base": entry.base,
        "models": fits,
    }
    return fields | _problem_field(model_error(entry))


def model_row(entry: ModelEntry) -> tuple[str, ...]:
    """Return a model as a line of the table."""
    return (
        entry.ref,
        entry.family,
        format_count(entry.parameters) if entry.parameters else "",
        entry.quantization,
        f"{entry.bits_per_weight:g}" if entry.bits_per_weight else "",
        format_bytes(entry.bytes_on_disk) if entry.bytes_on_disk else "",
        str(entry.context or ""),
        _state(entry),
        format_origin(entry.origin),
    )


def model_detail_lines(entry: ModelEntry) -> list[tuple[str, str]]:
    """Return all about a model, a label and its text each."""
    lines = [
        (_("Name"), entry.ref),
        (_("Family"), entry.family),
        (_("Architecture"), entry.architecture),
        (_("Parameters"), format_count(entry.parameters)),
        (_("Quantization level"), entry.quantization),
        (_("Bits per weight"), f"{entry.bits_per_weight:g}"),
        (_("Size on disk"), format_bytes(entry.bytes_on_disk)),
        (_("Trained context"), _("{count} tokens").format(count=entry.context)),
        (_("Memory needed"), format_bytes(entry.memory_needed)),
        (_("Fits this machine"), format_fit(entry)),
        (_("Licence"), entry.licence or _("not said")),
        (_("Chat template"), _TEMPLATES[template_source(entry)]()),
        (
            _("Vocabulary"),
            _("{count} tokens ({kind})").format(count=entry.vocabulary, kind=entry.tokenizer),
        ),
        (_("From"), format_origin(entry.origin)),
    ]
    for file in entry.files:
        lines.append((_("File"), file.path))
        lines.append((_("SHA-256"), file.sha256 or _("not computed yet")))
    if entry.duplicates:
        lines.append((_("The same as"), ", ".join(entry.duplicates)))
    return lines


def template_source(entry: ModelEntry) -> str:
    """Return where a model's chat template comes from: own, file or none."""
    return "own" if entry.own_template else "file" if entry.has_template else "none"


_TEMPLATES = {
    "own": lambda: _("set for it"),
    "file": lambda: _("its own"),
    "none": lambda: _("none; a plain form is used"),
}


def format_origin(origin: str) -> str:
    """Say where a file comes from."""
    return _(ORIGIN_NAMES[ModelOrigin(origin)])


def format_fit(entry: ModelEntry) -> str:
    """Say whether a model fits this machine."""
    return {"yes": _("yes"), "tight": _("tight"), "no": _("no")}.get(entry.fits, entry.fits)


def model_error(entry: ModelEntry | AdapterEntry) -> ModelError | None:
    """Return why a file can't be used."""
    if not entry.problem_code:
        return None
    return ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)


def _state(entry: ModelEntry) -> str:
    if entry.problem_code == ErrorCode.MODEL_PUT_ASIDE:
        return _("put aside")
    return _("unusable") if entry.problem_code else format_fit(entry)


def _problem_field(error: ModelError | None) -> dict[str, object]:
    if error is None:
        return {}
    problem = problem_of(error)
    fields = {"code": problem.code, "message": problem.message, "hint": problem.hint}
    return {"problem": fields}
