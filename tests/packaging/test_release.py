"""The release: its workflow, the models it bundles, its gate."""

import re

import pytest

import audit
import release_models
from console import ROOT, SetupError


def test_every_action_is_pinned_by_its_commit() -> None:
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert workflows
    for workflow in workflows:
        used = re.findall(r"uses: (\S+)", workflow.read_text(encoding="utf-8"))
        assert used
        assert [each for each in used if not re.search(r"@[0-9a-f]{40}$", each)] == []


def test_every_script_the_release_calls_is_there() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    called = set(re.findall(r"packaging/[\w/]+\.(?:py|sh|txt)", text))
    assert called
    assert [name for name in called if not (ROOT / name).exists()] == []


def test_a_starter_without_a_hash_is_not_taken() -> None:
    file = {"level": "Q4_K_M", "name": "m.gguf"}
    model = {"id": "m", "starter": True, "repository": "who/m", "file": [file]}
    assert release_models.starter({"model": [model]}) is None
    file["sha256"] = "ab"
    assert release_models.starter({"model": [model]}) == (
        "https://huggingface.co/who/m/resolve/main/m.gguf",
        "ab",
    )
    with pytest.raises(SetupError):
        release_models.starter({"model": [model]}, "other")


def test_the_gate_lets_nothing_unexplained_through() -> None:
    hole = {"id": "PYSEC-1", "aliases": ["CVE-1"]}
    known = {"id": "PYSEC-2", "aliases": [next(iter(audit.ACCEPTED))]}
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [hole]},
            {"name": "b", "version": "1", "vulns": [known]},
            {"name": "c", "skip_reason": "not found"},
            {"name": "torch", "skip_reason": "not found"},
        ]
    }
    assert list(audit.complaints_about(report)) == [
        "a 1 has PYSEC-1",
        "c could not be looked up (not found)",
    ]
