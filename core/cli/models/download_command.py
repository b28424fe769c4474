"""Commands `inglenook model get` and `model token`: downloads of models from a hub."""

import argparse

from core.app.events.download_events import DownloadChanged, DownloadState
from core.app.network.download_service import CHECKING, DONE, FAILED, PAUSED
from core.app.problems import problem_of
from core.base.errors import ErrorCode, InglenookError
from core.base.formatting import format_bytes
from core.base.i18n import N_, _
from core.base.settings import network_settings
from core.base.time_left import format_time_left
from core.cli.argument_types import non_empty_text
from core.cli.consent_prompt import add_yes_argument, ask_consent, read_secret
from core.cli.console import PROGRAM, Console
from core.cli.library_session import RequestRefused
from core.cli.models.model_command import ModelCommand
from core.cli.session import Session
from core.models.downloads.download_plan import DownloadPlan


def download_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Start or resume a download, list the downloads, or remove one."""
    downloads = session.app.downloads
    if options.list:
        return _show_all(console, downloads.list_downloads())
    if options.request is None:
        return _tell_missing_name(console)
    if options.drop:
        state = downloads.find_download(options.request)
        downloads.remove_download(state.plan.download_id)
        session.app.process_events()
        if not console.as_json:
            console.print_line(_("{name} is dropped.").format(name=state.plan.name))
        return 0
    plan = _unfinished_plan(session, options.request)
    if plan is None and options.dry_run and not options.yes:
        estimated = downloads.estimate_download(options.request)
        if estimated is not None:
            return _print_estimate(console, estimated)
    if plan is None:
        if downloads.needs_listing(options.request):
            _ask_to_list(console, downloads.host, options)
        plan = session.wait_for(downloads.plan_download(options.request))
    if options.dry_run:
        _print_plan(console, plan)
        return 0
    ask_consent(console, _question(plan), plan.host, beforehand=options.yes)
    return _show_download(session, console, downloads.start_download(plan))


def _tell_missing_name(console: Console) -> int:
    """Say, as the parser does of others, that a name is missing; only “--list” needs none."""
    missing = _("the following arguments are required: {names}").format(names=_("NAME"))
    command = f"{PROGRAM} model get"
    console.print_failure(
        problem_of(InglenookError(ErrorCode.USAGE_WRONG, detail=missing, command=command))
    )
    return 2


def _ask_to_list(console: Console, host: str, options: argparse.Namespace) -> None:
    """Ask whether the hub may be asked what it has. Raises NetworkError for a no."""
    question = _("Ask {host} what it has of “{wish}”?").format(host=host, wish=options.request)
    ask_consent(console, question, host, beforehand=options.yes)


def change_hub_token(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Store an access token for the hub in the system's key store, or delete it."""
    hub = session.app.settings.get_value(network_settings.HUB)
    token = "" if options.forget else read_secret(_("Access token for {hub}:").format(hub=hub))
    session.wait_for(session.app.keys.store_hub_token(hub, token))
    if not console.as_json:
        text = _("The token for {hub} is kept.") if token else _("The token for {hub} is gone.")
        console.print_line(text.format(hub=hub))
    return 0


def _unfinished_plan(session: Session, request: str) -> DownloadPlan | None:
    """Return the plan of an unfinished download that was requested with the very same text."""
    for state in session.app.downloads.list_downloads():
        if state.plan.request == request.strip() and state.state != DONE:
            return state.plan
    return None


def _show_download(session: Session, console: Console, download_id: str) -> int:
    """Show the progress of a download until it ends; Ctrl-C pauses it."""
    downloads = session.app.downloads
    for event in session.events(lambda: downloads.pause_download(download_id)):
        if not isinstance(event, DownloadChanged):
            continue
        state = event.download
        if state.plan.download_id != download_id:
            continue
        if console.as_json:
            console.print_json({"event": "fetch", **_fields(state)})
        if state.state == FAILED and state.problem:
            raise RequestRefused(state.problem)
        if state.state == PAUSED:
            console.print_problem(problem_of(InglenookError(ErrorCode.CANCELLED)))
            return 1
        if state.state == DONE:
            return _print_done(console, state)
        _show_progress(console, state)
    raise AssertionError("events never end")


