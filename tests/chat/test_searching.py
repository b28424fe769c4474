"""Words are found in every chat, at their place, whatever has happened to the turns since."""

import pytest
from msgspec import structs

from core.base.paths import Paths
from core.chat.conversations.conversation import TurnState
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.chat_search import (
    MOST_OF_CHAT,
    fold_text,
    make_excerpt,
    search_terms,
    term_spans,
)
from tests.chat.talk import say


def found(chats: ChatDatabase, query: str) -> list[tuple[str, str]]:
    """Return titles with the text of each place."""
    return [(hit.title, hit.excerpt) for hit in chats.search.find_hits(query)]


def test_all_words_are_found_in_any_order_case_and_accent(chats: ChatDatabase) -> None:
    say(chats, "one", "Der Rechen hängt im Schuppen.")
    say(chats, "two", "Nothing of the kind.")
    assert found(chats, "SCHUPPEN hangt") == [("one", "Der Rechen hängt im Schuppen.")]
    assert found(chats, "schuppen valve") == []
    assert found(chats, "  ") == []


def test_parts_of_words_and_scripts_without_spaces_are_found(chats: ChatDatabase) -> None:
    say(chats, "garden", "Rhabarberkompott im Glas")
    say(chats, "tokyo", "東京都の庭園について教えてください")
    assert [title for title, _ in found(chats, "barberko")] == ["garden"]
    assert [title for title, _ in found(chats, "庭園に")] == ["tokyo"]
    assert [title for title, _ in found(chats, "庭園")] == ["tokyo"]


def test_words_of_one_and_two_letters_count_too(chats: ChatDatabase) -> None:
    say(chats, "one", "It has 40 litres.")
    say(chats, "two", "It has 62 litres.")
    assert [title for title, _ in found(chats, "40 litres")] == ["one"]
    assert [title for title, _ in found(chats, "62")] == ["two"]
    for query in ("4_", "%", "*", "?", "[", "^a"):
        assert found(chats, query) == []


def test_case_and_accents_of_short_words_do_not_matter(chats: ChatDatabase) -> None:
    say(chats, "oil", "Öl in die Säge, [dann] *fertig*?")
    say(chats, "other", "zum Kuchen")
    for query in ("öl", "OL", "Öl", "sä", "[d", "g*", "?"):
        assert [title for title, _ in found(chats, query)] == ["oil"]


def test_quotation_marks_hold_words_together(chats: ChatDatabase) -> None:
    say(chats, "one", "every second Friday")
    say(chats, "two", "every Friday, the second of May")
    assert [title for title, _ in found(chats, '"second friday"')] == ["one"]


@pytest.mark.parametrize(
    "query", ['"', '""', "AND OR", "NEAR(", "a*b", "'; DROP TABLE turns", "\0"]
)
def test_no_query_is_an_error(chats: ChatDatabase, query: str) -> None:
    say(chats, "one", "words")
    assert isinstance(chats.search.find_hits(query), tuple)


def test_titles_come_first_and_say_so(chats: ChatDatabase) -> None:
    say(chats, "old", "the cider is racked")
    chat = say(chats, "x", "nothing")
    chats.rename_chat(chat.chat_id, "Cider, 2026")
    first, second = chats.search.find_hits("cider")
    assert (first.title, first.turn_id, first.marks) == ("Cider, 2026", "", ((0, 5),))
    assert second.title == "old"
    assert second.excerpt[slice(*second.marks[0])] == "cider"


def test_one_chat_does_not_fill_the_list(chats: ChatDatabase) -> None:
    chat = say(chats, "first", "pears")
    for _ in range(8):
        chat = say(chats, "more", "pears again", chat=chat)
    say(chats, "other", "one pear among many pears")
    hits = chats.search.find_hits("pears")
    assert sum(hit.chat_id == chat.chat_id for hit in hits) == MOST_OF_CHAT
    assert len({hit.chat_id for hit in hits}) == 2


def test_the_index_follows_changed_and_deleted_turns(chats: ChatDatabase) -> None:
    chat = say(chats, "question", "the first wording")
    turn = structs.replace(chat.path()[-1], text="another wording")
    chats.save_turns(chat.with_turn(turn), [turn])
    assert found(chats, "first") == []
    assert len(found(chats, "another")) == 1
    chats.delete_chat(chat.chat_id)
    assert found(chats, "another") == []


def test_an_answer_is_found_when_it_has_ended(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    chat = say(chats, "question", "halfway through", state=TurnState.STREAMING)
    chats.save_partial_answer(chat.path()[-1].turn_id, "halfway through the sentence")
    assert found(chats, "halfway") == []
    done = structs.replace(chat.path()[-1], state=TurnState.DONE, text="all of the sentence")
    chats.save_turns(chat.with_turn(done), [done])
    assert len(found(chats, "sentence")) == 1
    say(chats, "second", "cut off here", state=TurnState.STREAMING)
    chats.close()
    chats = ChatDatabase(root.chats, root.backups)  # an answer that streamed was cut off
    assert len(found(chats, "cut off")) == 1
    chats.delete_chat(chat.chat_id)
    assert [title for title, _ in found(chats, "sentence")] == []
    chats.close()


def test_the_trash_is_not_searched(chats: ChatDatabase) -> None:
    chat = say(chats, "question", "a hidden place")
    chats.organizer.trash_chat(chat.chat_id)
    assert found(chats, "hidden") == []
    assert found(chats, "question") == []
    chats.organizer.restore_chat(chat.chat_id)
    assert len(found(chats, "hidden")) == 1


def test_an_excerpt_begins_near_the_word() -> None:
    text = "word " * 100 + "the\n\nvalve behind the shed" + " more" * 100
    shown, marks = make_excerpt(text, ("valve",))
    assert shown.startswith("…word")
    assert shown.endswith("…")
    assert [shown[start:end] for start, end in marks] == ["valve"]
    assert len(shown) < 260


def test_folding_keeps_every_place() -> None:
    text = "İstanbul ÄÖÜ ß Ǆ ﬁ 𝔸"
    assert len(fold_text(text)) == len(text)
    assert term_spans("Äpfel und apfel", ("apfel", "fel")) == [(0, 5), (10, 15)]
    assert search_terms('One "Two  Three" one') == ("one", "two three")
