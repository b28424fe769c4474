"""What Inglenook writes into its data folder passes one of two doors, where a key can encrypt it.

Databases are opened by core/base/database.py, all other files are read and written by
core/base/data_files.py. A module that opens a file by itself stands below, with the reason.
"""

import ast
from collections.abc import Callable, Iterator

from tests.house.sources import Source, called_name, python_sources

DOORS = {
    "core/base/data_files.py": "the door of files",
    "core/base/atomic_write.py": "what it writes with",
    "core/base/private_files.py": "what it opens with",
    "core/base/database.py": "the door of databases",
    "core/base/salvage/database_salvage.py": "copies of damaged databases",
    "core/base/salvage/lost_schema.py": "copies of damaged databases",
    "core/chat/store/chat_salvage.py": "copies of a damaged chats.db",
    "core/app/encryption/conversion.py": "files on their way through the doors",
    "core/app/encryption/convertible_files.py": "whether they can be opened at all",
}
WRITERS = {
    # Logs hold ids, sizes and errors, never chat or document text; they are read without a key.
    "core/base/log.py": "logs",
    "core/ipc/child_process.py": "logs of children",
    "core/ipc/line_process.py": "a scratch folder outside, home of a tool server while it runs",
    "core/chat/history/open_webui_database.py": "no file is written: another program's database",
    "core/channel/standard_output.py": "the null device",
    "core/channel/channel_address.py": "where commands are taken; found by terminals without a key",
    # Model files and programs, which come from elsewhere and are memory-mapped by llama.cpp.
    "core/courier/downloads/part_file.py": "parts of model files that are being fetched",
    "core/models/files/model_copy.py": "copies of model files",
    "core/engine/quantization/quantization_maker.py": "model files in another quantization",
    "core/engine/quantization/quality_measurement.py": "scratch: probabilities of a shipped text",
    "core/engine/devices/backend_packs.py": "backends of llama.cpp, unpacked from an archive",
    "core/engine/llama/adapter_content.py": "an adapter in memory; no file where that can be",
    # What a person asked for by name, in a place of their own.
    "core/chat/export/chat_export.py": "exported chats",
    "core/evaluation/answer_record.py": "results of an evaluation",
    "core/cli/evaluation/summary_printing.py": "the report of an evaluation",
    "core/cli/evaluation/answer_collection.py": "passages of a set, in a scratch folder",
    "core/engine/reference/reference_child.py": "a plot of a benchmark",
    "core/app/encryption/key_file.py": "the locked key, without which nothing else can be read",
    # Empty, or made of what ships.
    "core/sandbox/memory_dumps.py": "a switch of the kernel: what a dump holds",
    "core/sandbox/macos_seal.py": "an empty file, gone at once: whether a folder can be written",
    "core/app/root_lock.py": "the lock file, and empty requests of starts without a key",
    "core/cli/maintenance/selftest_command.py": "a scratch root of a self-test",
    "core/bench/bench_session.py": "a scratch root of a benchmark",
    "core/bench/library_bench_command.py": "a scratch root of a benchmark",
    "desktop/bench/bench_ui_command.py": "a scratch root of a benchmark",
    "core/library/tasks/retrieval_evaluation.py": "a scratch folder for a library.db",
    "core/library/index/index_selftest.py": "vectors in memory",
    "desktop/bench/typing_benchmark.py": "texts made up for a benchmark",
    "desktop/bench/viewer_benchmark.py": "a paper made up for a benchmark",
}
READERS = {
    "desktop/help/manual/manual_chapters.py": "the manual that ships",
    "core/channel/channel_address.py": "where commands are taken",
    "core/app/privacy/privacy_report.py": "logs",
    "core/base/log.py": "logs",
    "core/ipc/child_process.py": "logs of children",
    "core/app/encryption/key_file.py": "the locked key, without which nothing else can be read",
    "core/app/encryption/marked_files.py": "beginnings of files whose key is missing",
    # Model files.
    "core/courier/downloads/part_file.py": "parts of model files",
    "core/engine/devices/backend_packs.py": "backends of llama.cpp, and those that are known",
    "core/engine/quantization/importance_matrix.py": "an importance matrix",
    "core/engine/runtime/model_loading.py": "model files",
    "core/engine/runtime/kv_snapshots.py": "no content: a file's time is set by its descriptor",
    "core/engine/llama/adapter_content.py": "whether an adapter is encrypted",
    "core/gguf/gguf_header.py": "model files",
    "core/gguf/header_reader.py": "no file: a method of that name",
    "core/library/embedding/packed_weights.py": "an embedding model",
    "core/library/text/unigram_tokenizer.py": "an embedding model",
    "core/library/extractors/office/disguised_reader.py": "no file: a method of that name",
    "core/library/judging/learned_judge.py": "the judge that ships",
    "core/library/search/asked_value.py": "kinds of values, which ship",
    "core/library/embedding/sentence_transformers_folder.py": "an embedding model",
    "core/models/files/file_checksum.py": "model files",
    "core/models/files/model_copy.py": "model files",
    "core/models/info/model_facts.py": "model files",
    "core/models/stores/store_files.py": "what other programs know of their models",
    # What ships with the program, or the system tells.
    "core/sandbox/macos_seal.py": "whether what was handed over can be opened",
    "core/app/network/update_service.py": "where updates are looked for",
    "core/engine/quantization/quality_text.py": "a text to measure with",
    "core/chat/judging/judging_cases.py": "cases to measure a judge with",
    "core/bench/energy_use.py": "the system's figures",
    "core/bench/memory_accuracy.py": "the system's figures",
    "core/cli/maintenance/selftest_children.py": "files of the self-test",
    "core/courier/selftest_server.py": "files of the self-test",
    "core/engine/memory/free_memory.py": "the system's figures",
    "core/library/search/document_need.py": "the weights of the need of documents",
    "core/library/search/evidence_weights.py": "the weights of evidence",
    "core/models/model_catalog.py": "the catalogue of models",
    "desktop/kit/theme.py": "themes and icons",
    # What a person named.
    "core/chat/export/chat_import.py": "exported chats",
    "core/chat/history/history_files.py": "chats of other programs",
    "core/chat/history/history_reader.py": "chats of other programs",
    "core/chat/history/open_webui_database.py": "chats of another program",
    "core/evaluation/answer_record.py": "results of an evaluation",
    "core/evaluation/answer_set.py": "a set of questions",
    "core/cli/models/model_settings_command.py": "a chat template",
    "core/app/training/example_file.py": "examples to learn from",
    "core/cli/sampling_arguments.py": "a grammar",
    "core/app/encryption/passphrase_file.py": "a passphrase",
    "core/library/tasks/retrieval_evaluation.py": "questions with graded answers",
}
WRITING_CALLS = {
    "write_bytes", "write_text", "copyfile", "copy2", "copytree", "NamedTemporaryFile", "mkstemp",
    "mkdtemp", "TemporaryDirectory", "Connection", "FileHandler", "FileLock",
}  # fmt: skip
READING_CALLS = {"read_bytes", "read_text"}


