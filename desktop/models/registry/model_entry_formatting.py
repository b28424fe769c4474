"""Formatting of a model entry: origin, fit, duplicates, facts and checksum."""

from core.base.errors import ErrorCode, describe_error
from core.base.i18n import N_, _, ngettext
from core.models.info.model_entry import ModelEntry, ModelOrigin
from desktop.kit.locale_formatting import (
    format_count,
    format_decimal,
    format_hint,
    format_parameter_count,
    format_size,
)
from desktop.models.choice.server_choice import describe_remote_entry, format_answer_place

ORIGINS = {
    ModelOrigin.SHIPPED: N_("Came with Inglenook"),
    ModelOrigin.OWN: N_("Inglenook's own folder"),
    ModelOrigin.ADDED: N_("Added by you"),
    ModelOrigin.FOLDER: N_("Found in a folder of yours"),
    ModelOrigin.LM_STUDIO: "LM Studio",
    ModelOrigin.OLLAMA: "Ollama",
    ModelOrigin.JAN: "Jan",
    ModelOrigin.GPT4ALL: "GPT4All",
    ModelOrigin.HUB: "Hugging Face",
}


def format_origin(entry: ModelEntry) -> str:
    """Return where a model's file comes from."""
    text = ORIGINS.get(ModelOrigin(entry.origin), "")
    if entry.is_from_other_app:
        return _("Another program's: {program}").format(program=text)
    return _(text)


def format_fit(entry: ModelEntry) -> tuple[str, str]:
    """Return whether a model runs here, and the colour role of the text."""
    if (elsewhere := format_answer_place(entry)) is not None:
        return elsewhere
    if entry.problem_code == ErrorCode.MODEL_PUT_ASIDE:
        return _("Put aside"), "warning"
    if entry.problem_code:
        return _("Can't be used"), "error"
    return {
        "yes": (_("Fits"), "good"),
        "tight": (_("Just fits"), "warning"),
        "no": (_("Too large"), "error"),
    }.get(entry.fits, (_("Not known"), "muted"))


def format_usability(entry: ModelEntry) -> str:
    """Return why a model can't be used, or how much memory it needs."""
    if elsewhere := describe_remote_entry(entry):
        return elsewhere
    if entry.problem_code:
        message, hint = describe_error(entry.problem_code, entry.problem_facts)
        return f"{message} {format_hint(entry.problem_code, hint)}"
    text = {
        "yes": _("It needs about {memory} of memory, which this computer has free."),
        "tight": _("It needs about {memory} of memory; close other programs for it."),
        "no": _("It needs about {memory} of memory, more than this computer has free."),
    }.get(entry.fits, "")
    if not entry.has_template:
        text = f"{text} {_('It has no chat template of its own; a plain one is used.')}".strip()
    return text.format(memory=format_size(entry.memory_needed))


def format_duplicates(entry: ModelEntry) -> str:
    """Return the names of duplicates, "" for none."""
    if not entry.duplicates:
        return ""
    text = _("The same content as {names}.").format(names=", ".join(entry.duplicates))
    if entry.wasted:
        text += " " + _("This copy takes {size} for nothing.").format(
            size=format_size(entry.wasted)
        )
    return text


def model_facts(entry: ModelEntry) -> list[tuple[str, str]]:
    """Return the known facts of a model as labels and texts."""
    bits = format_decimal(entry.bits_per_weight, 2) if entry.bits_per_weight else ""
    template = _("set by you") if entry.own_template else ""
    if not template and entry.architecture:
        template = _("the file's own") if entry.has_template else _("none; a plain one is used")
    tokens = _("{count} tokens")
    lines = [
        (_("Family"), entry.family),
        (_("Architecture"), entry.architecture),
        (_("Parameters"), format_parameter_count(entry.parameters) if entry.parameters else ""),
        (_("Quantization"), entry.quantization),
        (_("Bits per weight"), bits),
        (_("Size"), _size(entry)),
        (
            _("Trained context"),
            tokens.format(count=format_count(entry.context)) if entry.context else "",
        ),
        (_("Licence"), (entry.licence or _("not said")) if entry.architecture else ""),
        (_("Chat template"), template),
        (_("Vocabulary"), _vocabulary(entry)),
        (_("From"), format_origin(entry) if entry.files else ""),
    ]
    return [(label, text) for label, text in lines if text]


def _size(entry: ModelEntry) -> str:
    if not entry.bytes_on_disk:
        return ""
    parts = len(entry.files)
    if parts < 2:
        return format_size(entry.bytes_on_disk)
    text = ngettext("{size} in {count} file", "{size} in {count} files", parts)
    return text.format(size=format_size(entry.bytes_on_disk), count=parts)


def _vocabulary(entry: ModelEntry) -> str:
    if not entry.vocabulary:
        return ""
    text = _("{count} tokens ({kind})")
    return text.format(count=format_count(entry.vocabulary), kind=entry.tokenizer)


def format_checksum(entry: ModelEntry, state: str) -> tuple[str, str]:
    """Return a file's SHA-256 or its state, and the colour role of the text."""
    if len(entry.files) > 1:
        known = sum(bool(file.sha256) for file in entry.files)
        text = _("{known} of {all} files known")
        return text.format(known=known, all=len(entry.files)), "muted"
    if entry.sha256 and state != "waiting":
        return entry.sha256, ""
    return {
        "waiting": (_("being computed…"), "muted"),
        "changing": (_("not computed: the file is being written to"), "warning"),
    }.get(state, (_("not computed yet"), "muted"))


def format_wasted_space(entries: tuple[ModelEntry, ...]) -> str:
    """Return the bytes that duplicates waste, "" for none."""
    wasted = sum(entry.wasted for entry in entries)
    number = sum(bool(entry.wasted) for entry in entries)
    text = ngettext(
        "{count} file is a copy of another: {size} for nothing.",
        "{count} files are copies of others: {size} for nothing.",
        number,
    )
    return text.format(count=number, size=format_size(wasted)) if wasted else ""
