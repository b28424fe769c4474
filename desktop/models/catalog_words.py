"""What the catalog says of its models: what they are good for, and whether they fit here."""

from collections.abc import Sequence

from core.app.suggestion import LEVEL, ROOM
from core.engine.free_memory import available_memory
from core.messages import Device
from core.models.catalog import CatalogModel
from core.models.catalog_header import bytes_of
from core.words import N_, _
from desktop.models.row_table import Cell
from desktop.words import parameters, size

HEADS = (
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


def use_words(model: CatalogModel) -> str:
    """Say what a model is good for."""
    return ", ".join(_(USES[use]) if use in USES else use for use in model.good_for)


def room_here(devices: Sequence[Device]) -> int:
    """Return the most bytes a model may take on this machine, on a card or in main memory."""
    cards = [each.free for each in devices if each.kind in {"gpu", "igpu"}]
    return max([available_memory(), *cards])


def size_of(model: CatalogModel) -> int:
    """Return about how many bytes it takes: at the usual level, else the lowest; 0 if unknown."""
    levels = [file.level for file in model.files if file.level]
    level = LEVEL if LEVEL in levels else next(iter(levels), "")
    if level:
        return bytes_of(model, level)
    return sum(file.bytes or 0 for file in model.files)


def fit_of(model: CatalogModel, room: int) -> str:
    """Return "yes", "less" (only a lower level fits), "no", or "" where that can't be told."""
    if not (usual := size_of(model)):
        return ""
    if usual * ROOM <= room:
        return "yes"
    least = min((bytes_of(model, file.level) for file in model.files if file.level), default=usual)
    return "less" if least * ROOM <= room else "no"


def cells(model: CatalogModel, room: int) -> list[Cell]:
    """Return a model as a row of the table."""
    number = parameters(model.parameters)
    if model.active != model.parameters:
        number = _("{all}, {active} at a time").format(all=number, active=parameters(model.active))
    fits: Cell = {
        "yes": (_("Fits"), "good"),
        "less": (_("At a low level"), "warning"),
        "no": (_("Too large"), "error"),
    }.get(fit_of(model, room), (_("Not known"), "muted"))
    usual = size_of(model)
    return [
        (model.name, ""),
        (number, ""),
        fits,
        (f"~{size(usual)}" if usual else "—", ""),
        (use_words(model), "muted"),
        (model.licence, ""),
    ]


def model_words(model: CatalogModel) -> str:
    """Say who made a model, what one may do with it, and where its files lie."""
    words = _("{name} by {maker} · Licence {licence} · {repository}")
    return words.format(
        name=model.name,
        maker=model.maker,
        licence=model.licence,
        repository=model.repository,
    )
