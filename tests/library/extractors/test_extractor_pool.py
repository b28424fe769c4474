"""A hostile file costs its own child and nothing else."""

import dataclasses
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pypdfium2
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.library.reading import file_reader
from core.library.reading.file_reader import (
    EXTRACTOR_LIMITS,
    FileReader,
    FileReadResult,
    ReadingPace,
)
from core.library.reading.file_time import FileTime
from tests.library import documents, pictures
from tests.library.pictures import as_file
from tests.library.pipes import make_pipe
from tests.waiting import WaitFor

StartReader = Callable[..., FileReader]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartReader]:
    """Make readers that are stopped at the end."""
    readers: list[FileReader] = []

    def begin(**limits: float) -> FileReader:
        changed = dataclasses.replace(EXTRACTOR_LIMITS, **limits)  # type: ignore[arg-type] # both kinds
        readers.append(FileReader(tmp_path / "extractor.log", lambda: None, limits=changed))
        return readers[-1]

    yield begin
    for reader in readers:
        reader.stop()


def read(reader: FileReader, *paths: Path) -> dict[str, FileReadResult]:
    for path in paths:
        reader.submit_file(path.name, str(path))
    done: dict[str, FileReadResult] = {}
    deadline = time.monotonic() + 120
    while reader.open_files:
        assert time.monotonic() < deadline, "a file never came back"
        done.update((reading.key, reading) for reading in reader.poll())
        time.sleep(0.01)
    return done


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_files_are_read_in_children(tmp_path: Path, start: StartReader) -> None:
    first = put(tmp_path / "a.pdf", documents.pdf("The rent is due."))
    second = put(tmp_path / "b.docx", documents.docx("The boiler."))
    done = read(start(), first, second)
    assert [page.text for page in done["a.pdf"].pages] == ["The rent is due."]
    assert [page.text for page in done["b.docx"].pages] == ["The boiler."]


def test_reading_for_a_folder_lets_other_programs_go_first(
    tmp_path: Path, start: StartReader
) -> None:
    reader = start()
    read(reader, put(tmp_path / "a.txt", b"The rent is due."))
    pids = [child.process.pid for child in reader._extractors._children if child.ready]
    lowest = 19
    if sys.platform == "win32":
        lowest = psutil.IDLE_PRIORITY_CLASS
    assert pids
    assert all(psutil.Process(pid).nice() == lowest for pid in pids)


def priorities(reader: FileReader) -> set[int]:
    pids = [child.process.pid for child in reader._extractors._children if child.ready]
    return {psutil.Process(pid).nice() for pid in pids}


def fair_priority() -> int:
    if sys.platform == "win32":
        return psutil.BELOW_NORMAL_PRIORITY_CLASS
    return min(psutil.Process().nice() + 3, 19)


def test_what_somebody_waits_for_is_read_at_a_fair_share(
    tmp_path: Path, start: StartReader
) -> None:
    reader = start()
    read(reader, put(tmp_path / "a.txt", b"The rent is due."))
    late = put(tmp_path / "late.txt", b"The boiler.")
    reader.submit_file(late.name, str(late))
    reader.poll()  # it is at work on it
    reader.set_pace(ReadingPace.AWAITED)
    done = read(reader, put(tmp_path / "b.txt", b"The roof."))
    assert [page.text for page in done["late.txt"].pages] == ["The boiler."], "begun anew"
    assert [page.text for page in done["b.txt"].pages] == ["The roof."]
    assert priorities(reader) == {fair_priority()}


