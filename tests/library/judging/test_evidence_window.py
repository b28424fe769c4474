"""Evidence windows: the part of a passage that a judge reads."""

from core.library.judging.evidence_window import nearest_sentences, nearest_window

LEASE = (
    "The flat is on the second floor and has three rooms. The rent is due on the third working day "
    "of each month. Pets need the landlord's consent in writing. The notice period is three months "
    "to the end of a month. Small repairs up to 110 euros are paid by the tenant."
)


def test_a_short_passage_is_read_whole() -> None:
    assert nearest_window("How long is the notice period?", LEASE, 1000) == LEASE
    assert nearest_sentences("How long is the notice period?", LEASE, 1000) == LEASE


def test_the_window_is_a_run_of_whole_sentences_around_the_nearest() -> None:
    window = nearest_window("How long is the notice period?", LEASE, 140)
    assert "The notice period is three months to the end of a month." in window
    assert window in LEASE
    assert len(window) <= 140
    assert window[0].isupper()
    assert window.endswith(".")


def test_sentences_far_apart_come_together_in_their_order() -> None:
    near = nearest_sentences("rent and small repairs", LEASE, 150)
    assert near.startswith("The rent is due")
    assert near.endswith("paid by the tenant.")
    assert "Pets" not in near


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    text = "这套公寓在二楼。房租在每月第三个工作日支付。解约通知期为三个月。小修理由租客承担。"
    assert "解约通知期为三个月" in nearest_window("解约通知期是多久？", text, 14)


def test_one_sentence_longer_than_the_window_is_cut() -> None:
    endless = "word " * 300
    assert len(nearest_window("word", endless, 100)) == 100
    assert len(nearest_sentences("word", endless, 100)) == 100
    assert nearest_window("word", "", 100) == ""
