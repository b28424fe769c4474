"""Command `inglenook model catalog`: the models that can be downloaded, read offline."""

import argparse

import msgspec

from core.base.formatting import format_bytes, format_count
from core.base.i18n import N_, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand
from core.cli.session import Session
from core.models.model_catalog import CatalogModel
from core.models.quantizations.catalog_header import estimate_bytes


def list_catalog(session: Session, console: Console, options: argparse.Namespace) -> int:
    """List the models; uses no network."""
    models = [
        model
        for model in session.app.quantization_ladders.list_catalog()
        if _matches_filters(model, options)
    ]
    if console.as_json:
        for model in models:
            console.print_json(
                {**msgspec.to_builtins(model), "smallest_bytes": _smallest_bytes(model) or None}
            )
        return 0
    heads = (_("NAME"), _("MODEL"), _("PARAMETERS"), _("FROM"), _("LICENCE"), _("GOOD FOR"))
    console.print_table(heads, [_row(model) for model in models])
    console.print_note(
        _("“inglenook model ladder NAME” shows its levels; “inglenook model get” fetches one.")
    )
    return 0


def format_use(use: str) -> str:
    """Return the label of what a model is good for."""
    return {
        "chat": _("chat"),
        "coding": _("code"),
        "reasoning": _("reasoning"),
        "multilingual": _("many languages"),
        "documents": _("documents"),
        "small": _("small machines"),
    }.get(use, use)


def _matches_filters(model: CatalogModel, options: argparse.Namespace) -> bool:
    kind = options.kind in {"", model.kind}
    return kind and (not options.good_for or options.good_for in model.good_for)


def _row(model: CatalogModel) -> tuple[str, ...]:
    count = format_count(model.parameters)
    if model.active != model.parameters:
        count = _("{all}, {active} active").format(all=count, active=format_count(model.active))
    smallest = _smallest_bytes(model)
    return (
        model.id,
        model.name,
        count,
        f"~{format_bytes(smallest)}" if smallest else "",
        model.licence,
        ", ".join(format_use(use) for use in model.good_for),
    )


def _smallest_bytes(model: CatalogModel) -> int:
    """Return about how many bytes its smallest quantization takes, 0 if unknown."""
    return min((estimate_bytes(model, file.level) for file in model.files if file.level), default=0)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        choices=("chat", "embedder", "reranker"),
        default="",
        help=_("only models of this kind"),
    )
    parser.add_argument(
        "--good-for",
        choices=("chat", "coding", "reasoning", "multilingual", "documents", "small"),
        default="",
        help=_("only models that are good for this"),
    )


COMMANDS = (
    ModelCommand("catalog", N_("list the models that can be fetched"), list_catalog, _arguments),
)
