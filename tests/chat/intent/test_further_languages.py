"""Messages in Italian, Portuguese, Dutch, Polish, Turkish, Ukrainian, Russian, Japanese, Hindi."""

import pytest

from core.chat.intent.library_question import LibraryQuestionKind
from core.chat.intent.message_intent import Intent, library_question, message_intent
from core.chat.whole_documents.document_task import TaskKind, read_document_task


@pytest.mark.parametrize(
    "text",
    [
        "Quanti documenti ci sono nella cartella?",
        "Quantos documentos há na pasta?",
        "Hoeveel documenten staan er in de map?",
        "Ile dokumentów jest w folderze?",
        "Klasörde kaç belge var?",
        "Скільки документів у теці?",
        "Сколько документов в папке?",
        "フォルダには文書がいくつありますか？",
        "फ़ोल्डर में कितने दस्तावेज़ हैं?",
    ],
)
def test_a_count_of_all_files_looks_for_no_word(text: str) -> None:
    read = library_question(text)
    assert read is not None
    assert (read.kind, read.words) == (LibraryQuestionKind.FILES, ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Qual è il documento più vecchio?", LibraryQuestionKind.OLDEST),
        ("Wat is het grootste bestand?", LibraryQuestionKind.LARGEST),
        ("En yeni belge hangisi?", LibraryQuestionKind.NEWEST),
        ("一番小さいファイルはどれですか？", LibraryQuestionKind.SMALLEST),
        ("सबसे पुराना दस्तावेज़ कौन सा है?", LibraryQuestionKind.OLDEST),
        ("Що є в моїй папці?", LibraryQuestionKind.CONTENTS),
        ("Których plików nie udało się odczytać?", LibraryQuestionKind.UNREADABLE),
        ("Que ficheiros foram adicionados ontem?", LibraryQuestionKind.CHANGED),
        ("Какие договоры изменились на этой неделе?", LibraryQuestionKind.CHANGED),
        ("Какой файл самый старый?", LibraryQuestionKind.OLDEST),
        ("Какие файлы не удалось прочитать?", LibraryQuestionKind.UNREADABLE),
        ("Что находится в моей библиотеке?", LibraryQuestionKind.CONTENTS),
        ("Есть ли в папке договоры аренды?", LibraryQuestionKind.FILES),
    ],
)
def test_what_is_asked_of_the_library(text: str, kind: LibraryQuestionKind) -> None:
    read = library_question(text)
    assert read is not None
    assert read.kind is kind
    assert (read.since is not None) == (kind is LibraryQuestionKind.CHANGED)


@pytest.mark.parametrize(
    "text", ["Hiç faturam var mı?", "請求書はありますか？", "Hiking maps: where are they?"]
)
def test_no_greeting_is_cut_out_of_a_word(text: str) -> None:
    """“hi” of “hiç” and the Chinese “please” of the Japanese word for invoice were."""
    wanted = Intent.QUESTION if text.startswith("Hiking") else Intent.LIBRARY
    assert message_intent(text, has_history=False) is wanted


@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("Confronta i due preventivi", TaskKind.COMPARISON, ""),
        ("Noem alle namen die in de documenten voorkomen", TaskKind.LIST, ""),
        ("Przetłumacz protokół na angielski", TaskKind.TRANSLATION, "English"),
        ("Tutanağı İngilizceye çevir", TaskKind.TRANSLATION, "English"),
        ("Переклади протокол польською", TaskKind.TRANSLATION, "Polish"),
        ("英語の議事録を日本語に翻訳して", TaskKind.TRANSLATION, "Japanese"),
        ("कार्यवृत्त का अंग्रेज़ी में अनुवाद करो", TaskKind.TRANSLATION, "English"),
        ("Traduz a ata para inglês", TaskKind.TRANSLATION, "English"),
        ("Підсумуй цю папку", TaskKind.SUMMARY, "Ukrainian"),
        ("Streść tę umowę", TaskKind.SUMMARY, "Polish"),
        ("Bu klasörü özetle, ağır olsun", TaskKind.SUMMARY, "Turkish"),
    ],
)
def test_what_is_made_of_whole_documents(text: str, kind: TaskKind, language: str) -> None:
    task = read_document_task(text)
    assert task.kind is kind
    assert not language or task.language == language