def _print_done(console: Console, state: DownloadState) -> int:
    if not console.as_json:
        name = state.ref or state.plan.name
        console.print_line(
            _("{name} is here, whole and checked: {path}").format(name=name, path=state.plan.target)
        )
    if state.problem:
        console.print_problem(state.problem)
        return 1
    return 0


def _show_progress(console: Console, state: DownloadState) -> None:
    total = state.plan.total_bytes
    percent = 100 * state.done // total if total else 0
    if state.state == CHECKING:
        rest = _("checking")
    else:
        speed = _("{size}/s").format(size=format_bytes(int(state.bytes_per_second)))
        rest = " · ".join(filter(None, (speed, format_time_left(state.seconds_left))))
    size = _("{done} of {total}").format(done=format_bytes(state.done), total=format_bytes(total))
    console.show_progress(percent, 100, f"{size} · {rest}")


def _question(plan: DownloadPlan) -> str:
    text = _("Fetch {name} from {host}: {size}, {files}{licence}?")
    licence = _(", licence {name}").format(name=plan.licence) if plan.licence else ""
    return text.format(
        name=plan.name,
        host=plan.host,
        size=format_bytes(plan.total_bytes),
        files=", ".join(file.name for file in plan.files[:3]) + (" …" if plan.files[3:] else ""),
        licence=licence,
    )


def _print_plan(console: Console, plan: DownloadPlan) -> None:
    if console.as_json:
        console.print_json(_plan_fields(plan))
    else:
        console.print_line(_question(plan).rstrip("?"))


def _print_estimate(console: Console, plan: DownloadPlan) -> int:
    """Print what the catalog tells of a download; nobody is asked for it."""
    if console.as_json:
        console.print_json({**_plan_fields(plan), "estimated": True})
        return 0
    console.print_line(_question(plan).rstrip("?"))
    note = _("As the catalog says, the size computed; with “--yes”, {host} is asked.")
    console.print_note(note.format(host=plan.host))
    return 0


def _show_all(console: Console, states: tuple[DownloadState, ...]) -> int:
    for state in states:
        if console.as_json:
            console.print_json(_fields(state))
    if not console.as_json and states:
        heads = (_("NAME"), _("FROM"), _("HERE"), _("OF"), _("STATE"))
        console.print_table(heads, [_row(state) for state in states])
    elif not console.as_json:
        console.print_note(_("Nothing is being fetched."))
    return 0


def _row(state: DownloadState) -> tuple[str, ...]:
    plan = state.plan
    size, done = format_bytes(plan.total_bytes), format_bytes(state.done)
    labels = {PAUSED: _("paused"), FAILED: _("failed"), DONE: _("done")}
    return plan.name, plan.host, done, size, labels.get(state.state, _("going on"))


def _plan_fields(plan: DownloadPlan) -> dict[str, object]:
    return {
        "name": plan.name,
        "repository": plan.repository,
        "commit": plan.commit,
        "host": plan.host,
        "bytes": plan.total_bytes,
        "files": [file.name for file in plan.files],
        "path": plan.target,
        "licence": plan.licence,
    }


def _fields(state: DownloadState) -> dict[str, object]:
    return {
        **_plan_fields(state.plan),
        "state": state.state,
        "done": state.done,
        "checked": state.checked,
        "bytes_per_second": round(state.bytes_per_second),
        "ref": state.ref,
    }


def _add_get_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "request",
        nargs="?",
        type=non_empty_text,
        metavar=_("NAME"),
        help=_("a name of the catalog, or OWNER/REPOSITORY, with “:LEVEL” or “:FILE” behind it"),
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--list", action="store_true", help=_("list what was begun"))
    which.add_argument("--drop", action="store_true", help=_("remove what was fetched of it"))
    which.add_argument(
        "--dry-run",
        action="store_true",
        help=_("say what would be fetched; a name of the catalog asks nobody without --yes"),
    )
    add_yes_argument(parser)


def _add_token_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forget", action="store_true", help=_("take the token out again"))


COMMANDS = (
    ModelCommand("get", N_("fetch a model from a hub"), download_model, _add_get_arguments),
    ModelCommand(
        "token",
        N_("keep an access token for the hub in the key store"),
        change_hub_token,
        _add_token_arguments,
    ),
)
