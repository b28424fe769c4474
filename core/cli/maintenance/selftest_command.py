"""Command `inglenook selftest`: each part of an installed program works once, in a scratch folder.

What the frozen program lacks is found here and nowhere else: a backend, a model, a data file of a
library, a program for the children. Each step is timed and reports what it found.
"""

import argparse
import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerTextAdded,
)
from core.app.library.document_service import FileLocation
from core.base.errors import EngineError, ErrorCode, InglenookError, ModelError
from core.base.i18n import _
from core.base.paths import resources_folder
from core.cli.console import Console
from core.cli.library_session import RequestRefused
from core.cli.maintenance.selftest_children import SelftestChildren, SelftestError
from core.cli.session import Session
from core.messages import Sampling

TOKENS = 2
QUESTIONS = {
    "How often does the foghorn sound?": "lighthouse.md",
    "When does the last ferry leave the island?": "ferry.pdf",
    "What must the green crate be kept away from?": "crate.png",
}
"""Each is answered in one of the documents that ship for this test."""
_PAGE_WIDTH = 400

Step = Callable[[Session], str]


@contextlib.contextmanager
def scratch_root(parent: Path | None) -> Iterator[Path]:
    """Yield a new data folder, in `parent` or the system's temporary folder.

    Its own parent is new as well, and all of it is gone afterwards.
    """
    if parent:
        parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="inglenook-selftest-", dir=parent)).absolute()
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_selftest(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Run every step, whether or not others fail; return 0 only if all passed."""
    failed = 0
    with SelftestChildren(session) as children:
        for name, step in selftest_steps(children).items():
            failed += not _passes(session, console, name, step)
    return 1 if failed else 0


def _passes(session: Session, console: Console, name: str, step: Step) -> bool:
    started = time.monotonic()
    try:
        passed, detail = True, step(session)
    except (SelftestError, InglenookError) as error:
        passed, detail = False, str(error)
    except RequestRefused as error:
        passed, detail = False, f"{error.problem.message} {error.problem.hint}"
    print_step(console, name, detail, passed=passed, seconds=time.monotonic() - started)
    return passed


def selftest_steps(children: SelftestChildren) -> dict[str, Step]:
    """Return the steps in order, by the names that scripts get."""
    return {
        "devices": _devices,
        "answer": _answer,
        "folder": children.start_during_step(_folder),
        "search": _search,
        "page": _page,
        "index": children.check_index,
        "courier": children.check_courier,
        "children": children.check_greetings,
        "seal": children.describe_seals,
    }


def print_step(console: Console, name: str, detail: str, *, passed: bool, seconds: float) -> None:
    """Print the result of one step."""
    if console.as_json:
        fields = {"step": name, "passed": passed, "seconds": round(seconds, 2), "detail": detail}
        console.print_json(fields)
    else:
        mark = _("ok") if passed else _("FAILED")
        console.print_line(f"{mark:8}{name:10}{seconds:6.1f} s  {detail}")


def _devices(session: Session) -> str:
    found = session.wait_for(session.app.devices.list_devices()).devices
    if not any(device.kind == "cpu" for device in found):
        raise EngineError(ErrorCode.DEVICE_UNKNOWN, name="CPU")
    return ", ".join(f"{device.name} ({device.description})" for device in found)


def _answer(session: Session) -> str:
    """Ask the shipped model for two tokens, as a question of a person is asked."""
    shipped = [entry for entry in session.app.registry.list_models() if not entry.problem_code]
    if not shipped:
        raise ModelError(ErrorCode.NO_MODEL)
    sampling = Sampling(temperature=0.0)
    started = session.app.questions.ask_question(
        "Hello", AskOptions(sampling=sampling, max_tokens=TOKENS, temporary=True)
    )
    text = ""
    for event in session.events():
        if getattr(event, "turn_id", "") != started.turn_id:
            continue
        if isinstance(event, AnswerFailed):
            raise RequestRefused(event.problem)
        if isinstance(event, AnswerTextAdded):
            text += event.text
        if isinstance(event, AnswerFinished):
            break
    if not text.strip():
        raise SelftestError("the model wrote nothing")
    return f"{text!r} {started.model}"


def _folder(session: Session) -> str:
    """Read the three documents that ship for this test: text, PDF, and a picture of text."""
    folder = session.app.paths.root.with_name("documents")
    shutil.copytree(resources_folder() / "selftest", folder)
    folders = session.app.folders
    synced = session.wait_for(folders.add_folder(str(folder)))
    if synced.folder.indexed != len(QUESTIONS):
        listed = session.wait_for(folders.list_skipped_files(synced.folder.folder_id))
        reasons = ", ".join(f"{each.file} ({each.code})" for each in listed.files)
        raise SelftestError(f"{synced.folder.indexed} of {len(QUESTIONS)} were read: {reasons}")
    return ", ".join(sorted(QUESTIONS.values()))


def _search(session: Session) -> str:
    for question, file in QUESTIONS.items():
        hits = session.wait_for(session.app.library.search_folders(question, (), 3)).hits
        if not hits or hits[0].file != file:
            raise SelftestError(f"“{question}” found {[hit.file for hit in hits]}, not {file}")
    return f"{len(QUESTIONS)} questions"


def _page(session: Session) -> str:
    """Draw a page for the viewer, in the child that does only this."""
    place = FileLocation(path=str(session.app.paths.root.with_name("documents") / "ferry.pdf"))
    page = session.wait_for(session.app.documents.render_page(place, 1, width=_PAGE_WIDTH))
    if abs(page.width - _PAGE_WIDTH) > 1 or len(set(page.pixels)) < 2:
        raise SelftestError(f"the page is {page.width} pixels wide, or empty")
    return f"{page.width}x{page.height}"
