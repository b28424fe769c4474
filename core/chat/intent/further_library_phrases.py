"""Further library phrases: questions about the library itself in eight more languages.

Italian, Portuguese, Dutch, Polish, Turkish, Ukrainian, Japanese and Hindi, in this order. A question
is one only if nothing stands in it but what asks for files: "how many contracts must I sign" is none.
"""

# ruff: noqa: E501 - a line is one list of alternatives

from core.base.lazy_regex import lazy_pattern

_HINDI = "[\u0900-\u097f]*"
"""The rest of a word: its vowel signs are no letters to a pattern."""
_FILES = (
    r"(?:document[oi]|files?|pdf|immagini|tabelle|presentazioni"
    r"|documentos?|ficheiros?|arquivos?|pdfs|imagens|tabelas|apresentações"
    r"|documenten|document|bestand(?:en)?|pdf's|afbeeldingen|foto's|tabellen|presentaties"
    r"|dokument\w*|plik\w*|zdję\w*|obraz(?:y|ów)|prezentacj\w*"
    r"|belge\w*|dosya\w*|resim\w*|fotoğraf\w*|tablo\w*|sunum\w*"
    r"|документ\w*|файл\w*|зображен\w*|фото|таблиц\w*|презентаці\w*"
    r"|文書|書類|ファイル|ドキュメント|資料|画像|写真|スライド"
    rf"|दस्तावेज{_HINDI}|फ\u093c?ाइल{_HINDI}|तस्वीर{_HINDI})"
)
_KINDS = (
    r"(?:contratt[oi]|fattur[ae]|letter[ae]|e-?mail|appunti|relazion[ei]|ricevut[ae]|preventiv[oi]|manual[ei]|verbal[ei]|libr[oi]|ricett[ae]"
    r"|contratos?|faturas?|cartas?|e-?mails|notas|relatórios?|recibos?|orçamentos?|manuais|atas?|livros?|receitas?"
    r"|contract(?:en)?|factu(?:ur|ren)|brieven|mails|notities|verslagen|bonnen|offertes?|handleidingen|notulen|boeken|recepten"
    r"|um[oó]w\w*|faktur\w*|list(?:y|ów)|maili|notat\w*|raport\w*|paragon\w*|ofert\w*|instrukcj\w*|protok[oó][lł]\w*|książ\w*|przepis\w*"
    r"|sözleşme\w*|fatura\w*|mektu[bp]\w*|e-?posta\w*|notlar\w*|rapor\w*|teklif\w*|kılavuz\w*|tutana\w*|kita[bp]\w*|tarif\w*"
    r"|догов[оі]р\w*|рахун\w*|лист(?:и|ів)|нотат\w*|звіт\w*|квитанці\w*|пропозиці\w*|інструкці\w*|протокол\w*|книг\w*|рецепт\w*"
    r"|契約書|請求書|領収書|手紙|メール|メモ|報告書|見積書?|マニュアル|説明書|議事録|レシピ"
    rf"|अनुबंध{_HINDI}|बिल{_HINDI}|ईमेल{_HINDI}|रिपोर्ट{_HINDI}|रसीद{_HINDI}|किताब{_HINDI})"
)
_ANY = rf"(?:{_FILES}|{_KINDS})"
_HOLDER = (
    r"(?:cartell[ae]|libreria|biblioteca|raccolta|pastas?|map(?:pen)?|bibliotheek|folder\w*|katalog\w*|bibliote\w*|klasör\w*|kütüphane\w*|kitaplı\w*|пап[кц]\w*|тек[аиуі]|теці|бібліоте\w*"
    rf"|フォルダー?|ライブラリー?|फ\u093c?ोल्डर{_HINDI}|लाइब्रेरी)"
)
_END = r"[\s.!?。！？।]*$"
_PERIODS = {
    "yesterday": r"\b(?:ieri|ontem|gisteren|wczoraj|dün|вчора)\b|昨日|(?:^|\s)कल(?=\s)",
    "today": r"\b(?:oggi|hoje|vandaag|dzisiaj|dziś|bugün|сьогодні)\b|今日|आज",
    "last week": r"settimana scorsa|semana passada|(?:vorige|afgelopen) week|(?:zeszłym|ubiegłym|poprzednim) tygodniu|geçen hafta|минулого тижня|先週|पिछले (?:हफ\u093c?्ते|सप्ताह)",
    "last month": r"mese scorso|mês passado|(?:vorige|afgelopen) maand|(?:zeszłym|ubiegłym|poprzednim) miesiącu|geçen ay|минулого місяця|先月|पिछले महीने",
    "last year": r"anno scorso|ano passado|(?:vorig|afgelopen) jaar|(?:zeszłym|ubiegłym) roku|geçen yıl|минулого року|去年|昨年|पिछले (?:साल|वर्ष)",
    "this week": r"questa settimana|esta semana|deze week|tym tygodniu|bu hafta|цього тижня|今週|इस (?:हफ\u093c?्ते|सप्ताह)",
    "this month": r"questo mese|este mês|deze maand|tym miesiącu|bu ay|цього місяця|今月|इस महीने",
    "this year": r"quest'anno|este ano|dit jaar|tym roku|bu yıl|цього року|今年|इस (?:साल|वर्ष)",
}
FURTHER_PERIODS = tuple((name, lazy_pattern(pattern)) for name, pattern in _PERIODS.items())
"""Patterns of periods by the names that `library_question` gives them."""
_WHEN = rf"(?:{'|'.join(_PERIODS.values())})"

