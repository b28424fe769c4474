"""What is signed with the makers' tool is believed by what asks for it."""

import json
from pathlib import Path

import pytest

import update_manifest
from core.app.network.update_service import load_update_source
from core.courier.update_check import verify_manifest


def test_signed_news_are_believed(tmp_path: Path) -> None:
    key, resource = tmp_path / "key", tmp_path / "update.json"
    update_manifest.make_keys("https://news.example/inglenook.json", key, resource)
    source = load_update_source(resource)
    assert source is not None
    assert source.address == "https://news.example/inglenook.json"
    news = update_manifest.signed(key, "1.2", "https://news.example", "Faster.")
    manifest = verify_manifest(news.encode(), source.public_key)
    assert (manifest.version, manifest.notes) == ("1.2", "Faster.")
    assert "signature" in json.loads(news)
    assert manifest.issued > 0
    with pytest.raises(FileExistsError):
        update_manifest.make_keys("https://news.example", key, resource)


def test_odd_words_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert update_manifest.main(["what"]) == 2
    assert "KEY_FILE" in capsys.readouterr().err
