"""Formatting of a model's judging ability: a sentence for people, fields for scripts."""

from core.base.i18n import _
from core.models.info.judging_ability import JudgingAbility, KindAbility


def format_ability(ability: JudgingAbility | None) -> str:
    """Say how well a model judges, and whether it is asked."""
    if ability is None:
        return _("not measured yet; that is done while it has nothing to do")
    if ability.is_able:
        text = _(
            "{right} of {cases} test cases judged rightly; it is asked whether passages answer"
        )
    else:
        text = _("{right} of {cases} test cases judged rightly, too few; it is not asked")
    return text.format(right=ability.right, cases=ability.cases)


def ability_fields(ability: JudgingAbility | None) -> dict[str, object] | None:
    """Return an ability as scripts get it; None while it was not measured."""
    if ability is None:
        return None
    return {
        "right": ability.right,
        "cases": ability.cases,
        "answers": _kind_fields(ability.answers),
        "supports": _kind_fields(ability.supports),
    }


def _kind_fields(kind: KindAbility) -> dict[str, object]:
    return {
        "right": kind.right,
        "cases": kind.cases,
        "auc": round(kind.auc, 4),
        "weight": round(kind.weight, 4),
    }
