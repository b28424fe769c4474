"""Wishes in words, and the files of a repository that they mean."""

from pathlib import Path

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, NetworkError
from core.messages import HubFile
from core.models.downloads.download_plan import (
    assign_targets,
    files_from_catalog,
    parse_download_request,
    quantization_of_file,
    select_files,
)
from core.models.model_catalog import CatalogFile, CatalogModel, load_catalog


def hub_file(name: str) -> HubFile:
    return HubFile(name=name, size=10, digest="sha256:" + "0" * 64)


NAMES = (
    "README.md",
    "m-Q4_K_M.gguf",
    "m-Q8_0.gguf",
    "m-UD-IQ2_XXS.gguf",
    "mmproj-m-f16.gguf",
    "BF16/m-BF16-00001-of-00003.gguf",
    "BF16/m-BF16-00002-of-00003.gguf",
    "BF16/m-BF16-00003-of-00003.gguf",
)
FILES = tuple(map(hub_file, NAMES))
CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("text", "repository", "choice", "revision"),
    [
        ("a/b", "a/b", "", "main"),
        ("a/b:Q4_K_M", "a/b", "Q4_K_M", "main"),
        (" a/b.c-d:sub/m.gguf ", "a/b.c-d", "sub/m.gguf", "main"),
        ("a/b@v1.0:Q8_0", "a/b", "Q8_0", "v1.0"),
        ("https://huggingface.co/a/b", "a/b", "", "main"),
        ("hf.co/a/b:Q8_0", "a/b", "Q8_0", "main"),
    ],
)
def test_wishes_are_read(text: str, repository: str, choice: str, revision: str) -> None:
    assert parse_download_request(text, ())[:3] == (repository, choice, revision)


@pytest.mark.parametrize("text", ["", "a", "a/b/c", "../x", "a/..", "a b/c", "a/b:", "/a/b"])
def test_what_is_no_wish_is_refused(text: str) -> None:
    with pytest.raises(NetworkError) as refused:
        parse_download_request(text, ())
    assert refused.value.code == ErrorCode.FETCH_WISH


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("", NAMES[1:2]),
        ("q8_0", NAMES[2:3]),
        ("IQ2_XXS", NAMES[3:4]),
        ("m-Q8_0.gguf", NAMES[2:3]),
        ("m-Q8_0", NAMES[2:3]),
        ("BF16", NAMES[5:]),
    ],
)
def test_a_choice_means_files(choice: str, names: tuple[str, ...]) -> None:
    wish = parse_download_request(f"a/b:{choice}" if choice else "a/b", ())
    assert tuple(file.name for file in select_files(wish, FILES)) == names


def test_none_and_several_are_told_with_what_there_is() -> None:
    with pytest.raises(NetworkError) as none:
        select_files(parse_download_request("a/b:Q2_K", ()), FILES)
    assert none.value.code == ErrorCode.FETCH_NOTHING
    assert "Q4_K_M, Q8_0, UD-IQ2_XXS, BF16" in none.value.message
    both = (hub_file("one-Q4_0.gguf"), hub_file("two-Q4_0.gguf"))
    with pytest.raises(NetworkError) as several:
        select_files(parse_download_request("a/b", ()), both)
    assert several.value.code == ErrorCode.FETCH_AMBIGUOUS
    assert "a/b:one-Q4_0.gguf" in several.value.hint
    with pytest.raises(NetworkError) as empty:
        select_files(parse_download_request("a/b", ()), FILES[:1])
    assert empty.value.code == ErrorCode.FETCH_NOTHING


def test_names_that_leave_their_folder_are_no_models() -> None:
    odd = tuple(map(hub_file, ("../m.gguf", "a\\m.gguf", "/m.gguf")))
    with pytest.raises(NetworkError) as refused:
        select_files(parse_download_request("a/b", ()), odd)
    assert refused.value.code == ErrorCode.FETCH_NOTHING


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: str(model.id))
def test_every_model_of_the_catalog_can_be_wished_for(model: CatalogModel) -> None:
    wish = parse_download_request(model.id.upper(), CATALOG)
    assert wish.repository == model.repository
    listed = [hub_file(file.name) for file in model.files]
    chosen = select_files(wish, listed)
    assert len(chosen) == (1 if model.kind == "chat" else len(listed))
    if model.kind == "chat":
        level = model.files[-1].level
        (file,) = select_files(parse_download_request(f"{model.id}:{level}", CATALOG), listed)
        assert file.name == model.files[-1].name


def test_files_of_the_same_name_don_t_meet(tmp_path: Path) -> None:
    (first,) = assign_targets(FILES[1:2], tmp_path, ())
    assert first.target == str(tmp_path / "m-Q4_K_M.gguf")
    other = HubFile(name="m-Q4_K_M.gguf", size=11, digest="sha256:" + "1" * 64)
    (second,) = assign_targets((other,), tmp_path, (first,))
    assert second.target != first.target
    (tmp_path / "m-Q4_K_M.gguf").write_bytes(b"another")
    (third,) = assign_targets(FILES[1:2], tmp_path, ())
    assert third.target != first.target


@pytest.mark.parametrize(
    ("name", "level"),
    [("a-Q4_K_M.gguf", "Q4_K_M"), ("a.f16.gguf", "F16"), ("a-mxfp4.gguf", "MXFP4"), ("a.gguf", "")],
)
def test_a_name_says_the_level(name: str, level: str) -> None:
    assert quantization_of_file(name) == level


def test_a_model_that_lacks_a_part_is_not_fetched_and_many_parts_cost_no_time() -> None:
    first = "m.Q4_0-0000{}-of-00003.gguf"
    part = [HubFile(name=first.format(n), size=1, digest="") for n in (1, 2, 3)]
    wish = parse_download_request("maker/m:Q4_0", ())
    assert select_files(wish, part) == tuple(part)
    many = [HubFile(name=f"m{n}-00001-of-99999.gguf", size=1, digest="") for n in range(2000)]
    for files in ([part[0], part[2]], many):
        with pytest.raises(NetworkError) as raised:
            select_files(wish, files)
        assert raised.value.code == ErrorCode.FETCH_NOTHING


def test_files_are_known_without_the_hub_only_if_the_catalog_vouches_for_all() -> None:
    known = CatalogFile(level="", name="a.bin", bytes=7, sha256="a" * 64, source="here")
    model = structs.replace(CATALOG[0], kind="reranker", files=(known,))
    files = files_from_catalog(parse_download_request(model.id, (model,)))
    assert files == (HubFile(name="a.bin", size=7, digest=f"sha256:{known.sha256}"),)
    partly = structs.replace(model, files=(known, structs.replace(known, sha256="")))
    assert files_from_catalog(parse_download_request(model.id, (partly,))) == ()
    assert files_from_catalog(parse_download_request("a/b", (model,))) == ()
