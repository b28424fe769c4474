"""German: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    CourtesyWords,
    Language,
    LibraryPhrases,
    NumberWords,
    SumPhrases,
    TalkPhrases,
    TaskPhrases,
)

GERMAN = Language(
    code="de",
    talk=TalkPhrases(
        greetings=(
            "hallo+|moin(?: moin)?|servus|gr(?:ü|ue)ss (?:gott|dich|euch)"
            "|guten? (?:tag|morgen|abend)|gute nacht|na"
        ),
        thanks=(
            "(?:vielen |herzlichen |tausend )?dank(?:e|e dir|e ihnen)?(?: sehr| schön| vielmals"
            "| für (?:die|deine|ihre) hilfe)?"
        ),
        farewells=(
            "tschüss(?:i)?|bis (?:bald|dann|später|morgen)|auf wiedersehen|mach'?s gut"
            "|(?:einen )?schönen? (?:tag|abend|wochenende)(?: noch)?"
        ),
        replies=(
            "ja(?: bitte)?|nein(?: danke)?|genau|klar|gut(?: gemacht)?|super|toll|prima"
            "|alles klar|verstanden|ach so|passt|das (?:war|ist) (?:alles|toll|super|gut)|perfekt"
            "|schön"
            "|mehr (?:brauche?|wollte) ich nicht(?: wissen)?|das reicht(?: (?:mir|schon|völlig"
            "|so|erst|mal))*"
        ),
        small_talk=(
            r"wie geht(?:'?s| es)(?: dir| ihnen| euch)?(?: heute)?|wer bist du|wer sind sie"
            r"|wie heisst du|was kannst du(?: alles)?|bist du (?:da|ein (?:mensch|roboter|bot)"
            r"|echt)|und (?:dir|selbst|ihnen)|mir geht(?:'?s| es) gut|kannst du mir helfen|hilfe"
            r"|erzähl(?:e)? (?:mir )?(?:einen|noch einen) witz|sprichst du deutsch|ich heisse \w+"
            r"|was geht"
            "|(?:ist )?alles (?:klar|gut|ok(?:ay)?|in ordnung|fit|paletti)(?: (?:bei (?:dir|euch"
            "|ihnen)|soweit|heute))*|wie (?:läuft|geht|steht)(?:'?s|s| es)?(?: (?:dir|so|denn"
            "|bei dir))*|und(?: wie geht(?:'?s| es))? bei dir"
        ),
        addressees="zusammen|leute|nochmal|du|bitte",
        joiners="und",
    ),
    courtesy=CourtesyWords(
        telling=(
            "danke dank dankeschön bedanke geholfen weitergeholfen hilfreich nützlich nett lieb"
            " super toll klasse perfekt wunderbar prima spitze genial hervorragend ausgezeichnet"
            " entschuldigung entschuldige entschuldigen verzeihung sorry tschüss gesucht"
            " gebraucht freundlich fehler versehen missverständnis wiedersehen top leid gut"
            " reicht genügt prima"
        ),
        others=(
            "vielen lieben herzlichen tausend besten schönen schön sehr recht wirklich echt ganz"
            " so das die der es dir ihnen dich sie euch du mir mich uns hat hast haben ist war"
            " waren bist sind habe ich mein meine meinen deine deiner deinen ihre ihren ihrer ihr"
            " für fürs hilfe antwort antworten erklärung auskunft mühe unterstützung geduld"
            " schnelle schnellen tolle gute genau was wollte brauchte gemacht arbeit ja nein ok"
            " und nochmal nochmals noch einmal alles jetzt auch bis bald morgen dann später tag"
            " abend wochenende nacht einen ein auf im voraus tut richtig total aus bitte um von"
            " mir schon mehr brauche nicht völlig dicke da damit wars"
            " brauch"
        ),
        openers="was hat hast haben ist war waren bist sind",
    ),
    tasks=TaskPhrases(
        openings=(
            r"(?:hallo|bitte|kannst du(?: bitte| mir)*|könntest du(?: bitte| mir)*"
            r"|können sie(?: bitte| mir)*)(?!\w)"
        ),
        makes=(
            r"schreib\w*|verfass\w*|dichte|erfinde?|erzähl\w*|denk\w* (?:dir )?|formulier\w*"
            r"|erstell\w*|schlag\w*|nenn\w*|gib"
        ),
        works=(
            r"\w*gedicht\w*|haiku|lied\w*|liedtext|geschicht\w*|\w*märchen|witz\w*|\w*rätsel"
            r"|reim\w*|\w*gr[uü]ss\w*|\w*glückw[uü]nsch\w*"
            r"|e-?mail|mail|brief\w*|nachricht|rede|aufsatz|spruch|sprüche|namen?|ideen?|rezept\w*"
            r"|funktion|skript|programm|einladung\w*|synonyme?"
        ),
        rewordings=(
            r"(?:mach|fass|schreib|formulier\w*|übersetz\w*|kürz\w*|wiederhol\w*|erklär\w*"
            r"|vereinfach\w*|sag|korrigier\w*|verbesser\w*|gib)e? (?:mir )?(?:es|das|dies|sie|ihn"
            r"|die (?:letzte )?antwort|deine (?:letzte )?antwort"
            r"|den (?:letzten )?(?:satz|absatz|witz)|das gedicht|die mail)\b"
            r"|^(?:weiter|mach weiter|noch (?:mal|einmal|eins|einen?)|nochmal|mehr|kürzer|länger"
            r"|einfacher|höflicher|förmlicher|lustiger|ausführlicher|genauer"
            r"|auf (?:englisch|deutsch|französisch|spanisch|arabisch)"
            r"|als (?:tabelle|liste|stichpunkte)|in (?:einfachen|anderen|eigenen) worten"
            r"|in (?:einem|zwei|drei) s[aä]tze?n?)(?: bitte)?[.!?]*$"
            "|^(?:(?:und|jetzt|nun|bitte|aber|geht (?:das|es|der|die)(?: auch)?|kannst du(?: das"
            "| es)?|(?:das )?ganze),? )*(?:(?:noch|etwas|bisschen|ein|viel|wenig|bitte"
            "|deutlich) )*(?:kürzer|länger|einfacher|höflicher|förmlicher|formeller|lustiger"
            "|freundlicher|ausführlicher|genauer|netter|lockerer|knapper|sachlicher"
            "|verständlicher|persönlicher)(?: (?:bitte|fassen|machen|formulieren))*[.!?]*$"
            "|^(?:(?:und|jetzt|nun|bitte) )*(?:das ganze|dasselbe|das gleiche|nochmal"
            "|noch ?mal das ganze)(?: (?:bitte|jetzt|noch ?mal))* (?:als|auf|in|aber|kürzer|mit"
            r"|ohne)\b|(?:mach|formulier|schreib|fass|schreibe|formuliere)e? (?:mir )?(?:den|die"
            "|das) (?:brief|mail|e-?mail|nachricht|ganze|gedicht|rede|einladung|geschichte"
            r"|rezept) (?:bitte |noch |etwas |ein bisschen |viel |mal )*(?:um\b|neu\b"
            "|freundlicher|höflicher|kürzer|länger|förmlicher|netter|lustiger|einfacher|lockerer"
            r"|sachlicher|als|auf|in)|^(?:(?:und|jetzt|nun|bitte|nochmal) )+(?:auf (?:\w+isch"
            "|deutsch)|als (?:tabelle|liste|stichpunkte|gedicht|brief|e-?mail"
            "|mail))(?: bitte)?[.!?]*$"
        ),
        instructions=(
            r"merke? (?:dir|mir|es dir)\b|denke? daran|behalte? (?:dir|es|das|im)\b"
            r"|vergiss (?:das|es"
            r"|alles|bitte|was ich|nicht)\b|vergiss, was|(?:ab jetzt|von jetzt an"
            r"|von nun an)\b"
            r"|(?:antworte?|schreibe?|rede?|sprich)(?: mir"
            r"| mit mir)? (?:bitte )?(?:ab jetzt"
            r"|von nun an|von jetzt an|immer|nur noch|künftig)\b|nenne? mich "
            r"|du bist (?:jetzt |nun )?"
            r"(?:ein|mein)|tu(?:e)? so,? als|spiele? (?:die rolle|eine|mit mir)"
            r"|lass uns (?:ein\w* |etwas )?"
            r"(?:spiel|plauder|rede|anfang)|zähle? (?:von|bis|rückwärts)|sprich mir nach"
            r"|sage? (?:hallo|etwas|guten|tschüss|danke)\b|frage? mich\b"
            r"|(?:benutze?|verwende?"
            r"|schreibe?|mache?) (?:bitte )?(?:keine?n?|nie)\b.{0,40}\bmehr<end>"
            r"|(?:antworte?|schreibe?|sprich)(?: mir)? (?:bitte )?(?:auf \w+|kurz|knapp"
            r"|in \w+ (?:satz|sätzen|worten))<end>"
            r"|erzähl(?:e)? (?:mir )?(?:etwas )?(?:von|über) dir"
        ),
        quoting="übersetze?|korrigiere|wie sagt man",
        saying="wie sagt man",
        into="auf",
        documents=(
            r"\b(?:dokument\w*|dateien?|ordner\w*|akten?|notiz\w*|unterlagen|bericht\w*"
            r"|vertr[aä]g\w*|rechnung\w*|protokoll\w*|handb[uü]ch\w*|mietvertr\w*|kapitel\w*"
            r"|seiten?|artikel\w*|angebote?n?|quellen?|text\w*|gebrauchsanweisung\w*|alles"
            r"|satzung\w*|vereinbarung\w*|testament\w*|lebenslauf|merkbl[aä]tt\w*|bescheide?\w*"
            r"|gutachten|\w{3,}(?:ordnung|vertr[aä]ge?s?|vereinbarung|bericht|protokoll|anleitung"
            r"|merkblatt|satzung|rechnung(?:en)?|angebote?n?|befunde?|bescheinigung(?:en)?))\b"
        ),
        whole_tasks=(
            r"(?:fass|fasse|fassen)\b.*\bzusammen|zusammenfass\w*|überblick|übersicht"
            r"|inhaltsangabe|(?:wichtigste|zentrale|wesentliche)n? (?:punkte|themen|aussagen)"
            r"|vergleich\w*|unterschied\w*|übersetz\w*|(?:liste|list)\w* .*\b(?:alle|sämtliche)"
            r"|(?:liste|zähle?|nenne?) .*\bauf|alle (?:namen|termine|fristen|beträge|personen)"
            r"|worum geht|wovon handel\w*|stichpunkt\w*|was steht in\b(?!.*\b(?:über|zu[mr]?"
            r"|bezüglich|wegen|hinsichtlich|betreffs|von|für|wenn|falls|ob|wie|dass)\b)"
            r"|stelle? .{0,60}\b(?:gegenüber|nebeneinander)|worin unterscheide\w*"
            "|unterscheiden sich|in (?:einfachen|eigenen|verständlichen|klaren) worten"
            "|(?:einfache[rnms]?|leichte[rnms]?|verständliche[rnms]?) (?:sprache|deutsch)"
            r"|(?:schreibe?|suche?|ziehe?|hole?) .{0,40}\b(?:alle|sämtliche|jede\w?)\b"
            r".{0,60}\b(?:raus|heraus)\b|^(?:geh|lies"
            r"|schau)e? .{0,60}\bdurch\b|(?:mach|erstell|schreib|gib)\w* .{0,60}\b(?:aufgaben"
            "|to-?do-?|stichwort|check)-?liste|liste (?:aller|mit allen)"
            r"|was muss ich (?:\w+ ){0,2}(?:über|wissen|beachten)|kernaussagen?|auf den punkt"
            "|in kürze|im kern"
        ),
        single_facts=(
            r"^(?:wann|wer|wessen|wem|wie (?:viel|teuer|lange|alt|oft|weit|hoch|gro[sß]s?|spät)"
            r"|(?:an |in |zu |um )?welche[mrns]? (?:tag|datum|jahr|uhrzeit|monat))\b"
        ),
        whole_alone=(
            "^(?:zusammenfassung|überblick|fasse? (?:alles )?zusammen|zusammenfassung bitte"
            "|worum geht(?:'?s| es)(?: hier)?)[.!?]*$"
        ),
        creations=(
            r"^(?:ich (?:brauche?|such\w*|möchte|hätte gern\w*|will)|hast du|habt ihr|gibt'?s"
            "|weisst du)(?: (?:noch|mal|bitte))* (?:'?n(?:en)?|eine?n?|ein paar|einige"
            r"|irgendeine?n?) (?:\w+ )?(?:namen?|ideen?|spruch|sprüche|witze?|gedichte?|motto"
            r"|slogans?|titel|reim|spitznamen?|geschenkidee\w*) (?:für|zu[mr]?|über)\b"
        ),
        asks=(
            "(?:sage?|nenne?|gib|zeige?|verrate?)(?: (?:mir|uns|bitte|mal|doch))*,? (?:wann|was"
            r"|wer|wem|wen|wie|wo|woher|wohin|warum|wieso|weshalb|welche\w?|ob|wieviel|de[nrms]"
            r"|die|das|dessen|deren|seine?\w?|ihre?\w?|unsere?\w?)\b|erzähle?(?: (?:mir|uns|bitte"
            r"|mal))*,? (?:wann|was|wer|wie|wo|warum|welche\w?|ob)\b|schreib(?:t|en) (?:der|die"
            r"|das|mein\w*|dein\w*|ihr\w*|sein\w*|unser\w*|frau|herr|sie|er|tante|onkel|oma|opa)\b"
        ),
        papers=(
            r"\b(?:de[nrms]|die|das|diese\w?|mein\w*|dein\w*|sein\w*|ihre?\w*|unser\w*|beiden?"
            "|zwei|ganze[nrs]?|alle[rn]?|vom|zum|im|beim"
            r"|jede[nrs]?) (?:\w+ ){0,2}?(?:\w*briefe?[sn]?|\w*schreibens?|e-?mails?|mails?"
            r"|nachricht(?:en)?|\w*rezepte?|rede|einladung(?:en)?|geschichten?|aufsatz|police"
            r"|kontoausz[uü]ge?\w*|prospekte?|erklärung|kostenvoranschl[aä]ge?\w*)\b"
        ),
        certain=(
            r"\b(?:das|den|dem|der|die|des|vom|im|zum|diese[nmrs]?|(?:m|d|s)eine?[nmrs]?"
            r"|unsere?[nmrs]?|ihre?[nmrs]?) (?:[\w-]+ ){0,2}?\w*(?:brief|schreiben|vertrage?"
            "|bericht|rechnung|protokoll|bescheid|gutachten|befund|angebot|rezept|geschichte"
            "|rede|einladung|police|vereinbarung|handbuch|anleitung|satzung|testament|lebenslauf"
            "|merkblatt|kostenvoranschlag|kontoauszug|dokument|datei|notiz|mail|nachricht|text"
            r"|buch|ordnung)s?\b|\b(?:der|die|den|diese[nr]?|meine[nr]?) (?:beiden|zwei) \w"
        ),
    ),
    library=LibraryPhrases(
        files="datei(?:en)?|dokumente?n?|unterlagen|tabellen|präsentationen|bilder|fotos|texte",
        kinds=(
            "verträge|vertrag|rechnung(?:en)?|briefe?|mails?|notizen|berichte?|quittungen"
            "|mietverträge|angebote?|handbücher|protokolle?|bescheide?|zeugnisse?|formulare?"
            "|rezepte?|artikel|bücher"
            "|e-?mails?|schreiben|policen"
        ),
        periods=(
            r"heute|gestern|kürzlich|zuletzt|neulich|(?:letzte|diese|vorige)[nrms]? (?:woche|monat"
            r"|jahr|tagen?|\d+ tagen?)|seit (?:gestern|letzter woche|letztem monat|montag)"
            r"|in den letzten (?:\d+ )?tagen"
        ),
        holders="ordner|bibliothek|sammlung",
        says="sagt|sagen|steht in|regelt",
        counts=(
            r"^(?:wie ?viele?"
            r"|zähle?)\b(?: [\w-]+){0,3}? <any>\b(?!.*\b<says>\b)(?!.{0,30}\b(?:muss|müssen|soll"
            r"|brauche)\b)"
        ),
        unreadable=(
            r"\b<any>\b.{0,30}\bnicht (?:gelesen|geöffnet|verarbeitet|eingelesen|lesbar)"
            r"|\b(?:unlesbare?n?|übersprungene?n?|beschädigte?n?) <files>"
            r"|\b<files>\b.{0,20}(?:übersprungen|unlesbar)"
            r"|^(?:gibt es|ist|war) (?:hier )?(?:et)?was\b.{0,50}\bnicht (?:lesen|öffnen|gelesen"
            "|geöffnet)"
        ),
        changes=(
            r"^(?:was|hat sich) .{0,20}?(?:hat sich )?(?:<period> )?(?:.{0,16} )?(?:geändert"
            r"|verändert|neu|dazugekommen|hinzugekommen)[?!.]*$(?<!vertrag geändert\?)"
            r"|^(?:welche|zeige?|liste)\b.{0,12}\b<any>\b.{0,40}(?:geändert|dazugekommen"
            r"|hinzugekommen|hinzugefügt|verändert|bearbeitet|neu)\b"
        ),
        contents=(
            r"^was (?:ist|liegt|gibt es|habe ich|befindet sich) (?:alles )?(?:in"
            r"|im) (?:(?:meine[mnr]|diese[mnr]|de[mnr]) )?(?:\w+ )?<holder>[?!.]*$"
            r"|^welche (?:arten von )?<files> (?:gibt es|habe ich|sind (?:hier|da|in))"
            r"|^(?:zeige?|liste)(?: mir)?(?: alle)?(?: meine)? <files>(?: auf)?[?!.]*$"
        ),
        ranked=(
            r"^(?:welche (?:\w+ )?<files> (?:ist|sind) (?:am |die |das |der )?"
            r"|(?:was (?:ist|sind)|zeige?(?: mir)?|liste|welche[sr]? (?:ist"
            r"|sind))\b.{0,14})(?:(?P<newest_de>neue?st\w*|aktuellst\w*|jüngst\w*)"
            r"|(?P<oldest_de>ältest\w*)|(?P<largest_de>gr(?:ö|oe)sst\w*|längst\w*)"
            r"|(?P<smallest_de>kleinst\w*))(?: (?:\d+ )?<files>)?[?!.]*$"
        ),
        lists=(
            r"^(?:liste|zeige?|finde|such\w*)(?: mir)?(?: alle)?(?: die"
            r"| meine)? (?:\w+ )?<files> (?:über|zu[mr]?|mit|von|vom|aus|für|namens|die"
            r"|in denen)\b|^(?:in )?welche[nr]? <any> (?:(?:kommt|kommen|erwähn\w*|enthalten"
            r"|enthält|handeln|nennen|steht|stehen)\b|(?:heissen|sind) (?:von|aus|über)\b)"
            r"|^welche <any> (?:habe ich|haben wir|gibt es)(?: (?:hier|noch|denn|alles))?"
            r"(?: in (?:\w+ )?<holder>)?[?!.]*$"
            "|^(?:liste|zeige?|nenne?|gib)(?: mir)? (?:alle"
            "|sämtliche)(?: meine)? <kinds>(?: (?:auf|an|hier))?[?!.]*$"
            r"|^(?:in )?welche[nr]? <any> (?:geht es um|ist die rede von|wird \w+ erwähnt"
            r"|sprechen|drehen sich|betreffen|behandeln)\b"
        ),
        existence=(
            r"^(?:habe ich|haben wir|gibt es)(?: hier| in meinen unterlagen"
            r"| irgendwo)? ?(?:eine?n? |irgendwelche |noch )?(?:\w+ )?<any>\b(?!.{0,40}\b(?:zu"
            r"|muss|klausel)\b)"
            r"|^hab (?:ich|wir)(?: (?:hier|noch|eigentlich|irgendwo|denn))* ?(?:'?n\w* |eine?n? "
            r"|irgendwelche |alte )?<any>\b(?!.{0,40}\b(?:zu zahlen|muss|klausel)\b)|^hab(?:e"
            "|en)? (?:ich|wir)(?: (?:hier|noch|eigentlich|irgendwo"
            r"|denn))* (?:irgend)?(?:et)?was (?:vom|von|über|zu[mr]?)\b(?=.*\b(?:hier|drin|da)\b)"
        ),
        fillers=(
            r"\b(?:wie ?viele?|zähle?|liegen|liegt|hab|drin|insgesamt|total|liste|zeige?|mir|finde"
            r"|welche[nrms]?|kommt|kommen|wort|vor|namen?|titel|erwähn\w*|enthalten|enthält"
            r"|handeln|nennen|gibt|es|hier|habe?|irgendwelche|alle|bitte|in denen|auf|über|zum|dem"
            r"|den|vom)\b"
            r"|\b(?:noch|eigentlich|irgendwo|denn|(?:irgend)?(?:et)?was|drin|da)\b"
            r"|\b(?:geht|um|rede|sprechen|drehen|sich|betreffen|behandeln|wird|sämtliche|nenne?)\b"
        ),
        last_fillers=r"\b(?:meine[nrm]?|diese[nrm]?)\b",
        yesterday="gestern",
        today=r"\bheute",
        last_week="(?:letzte|vorige)[nr]? woche|letzter woche",
        last_month="(?:letzte|vorige)[nm] monat",
        last_year="(?:letztes|letzten|voriges) jahr",
        this_week="diese[rn]? woche",
        this_month="diese[nm] monat",
        this_year="diese[sm] jahr",
        recently="kürzlich|zuletzt|neulich",
        since=r"\bseit\b",
        days=" tagen?",
        word_files=r"\bword-(?:dateien|dokumente)",
        spreadsheets=r"\btabellen\b",
        presentations="präsentationen",
        pictures=r"\bbilder|\bfotos?",
        stop_words=(
            "der die das den dem des ein eine einer eines einem einen und oder ist sind war wird"
            " wie was wer ich du er sie es wir ihr mein meine für von vom zu zum zur mit auf aus"
            " bei nach über im als am"
        ),
        last_changed=(
            "^(?:welche[rs]?|was für eine?) <any> (?:wurden?|habe? ich|haben wir|ist"
            r"|sind) (?:\w+ )?(?:zuletzt|als letzte[sr]?|am spätesten) (?:geändert|bearbeitet"
            "|verändert|hinzugefügt|gespeichert|dazugekommen|aktualisiert"
            "|angefasst)(?: worden)?[?!.]*$|^was (?:wurde|habe? ich"
            "|haben wir)(?: hier)? (?:zuletzt|als letztes) (?:geändert|bearbeitet|hinzugefügt"
            "|gespeichert|abgelegt|reingelegt)[?!.]*$|^was ist (?:die|das) (?:zuletzt"
            "|letzte) (?:geänderte|bearbeitete|hinzugefügte) <any>[?!.]*$"
        ),
    ),
    sums=SumPhrases(
        leads=(
            "was (?:ist|sind|ergibt|ergeben|macht)|wie ?viel (?:ist|sind|macht|ergibt|gibt)"
            "|rechne(?: mir)?(?: bitte)?(?: aus)?|berechne"
        ),
        tails="ergibt(?: was)?|gleich|bitte",
        percent="(?:prozent|%) von",
        divided="(?:geteilt |dividiert )?durch",
        power="hoch",
        times="mal|multipliziert mit",
        minus="minus",
        plus="plus",
    ),
    numbers=NumberWords(
        units=(
            "null|ein eins eine|zwei zwo|drei|vier|fünf fuenf|sechs|sieben|acht|neun|zehn|elf"
            "|zwölf zwoelf|dreizehn|vierzehn|fünfzehn fuenfzehn|sechzehn|siebzehn|achtzehn"
            "|neunzehn"
        ),
        tens="zwanzig|dreissig|vierzig|fünfzig fuenfzig|sechzig|siebzig|achtzig|neunzig",
        hundred="hundert",
        thousand="tausend",
        ordinals=(
            "dritte dritten dritter drittes|vierte vierten vierter viertes"
            "|fünfte fünften fünfter|sechste sechsten sechster|siebte siebten siebter"
            "|achte achten achter|neunte neunten neunter|zehnte zehnten zehnter"
            "|elfte elften elfter|zwölfte zwölften zwölfter"
        ),
    ),
)
