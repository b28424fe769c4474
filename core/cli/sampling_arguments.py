"""Sampling arguments of `inglenook ask`, and argument types for numbers."""

import argparse
from typing import Any

from msgspec import structs

from core.app.models.sampling_defaults import MAX_BIAS, PRESETS, SAMPLING_BOUNDS
from core.base.i18n import _
from core.cli.argument_types import real_number, whole_number
from core.cli.terminal import absolute_path
from core.messages import Sampling

MAX_GRAMMAR_BYTES = 256 << 10
"""No grammar or schema that a person wrote is longer."""


def add_sampling_arguments(ask: argparse.ArgumentParser) -> None:
    """Add all that changes a `Sampling`; `sampling_from_options` reads it."""
    group = ask.add_argument_group(_("how the words are chosen"))
    group.add_argument(
        "--thinking",
        action=argparse.BooleanOptionalAction,
        help=_("let a reasoning model think first, or answer at once"),
    )
    group.add_argument(
        "--preset", choices=tuple(PRESETS), default="", help=_("close to the likeliest, or free")
    )
    for flag, name, about in (
        ("--temperature", "temperature", _("0 always takes the likeliest word")),
        ("--top-p", "top_p", _("only the likeliest words that have this share together")),
        ("--min-p", "min_p", _("only words this likely, measured by the likeliest one")),
        ("--typical", "typical_p", _("only words about as likely as is usual there")),
        ("--repeat-penalty", "repeat_penalty", _("makes words less likely that came; 1 is off")),
        ("--presence-penalty", "presence_penalty", _("... by as much for each word that came")),
        ("--frequency-penalty", "frequency_penalty", _("... by as much each time it came")),
        ("--dry", "dry_multiplier", _("how strongly phrases that came are avoided; 0 is off")),
        ("--mirostat-tau", "mirostat_tau", _("how surprising the words may be")),
        ("--mirostat-eta", "mirostat_eta", _("how fast Mirostat follows")),
    ):
        number = real_number(*SAMPLING_BOUNDS[name])
        group.add_argument(flag, dest=name, type=number, metavar="X", help=about)
    for flag, name, about in (
        ("--top-k", "top_k", _("only so many of the likeliest words; 0 is off")),
        ("--mirostat", "mirostat", _("1 or 2: even surprise in place of the other limits")),
        ("--seed", "seed", _("makes an answer repeatable")),
    ):
        least, most = map(int, SAMPLING_BOUNDS[name])
        whole = whole_number(least, most)
        group.add_argument(flag, dest=name, type=whole, metavar="N", help=about)
    _add_text_arguments(group)


def _add_text_arguments(group: Any) -> None:  # noqa: ANN401 - argparse's groups have no public name
    group.add_argument(
        "--stop",
        action="append",
        default=[],
        type=_parse_text,
        metavar=_("TEXT"),
        help=_("end the answer before this text; can be given several times"),
    )
    group.add_argument(
        "--logit-bias",
        action="append",
        default=[],
        type=_parse_bias,
        metavar=_("TEXT=N"),
        help=_("make a text more likely, or less: -100 rules it out"),
    )
    form = group.add_mutually_exclusive_group()
    form.add_argument(
        "--grammar",
        type=_read_grammar,
        metavar=_("FILE"),
        help=_("hold the answer to a grammar in GBNF"),
    )
    form.add_argument(
        "--json-schema",
        type=_read_schema,
        metavar=_("FILE"),
        help=_("hold the answer to JSON of this schema"),
    )


def sampling_from_options(general: Sampling, options: argparse.Namespace) -> Sampling:
    """Return how the answer is sampled: what was typed, and the rest as in `general`."""
    typed = {name: getattr(options, name) for name in (*SAMPLING_BOUNDS, "thinking")}
    return structs.replace(
        general,
        **{name: value for name, value in typed.items() if value is not None},
        stop=tuple(options.stop),
        logit_bias=dict(options.logit_bias),
        grammar=options.grammar or "",
        json_schema=options.json_schema or "",
    )


def _parse_text(value: str) -> str:
    if not value:
        raise argparse.ArgumentTypeError(_("it is empty"))
    return value.encode(errors="replace").decode()


def _parse_bias(value: str) -> tuple[str, float]:
    text, equals, number = value.rpartition("=")
    if not equals or not text:
        raise argparse.ArgumentTypeError(_("it has to be a text, “=” and a number"))
    return _parse_text(text), real_number(-MAX_BIAS, MAX_BIAS)(number)


def _read_grammar(value: str) -> str:
    """Return a grammar that can be used, as far as that shows without a model."""
    from core.engine.grammar.grammar_check import check_grammar  # noqa: PLC0415 - rarely needed

    text = _read_text_file(value)
    try:
        check_grammar(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _read_schema(value: str) -> str:
    """Return a JSON schema that a grammar can express."""
    from core.engine.grammar.grammar_check import check_grammar  # noqa: PLC0415 - rarely needed
    from core.engine.grammar.json_schema_grammar import schema_to_grammar  # noqa: PLC0415

    text = _read_text_file(value)
    try:
        check_grammar(schema_to_grammar(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _read_text_file(value: str) -> str:
    try:
        with absolute_path(value).open("rb") as file:
            data = file.read(MAX_GRAMMAR_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is no text")
        message = _("the file can't be read ({reason})").format(reason=reason)
        raise argparse.ArgumentTypeError(message) from error
    if len(data) > MAX_GRAMMAR_BYTES or not text.strip():
        raise argparse.ArgumentTypeError(_("the file is empty or too long"))
    return text
