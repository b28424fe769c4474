"""Statement sources: published sets of statements with their evidence, read from their clones."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from judge_training.clones import Clone
from judge_training.source_rows import LABELS, Row, headed, joined_tokens, statement_row

_SENTENCE_END = re.compile(r"(?<=[.!?]) +")
_HELD_PERCENT = 30
_TAGS, _LINKS = re.compile(r"<[^>]+>"), re.compile(r"\[\[(.*?)\]\]")
_WICE_LABELS: dict[str, tuple[str, dict[str, Any]]] = {
    "supported": ("supported", {}),
    "partially_supported": ("unsupported", {"partial": True}),
    "not_supported": ("unsupported", {}),
}
_WICE_DEVELOPMENT = "code_and_resources/entailment_inputs/oracle_chunks/claim/dev.jsonl"


def clapnq_claims(clone: Clone) -> Iterator[Row]:
    """Read the sentences of the answers, each supported by the passage."""
    for each in clone.lines("annotated_data/dev/clapnq_dev_answerable.jsonl"):
        passage = each["passages"][0]
        context = joined_tokens(passage["text"])
        for sentence in _SENTENCE_END.split(joined_tokens(each["output"][0]["answer"])):
            if 25 < len(sentence) < 350:
                yield statement_row(
                    passage["title"], sentence, context, "supported", question=each["input"]
                )


def fever(clone: Clone) -> Iterator[Row]:
    """Read claims with the sentences that decide them."""
    for part in ("val", "test", "dev"):
        for each in clone.lines(f"data/fever/{part}.jsonl"):
            evidence = each["evidences"][0] if each["evidences"] else []
            if not evidence or each["classification"] not in LABELS:
                continue
            title = joined_tokens(evidence[0]["docid"].replace("_", " "))
            text = joined_tokens(" ".join(one["text"] for one in evidence))
            label = LABELS[each["classification"]]
            yield statement_row(title, each["query"], headed(title, text), label)


def fever_symmetric(clone: Clone) -> Iterator[Row]:
    """Read both parts; the four forms of a claim are one group."""
    for part in ("dev", "test"):
        for each in clone.lines(f"symmetric_v0.2/fever_symmetric_{part}.jsonl"):
            if each["gold_label"] in LABELS:
                yield statement_row(
                    str(each["id"]).rstrip("0"),
                    joined_tokens(each["claim"]),
                    joined_tokens(each["evidence"]),
                    LABELS[each["gold_label"]],
                )


def fool_me_twice(clone: Clone) -> Iterator[Row]:
    """Read claims with their evidence; some also with other sentences that were retrieved."""
    for part in ("dev", "test"):
        for each in clone.lines(f"dataset/{part}.jsonl"):
            evidence = " ".join(one["text"] for one in each["gold_evidence"])
            if not evidence or each["label"] not in LABELS:
                continue
            title, claim = each["wikipedia_page"], each["text"]
            if title.split(" (", maxsplit=1)[0] not in evidence:
                evidence = f"{title}: {evidence}"
            yield statement_row(title, claim, evidence, LABELS[each["label"]])
            others = [one["text"] for one in each["retrieved_evidence"]]
            rest = [text for text in others if text not in evidence]
            if len(claim) % 5 == 0 and len(rest) > 2:
                yield statement_row(title, claim, f"{title}: {' '.join(rest[:3])}", "unsupported")


def sufficient_facts(clone: Clone) -> Iterator[Row]:
    """Read claims with evidence of which some was left out, and with all of it."""
    for part in ("fever", "hover", "vitaminc"):
        path = f"data/sufficient_facts/{part}_sufficient_facts.jsonl"
        for each in clone.lines(path):
            missing = each["label_after"].startswith("NOT")
            label = "unsupported" if missing else LABELS.get(each["label_before"])
            if label is None:
                continue
            claim, evidence = joined_tokens(each["claim"]), each["evidence"]
            title = evidence[0][0] if evidence else each["claim"]
            left = joined_tokens(" ".join(headed(one, text) for one, text in evidence if text))
            if left:
                yield statement_row(title, claim, left, label)
            whole = joined_tokens(_TAGS.sub("", _LINKS.sub(r"\1:", each["text_orig"])))
            if whole and each["label_before"] in LABELS:
                yield statement_row(title, claim, whole, LABELS[each["label_before"]])


def wice(clone: Clone) -> Iterator[Row]:
    """Read the development claims; those held back by their id alone of their pages."""
    rows = clone.lines(_WICE_DEVELOPMENT)
    held = {each["meta"]["claim_title"] for each in rows if _is_held_claim(each)}
    for each in rows:
        if _is_held_claim(each) or each["meta"]["claim_title"] not in held:
            label, more = _WICE_LABELS[each["label"]]
            yield statement_row(each["meta"]["id"], each["claim"], each["evidence"], label, **more)


def _is_held_claim(row: Row) -> bool:
    digest = hashlib.sha256(row["meta"]["id"].encode()).hexdigest()
    return int(digest, 16) % 100 < _HELD_PERCENT


def wice_spans(clone: Clone) -> Iterator[Row]:
    """Read claims of which some words are not supported by the sentences named for them."""
    for each in clone.lines("data/non_supported_tokens/train.jsonl"):
        if any(each["non_supported_spans"]):
            named = sorted({place for group in each["supporting_sentences"] for place in group})
            evidence = [each["evidence"][place] for place in named]
            yield statement_row(each["claim"], each["claim"], evidence, "unsupported", partial=True)


def indonli(clone: Clone) -> Iterator[Row]:
    """Read the training part."""
    for each in clone.lines("data/indonli/train.jsonl"):
        yield statement_row(
            each["premise_id"], each["hypothesis"], each["premise"], LABELS[each["label"]], "id"
        )


def klue_nli(clone: Clone) -> Iterator[Row]:
    """Read the development part."""
    for each in clone.json("klue_benchmark/klue-nli-v1.1/klue-nli-v1.1_dev.json"):
        premise = each["premise"]
        yield statement_row(
            premise[:40], each["hypothesis"], premise, LABELS[each["gold_label"]], "ko"
        )


def jnli(clone: Clone) -> Iterator[Row]:
    """Read validation and test parts."""
    for part in ("valid", "test"):
        for each in clone.lines(f"datasets/jnli-v1.3/{part}-v1.3.json"):
            if each["label"] in LABELS:
                yield statement_row(
                    each["yjcaptions_id"],
                    each["sentence2"],
                    each["sentence1"],
                    LABELS[each["label"]],
                    "ja",
                )


def farstail(clone: Clone) -> Iterator[Row]:
    """Read training and validation parts."""
    for part in ("Train", "Val"):
        table = csv.DictReader(io.StringIO(clone.text(f"data/{part}-word.csv")), delimiter="\t")
        for each in table:
            if each["label"] in LABELS:
                premise = each["premise"]
                yield statement_row(
                    premise[:40], each["hypothesis"], premise, LABELS[each["label"]], "fa"
                )


def breaking_nli(clone: Clone) -> Iterator[Row]:
    """Read all of it."""
    packed = zipfile.ZipFile(io.BytesIO(clone.content("breaking_nli_dataset.zip")))
    for line in packed.read("data/dataset.jsonl").decode("utf-8").splitlines():
        each = json.loads(line)
        if each["gold_label"] in LABELS:
            premise = each["sentence1"]
            yield statement_row(
                premise[:40], each["sentence2"], premise, LABELS[each["gold_label"]]
            )


def _begin(path: str) -> Callable[[Clone], Iterator[Row]]:
    def read(clone: Clone) -> Iterator[Row]:
        lines = io.StringIO(clone.text(path))
        for each in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            response, known = joined_tokens(each["response"]), each["knowledge"]
            if len(response) <= 15 or "ully attributable" not in each["begin_label"]:
                continue
            whole = each["begin_label"].startswith("Fully")
            label = "supported" if whole else "unsupported"
            more: dict[str, Any] = {} if whole else {"partial": True}
            yield statement_row(known[:50], response, joined_tokens(known), label, **more)

    return read


STATEMENT_SOURCES: dict[str, Callable[[Clone], Iterator[Row]]] = {
    "clapnq-claims": clapnq_claims,
    "fever": fever,
    "fever-symmetric": fever_symmetric,
    "fool-me-twice": fool_me_twice,
    "sufficient-facts": sufficient_facts,
    "wice-dev": wice,
    "wice-spans": wice_spans,
    "indonli": indonli,
    "klue-nli": klue_nli,
    "jnli": jnli,
    "farstail": farstail,
    "begin-wow": _begin("wow/begin_test_wow.tsv"),
    "begin-cmu-dog": _begin("cmu-dog/begin_dev_cmu.tsv"),
    "begin-topical": _begin("topicalchat/begin_dev_tc.tsv"),
    "breaking-nli": breaking_nli,
}
"""How each source is read, by the name of its file of rows."""
