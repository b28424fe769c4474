"""Names and folders: a stranger guesses a file from its name, and no name is given twice."""

import ast
import collections
import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.house.sources import ROOT, Source, own_files, python_sources

FOLDER_MODULES = 20
CONVENTIONAL = {"__init__", "__main__", "child", "client", "controller", "dialog", "model"}
"""Base names that several packages may have."""
WITHOUT_OBJECT = {
    "add", "all", "ask", "begin", "check", "choose", "chosen", "do", "drop", "end", "ended", "fail",
    "find", "forget", "get", "handle", "hear", "hold", "keep", "leave", "load", "look", "make",
    "mark", "note", "of", "open", "plan", "put", "read", "ready", "remove", "rest", "save", "say",
    "set", "take", "tell", "told", "use", "watch", "write",
}  # fmt: skip
"""Names of methods that don't say what they do it to."""
EXEMPT = {
    "ByteReader.read",  # as a binary file's
    "Reply.fail",  # its object is the reply itself, as of `finish`
    "RequestStop.set",  # a threading.Event
}
"""Methods whose name an interface decides."""
RIDDLES = {"what", "how", "which", "where", "whether", "when", "why", "who"}
OLD_WORDS = re.compile(
    r"(Desk|Room|Errand|Wish|Deed|Keeper|Shelf|Belonging|Company)s?$|^(Desk|Room|Shelf)"
)
"""Parts of class names that only the first authors understood."""
CONTRACTS = {
    "faces", "floors", "base-floors", "chat-floors", "engine-floors", "library-floors",
    "desktop-floors", "no-cycles", "no-qt", "light-window", "llama-door", "embedder-door",
    "index-door", "network-door",
}  # fmt: skip
"""Import contracts that stand, whatever else is added."""
MAY_IGNORE = {
    "core.engine.** -> llama_cpp",
    "core.training.** -> torch",
    "core.training.** -> transformers",
    "core.courier.** -> *",
    "core.ipc.network_lock -> socket",
    "core.ipc.file_passing -> socket",
    "core.api.listener -> asyncio",
    "core.api.listener -> socket",
    "core.api.listener -> uvicorn",
}
"""Imports that a contract lets through, beside those of single files (see the test)."""


def product() -> tuple[Source, ...]:
    return python_sources("core", "desktop")


def public_classes(source: Source) -> Iterator[ast.ClassDef]:
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def public_methods(source: Source) -> Iterator[tuple[ast.ClassDef, ast.FunctionDef]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    yield node, part


def test_a_folder_can_be_overlooked() -> None:
    held = collections.Counter(
        str(PurePosixPath(source.name).parent)
        for source in python_sources("core", "desktop", "tests")
        if not source.name.endswith("__init__.py")
    )
    assert not {name: count for name, count in held.items() if count > FOLDER_MODULES}


@pytest.mark.parametrize("tree", ["core", "desktop"])
def test_a_base_name_is_given_once(tree: str) -> None:
    places = collections.defaultdict(list)
    for source in python_sources(tree):
        places[PurePosixPath(source.name).stem].append(source.name)
    twice = {stem: names for stem, names in places.items() if len(names) > 1}
    assert not {stem: names for stem, names in twice.items() if stem not in CONVENTIONAL}


def test_a_public_class_name_is_given_once() -> None:
    places = collections.defaultdict(list)
    for source in product():
        for node in public_classes(source):
            places[node.name].append(source.place(node))
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_class_names_are_the_field_s() -> None:
    found = [
        f"{source.place(node)} {node.name}"
        for source in product()
        for node in public_classes(source)
        if OLD_WORDS.search(node.name)
    ]
    assert not found


def test_a_public_method_says_its_object() -> None:
    found = [
        f"{source.place(method)} {owner.name}.{method.name}"
        for source in product()
        for owner, method in public_methods(source)
        if method.name in WITHOUT_OBJECT
        and not owner.name.startswith("_")
        and f"{owner.name}.{method.name}" not in EXEMPT
    ]
    assert not found


def test_a_module_s_head_begins_with_a_noun() -> None:
    heads = [
        (source.name, (ast.get_docstring(source.tree) or "").split("\n")[0]) for source in product()
    ]
    assert not [(name, head) for name, head in heads if head and head.split()[0].lower() in RIDDLES]


STORES = ("psycopg", "qdrant_client")
"""Clients of servers that can hold the vectors, each called in one file."""
PROTOCOL = "mcp"
"""Messages of the Model Context Protocol, used in one file that opens no socket."""


def test_no_import_contract_was_loosened() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} >= CONTRACTS
    assert next(each for each in contracts if each["id"] == "floors")["exhaustive"]
    ignored = {line for contract in contracts for line in contract.get("ignore_imports", ())}
    for line in ignored - MAY_IGNORE:
        importer, imported = line.split(" -> ")
        # A door is one file and one library, and the file exists.
        assert "*" not in line
        assert (ROOT / (importer.replace(".", "/") + ".py")).is_file(), importer
        single = {"chromadb", "onnxruntime", "sentence_transformers", "torch", "transformers"}
        assert imported in {*single, *STORES, PROTOCOL}
    # Torch and ONNX Runtime have two places each; each store and the protocol have one.
    assert len(ignored) <= len(MAY_IGNORE) + 8 + len(STORES) + len([PROTOCOL])


@pytest.mark.parametrize("tree", ["core", "desktop"])
def test_a_map_names_files_that_exist(tree: str) -> None:
    text = (ROOT / tree / "README.md").read_text(encoding="utf-8")
    files = {source.name for source in python_sources()}
    named = re.findall(r"`([\w/]+\.py)`", text)
    assert not [
        name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)
    ]


READMES = tuple(name for name in own_files() if name.endswith("README.md"))
MADE = ("dist/", "resources/models", ".venv/", "/usr/", "resources/catalog/packs.json")


@pytest.mark.parametrize("readme", READMES)
def test_a_path_in_a_readme_exists(readme: str) -> None:
    files = own_files()
    folders = {f"{parent}/" for name in files for parent in PurePosixPath(name).parents}
    text = (ROOT / readme).read_text(encoding="utf-8")
    missing = []
    for named in re.findall(r"`([\w./-]+(?:/[\w.-]*|\.(?:py|md|sh|toml)))(?:::\w+)?`", text):
        ends = (f"/{named}", f"/{named}.py") if named[-1] != "/" else ()
        known = any(f"/{name}".endswith(ends) for name in files if ends) or any(
            f"/{folder}".endswith(f"/{named.rstrip('/')}/") for folder in folders
        )
        if not known and not named.startswith(MADE):
            missing.append(named)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing += [each for each in links if not (ROOT / readme).parent.joinpath(each).exists()]
    assert not missing