def test_what_gets_no_turn_for_long_is_read_at_a_fair_share(
    tmp_path: Path, start: StartReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = start()
    read(reader, put(tmp_path / "a.txt", b"The rent is due."))
    assert priorities(reader) != {fair_priority()}
    monkeypatch.setattr(file_reader, "STARVED_SECONDS", -1.0)
    assert read(reader, put(tmp_path / "b.txt", b"The roof."))["b.txt"].pages
    assert priorities(reader) == {fair_priority()}


def test_only_beside_an_answer_is_the_lowest_priority_taken(
    tmp_path: Path, start: StartReader
) -> None:
    reader = start()
    reader.set_pace(ReadingPace.FAIR)
    read(reader, put(tmp_path / "a.txt", b"The rent is due."))
    assert priorities(reader) == {fair_priority()}
    late = put(tmp_path / "late.txt", b"The boiler.")
    reader.submit_file(late.name, str(late))
    reader.poll()
    working = [child.process.pid for child in reader._extractors._children if child.request]
    reader.set_pace(ReadingPace.SLOW)
    assert fair_priority() not in priorities(reader)
    reader.set_pace(ReadingPace.FAIR)
    assert [child.process.pid for child in reader._extractors._children if child.request] == working
    done = read(reader, put(tmp_path / "b.txt", b"The roof."))
    assert {name: reading.pages[0].text for name, reading in done.items()} == {
        "late.txt": "The boiler.",
        "b.txt": "The roof.",
    }
    reader.poll()
    deadline = time.monotonic() + 60
    while priorities(reader) != {fair_priority()}:
        assert time.monotonic() < deadline, priorities(reader)
        reader.poll()
        time.sleep(0.01)


@pytest.mark.slow
def test_what_a_person_waits_for_is_read_at_no_lower_priority(tmp_path: Path) -> None:
    reader = FileReader(tmp_path / "extractor.log", lambda: None, in_background=False)
    scan = put(tmp_path / "scan.png", as_file(pictures.page(("Scanned in",)), "PNG"))
    assert any(page.recognized for page in read(reader, scan)["scan.png"].pages)
    assert reader._recognizers is not None
    children = [*reader._extractors._children, *reader._recognizers._children]
    priorities = [psutil.Process(child.process.pid).nice() for child in children if child.ready]
    reader.stop()
    assert len(priorities) > 1
    assert set(priorities) == {psutil.Process().nice()}


BUSY = "while True: pass"
WAITING = "sum(range(3_000_000)); import time; time.sleep(60)"
"""Computes long enough that the system has counted some of it."""


@pytest.mark.parametrize(
    ("program", "looks", "seconds", "late"),
    [
        (BUSY, 40, 1.0, False),  # it wants to compute, and had no chance yet
        (BUSY, 1, 301.0, True),
        (WAITING, 29, 1.0, False),
        (WAITING, 32, 1.0, True),
        (WAITING, 1, 200.0, False),  # whoever looks had no chance to look before
        (WAITING, 1, 301.0, True),
    ],
)
def test_only_the_time_in_which_a_child_could_work_counts(
    program: str, looks: int, seconds: float, late: bool, wait_for: WaitFor
) -> None:
    now = 0.0
    state = psutil.STATUS_RUNNING if program == BUSY else psutil.STATUS_SLEEPING
    with subprocess.Popen([sys.executable, "-c", program]) as child:
        try:
            process = psutil.Process(child.pid)
            wait_for(lambda: sum(process.cpu_times()[:2]) > 0 and process.status() == state, 20)
            file_time = FileTime(lambda: now)
            file_time.start_counting(child.pid)
            for _look in range(looks):
                now += seconds
                last = file_time.has_run_out(child.pid, 30.0)
            assert last is late
        finally:
            child.kill()


def test_earlier_files_of_a_child_and_its_many_threads_do_not_count(wait_for: WaitFor) -> None:
    now = 0.0
    with subprocess.Popen([sys.executable, "-c", BUSY]) as child:
        try:
            process = psutil.Process(child.pid)
            wait_for(lambda: sum(process.cpu_times()[:2]) > 1.2, 60)
            file_time = FileTime(lambda: now)
            now = 0.9
            assert not file_time.has_run_out(child.pid, 1.0)
            now = 1.1
            assert file_time.has_run_out(child.pid, 1.0)
            file_time.start_counting(child.pid)
            now = 2.2
            assert not file_time.has_run_out(child.pid, 1.0)
        finally:
            child.kill()


def test_a_child_is_replaced_after_its_share_of_files(tmp_path: Path, start: StartReader) -> None:
    paths = [put(tmp_path / f"{n}.txt", f"note {n}".encode()) for n in range(5)]
    done = read(start(files_per_child=2), *paths)
    assert sorted(reading.pages[0].text for reading in done.values()) == [
        f"note {n}" for n in range(5)
    ]


def test_a_broken_file_leaves_the_next_one_unharmed(tmp_path: Path, start: StartReader) -> None:
    paths = [
        put(tmp_path / "broken.pdf", b"%PDF-1.4 nothing"),
        put(tmp_path / "empty.txt", b""),
        put(tmp_path / "good.txt", b"note"),
    ]
    done = read(start(), *paths, tmp_path / "gone.txt")
    assert {name: reading.code for name, reading in done.items()} == {
        "broken.pdf": ErrorCode.FILE_BROKEN,
        "empty.txt": ErrorCode.FILE_EMPTY,
        "good.txt": None,
        "gone.txt": ErrorCode.FILE_UNREADABLE,
    }


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, start: StartReader) -> None:
    slow = put(tmp_path / "slow.txt", b"word " * 2_000_000)
    assert read(start(seconds=0.0), slow)["slow.txt"].code == ErrorCode.FILE_TIMEOUT


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path: Path, start: StartReader) -> None:
    large = put(tmp_path / "large.txt", b"word " * 2_000_000)
    assert read(start(memory_bytes=1), large)["large.txt"].code == ErrorCode.FILE_MEMORY


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX kinds of files")
def test_what_was_put_in_a_files_place_is_not_opened(tmp_path: Path, start: StartReader) -> None:
    make_pipe(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to(put(tmp_path / "secret", b"secret"))
    done = read(start(), tmp_path / "pipe.txt", tmp_path / "link.txt")
    assert done["pipe.txt"].code == ErrorCode.FILE_SPECIAL
    assert done["link.txt"].code == ErrorCode.FILE_LINK


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("first", ["exit 1", "exec sleep 0"])
def test_a_reader_that_never_starts_is_given_up(
    tmp_path: Path, start: StartReader, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    starts = tmp_path / "starts"
    program = put(tmp_path / "program", f"#!/bin/sh\necho >> {starts}\n{first}\n".encode())
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    reader = start(restart_seconds=0.1)
    began = time.monotonic()
    with pytest.raises(LibraryError) as caught:
        read(reader, put(tmp_path / "a.txt", b"note"))
    assert caught.value.code == ErrorCode.READER_FAILED
    assert "exit code" in caught.value.message
    assert caught.value.facts["logs"] == str(tmp_path)
    assert time.monotonic() - began > 0.1
    assert len(starts.read_text().splitlines()) <= 4


def test_a_reader_that_is_not_there_is_given_up(
    tmp_path: Path, start: StartReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(LibraryError) as caught:
        read(start(restart_seconds=0.1), put(tmp_path / "a.txt", b"note"))
    assert caught.value.code == ErrorCode.READER_FAILED


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")
def test_a_name_of_odd_bytes_can_be_read(tmp_path: Path, start: StartReader) -> None:
    path = put(tmp_path / os.fsdecode(b"caf\xe9.txt"), b"note")
    reader = start()
    reader.submit_file("odd", str(path))
    done: list[FileReadResult] = []
    while reader.open_files:
        done += reader.poll()
        time.sleep(0.01)
    assert done[0].pages[0].text == "note"


def mixed_pdf() -> bytes:
    """Return a PDF of a typed page, a scanned one and a typed one."""
    joined = pypdfium2.PdfDocument.new()
    for part in (
        documents.pdf("Typed."),
        as_file(pictures.page(("Scanned in",)), "PDF"),
        documents.pdf("Signed."),
    ):
        joined.import_pages(pypdfium2.PdfDocument(part))
    target = io.BytesIO()
    joined.save(target)
    return target.getvalue()


@pytest.mark.slow
def test_scanned_pages_are_recognised_between_typed_ones(tmp_path: Path) -> None:
    reader = FileReader(tmp_path / "extractor.log", lambda: None)
    done = read(reader, put(tmp_path / "mixed.pdf", mixed_pdf()), put(tmp_path / "a.txt", b"note"))
    reader.stop()
    assert [(page.number, page.text, page.recognized) for page in done["mixed.pdf"].pages] == [
        (1, "Typed.", False),
        (2, "Scanned in", True),
        (3, "Signed.", False),
    ]
    assert any(page.recognized for page in done["mixed.pdf"].pages)
    assert not any(page.recognized for page in done["a.txt"].pages)


def test_without_recognition_scans_have_no_text(tmp_path: Path) -> None:
    reader = FileReader(tmp_path / "extractor.log", lambda: None, recognize=False)
    scan = put(tmp_path / "scan.png", as_file(pictures.page(("Scanned in",)), "PNG"))
    done = read(reader, scan, put(tmp_path / "mixed.pdf", mixed_pdf()))
    reader.stop()
    assert done["scan.png"].code == ErrorCode.FILE_NO_TEXT
    assert [page.text for page in done["mixed.pdf"].pages] == ["Typed.", "Signed."]


@pytest.mark.slow
def test_a_picture_without_text_says_so(tmp_path: Path) -> None:
    reader = FileReader(tmp_path / "extractor.log", lambda: None)
    done = read(reader, put(tmp_path / "sky.png", as_file(pictures.page(()), "PNG")))
    reader.stop()
    assert done["sky.png"].code == ErrorCode.FILE_NO_TEXT
