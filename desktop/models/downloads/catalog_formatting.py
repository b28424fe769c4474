"""Formatting of catalog models: uses, fit on this computer, table cells."""

from core.app.models.model_suggestion import MEMORY_FACTOR, SUGGESTED_QUANTIZATION
from core.base.i18n import N_, _
from core.models.model_catalog import CatalogModel
from core.models.quantizations.catalog_header import estimate_bytes
from desktop.kit.locale_formatting import format_parameter_count, format_size
from desktop.models.widgets.keyed_table import TableCell

CATALOG_COLUMNS = (
    N_("Model"),
    N_("Parameters"),
    N_("Fits"),
    N_("Size"),
    N_("Good for"),
    N_("Licence"),
)
USES = {
    "chat": N_("chat"),
    "coding": N_("code"),
    "reasoning": N_("reasoning"),
    "multilingual": N_("many languages"),
    "documents": N_("documents"),
    "small": N_("small machines"),
}
KINDS = {
    "chat": N_("Models that answer"),
    "embedder": N_("Models that find passages"),
    "reranker": N_("Models that sort what was found"),
}


def format_model_uses(model: CatalogModel) -> str:
    """Return what the catalog says a model is good for, in the person's language."""
    return ", ".join(_(USES[use]) if use in USES else use for use in model.good_for)


def typical_size(model: CatalogModel) -> int:
    """Return the estimated bytes of the usual quantization, else of the lowest; 0 if unknown."""
    levels = [file.level for file in model.files if file.level]
    usual = SUGGESTED_QUANTIZATION if SUGGESTED_QUANTIZATION in levels else next(iter(levels), "")
    if usual:
        return estimate_bytes(model, usual)
    return sum(file.bytes or 0 for file in model.files)


def catalog_model_fit(model: CatalogModel, memory: int) -> str:
    """Return "yes", "less" (only a lower quantization fits), "no", or "" if that is unknown."""
    if not (usual := typical_size(model)):
        return ""
    if usual * MEMORY_FACTOR <= memory:
        return "yes"
    least = min(
        (estimate_bytes(model, file.level) for file in model.files if file.level), default=usual
    )
    return "less" if least * MEMORY_FACTOR <= memory else "no"


def catalog_row_cells(model: CatalogModel, memory: int) -> list[TableCell]:
    """Return the cells of a model's row."""
    number = format_parameter_count(model.parameters)
    if model.active != model.parameters:
        number = _("{all}, {active} at a time").format(
            all=number, active=format_parameter_count(model.active)
        )
    fits: TableCell = {
        "yes": (_("Fits"), "good"),
        "less": (_("At a low level"), "warning"),
        "no": (_("Too large"), "error"),
    }.get(catalog_model_fit(model, memory), (_("Not known"), "muted"))
    usual = typical_size(model)
    return [
        (model.name, ""),
        (number, ""),
        fits,
        (f"~{format_size(usual)}" if usual else "—", ""),
        (format_model_uses(model), "muted"),
        (model.licence, ""),
    ]


def format_catalog_model(model: CatalogModel) -> str:
    """Return maker, licence and repository of a model."""
    text = _("{name} by {maker} · Licence {licence} · {repository}")
    return text.format(
        name=model.name,
        maker=model.maker,
        licence=model.licence,
        repository=model.repository,
    )
