"""Models and adapters as scripts get them, and in the words that people read."""

from core.app.problems import problem_of
from core.errors import Code, ModelError
from core.models.entry import AdapterEntry, ModelEntry, Origin
from core.sizes import human_bytes, human_count
from core.words import N_, _

ORIGINS = {
    Origin.SHIPPED: N_("Inglenook"),
    Origin.OWN: N_("own folder"),
    Origin.ADDED: N_("added"),
    Origin.FOLDER: N_("folder"),
    Origin.LM_STUDIO: "LM Studio",
    Origin.OLLAMA: "Ollama",
    Origin.JAN: "Jan",
    Origin.GPT4ALL: "GPT4All",
    Origin.HUB: "Hugging Face",
}
HEADS = (
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


def entry_fields(entry: ModelEntry) -> dict[str, object]:
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
        "twins": list(entry.twins),
        "wasted": entry.wasted,
    }
    return fields | _problem_field(error_of(entry))


def all_fields(entry: ModelEntry) -> dict[str, object]:
    """Return all about a model as scripts get it."""
    return entry_fields(entry) | {
        "architecture": entry.architecture,
        "memory_needed": entry.memory_needed,
        "has_template": entry.has_template,
        "template": template_of(entry),
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
    return fields | _problem_field(error_of(entry))


def row_of(entry: ModelEntry) -> tuple[str, ...]:
    """Return a model as a line of the table."""
    return (
        entry.ref,
        entry.family,
        human_count(entry.parameters) if entry.parameters else "",
        entry.quantization,
        f"{entry.bits_per_weight:g}" if entry.bits_per_weight else "",
        human_bytes(entry.bytes_on_disk) if entry.bytes_on_disk else "",
        str(entry.context or ""),
        _state(entry),
        origin_word(entry.origin),
    )


def lines_of(entry: ModelEntry) -> list[tuple[str, str]]:
    """Return all about a model, a label and its text each."""
    lines = [
        (_("Name"), entry.ref),
        (_("Family"), entry.family),
        (_("Architecture"), entry.architecture),
        (_("Parameters"), human_count(entry.parameters)),
        (_("Quantization level"), entry.quantization),
        (_("Bits per weight"), f"{entry.bits_per_weight:g}"),
        (_("Size on disk"), human_bytes(entry.bytes_on_disk)),
        (_("Trained context"), _("{count} tokens").format(count=entry.context)),
        (_("Memory needed"), human_bytes(entry.memory_needed)),
        (_("Fits this machine"), fits_word(entry)),
        (_("Licence"), entry.licence or _("not said")),
        (_("Chat template"), _TEMPLATES[template_of(entry)]()),
        (
            _("Vocabulary"),
            _("{count} tokens ({kind})").format(count=entry.vocabulary, kind=entry.tokenizer),
        ),
        (_("From"), origin_word(entry.origin)),
    ]
    for file in entry.files:
        lines.append((_("File"), file.path))
        lines.append((_("SHA-256"), file.sha256 or _("not computed yet")))
    if entry.twins:
        lines.append((_("The same as"), ", ".join(entry.twins)))
    return lines


def template_of(entry: ModelEntry) -> str:
    """Return where a model's chat template comes from: own, file or none."""
    return "own" if entry.own_template else "file" if entry.has_template else "none"


_TEMPLATES = {
    "own": lambda: _("set for it"),
    "file": lambda: _("its own"),
    "none": lambda: _("none; a plain form is used"),
}


def origin_word(origin: str) -> str:
    """Say where a file comes from."""
    words = ORIGINS[Origin(origin)]
    return _(words)


def fits_word(entry: ModelEntry) -> str:
    """Say whether a model fits this machine."""
    return {"yes": _("yes"), "tight": _("tight"), "no": _("no")}.get(entry.fits, entry.fits)


def error_of(entry: ModelEntry | AdapterEntry) -> ModelError | None:
    """Return why a file can't be used."""
    if not entry.problem_code:
        return None
    return ModelError(Code(entry.problem_code), **entry.problem_facts)


def _state(entry: ModelEntry) -> str:
    if entry.problem_code == Code.MODEL_PUT_ASIDE:
        return _("put aside")
    return _("unusable") if entry.problem_code else fits_word(entry)


def _problem_field(error: ModelError | None) -> dict[str, object]:
    if error is None:
        return {}
    problem = problem_of(error)
    told = {"code": problem.code, "message": problem.message, "hint": problem.hint}
    return {"problem": told}
