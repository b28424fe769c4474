"""Commands of `inglenook model server`: the person's own servers."""

import argparse
import os
from collections.abc import Sequence

from core.app.problems import problem_of
from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import N_, _
from core.cli.argument_types import non_empty_text, real_number, whole_number
from core.cli.consent_prompt import add_yes_argument, ask_consent, read_secret
from core.cli.console import Console
from core.cli.library_session import RequestRefused
from core.cli.models.model_command import ModelCommand, add_no_arguments
from core.cli.session import Session
from core.courier.connection.host_address import host_names, parse_address, unencrypted_warning
from core.ipc.key_variables import key_variable
from core.messages import ServerModel
from core.models.info.model_naming import slug
from core.models.server_registry import MAX_PRICE, ServerEntry


def server_fields(server: ServerEntry) -> dict[str, object]:
    """Return a server as a JSON object for scripts."""
    return {
        "ref": server.name,
        "model": server.model,
        "context": server.context,
        "addresses": list(server.addresses),
        "key": bool(server.key_name),
        "agreed": not server.unapproved_addresses,
        "price_read": server.price_read,
        "price_written": server.price_written,
        "budget": server.budget,
    }


def format_server(server: ServerEntry) -> str:
    """Return the line of a server in a list of models."""
    text = _("Server {name}: {model} at {hosts}")
    return text.format(name=server.name, model=server.model, hosts=host_names(server.addresses))


