"""Polish: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    Language,
    LibraryPhrases,
    NumberWords,
    TalkPhrases,
    TaskPhrases,
)

POLISH = Language(
    code="pl",
    talk=TalkPhrases(
        greetings="cześć|dzień dobry|hej",
        thanks="dziękuję",
        own_greetings=(
            "cześć|hej+|siema|dzień dobry|dobry wieczór|dobranoc|do (?:widzenia|jutra|zobaczenia)"
            "|na razie|co (?:słychać|u ciebie|tam)|jak (?:się masz|leci|masz na imię)|kim jesteś"
            "|co (?:potrafisz|umiesz)|pomożesz mi"
            "|co u ciebie|wszystko (?:dobrze|w porządku|ok)|jak (?:leci|tam|idzie)|witaj|witam"
        ),
        own_thanks="dziękuj[eę]|dzięki",
        own_praise=(
            "bardzo|wielkie|ślicznie|serdecznie|za (?:pomoc|odpowiedź)|super|świetnie|doskonale"
            "|idealnie|bardzo pomocne|to (?:wszystko|było pomocne)|przepraszam|okej"
            r"|o to (?:mi )?chodziło|właśnie tego (?:szukał\w+|potrzebował\w+)|wielkie dzięki"
            "|fajnie|dokładnie"
        ),
    ),
    tasks=TaskPhrases(
        openings="cześć|proszę|czy (?:możesz|mogłabyś|mógłbyś)|możesz",
        creations=(
            r"^(?:napisz|ułóż|stwórz|wymyśl|opowiedz|zaproponuj|podaj|podsuń"
            r"|skomponuj)\b.{0,40}?\b(?:wiersz\w*|rymowank\w*|piosenk\w*|opowiadani\w*|histori\w*"
            r"|bajk\w*|baśń|dowcip\w*|żart\w*|kawał\w*|zagadk\w*|list|e-?mail\w*|maila|wiadomość"
            r"|przemówieni\w*|pomysł\w*|hasł\w*|slogan\w*|funkcj\w*|program|skrypt|zaproszeni\w*"
            r"|życzeni\w*|haiku|synonim\w*|dialog|wypracowani\w*)\b"
            r"|^(?:potrzebuję|szukam|masz|wymyśl|podaj|zaproponuj) (?:mi )?(?:jak\w+ś? "
            r"|kilka )?(?:\w+ )?(?:imi[aęo]\w*|imion|nazw\w*|pomysł\w*|slogan\w*|hasł\w*"
            r"|tytuł\w*) (?:dla|na|do)\b"
        ),
        documents=(
            r"\b(?:dokument\w*|plik\w*|folder\w*|um[oó]w\w*|faktur\w*|protok[oó][lł]\w*|raport\w*"
            r"|sprawozda\w*|ofert\w*|instrukcj\w*|książ\w*|artyku[lł]\w*|paragon\w*|rozdzia[lł]\w*"
            r"|katalog\w*|notat\w*)\b"
        ),
        whole_tasks=(
            r"\b(?:streść|streszcz\w*|streszczeni\w*|podsumow\w*|podsumuj\w*|przegląd"
            r"|najważniejsze (?:punkty|tezy)|porówna\w*|porównaj\w*|różnic\w*|przetłumacz\w*"
            r"|tłumaczeni\w*|wymień|wypisz|wylicz|zrób (?:listę|tabelę)"
            r"|wszystkie (?:nazwiska|daty|terminy|kwoty|osoby|imiona)"
            r"|o czym (?:jest|są|mówi\w*))\b"
            r"|\b(?:prostym(?:i słowami| językiem)|obok siebie|(?:czym|jak) (?:się )?różni\w*"
            "|wyciągnij|w skrócie|krótko (?:mówiąc|opowiedz)|wypisz|lista zadań|co (?:muszę"
            r"|trzeba|powinienem|powinnam) wiedzieć)\b"
        ),
        single_facts=(
            r"^(?:kiedy|kto|kogo|komu|czyj\w*|ile|ilu|(?:w |na )?któr\w+ (?:dni\w*|dat\w*|rok\w*"
            r"|godzin\w*))\b"
        ),
        whole_alone=(
            "^(?:streść(?: wszystko| to)?|podsumuj(?: wszystko| to)?|podsumowanie|streszczenie"
            "|o czym to jest)<end>"
        ),
        asks=(
            r"(?:powiedz|podaj|wskaż|pokaż)(?: (?:mi|nam))?,? (?:kiedy|kto|kogo|co|ile|jak\w*"
            r"|gdzie|dlaczego|czy|któr\w*|numer\w*|nazwisk\w*|adres\w*|dat[ęy]|kwot\w*|termin\w*"
            r"|telefon\w*)\b"
        ),
        rewordings=(
            "^(?:(?:a|i|teraz|ale|ok|dobrze),? )*(?:trochę |jeszcze |dużo |nieco )*(?:krócej"
            r"|dłużej|prościej|krótsz\w+|dłuższ\w+|prostsz\w+|uprzejmiej|milej|formalniej"
            r"|bardziej \w+|mniej \w+)(?:,? proszę)?[.!?]*$|\bto samo (?:po|ale|jako|w)\b|^(?:a "
            r"|i |teraz )+po \w+(?:sku|cku)[.!?]*$|\b(?:skróć|popraw|przetłumacz|uprość|powtórz"
            "|przeredaguj|napisz|streść|wydłuż|zmień|wyjaśnij|zrób|przerób) (?:to|go|ją|je"
            r"|z tego|ten (?:list|tekst|mail)|tę (?:odpowiedź|wiadomość))(?:\b|$)"
        ),
        papers=(
            r"\b(?:list (?:z|ze|od)(?!\w)|(?:ten|cały|tego|każdy) list|list[uy]|listem"
            r"|listów|pism[oaeu]|maila?|maile|maili|e-?mail\w*|wiadomoś\w+"
            r"|przepis\w*|zaświadczeni\w*|wyciąg\w*)\b"
        ),
        certain=(
            r"\b(?:umow[ęy]|listu? od|faktur[ęy]|raport|protok[oó]łu?|ofert[ęy]|instrukcj[ęi]"
            "|przepis|paragon|książk[ęi]|artykuł|sprawozdani[ea]|notatk[ęi]|dokument|plik|wiadomoś[ćc]i?"
            r"|polis[ęy])\b"
        ),
    ),
    library=LibraryPhrases(
        files=r"dokument\w*|plik\w*|zdję\w*|obraz(?:y|ów)|prezentacj\w*",
        kinds=(
            r"um[oó]w\w*|faktur\w*|list(?:y|ów)|maili|notat\w*|raport\w*|paragon\w*|ofert\w*"
            r"|instrukcj\w*|protok[oó][lł]\w*|książ\w*|przepis\w*"
            r"|e-?mail\w*|mail\w*|rachun\w*|polis\w*|pism[ao]?"
        ),
        holders=r"folder\w*|katalog\w*|bibliote\w*",
        yesterday=r"\bwczoraj\b",
        today=r"\b(?:dzisiaj|dziś)\b",
        last_week="(?:zeszłym|ubiegłym|poprzednim) tygodniu",
        last_month="(?:zeszłym|ubiegłym|poprzednim) miesiącu",
        last_year="(?:zeszłym|ubiegłym) roku",
        this_week="tym tygodniu",
        this_month="tym miesiącu",
        this_year="tym roku",
        counts=(
            r"^ile (?:mam |mamy |jest )?(?:\w+ )?<any>(?!\w) ?(?:(?:jest|mam|mamy|znajduje"
            r"|zawiera)\b.*|(?:w .*)?<end>)"
        ),
        unreadable=(
            r"<files> nie (?:udało|można|dało|da|zostały)\b.{0,8}(?:odczyt|przeczyt|otw|wczyt)"
            r"|(?:nieczyteln|pominięt)\w* <files>"
        ),
        changes=(
            r"^(?:jakie|które|pokaż)\b.{0,4}<any>.{0,30}(?:doda|zmieni|zaktualizow|edytow)"
            r"|^co (?:się zmieniło|nowego|dodano"
            r"|zmieniono)(?: w .{0,10}<holder>)?(?: (?:w )?<period>)?<end>"
        ),
        contents=(
            r"^co (?:jest|mam|znajduje się|leży) w(?: \w+)? <holder><end>"
            r"|^jakie (?:mam )?<files>(?: mam| są| tu są)?<end>"
            r"|^pokaż(?: mi)?(?: wszystkie)?(?: moje)? <files><end>"
        ),
        existence=r"^czy (?:mam|mamy|są|jest)(?: tu)?(?: jak\w+)? <any><end>",
        newest=r"najnowsz\w*|ostatni\w*",
        oldest=r"najstarsz\w*",
        largest=r"największ\w*|najdłuższ\w*",
        smallest=r"najmniejsz\w*|najkrótsz\w*",
        rank_words="który|która|które|jaki|jest|są|mój|moje|pokaż",
        last_fillers=(
            r"\b(?:ile|mam|mamy|jest|są|w|moim|tym|czy|jakieś|jakąś|tu|mojej|tej|się|znajduje)\b"
            r"|\b(?:któr\w+|jaki\w+|mówi\w*|dotycz\w*|wspomin\w*|zawier\w*|mowa|o|ą|pokaż"
            r"|wyświetl|wypisz|wymień|wszystkie|moje|mi|na temat)\b"
        ),
        lists=(
            r"^(?:w )?(?:któr\w+|jaki\w+) <any> (?:mówi\w*|dotycz\w*|wspomin\w*|zawier\w*"
            r"|jest mowa|są o|traktuj\w*|opisuj\w*)\b|^(?:pokaż|wyświetl|wypisz|wymień"
            "|wylistuj)(?: mi)? (?:wszystkie|wszystkich)(?: moje)? <any><end>"
        ),
        last_changed=(
            r"^(?:któr\w+|jaki\w?) <any> (?:(?:został\w?|był\w?|jest) )?(?:(?:zmieni|edyt|doda"
            r"|zmodyf|zaktualiz|zapis)\w* )?(?:ostatnio|jako ostatni\w?|najpóźniej)(?: (?:zmieni"
            r"|zmien|edyt|doda|zmodyf|zaktualiz|zapis)\w*)?<end>|^jaki (?:jest"
            r"|był) ostatnio (?:zmien|edyt|doda|zmodyf)\w+ <any><end>"
        ),
    ),
    numbers=NumberWords(
        units=(
            "zero|jeden jedna jedno|dwa dwie dwóch|trzy trzech|cztery czterech|pięć|sześć|siedem"
            "|osiem|dziewięć|dziesięć|jedenaście|dwanaście|trzynaście|czternaście|piętnaście"
            "|szesnaście|siedemnaście|osiemnaście|dziewiętnaście"
        ),
        tens=(
            "dwadzieścia|trzydzieści|czterdzieści|pięćdziesiąt|sześćdziesiąt|siedemdziesiąt"
            "|osiemdziesiąt|dziewięćdziesiąt"
        ),
    ),
)
