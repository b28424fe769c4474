"""`inglenook model server …`: servers of the person's own, asked in chats that chose them."""

import argparse

from core.app.events_fetch import KeyStored, ServerTested
from core.app.problems import problem_of
from core.cli.consent import add_yes, agree, secret
from core.cli.console import Console
from core.cli.model_command import ModelCommand, not_empty
from core.cli.sampling_arguments import whole_number
from core.cli.server_words import hosts_of, server_fields
from core.cli.session import RequestRefused, Session
from core.courier.address import parse
from core.errors import Code, NetworkError
from core.messages import ServerModel
from core.models.naming import slug
from core.models.servers import ServerEntry
from core.words import N_, _


def add(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Put a server among the models, after asking it what it offers."""
    servers, name = session.app.servers, slug(options.name)
    taken = {entry.ref for entry in session.app.models.all()}
    if name in taken | {entry.name for entry in servers.all()}:  # adding keeps no old key
        raise NetworkError(Code.SERVER_NAME_TAKEN, name=name)
    hosts = ", ".join(parse(address).name for address in options.addresses)
    agree(console, consent_words(name, hosts), hosts, beforehand=options.yes)
    key_name = f"server {name}" if options.key else ""
    if options.key:
        _keep_key(session, key_name, secret(_("Key for {hosts}:").format(hosts=hosts)))
    model, context = options.model or "", options.context
    try:
        if not options.untested:
            offered = [_offered(session, address, key_name) for address in options.addresses]
            chosen = _chosen(offered[0], model, options.addresses[0])
            model, context = chosen.name, context or chosen.context
        elif not model:
            raise NetworkError(Code.SERVER_MODEL, host=hosts, models="–")
    except (NetworkError, RequestRefused):
        if key_name:  # the key of a server that was not added is nobody's
            _keep_key(session, key_name, "")
        raise
    servers.add(name, options.addresses, model, context=context, has_key=options.key)
    server = servers.allow(name)
    if console.as_json:
        console.json(server_fields(server))
    else:
        words = _("Added {name}: {model} at {hosts}. Chats use it when you choose it there.")
        console.line(words.format(name=server.name, model=server.model, hosts=hosts))
    return 0


def show_all(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the servers; nobody is asked anything."""
    servers = session.app.servers.all()
    if console.as_json:
        for server in servers:
            console.json(server_fields(server))
    elif not servers:
        console.note(_("There are no servers; “inglenook model server add” adds one."))
    else:
        heads = (_("NAME"), _("MODEL"), _("CONTEXT"), _("ADDRESSES"), _("KEY"), _("AGREED"))
        console.table(heads, [_row(server) for server in servers])
    return 0


def remove(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Forget a server and its key."""
    server = session.app.servers.remove(options.name)
    if server.key_name:
        _keep_key(session, server.key_name, "")
    if not console.as_json:
        console.line(_("{name} is forgotten.").format(name=server.name))
    return 0


def test(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Ask each address of a server what it offers; 1 if one doesn't answer as it should."""
    server = session.app.servers.ready(options.name)
    return max(_test_one(session, console, server, address) for address in server.addresses)


def allow(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Agree that text leaves for a server, or no longer."""
    servers = session.app.servers
    server = servers.find(options.name)
    if options.no:
        server = servers.withdraw(options.name)
    elif server.lacking:
        hosts = ", ".join(parse(address).name for address in server.lacking)
        agree(console, consent_words(server.name, hosts), hosts, beforehand=options.yes)
        server = servers.allow(options.name)
    if console.as_json:
        console.json(server_fields(server))
    else:
        said = _("No text leaves for {name}.") if options.no else _("Text may leave for {name}.")
        console.line(said.format(name=server.name))
    return 0


def key(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Put another key into the key store, or take it out."""
    servers = session.app.servers
    server = servers.find(options.name)
    name = f"server {server.name}"
    words = "" if options.forget else secret(_("Key for {name}:").format(name=server.name))
    _keep_key(session, name, words)
    servers.add(
        server.name,
        server.addresses,
        server.model,
        context=server.context,
        has_key=bool(words),
    )
    if not console.as_json:
        said = _("The key of {name} is kept.") if words else _("The key of {name} is gone.")
        console.line(said.format(name=server.name))
    return 0


def consent_words(name: str, hosts: str) -> str:
    """Ask whether text may leave."""
    words = _(
        "What you write in chats that use “{name}”, and passages of documents asked there, "
        "leaves this computer for {hosts}. Agree?"
    )
    return words.format(name=name, hosts=hosts)


def _keep_key(session: Session, name: str, words: str) -> None:
    session.result(session.app.keys.keep(name, words), KeyStored)


def _offered(session: Session, address: str, key_name: str) -> tuple[ServerModel, ...]:
    return session.result(session.app.servers.test(address, key_name), ServerTested).models


def _chosen(models: tuple[ServerModel, ...], name: str, address: str) -> ServerModel:
    """Return the model that was named, or the only one there is. Raises NetworkError."""
    found = [model for model in models if name in {"", model.name}]
    if len(found) == 1:
        return found[0]
    names = ", ".join(model.name for model in models[:12]) or "–"
    raise NetworkError(Code.SERVER_MODEL, host=parse(address).name, models=names)


def _test_one(session: Session, console: Console, server: ServerEntry, address: str) -> int:
    """Tell how one address did; one that fails doesn't end the test of the others."""
    try:
        request_id = session.app.servers.test(address, server.key_name)
        tested = session.result(request_id, ServerTested)
        _chosen(tested.models, server.model, address)
    except RequestRefused as error:
        console.failed(error.problem, address=address)
        return 1
    except NetworkError as error:
        console.failed(problem_of(error), address=address)
        return 1
    if console.as_json:
        models = [model.name for model in tested.models]
        seconds = round(tested.seconds, 4)
        console.json({"address": address, "models": models, "seconds": seconds})
    else:
        words = _("{host} answers in {milliseconds} ms and has {model}.")
        host, milliseconds = parse(address).name, round(1000 * tested.seconds)
        console.line(words.format(host=host, milliseconds=milliseconds, model=server.model))
    return 0


def _row(server: ServerEntry) -> tuple[str, ...]:
    return (
        server.name,
        server.model,
        str(server.context or ""),
        hosts_of(server),
        _("yes") if server.key_name else "",
        _("no") if server.lacking else _("yes"),
    )


def _name_word(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", type=not_empty, metavar=_("NAME"), help=_("the server's name"))


def _no_words(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def _add_words(parser: argparse.ArgumentParser) -> None:
    _name_word(parser)
    parser.add_argument(
        "addresses",
        nargs="+",
        type=not_empty,
        metavar=_("ADDRESS"),
        help=_("where it is, as http://192.168.1.5:8000/v1; several are spread over"),
    )
    parser.add_argument("--model", type=not_empty, help=_("which of its models; else its only one"))
    parser.add_argument(
        "--context",
        type=whole_number(1024, 10_000_000),
        default=0,
        metavar="N",
        help=_("tokens it reads at once, if it doesn't say"),
    )
    parser.add_argument("--key", action="store_true", help=_("ask for its key, and keep that"))
    parser.add_argument("--untested", action="store_true", help=_("don't ask it anything now"))
    add_yes(parser)


def _allow_words(parser: argparse.ArgumentParser) -> None:
    _name_word(parser)
    parser.add_argument("--no", action="store_true", help=_("agree no longer"))
    add_yes(parser)


def _key_words(parser: argparse.ArgumentParser) -> None:
    _name_word(parser)
    parser.add_argument("--forget", action="store_true", help=_("take the key out again"))


COMMANDS = (
    ModelCommand("server add", N_("put a server of your own among the models"), add, _add_words),
    ModelCommand("server list", N_("list your servers"), show_all, _no_words),
    ModelCommand("server remove", N_("forget a server and its key"), remove, _name_word),
    ModelCommand("server test", N_("ask a server what it offers"), test, _name_word),
    ModelCommand("server allow", N_("agree that text leaves for a server"), allow, _allow_words),
    ModelCommand("server key", N_("keep another key for a server"), key, _key_words),
)
