"""`inglenook model fit --context`: a wish that was cut says so, and why."""

from msgspec import structs

from tests.cli.conftest import Inglenook


def test_a_wish_beyond_what_the_model_was_made_for(inglenook: Inglenook) -> None:
    ran = inglenook("model", "fit", "smol", "--context", "20000")
    assert ran.code == 0
    assert "Instead of 20000 tokens, 8192: the model was made for no more." in ran.err
    (told,) = inglenook("model", "fit", "smol", "--context", "20000", "--json").objects
    assert (told["wished_context"], told["context"]) == (20000, 8192)


def test_a_wish_beyond_the_memory(inglenook: Inglenook) -> None:
    planner = inglenook.children.planner
    planner.plan = structs.replace(planner.plan, context=2048)
    ran = inglenook("model", "fit", "smol", "--context", "4096")
    assert "Instead of 4096 tokens, 2048: there is no memory for more." in ran.err
    assert "Instead of" not in inglenook("model", "fit", "smol", "--context", "2048").err
    assert "Instead of" not in inglenook("model", "fit", "smol").err
