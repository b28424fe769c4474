"""What the repository holds, and what it must not hold."""

import re

import lock
from tests.house.sources import ROOT, own_files, python_sources

# Spelled so that this file does not hold them itself.
FORBIDDEN = re.compile(r"\.\./shared|(?<![\w.])/work" + r"/|/root" + r"/")
BINARY = (".png", ".ico", ".icns", ".jpg", ".gz", ".zip", ".pdf", ".docx", ".xlsx", ".mo", ".gguf")


def test_no_file_names_a_place_of_one_machine() -> None:
    found = [
        f"{name} names {place.group()}"
        for name in own_files()
        if not name.endswith(BINARY)
        and (place := FORBIDDEN.search((ROOT / name).read_text("utf-8", errors="replace")))
    ]
    assert not found, "\n".join(found)


def test_packaging_is_no_package() -> None:
    """As one it would hide the library of the same name, which pip and others import."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def locked() -> dict[str, str]:
    lines = lock.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pins = [re.split(r"(?=[=<>!~])", line, maxsplit=1) for line in lines if line[:1] != "#"]
    return {lock.canonical(name): version for name, version in pins}


def test_everything_installed_is_locked_to_its_version() -> None:
    installed = lock.closure(lock.named_by_project())
    wrong = {
        name: version for name, version in installed.items() if locked().get(name) != f"=={version}"
    }
    assert not wrong, f"run packaging/lock.py with the environment's python: {wrong}"


def test_everything_but_torch_is_locked_exactly() -> None:
    loose = {name for name, version in locked().items() if not re.fullmatch(r"==[\w.]+", version)}
    assert loose == {"torch"}
    assert "=" not in locked()["torch"].replace(">=", "").replace("<=", "")
    assert "+" not in locked()["torch"]


def test_the_models_are_not_in_the_repository() -> None:
    assert not [name for name in own_files() if name.startswith("resources/models/")]


def test_every_benchmark_says_what_it_takes() -> None:
    """An argument read from sys.argv by hand takes --help for a file or a number."""
    silent = [
        source.name
        for source in python_sources("tests/benchmarks", "tests/screens")
        if '__name__ == "__main__"' in source.text
        and not source.name.endswith("_child.py")
        and "ArgumentParser(" not in source.text
    ]
    assert not silent, "\n".join(silent)