FURTHER_COUNTS = lazy_pattern(
    rf"^quant[ie] (?:\w+ )?{_ANY}(?!\w)(?: pdf)?(?: (?:ci sono|ho|abbiamo|si trovano|contiene|esistono)\b.*|(?: (?:nella|nel|in|della) .*)?{_END})"
    rf"|^quant[oa]s (?:\w+ )?{_ANY}(?!\w)(?: pdf)? ?(?:(?:há|existem|tenho|temos|estão|contém|tem (?:a|esta))\b.*|(?:(?:na|no|nesta|em) .*)?{_END})"
    rf"|^hoeveel (?:\w+ )?{_ANY}(?!\w) ?(?:(?:heb|hebben|zijn er|staan|zitten|bevat)\b.*|(?:(?:in|er) .*)?{_END})"
    rf"|^ile (?:mam |mamy |jest )?(?:\w+ )?{_ANY}(?!\w) ?(?:(?:jest|mam|mamy|znajduje|zawiera)\b.*|(?:w .*)?{_END})"
    rf"|\bkaç (?:tane |adet )?{_ANY}(?: \w+)? (?:var|bulunuyor|mevcut)"
    rf"|^скільки (?:(?:в|у) (?:мене|нас) |всього )?(?:\w+ )?{_ANY}(?!\w) ?(?:(?:є|міститься|маю|лежить)\b.*|(?:(?:у|в) .*)?{_END})"
    rf"|{_ANY}(?:は|が|って)?(?:全部で)?(?:いくつ|何(?:個|件|枚|通|冊|本|つ)|どれ(?:くらい|だけ))(?:の{_FILES}が)?(?:あり|ある|入って|存在)|何(?:個|件|枚|通|冊)の{_ANY}が(?:あり|ある)"
    rf"|कितन[ीेा] {_ANY} (?:हैं|है|मौजूद|रख)"
)
FURTHER_UNREADABLE = lazy_pattern(
    rf"{_FILES} (?:\w+ )?non (?:è stato possibile|si (?:possono|sono potut\w+|riescono)|sono stat\w+|hai)\b.{{0,12}}(?:legg|lett|apr)|{_FILES} (?:illeggibil|saltat|ignorat)\w*"
    rf"|{_FILES} (?:\w+ )?não (?:puderam|foi possível|foram|se conseguiu|conseguiste)\b.{{0,12}}(?:l(?:er|idos|er)|abr)|{_FILES} (?:ilegíveis|ignorados|saltados)"
    rf"|{_FILES} .{{0,14}}niet .{{0,10}}(?:gelezen|geopend|lezen)|(?:onleesbare|overgeslagen) {_FILES}"
    rf"|{_FILES} nie (?:udało|można|dało|da|zostały)\b.{{0,8}}(?:odczyt|przeczyt|otw|wczyt)|(?:nieczyteln|pominięt)\w* {_FILES}"
    rf"|{_FILES} (?:okunama|açılama|atlan)\w*|(?:okunama|açılama)yan {_FILES}"
    rf"|{_FILES} не (?:вдалося|можна|було)\b.{{0,10}}(?:прочит|відкри)|(?:непрочитан|нечитабельн|пропущен)\w* {_FILES}"
    rf"|(?:読め|開け|読み込め|読み取れ)(?:なかった|ない){_FILES}|{_FILES}(?:が|は)(?:読め|開け|読み込め)(?:なかった|ない)"
    rf"|{_FILES} (?:पढ\u093c?[ीेा]|खोल[ीेा]) नहीं|नहीं पढ\u093c?[ीेा]"
)
FURTHER_CHANGES = lazy_pattern(
    rf"^(?:quali|che|elenca|mostra\w*)\b.{{0,8}}{_ANY}.{{0,30}}(?:aggiunt|modificat|cambiat|aggiornat)|^(?:che )?(?:cosa|cos') ?(?:è|c'è) (?:cambiato|di nuovo|stato aggiunto)(?: (?:nella|in) .{{0,12}}{_HOLDER})?(?: {_WHEN})?{_END}"
    rf"|^(?:que|quais|lista|mostra\w*)\b.{{0,8}}{_ANY}.{{0,30}}(?:adicionad|acrescentad|modificad|alterad|atualizad|mudaram)|^o que (?:mudou|há de novo|foi (?:adicionado|alterado))(?: (?:na|nesta) .{{0,10}}{_HOLDER})?(?: {_WHEN})?{_END}"
    rf"|^welke\b.{{0,8}}{_ANY}.{{0,30}}(?:toegevoegd|gewijzigd|veranderd|bijgewerkt|bijgekomen)|^wat is er (?:{_WHEN} )?(?:veranderd|nieuw|gewijzigd|toegevoegd|bijgekomen)(?: in .{{0,10}}{_HOLDER})?(?: {_WHEN})?{_END}"
    rf"|^(?:jakie|które|pokaż)\b.{{0,4}}{_ANY}.{{0,30}}(?:doda|zmieni|zaktualizow|edytow)|^co (?:się zmieniło|nowego|dodano|zmieniono)(?: w .{{0,10}}{_HOLDER})?(?: (?:w )?{_WHEN})?{_END}"
    rf"|^(?:{_WHEN} )?hangi {_ANY}.{{0,14}}(?:eklen|değiş|güncellen)|^(?:{_WHEN} )?(?:{_HOLDER} )?(?:{_WHEN} )?ne(?:ler)? (?:değişti|eklendi|yeni){_END}"
    rf"|^(?:які|покажи)\b.{{0,4}}{_ANY}.{{0,30}}(?:дода|змін|оновл)|^що (?:змінилося|нового|додали|змінили)(?: (?:у|в) .{{0,10}}{_HOLDER})?(?: {_WHEN})?{_END}"
    rf"|(?:追加|変更|更新|編集)(?:され)?た{_ANY}|{_ANY}(?:は|が).{{0,6}}(?:追加|変更|更新)され|^(?:{_WHEN}に?|{_HOLDER}で)*何が(?:変わ|追加|新し)"
    rf"|कौन ?स[ीेा] {_ANY} .{{0,12}}(?:जोड\u093c?|बदल|अपडेट)|^(?:{_HOLDER} में )?(?:{_WHEN} )?क्या (?:बदला|नया)"
)
FURTHER_CONTENTS = lazy_pattern(
    rf"^(?:che )?(?:cosa|cos'|che) ?(?:c'è|è contenuto|contiene|si trova|ho) (?:nella|nelle|nel|in|la)(?: \w+)? {_HOLDER}{_END}|^quali {_FILES} (?:ci sono|ho|abbiamo){_END}|^(?:elenca|mostra(?:mi)?)(?: tutti)?(?: i| i miei)? {_FILES}{_END}"
    rf"|^o que (?:há|tenho|está|existe) (?:na|nas|nesta|em)(?: \w+)? {_HOLDER}{_END}|^que {_FILES} (?:há|tenho|existem){_END}|^(?:lista|mostra(?:-me)?)(?: todos)?(?: os| os meus)? {_FILES}{_END}"
    rf"|^wat (?:staat|zit|ligt|is)(?: er)?(?: allemaal)? in (?:mijn|de|deze) {_HOLDER}{_END}|^welke {_FILES} (?:heb ik|zijn er|staan er)\b.{{0,20}}$|^toon(?: me)?(?: alle)?(?: mijn)? {_FILES}{_END}"
    rf"|^co (?:jest|mam|znajduje się|leży) w(?: \w+)? {_HOLDER}{_END}|^jakie (?:mam )?{_FILES}(?: mam| są| tu są)?{_END}|^pokaż(?: mi)?(?: wszystkie)?(?: moje)? {_FILES}{_END}"
    rf"|^(?:\w+ )?{_HOLDER} ne(?:ler)? var{_END}|^hangi {_FILES} var{_END}|^(?:bütün |tüm )?{_FILES} (?:göster|listele)\w*{_END}"
    rf"|^що (?:є|лежить|міститься|знаходиться) (?:у|в)(?: \w+)? {_HOLDER}{_END}|^які (?:в мене |у мене )?(?:є )?{_FILES}(?: є| в мене є)?{_END}|^покажи(?: мені)?(?: всі| усі)?(?: мої)? {_FILES}{_END}"
    rf"|^(?:私の|この)?{_HOLDER}(?:の中)?(?:には?|は)(?:何|なに|どんな{_FILES})が(?:入って|あり|ある)|^どんな{_FILES}が(?:あり|ある)|^(?:すべて|全て)の{_FILES}を(?:表示|見せ)"
    rf"|^(?:मेरे |इस )?{_HOLDER} में क्या(?:-क्या| क्या)? है{_END}|^कौन ?स[ीे] {_FILES} हैं{_END}|^(?:सभी|सारे|सारी) {_FILES} (?:दिखाओ|दिखाएं|दिखाएँ){_END}"
)
_RANKS = {
    "newest": r"recent\w*|nuov\w+|nov[oa]s?|nieuwste|recentste|laatste|najnowsz\w*|ostatni\w*|en yeni|en son|найновіш\w*|найсвіжіш\w*|останн\w*|(?:一番|最も)?新しい|最新の|सबसे (?:नय[ाेी]|नई|ताज[ाेी])",
    "oldest": r"vecchi\w*|antic\w+|antig[oa]s?|velh[oa]s?|oudste|najstarsz\w*|en eski|найстаріш\w*|найдавніш\w*|(?:一番|最も)?古い|最古の|सबसे पुरान[ाेी]",
    "largest": r"grand[ei]|lungh\w+|grandes?|maior(?:es)?|longos?|grootste|langste|największ\w*|najdłuższ\w*|en büyük|en uzun|найбільш\w*|найдовш\w*|(?:一番|最も)?(?:大きい|長い)|सबसे (?:बड\u093c?[ाेी]|लंब[ाेी])",
    "smallest": r"piccol\w+|pequen[oa]s?|menor(?:es)?|kleinste|kortste|najmniejsz\w*|najkrótsz\w*|en küçük|en kısa|найменш\w*|(?:一番|最も)?(?:小さい|短い)|सबसे छोट[ाेी]",
}
FURTHER_RANKS = tuple(
    (name, lazy_pattern(rf"(?<!\w)(?:{words})")) for name, words in _RANKS.items()
)
"""Patterns of an order of files by the names of `LibraryQuestionKind`."""
_RANK_WORDS = (
    r"qual[ei]?|è|sono|il|i|lo|la|le|più|mostra(?:mi)?|é|são|o|os|a|as|mais|mostra-me|wat|welke?|is|zijn|het|de|mijn|toon"
    r"|który|która|które|jaki|jest|są|mój|moje|pokaż|hangisi|hangileri|nedir|hangi|який|яка|які|мій|мої|покажи|कौन|स[ाीे]|है|हैं|मेर[ाीे]"
)
FURTHER_RANKED = lazy_pattern(
    rf"^(?=.*{_FILES})(?:(?:{_RANK_WORDS}|{_FILES}|{'|'.join(_RANKS.values())})(?:\s+|(?=[.!?।]*$)))+[.!?।]*$"
    rf"|^(?:{'|'.join(_RANKS.values())}){_FILES}(?:は|を)?(?:どれ|何|どの{_FILES})?(?:です|見せて|教えて)?(?:ください)?か?{_END}"
)
"""Matches a question for the newest, oldest, largest or smallest files, and nothing else."""
FURTHER_EXISTENCE = lazy_pattern(
    rf"^(?:ho|abbiamo|ci sono|c'è) (?:delle |dei |degli |qualche |alcun\w* |una? )?{_ANY}{_END}"
    rf"|^(?:tenho|temos|há) (?:alg\w+ |uma? )?{_ANY}{_END}"
    rf"|^(?:heb ik|hebben we|zijn er|is er) (?:ook |nog |een |ergens )*{_ANY}{_END}"
    rf"|^czy (?:mam|mamy|są|jest)(?: tu)?(?: jak\w+)? {_ANY}{_END}"
    rf"|^(?:hiç |bir )?{_ANY} var mı{_END}"
    rf"|^чи (?:є|маю|маємо)(?: (?:в|у) (?:мене|нас))?(?: як\w+)? {_ANY}{_END}"
    rf"|^{_ANY}は(?:あり|ある)(?:ます)?か?{_END}"
    rf"|^क्या (?:मेरे पास |यहाँ )?(?:कोई )?{_ANY} (?:हैं|है){_END}"
)
FURTHER_FILLERS = lazy_pattern(
    rf"(?<!\w)(?:{_HOLDER}|{_FILES})(?!\w)|{_WHEN}"
    r"|\b(?:quant[ie]|ci|sono|ho|abbiamo|nella?|nelle|dei|delle|degli|qualche|trovano|si|mia|mie|miei|questa|c'è|contiene|una"
    r"|quant[oa]s|há|existem|tenho|temos|estão|na|no|nesta|minhas?|meus?|alguma?s?|em|os"
    r"|hoeveel|heb|hebben|we|er|zijn|staan|zitten|ik|de|deze|mijn|het|een|nog|ook|ergens"
    r"|ile|mam|mamy|jest|są|w|moim|tym|czy|jakieś|jakąś|tu|mojej|tej|się|znajduje"
    r"|kaç|tane|adet|var|mı|hiç|bulunuyor|benim|içinde"
    r"|скільки|мене|нас|у|в|є|чи|якісь|якийсь|моїй|цій|всього|маю)\b"
    r"|いくつ|全部で|何(?:個|件|枚|通|冊|本|つ)|どれ(?:くらい|だけ)|あり(?:ます)?|ある|入って(?:い(?:ます|る))?|文書|書類|ファイル|ドキュメント|資料|画像|写真|フォルダー?|ライブラリー?|には|の中|(?:は|が)(?=あり|ある|いくつ|何|どれ|入|\W|$)|か(?=\W*$)"
    r"|कितन[ीेा]|हैं|है|में|क्या|मेरे|पास|कोई|इस|यहाँ"
)
"""Matches what is no word to look for in such a question."""
