"""Commands `inglenook serve` and `inglenook serve token`."""

import argparse

from core.app.api.api_service import USUAL_TOKEN
from core.app.api.api_token_store import ApiTokenSummary
from core.app.events.api_events import ApiRequestEnded, ApiStateChanged
from core.base.errors import EngineError, ErrorCode
from core.base.i18n import _
from core.cli.console import Console
from core.cli.library_session import Interrupted
from core.cli.serving.request_printer import RequestPrinter
from core.cli.session import Session


def serve_programs(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Answer other programs until Ctrl-C. Raises EngineError if the port's child ends."""
    api = session.app.api
    was_open = api.is_asked_for  # perhaps by another “serve” that waits for the key store
    opened = session.wait_for(api.open_port(options.port))
    session.wait_for(api.read_token())  # there is one from the start
    _print_address(console, opened.address, options.port, was_open=was_open)
    if not session.is_guest:
        session.app.preload_model()  # the first request would wait for it
    printer = RequestPrinter(console)
    try:
        for event in session.events():
            if isinstance(event, ApiRequestEnded):
                printer.add_request(event.activity)
            elif isinstance(event, ApiStateChanged) and event.failed:
                raise EngineError(ErrorCode.API_DIED, detail="api.log")
    except Interrupted:
        console.clear_status()
    finally:
        printer.close()
        if session.is_guest and not was_open:  # the application stays, what it opened for us not
            api.close_port()
    return 0


def _print_address(console: Console, address: str, wanted: int | None, *, was_open: bool) -> None:
    """Say where it listens; where the window or another “serve” does, this only shows requests."""
    if console.as_json:
        console.print_json({"event": "listening", "address": address, "was_open": was_open})
        return
    if not was_open:
        console.print_line(_("Listening at {address}").format(address=address))
    else:
        console.print_line(_("It listens already, at {address}").format(address=address))
        if wanted and not address.endswith(f":{wanted}"):
            text = _(
                "Port {port} isn't opened beside it; end that first. Here its requests are shown."
            )
            console.print_note(text.format(port=wanted))
    console.print_note(_("“inglenook serve token” shows the token; Ctrl-C ends it."))


def _print_tokens(console: Console, tokens: tuple[ApiTokenSummary, ...]) -> None:
    if console.as_json:
        for each in tokens:
            console.print_json({"name": each.name, "scopes": list(each.scopes)})
    elif tokens:
        rows = [(each.name, ", ".join(each.scopes)) for each in tokens]
        console.print_table((_("NAME"), _("GOOD FOR")), rows)
    else:
        console.print_note(_("There is no token; “inglenook serve token” makes one."))


def show_token(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the token of a name, the usual one without; list the tokens, or take one away."""
    api, name = session.app.api, options.name or USUAL_TOKEN
    if options.list or options.forget:
        listed = session.wait_for(api.list_tokens(forget=name if options.forget else ""))
        _print_tokens(console, listed)
        return 0
    reply = api.read_token(name, scopes=tuple(dict.fromkeys(options.scopes)), renew=options.renew)
    read = session.wait_for(reply)
    if console.as_json:
        console.print_json({"name": read.name, "token": read.token, "scopes": list(read.scopes)})
    else:
        console.print_line(read.token)
    return 0
