"""Score labels: the scores of answers in words, for tables and plots."""

from core.base.i18n import _


def score_label(name: str) -> str:
    """Return the words for a score, or for "right"."""
    return {
        "right": _("right answers"),
        "exact_match": _("exact match"),
        "token_f1": _("token F1"),
        "contains": _("required words"),
        "bleu": "BLEU",
        "rouge1": "ROUGE-1",
        "rouge2": "ROUGE-2",
        "rougeL": "ROUGE-L",
        "bert_score": "BERTScore",
        "citation_precision": _("citation precision"),
        "citation_recall": _("citation recall"),
        "supported": _("sentences supported"),
        "contradicted": _("sentences contradicted"),
        "judge": _("model as a judge"),
    }.get(name, name)