def add_server(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Add a server to the models, after asking it what it offers."""
    servers, name = session.app.servers, slug(options.name)
    taken = {entry.ref for entry in session.app.registry.list_models()}
    if name in taken | {entry.name for entry in servers.list_servers()}:  # an old key would stay
        raise NetworkError(ErrorCode.SERVER_NAME_TAKEN, name=name)
    hosts = host_names(options.addresses)
    _ask_to_send(console, name, options.addresses, beforehand=options.yes)
    key_name = f"server {name}" if options.key else ""
    if options.key:
        _ask_key(session, console, key_name, hosts)
    model, context = options.model or "", options.context
    try:
        if not options.untested:
            tested = [
                session.wait_for(servers.test_server(address, key_name))
                for address in options.addresses
            ]
            chosen = _choose_model(tested[0].models, model, options.addresses[0])
            model, context = chosen.name, context or chosen.context
        elif not model:
            raise NetworkError(ErrorCode.SERVER_MODEL, host=hosts, models="–")
    except (NetworkError, RequestRefused):
        if key_name:  # nothing would ever use or delete it
            _store_key(session, key_name, "")
        raise
    servers.add_server(name, options.addresses, model, context=context, has_key=options.key)
    server = servers.allow_server(name)
    if console.as_json:
        console.print_json(server_fields(server))
    else:
        text = _("Added {name}: {model} at {hosts}. Chats use it when you choose it there.")
        console.print_line(text.format(name=server.name, model=server.model, hosts=hosts))
    return 0


def list_servers(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the servers; no server is asked anything."""
    servers = session.app.servers.list_servers()
    if console.as_json:
        for server in servers:
            console.print_json(server_fields(server))
    elif not servers:
        console.print_note(_("There are no servers; “inglenook model server add” adds one."))
    else:
        heads = (_("NAME"), _("MODEL"), _("CONTEXT"), _("ADDRESSES"), _("KEY"), _("AGREED"))
        console.print_table(heads, [_row(server) for server in servers])
    return 0


def remove_server(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Remove a server and its key."""
    server = session.app.servers.remove_server(options.name)
    if server.key_name:
        _store_key(session, server.key_name, "")
    if not console.as_json:
        console.print_line(_("{name} is forgotten.").format(name=server.name))
    return 0


def check_server(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Ask each address of a server what it offers; 1 if one doesn't answer as it should."""
    server = session.app.servers.approved_server(options.name)
    return max(_check_address(session, console, server, address) for address in server.addresses)


def allow_server(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Agree that text is sent to a server, or take the consent back."""
    servers = session.app.servers
    server = servers.find_server(options.name)
    if options.no:
        server = servers.disallow_server(options.name)
    elif server.unapproved_addresses:
        _ask_to_send(console, server.name, server.unapproved_addresses, beforehand=options.yes)
        server = servers.allow_server(options.name)
    if console.as_json:
        console.print_json(server_fields(server))
    else:
        text = _("No text leaves for {name}.") if options.no else _("Text may leave for {name}.")
        console.print_line(text.format(name=server.name))
    return 0


def change_server_key(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Store another key for a server, or delete it."""
    servers = session.app.servers
    server = servers.find_server(options.name)
    name = f"server {server.name}"
    key = "" if options.forget else read_secret(_("Key for {name}:").format(name=server.name))
    _store_key(session, name, key)
    servers.add_server(
        server.name,
        server.addresses,
        server.model,
        context=server.context,
        has_key=bool(key),
    )
    if not console.as_json:
        text = _("The key of {name} is kept.") if key else _("The key of {name} is gone.")
        console.print_line(text.format(name=server.name))
    return 0


def set_server_price(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Set what a server's tokens cost, and its budget; what isn't named stays."""
    server = session.app.servers.find_server(options.name)
    given = (options.read, options.written, options.budget)
    usual = (server.price_read, server.price_written, server.budget)
    read, written, budget = (
        old if new is None else new for new, old in zip(given, usual, strict=True)
    )
    server = session.app.servers.set_price(server.name, read, written, budget)
    if console.as_json:
        console.print_json(server_fields(server))
    else:
        text = _("{name}: {read:g} and {written:g} per million tokens, at most {budget:g} a month")
        console.print_line(text.format(name=server.name, read=read, written=written, budget=budget))
    return 0


def format_consent_question(name: str, addresses: Sequence[str]) -> str:
    """Return the question whether text may be sent to a server, with a warning if it is due."""
    text = _(
        "What you write in chats that use “{name}”, and passages of documents asked there, "
        "leaves this computer for {hosts}. Agree?"
    )
    question = text.format(name=name, hosts=host_names(addresses))
    return " ".join(part for part in (unencrypted_warning(addresses), question) if part)


def _ask_to_send(
    console: Console, name: str, addresses: Sequence[str], *, beforehand: bool
) -> None:
    """Ask whether text may be sent; who agreed beforehand is warned all the same."""
    if beforehand and (warning := unencrypted_warning(addresses)):
        console.print_note(warning)
    question = format_consent_question(name, addresses)
    ask_consent(console, question, host_names(addresses), beforehand=beforehand)


def _ask_key(session: Session, console: Console, key_name: str, hosts: str) -> None:
    """Read a key and store it; one that a variable holds stays there and is not asked for."""
    variable = key_variable(key_name)
    if os.environ.get(variable, "").strip():
        console.print_note(
            _("The key is read from {variable} each time.").format(variable=variable)
        )
        return
    _store_key(session, key_name, read_secret(_("Key for {hosts}:").format(hosts=hosts)))


def _store_key(session: Session, name: str, key: str) -> None:
    session.wait_for(session.app.keys.store_key(name, key))


def _choose_model(models: tuple[ServerModel, ...], name: str, address: str) -> ServerModel:
    """Return the model that was named, or the only one there is. Raises NetworkError."""
    found = [model for model in models if name in {"", model.name}]
    if len(found) == 1:
        return found[0]
    names = ", ".join(model.name for model in models[:12]) or "–"
    raise NetworkError(ErrorCode.SERVER_MODEL, host=parse_address(address).name, models=names)


def _check_address(session: Session, console: Console, server: ServerEntry, address: str) -> int:
    """Print the result for one address; a failure doesn't end the test of the others."""
    try:
        tested = session.wait_for(session.app.servers.test_server(address, server.key_name))
        _choose_model(tested.models, server.model, address)
    except RequestRefused as error:
        console.print_failure(error.problem, address=address)
        return 1
    except NetworkError as error:
        console.print_failure(problem_of(error), address=address)
        return 1
    if console.as_json:
        models = [model.name for model in tested.models]
        seconds = round(tested.seconds, 4)
        console.print_json({"address": address, "models": models, "seconds": seconds})
    else:
        text = _("{host} answers in {milliseconds} ms and has {model}.")
        host, milliseconds = parse_address(address).name, round(1000 * tested.seconds)
        console.print_line(text.format(host=host, milliseconds=milliseconds, model=server.model))
    return 0


def _row(server: ServerEntry) -> tuple[str, ...]:
    return (
        server.name,
        server.model,
        str(server.context or ""),
        host_names(server.addresses),
        _("yes") if server.key_name else "",
        _("no") if server.unapproved_addresses else _("yes"),
    )


def _add_name_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", type=non_empty_text, metavar=_("NAME"), help=_("the server's name"))


def _add_add_arguments(parser: argparse.ArgumentParser) -> None:
    _add_name_argument(parser)
    parser.add_argument(
        "addresses",
        nargs="+",
        type=non_empty_text,
        metavar=_("ADDRESS"),
        help=_("where it is, as http://192.168.1.5:8000/v1; several are spread over"),
    )
    parser.add_argument(
        "--model", type=non_empty_text, help=_("which of its models; else its only one")
    )
    parser.add_argument(
        "--context",
        type=whole_number(1024, 10_000_000),
        default=0,
        metavar="N",
        help=_("tokens it reads at once, if it doesn't say"),
    )
    parser.add_argument("--key", action="store_true", help=_("ask for its key, and keep that"))
    parser.add_argument("--untested", action="store_true", help=_("don't ask it anything now"))
    add_yes_argument(parser)


def _add_allow_arguments(parser: argparse.ArgumentParser) -> None:
    _add_name_argument(parser)
    parser.add_argument("--no", action="store_true", help=_("agree no longer"))
    add_yes_argument(parser)


def _add_key_arguments(parser: argparse.ArgumentParser) -> None:
    _add_name_argument(parser)
    parser.add_argument("--forget", action="store_true", help=_("take the key out again"))


def _add_price_arguments(parser: argparse.ArgumentParser) -> None:
    _add_name_argument(parser)
    price = real_number(0, MAX_PRICE)
    for option, about in (
        ("--read", _("price of a million tokens it reads")),
        ("--written", _("price of a million tokens it writes")),
        ("--budget", _("most that a month may cost; 0: no limit")),
    ):
        parser.add_argument(option, type=price, default=None, metavar="X", help=about)


COMMANDS = (
    ModelCommand(
        "server add",
        N_("put a server of your own among the models"),
        add_server,
        _add_add_arguments,
    ),
    ModelCommand("server list", N_("list your servers"), list_servers, add_no_arguments),
    ModelCommand(
        "server remove", N_("forget a server and its key"), remove_server, _add_name_argument
    ),
    ModelCommand(
        "server test", N_("ask a server what it offers"), check_server, _add_name_argument
    ),
    ModelCommand(
        "server allow",
        N_("agree that text leaves for a server"),
        allow_server,
        _add_allow_arguments,
    ),
    ModelCommand(
        "server price",
        N_("set what a server costs, and its budget for a month"),
        set_server_price,
        _add_price_arguments,
    ),
    ModelCommand(
        "server key", N_("keep another key for a server"), change_server_key, _add_key_arguments
    ),
)
