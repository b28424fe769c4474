"""Command `inglenook ask`: one question, its answer streamed, its sources after it."""

import argparse
import os
from pathlib import Path

from msgspec import structs

from core.app.chats.ask_options import AskOptions
from core.app.chats.routing_service import RoutingDecision
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.base.settings import app_settings
from core.chat.answering.answer_events import AnswerStarted
from core.chat.answering.answer_request import DocumentUse
from core.chat.consensus.consensus_run import DEFAULT_SAMPLES
from core.chat.conversations.conversation import Role, TurnState
from core.cli.chats.answer_printing import print_answers
from core.cli.chats.check_printing import print_checks
from core.cli.console import Console
from core.cli.library.folder_command import check_folder_names, folder_states, resolve_folders
from core.cli.question_input import read_question
from core.cli.sampling_arguments import sampling_from_options
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.library.filesystem.path_encoding import display_name
from core.messages import Adapter, Sampling


def ask_question(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Ask, print the answer as it comes, and return the exit code."""
    app = session.app
    chat_id = app.chats.resolve_chat_id(options.chat) if options.chat else None
    files = _look_first(session, console, options, chat_id)
    folder_ids = tuple(
        folder.folder_id for folder in resolve_folders(session, console, options.folders)
    )
    if chat_id and not folder_ids:
        folder_ids = _chat_folders(session, console, chat_id)
    _override_settings(session, console, options)
    sampling = _sampling(session, options, chat_id, grounded=bool(folder_ids or files))
    asked = AskOptions(
        folder_ids=folder_ids,
        files=files,
        model=options.model or "",
        sampling=sampling,
        max_tokens=options.max_tokens,
        try_anyway=options.try_anyway,
        when_full=options.when_full.replace("-", "_"),
        adapters=_chosen_adapters(session, options),
        samples=options.samples or (DEFAULT_SAMPLES if options.agree else 1),
        agree=options.agree,
        temporary=options.temporary,
        fresh=options.fresh,
        document_use=DocumentUse(options.documents),
        only_proven=options.only_proven,
        may_repeat=options.may_repeat,
        use_tools=options.tools or bool(options.allowed_tools),
    )
    started = app.questions.ask_question(options.question, asked, chat_id=chat_id)
    shown = 1 if asked.agree or asked.use_tools else asked.samples
    code = print_answers(session, console, started, options, samples=shown)
    if code and not (chat_id or options.temporary):
        _discard_failed_chat(session, started.chat_id)
    if code == 0:
        _print_more(session, console, options, started)
    return code


def _print_more(
    session: Session, console: Console, options: argparse.Namespace, started: AnswerStarted
) -> None:
    """Print what goes beyond the answer that is complete."""
    if not (options.temporary or console.as_json):
        _name_judging(session, console, started)
    if options.verify:
        print_checks(session, console, started.chat_id, started.turn_id)


def _name_judging(session: Session, console: Console, started: AnswerStarted) -> None:
    """After a refusal, name the command by which the model may take part in the next decision.

    A terminal's own application never has the idle time in which a window measures that.
    """
    app = session.app
    turn = app.chat_service.load_chat(started.chat_id).turns[started.turn_id]
    if not turn.statistics.is_refused or not app.settings.get_value(app_settings.CHAT_JUDGE):
        return
    entry = app.models.find_usable_model(started.model)
    if app.abilities.is_unmeasured(entry.path):
        words = _(
            "{model} may be able to find such answers: “inglenook model judge {model}” tries that"
            " once, in some minutes."
        )
        console.print_note(words.format(model=entry.ref))


def _look_first(
    session: Session, console: Console, options: argparse.Namespace, chat_id: str | None
) -> tuple[str, ...]:
    """Read the question and return the files to ask; raises before anything is started."""
    question = read_question(console, options.question, session.app.attachments.save_text)
    options.question = question.text
    files = (*(_file_path(name) for name in options.files), *question.files)
    if options.only_proven and not (options.folders or files or chat_id):
        console.print_note(_("“--only-proven” leaves nothing out without a folder or a file."))
    check_folder_names(session, options.folders)
    _route_question(session, options, chat_id, grounded=bool(options.folders or files))
    return files


def _sampling(
    session: Session, options: argparse.Namespace, chat_id: str | None, *, grounded: bool
) -> Sampling | None:
    """Return how the model that will answer samples, with what the options change."""
    app = session.app
    choice = _route_question(session, options, chat_id, grounded=grounded)
    general = app.model_settings.sampling_for(
        choice.entry.path, grounded=grounded, preset=options.preset
    )
    return sampling_from_options(general, options)


def _route_question(
    session: Session, options: argparse.Namespace, chat_id: str | None, *, grounded: bool
) -> RoutingDecision:
    """Return who will answer. Raises ModelError or NetworkError before anything is started."""
    app = session.app
    return app.routing.route_question(
        options.model or "",
        options.question,
        app.chats.load_conversation(chat_id) if chat_id else None,
        grounded=grounded,
        anyway=options.try_anyway,
    )


def _discard_failed_chat(session: Session, chat_id: str) -> None:
    """Delete a new chat that holds a question and no word of an answer."""
    turns = session.app.chat_service.load_chat(chat_id).turns.values()
    answers = [turn for turn in turns if turn.role is Role.ASSISTANT]
    if all(turn.state is TurnState.FAILED and not turn.text for turn in answers):
        session.app.chat_service.delete_chat(chat_id)


def _override_settings(session: Session, console: Console, options: argparse.Namespace) -> None:
    """Set what holds for a whole process; in another one's it is left alone."""
    if options.threads and session.is_guest:
        console.print_note(_("“--threads” is left out: the open Inglenook answers with its own."))
    elif options.threads:
        session.app.settings.override_value(app_settings.THREADS, options.threads)


def _file_path(name: str) -> str:
    """Return the absolute path of a file to be asked. Raises LibraryError if there is none."""
    path = str(absolute_path(name))
    if not os.path.lexists(path):
        raise LibraryError(ErrorCode.FILE_MISSING, path=display_name(path))
    return path


def _chosen_adapters(session: Session, options: argparse.Namespace) -> tuple[Adapter, ...] | None:
    """Return the adapters that were asked for, files or names; None takes those of the chat."""
    if options.adapters or options.no_adapters:
        return tuple(_resolve_adapter(session, adapter) for adapter in options.adapters)
    return None


def _resolve_adapter(session: Session, adapter: Adapter) -> Adapter:
    """Return the adapter; where no such file is, its name may be that of a registered one."""
    path = Path(adapter.path)
    known = "" if path.exists() else session.app.adapters.find_adapter_path(path.name)
    return structs.replace(adapter, path=known) if known else adapter


def _chat_folders(session: Session, console: Console, chat_id: str) -> tuple[str, ...]:
    """Return the ids of a chat's folders that are still there; print a note if one is gone."""
    saved = session.app.chats.load_conversation(chat_id).folder_ids
    if not saved:
        return ()
    known = {folder.folder_id for folder in folder_states(session)}
    found = tuple(folder_id for folder_id in saved if folder_id in known)
    if not found:
        console.print_note(
            _("The folder this chat asked is no longer there; the model answers alone.")
        )
    elif len(found) < len(saved):
        console.print_note(_("A folder this chat asked is no longer there; the others are asked."))
    return found
