"""One open port for all tests of a file: starting a child takes most of a second."""

from collections.abc import Iterator

import pytest

from tests.api.open_port import WORDS, OpenPort, open_port

PAGE = "http://localhost:3000"


@pytest.fixture(scope="module")
def standing_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenPort]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        with open_port(tmp_path_factory.mktemp("port"), origins=(PAGE,)) as made:
            yield made


@pytest.fixture
def port(standing_port: OpenPort) -> OpenPort:
    """A port whose application answers at once, and was asked nothing yet."""
    app = standing_port.app
    app.words, app.is_holding, app.outcome = WORDS, False, None
    app.outcomes.clear()
    app.thoughts, app.sent = (), ""
    app.calls.clear()
    app.activities.clear()
    app.cancelled.clear()
    return standing_port
