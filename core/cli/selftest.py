"""`inglenook selftest`: every part of an installed program does its work once, in a scratch folder.

What the frozen program lacks is found here and nowhere else: a backend, a model, a data file of a
library, a program for the children. Each step is timed and says what it saw.
"""

import argparse
import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import uuid_utils

from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerText,
    DevicesFound,
    FolderSynced,
    SearchFinished,
    SkippedListed,
)
from core.cli.console import Console
from core.cli.session import RequestRefused, Session
from core.courier.contacts import CONTACTS_VARIABLE
from core.errors import Code, EngineError, InglenookError, ModelError
from core.messages import Failed, Hello, Message, Sampling, WorkerDied
from core.messages.selftest import CheckIndex, IndexChecked, SelftestEvent
from core.paths import resources_folder
from core.words import _
from core.worker import Worker, describe_death

TOKENS = 2
QUESTIONS = {
    "How often does the foghorn sound?": "lighthouse.md",
    "When does the last ferry leave the island?": "ferry.pdf",
    "What must the green crate be kept away from?": "crate.png",
}
"""Each is answered in one of the documents that ship for this test."""
STEP_SECONDS = 120.0
"""A step that takes longer has failed; on two busy cores the longest takes ten."""

ELSEWHERE = ("courier", "levels", "bench")
"""Roles of children that no other step starts."""

Step = Callable[[Session], str]
Wanted = TypeVar("Wanted", bound=Message)


class SelftestError(Exception):
    """A step saw something else than it should; the text says what."""


@contextlib.contextmanager
def scratch_root(parent: Path | None) -> Iterator[Path]:
    """Give a new data folder, in `parent` or where the system keeps such.

    Its own parent is new as well, and all of it is gone afterwards.
    """
    if parent:
        parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="inglenook-selftest-", dir=parent)).absolute()
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def selftest(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Run every step, whatever the others did; 0 only if all went well."""
    failed = 0
    for name, step in steps().items():
        started = time.monotonic()
        try:
            passed, detail = True, step(session)
        except (SelftestError, InglenookError) as error:
            passed, detail = False, str(error)
        except RequestRefused as error:
            passed, detail = False, f"{error.problem.message} {error.problem.hint}"
        failed += not passed
        tell(console, name, detail, passed=passed, seconds=time.monotonic() - started)
    return 1 if failed else 0


def steps() -> dict[str, Step]:
    """Return the steps by the name scripts know them under, in order."""
    return {
        "devices": _devices,
        "answer": _answer,
        "folder": _folder,
        "search": _search,
        "index": _index,
        "children": _children,
    }


def tell(console: Console, name: str, detail: str, *, passed: bool, seconds: float) -> None:
    """Print how one step went."""
    if console.as_json:
        fields = {"step": name, "passed": passed, "seconds": round(seconds, 2), "detail": detail}
        console.json(fields)
    else:
        mark = _("ok") if passed else _("FAILED")
        console.line(f"{mark:8}{name:10}{seconds:6.1f} s  {detail}")


def _devices(session: Session) -> str:
    found = session.result(session.app.plans.list_devices(), DevicesFound).devices
    if not any(device.kind == "cpu" for device in found):
        raise EngineError(Code.DEVICE_UNKNOWN, name="CPU")
    return ", ".join(f"{device.name} ({device.description})" for device in found)


def _answer(session: Session) -> str:
    """Two tokens of the shipped model, through the whole way a question goes."""
    shipped = [entry for entry in session.app.models.all() if not entry.problem_code]
    if not shipped:
        raise ModelError(Code.NO_MODEL)
    sampling = Sampling(temperature=0.0)
    begun = session.app.ask("Hello", sampling=sampling, max_tokens=TOKENS, temporary=True)
    text = ""
    for event in session.events():
        if getattr(event, "turn_id", "") != begun.turn_id:
            continue
        if isinstance(event, AnswerFailed):
            raise RequestRefused(event.problem)
        if isinstance(event, AnswerText):
            text += event.text
        if isinstance(event, AnswerFinished):
            break
    if not text.strip():
        raise SelftestError("the model wrote nothing")
    return f"{text!r} {begun.model}"


def _folder(session: Session) -> str:
    """Read the three documents that ship for this test: text, PDF, and a picture of text."""
    folder = session.app.paths.root.with_name("documents")
    shutil.copytree(resources_folder() / "selftest", folder)
    desk = session.app.folders
    synced = session.result(desk.add(str(folder)), FolderSynced)
    if synced.folder.indexed != len(QUESTIONS):
        listed = session.result(desk.list_skipped(synced.folder.folder_id), SkippedListed)
        reasons = ", ".join(f"{each.file} ({each.code})" for each in listed.files)
        raise SelftestError(f"{synced.folder.indexed} of {len(QUESTIONS)} were read: {reasons}")
    return ", ".join(sorted(QUESTIONS.values()))


def _search(session: Session) -> str:
    for question, file in QUESTIONS.items():
        hits = session.result(session.app.folders.search(question, (), 3), SearchFinished).hits
        if not hits or hits[0].file != file:
            raise SelftestError(f"“{question}” found {[hit.file for hit in hits]}, not {file}")
    return f"{len(QUESTIONS)} questions"


def _index(session: Session) -> str:
    """Chroma, in a child of its own: a library this small needs no index."""
    folder = session.app.paths.root / "self-test-index"
    folder.mkdir()
    request = CheckIndex(request_id=uuid_utils.uuid7().hex, folder=str(folder))
    checked = _first(session, "selftest", SelftestEvent, IndexChecked, request)
    return f"{checked.vectors} vectors"


def _children(session: Session) -> str:
    """Each says hello, so it has found all that it imports at once."""
    for role in ELSEWHERE:
        _first(session, role, Hello, Hello, None)
    return ", ".join(ELSEWHERE)


def _first(
    session: Session,
    role: str,
    events: Any,  # noqa: ANN401 - a union of structs, which has no common type
    wanted: type[Wanted],
    request: Message | None,
) -> Wanted:
    """Start a child, ask it, and return its first event of the kind that is wanted."""
    paths = session.app.paths
    environment = {CONTACTS_VARIABLE: str(paths.contacts)}
    log = paths.logs / f"{role}.log"
    worker: Worker[Any] = Worker(role, events, log, session.wake, environment=environment)
    worker.start()
    if request is not None:
        worker.send(request)
    deadline = time.monotonic() + STEP_SECONDS
    try:
        while time.monotonic() < deadline:
            for event in worker.poll():
                if isinstance(event, wanted):
                    return event
                if isinstance(event, WorkerDied):
                    raise SelftestError(f"{role}: {describe_death(event)}: {event.tail[-500:]}")
                if isinstance(event, Failed):
                    raise SelftestError(event.facts.get("detail", event.code))
            session.wait()
    finally:
        worker.stop()
    raise SelftestError(f"{role}: no word in {STEP_SECONDS:.0f} s")