def modes(call: ast.Call) -> Iterator[str]:
    """Return the modes a call of `open` may have: constants anywhere in its second argument."""
    given = call.args if isinstance(call.func, ast.Attribute) else call.args[1:]
    named = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    for argument in [*given[:1], *named]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def writes(call: ast.Call) -> bool:
    name = called_name(call)
    if name in {"open", "fdopen"}:
        flags = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
        return bool(
            flags & {"O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND"}
            or any(set(mode) & set("wax+") for mode in modes(call) if len(mode) <= 3)
        )
    return name in WRITING_CALLS


def reads(call: ast.Call) -> bool:
    if called_name(call) == "open":
        named = {keyword.arg for keyword in call.keywords}
        return "encoding" in named or any(mode in {"r", "rb"} for mode in modes(call))
    return isinstance(call.func, ast.Attribute) and call.func.attr in READING_CALLS


def imports_the_plain_writer(source: Source) -> bool:
    """Return whether it can replace files without a key."""
    return any(
        isinstance(node, ast.ImportFrom) and node.module == "core.base.atomic_write"
        for node in ast.walk(source.tree)
    )


def modules_that(does: Callable[[ast.Call], bool]) -> set[str]:
    return {
        source.name
        for source in python_sources("core", "desktop")
        if any(does(node) for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    }


def unlike(found: set[str], listed: dict[str, str]) -> str:
    """Return what is wrong with a list of exceptions, "" if nothing is."""
    new = [f"{name} opens files by itself" for name in sorted(found - listed.keys())]
    stale = [f"{name} no longer does, and needs no exception" for name in listed.keys() - found]
    return "\n".join(new + stale)


def test_data_is_written_through_the_doors() -> None:
    writers = modules_that(writes) | {
        source.name for source in python_sources("core") if imports_the_plain_writer(source)
    }
    wrong = unlike(writers - DOORS.keys(), WRITERS)
    assert not wrong, f"use core.base.data_files, or say here why not:\n{wrong}"


def test_data_is_read_through_the_doors() -> None:
    wrong = unlike(modules_that(reads) - DOORS.keys(), READERS)
    assert not wrong, f"use core.base.data_files, or say here why not:\n{wrong}"


def test_each_way_to_open_a_file_is_seen() -> None:
    def of(code: str) -> tuple[bool, bool]:
        (call,) = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
        return reads(call), writes(call)

    assert (
        of("path.open('ab')") == of("open(path, 'w')") == of("path.write_text(x)") == (False, True)
    )
    assert of("path.open('r+b' if new else 'w')") == of("apsw.Connection(name)") == (False, True)
    assert of("os.open(path, os.O_CREAT | flags)") == of("path.open(mode='x')") == (False, True)
    assert of("path.open('rb')") == of("path.read_bytes()") == of("open(p, 'r')") == (True, False)
    assert of("path.open(encoding='utf-8')") == (True, False)
    assert of("dialog.open()") == of("archive.open(name)") == (False, False)
