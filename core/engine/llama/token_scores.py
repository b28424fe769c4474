"""Token scores: the log probability of a chosen token, and the likeliest ones in its place."""

import numpy as np

from core.engine.llama.model_vocabulary import Vocabulary
from core.engine.llama.token_candidates import Logits
from core.messages import ScoredToken, TokenScore


def score_token(vocabulary: Vocabulary, logits: Logits, token: int, count: int) -> ScoredToken:
    """Return the score of `token` and of the `count` likeliest, by the model's own logits."""
    highest = float(logits.max())
    total = highest + float(np.log(np.exp(logits - highest, dtype=np.float64).sum()))
    likeliest: list[TokenScore] = []
    if count > 0:
        best = np.argpartition(logits, -count)[-count:]
        best = best[np.argsort(-logits[best], kind="stable")]
        likeliest = [
            TokenScore(
                token=int(each),
                raw=vocabulary.token_bytes(int(each), control=True),
                logprob=float(logits[each]) - total,
            )
            for each in best
        ]
    return ScoredToken(
        token=token,
        raw=vocabulary.token_bytes(token, control=True),
        logprob=float(logits[token]) - total,
        likeliest=tuple(likeliest),
    )
