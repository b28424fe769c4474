"""The command `llm` with a model of its extra-openai-models.yaml."""
# mypy: ignore-errors

import os
import subprocess
import sys
import tempfile
from pathlib import Path

address, token, model = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    lines = [
        "- model_id: inglenook",
        f"  model_name: {model}",
        f"  api_base: {address}/v1",
        "  api_key_name: inglenook",
    ]
    Path(folder, "extra-openai-models.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    environment = {**os.environ, "LLM_USER_PATH": folder}
    program = [str(Path(sys.executable).parent / "llm")]
    for more in ([], ["--no-stream"]):
        ended = subprocess.run(
            [*program, "-m", "inglenook", "--key", token, "-o", "max_tokens", "12", *more, "Hi!"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ended.stdout.strip()
print(f"llm: prompt, stream: {ended.stdout.strip()!r}", flush=True)
