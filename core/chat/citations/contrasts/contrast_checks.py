"""Contrast checks: all that a statement is compared by with the sentence that holds its words."""

from core.chat.citations.clause_rules import RuleFinding, worse
from core.chat.citations.contrasts.amount_bounds import check_amount_bounds
from core.chat.citations.contrasts.borrowed_predicates import check_predicate
from core.chat.citations.contrasts.date_bounds import check_date_bounds
from core.chat.citations.contrasts.joined_parts import check_joined_parts
from core.chat.citations.contrasts.named_labels import check_labels
from core.chat.citations.contrasts.parallel_clauses import check_parallel_clauses
from core.chat.citations.contrasts.replaced_words import check_inclusion, check_replacements
from core.chat.citations.contrasts.step_order import check_step_order
from core.chat.citations.contrasts.swapped_roles import check_swapped_roles
from core.chat.citations.read_passages import ReadPassage
from core.chat.citations.sentence_features import SentenceFeatures


def check_contrasts(
    said: SentenceFeatures, passage: ReadPassage, place: int, read: SentenceFeatures
) -> RuleFinding:
    """Return the worst finding on a statement whose words sentence `place` of a source holds.

    `read` are all sentences that hold some of them.
    """
    best = passage.sentences[place]
    finding = worse(check_date_bounds(said, read), check_labels(said, read))
    finding = worse(finding, check_step_order(said, passage.sentences, place))
    finding = worse(finding, check_joined_parts(said, passage.sentences, place, passage.label))
    finding = worse(finding, check_replacements(said, best, passage.words - passage.label))
    finding = worse(finding, check_inclusion(said, best))
    finding = worse(finding, check_swapped_roles(said, best))
    finding = worse(finding, check_amount_bounds(said, best))
    finding = worse(finding, check_parallel_clauses(said, best))
    return worse(finding, check_predicate(said, passage.sentences, passage.label))
