"""Adapters that were trained here, and an unfinished training, are encrypted and come back."""

from pathlib import Path

from core.app.training.training_job import TrainingJob
from core.base.data_key import is_encrypted
from core.base.paths import Paths
from core.gguf import read_header
from core.messages import TrainingSettings
from tests.app.encryption.fake_key_store import FakeKeyStore
from tests.app.encryption.test_encryption_service import open_stage, switch
from tests.fakes.models import adapter_gguf

JOB = TrainingJob(
    ref="starter",
    path="/models/starter.gguf",
    name="Mine",
    settings=TrainingSettings(),
    learnt=(),
    held_out=(),
    expected=(2.5,),
    learnt_before=(),
)


def test_they_are_encrypted_listed_and_plain_again(
    root: Paths, starter_model: Path, key_store: FakeKeyStore
) -> None:
    stage = open_stage(root, key_store)
    adapter = adapter_gguf(starter_model, "Mine").write(root.adapters / "mine.gguf")
    content = adapter.read_bytes()
    stage.app.training.store.save_job(JOB)
    stage.app.close()
    switch(root, key_store, on=True)
    assert is_encrypted(adapter.read_bytes())
    assert is_encrypted(root.training_job.read_bytes())
    stage = open_stage(root, key_store)
    (listed,) = stage.app.registry.list_adapters()
    assert (listed.ref, listed.problem_code) == ("mine", "")
    assert stage.app.adapters.adapters_for_model(str(starter_model)) == (listed,)
    assert read_header(adapter).text("general.name") == "Mine"
    assert stage.app.training.store.unfinished_job() == JOB
    stage.app.close()
    switch(root, key_store, on=False)
    assert adapter.read_bytes() == content
