"""`inglenook model get` and `model token`: models from a hub, fetched when they are asked for."""

import argparse

from core import reaching
from core.app.durations import time_left
from core.app.events_fetch import FetchMoved, FetchPlanned, FetchState, KeyStored
from core.app.fetches import CHECKING, DONE, FAILED, PAUSED
from core.app.problems import problem_of
from core.cli.consent import add_yes, agree, secret
from core.cli.console import Console
from core.cli.model_command import ModelCommand, not_empty
from core.cli.session import RequestRefused, Session
from core.errors import Code, InglenookError, NetworkError
from core.models.fetching import FetchPlan
from core.sizes import human_bytes
from core.words import N_, _


def get(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Fetch a model, go on with a fetch, list what was begun, or drop it."""
    fetches = session.app.fetches
    if options.list:
        return _show_all(console, fetches.all())
    if options.wish is None:
        raise NetworkError(Code.FETCH_WISH, wish="")
    if options.drop:
        state = fetches.find(options.wish)
        fetches.drop(state.plan.fetch_id)
        session.app.pump()
        if not console.as_json:
            console.line(_("{name} is dropped.").format(name=state.plan.name))
        return 0
    plan = _begun(session, options.wish)
    if plan is None:
        host = fetches.host
        question = _("Ask {host} what it has of “{wish}”?").format(host=host, wish=options.wish)
        agree(console, question, host, beforehand=options.yes)
        plan = session.result(fetches.plan(options.wish), FetchPlanned).plan
    if options.dry_run:
        _tell_plan(console, plan)
        return 0
    agree(console, _question(plan), plan.host, beforehand=options.yes)
    return _follow(session, console, fetches.begin(plan))


def token(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Keep an access token for the hub in the system's key store, or forget it."""
    hub = str(session.app.settings.get(reaching.HUB))
    words = "" if options.forget else secret(_("Access token for {hub}:").format(hub=hub))
    session.result(session.app.keys.keep_token(hub, words), KeyStored)
    if not console.as_json:
        said = _("The token for {hub} is kept.") if words else _("The token for {hub} is gone.")
        console.line(said.format(hub=hub))
    return 0


def _begun(session: Session, wish: str) -> FetchPlan | None:
    """Return the plan of a fetch that was begun with the very same words."""
    for state in session.app.fetches.all():
        if state.plan.wish == wish.strip() and state.state != DONE:
            return state.plan
    return None


def _follow(session: Session, console: Console, fetch_id: str) -> int:
    """Show how far a fetch is, until it ends; Ctrl-C pauses it."""
    fetches = session.app.fetches
    for event in session.events(lambda: fetches.pause(fetch_id)):
        if not isinstance(event, FetchMoved) or event.fetch.plan.fetch_id != fetch_id:
            continue
        state = event.fetch
        if console.as_json:
            console.json({"event": "fetch", **_fields(state)})
        if state.state == FAILED and state.problem:
            raise RequestRefused(state.problem)
        if state.state == PAUSED:
            console.problem(problem_of(InglenookError(Code.CANCELLED)))
            return 1
        if state.state == DONE:
            return _tell_done(console, state)
        _show_progress(console, state)
    raise AssertionError("events never end")


def _tell_done(console: Console, state: FetchState) -> int:
    if not console.as_json:
        name = state.ref or state.plan.name
        console.line(
            _("{name} is here, whole and checked: {path}").format(name=name, path=state.plan.target)
        )
    if state.problem:
        console.problem(state.problem)
        return 1
    return 0


def _show_progress(console: Console, state: FetchState) -> None:
    total = state.plan.total
    percent = 100 * state.done // total if total else 0
    if state.state == CHECKING:
        rest = _("checking")
    else:
        speed = _("{size}/s").format(size=human_bytes(int(state.bytes_per_second)))
        rest = " · ".join(filter(None, (speed, time_left(state.seconds_left))))
    size = _("{done} of {total}").format(done=human_bytes(state.done), total=human_bytes(total))
    console.progress(percent, 100, f"{size} · {rest}")


def _question(plan: FetchPlan) -> str:
    words = _("Fetch {name} from {host}: {size}, {files}{licence}?")
    licence = _(", licence {name}").format(name=plan.licence) if plan.licence else ""
    return words.format(
        name=plan.name,
        host=plan.host,
        size=human_bytes(plan.total),
        files=", ".join(file.name for file in plan.files[:3]) + (" …" if plan.files[3:] else ""),
        licence=licence,
    )


def _tell_plan(console: Console, plan: FetchPlan) -> None:
    if console.as_json:
        console.json(_plan_fields(plan))
    else:
        console.line(_question(plan).rstrip("?"))


def _show_all(console: Console, states: tuple[FetchState, ...]) -> int:
    for state in states:
        if console.as_json:
            console.json(_fields(state))
    if not console.as_json and states:
        heads = (_("NAME"), _("FROM"), _("HERE"), _("OF"), _("STATE"))
        console.table(heads, [_row(state) for state in states])
    elif not console.as_json:
        console.note(_("Nothing is being fetched."))
    return 0


def _row(state: FetchState) -> tuple[str, ...]:
    plan = state.plan
    size, done = human_bytes(plan.total), human_bytes(state.done)
    words = {PAUSED: _("paused"), FAILED: _("failed"), DONE: _("done")}
    return plan.name, plan.host, done, size, words.get(state.state, _("going on"))


def _plan_fields(plan: FetchPlan) -> dict[str, object]:
    return {
        "name": plan.name,
        "repository": plan.repository,
        "commit": plan.commit,
        "host": plan.host,
        "bytes": plan.total,
        "files": [file.name for file in plan.files],
        "path": plan.target,
        "licence": plan.licence,
    }


def _fields(state: FetchState) -> dict[str, object]:
    return {
        **_plan_fields(state.plan),
        "state": state.state,
        "done": state.done,
        "checked": state.checked,
        "bytes_per_second": round(state.bytes_per_second),
        "ref": state.ref,
    }


def _get_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "wish",
        nargs="?",
        type=not_empty,
        metavar=_("NAME"),
        help=_("a name of the catalog, or OWNER/REPOSITORY, with “:LEVEL” or “:FILE” behind it"),
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--list", action="store_true", help=_("list what was begun"))
    which.add_argument("--drop", action="store_true", help=_("remove what was fetched of it"))
    which.add_argument("--dry-run", action="store_true", help=_("say what would be fetched"))
    add_yes(parser)


def _token_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forget", action="store_true", help=_("take the token out again"))


COMMANDS = (
    ModelCommand("get", N_("fetch a model from a hub"), get, _get_words),
    ModelCommand(
        "token", N_("keep an access token for the hub in the key store"), token, _token_words
    ),
)
