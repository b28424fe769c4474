"""Dutch: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    Language,
    LibraryPhrases,
    NumberWords,
    TalkPhrases,
    TaskPhrases,
)

DUTCH = Language(
    code="nl",
    talk=TalkPhrases(
        greetings="hoi|goede(?:morgen|middag|navond)",
        own_greetings=(
            "hoi+|hé|goede ?(?:morgen|middag|avond|nacht|dag)|welterusten"
            "|tot (?:morgen|ziens|straks|later)|doei+|dag|hoe gaat het(?: met (?:je|u|jou))?"
            "|hoe is het|alles goed|wie (?:ben|bent) (?:je|jij|u)|hoe heet je|wat kun je"
            "|kun je me helpen"
            "|hallo+|hey|goeie(?:morgen|middag|navond)|hoe gaat ie|alles (?:goed|oké|ok"
            "|prima)(?: met (?:je|jou|u))?"
        ),
        own_thanks="bedankt|dank(?: je| u)?",
        own_praise=(
            "dank|wel|zeer|hartelijk|heel|erg|dat was|dit was|precies wat ik (?:zocht|nodig had)"
            "|voor (?:je|uw) (?:hulp|antwoord)|super|geweldig|perfect|fijn|top|mooi|handig|prima"
            "|sorry|foutje"
        ),
    ),
    tasks=TaskPhrases(
        openings="hoi|hallo|kun je|kunt u|kan je|wil je|zou je|alsjeblieft|graag",
        creations=(
            r"^(?:schrijf|dicht|verzin|bedenk|vertel|maak|geef|noem)\b.{0,40}?\b(?:gedicht\w*"
            r"|rijm\w*|lied\w*|verhaal\w*|sprookjes?|mop(?:pen)?|grap(?:pen|je)?|raadsels?"
            r"|\w*brief(?:je)?|e-?mail|mail|bericht|toespraak|speech|idee(?:ën)?|slogans?|functie"
            r"|programma|script|uitnodiging|haiku|synoniemen|dialoog|opstel)\b"
            "|^(?:ik (?:zoek|wil)|ik heb|heb je|weet je)(?: nog)? (?:een |een paar "
            r"|wat )?(?:\w+ )?(?:naam|namen|idee(?:ën)?|slogan|titel|grap|gedicht"
            r"|bijnaam)(?: nodig)? (?:voor|over)\b"
        ),
        documents=(
            r"\b(?:documenten|bestand(?:en)?|(?:de|deze|mijn|die|welke|in|alle) map(?:pen)?"
            r"|contracten|factu(?:ur|ren)|notulen|verslag(?:en)?|rapport(?:en)?|offertes?"
            r"|handleiding(?:en)?|boek(?:en)?|artikel(?:en)?|hoofdstuk(?:ken)?"
            r"|overeenkomst(?:en)?|contract|reglement(?:en)?|huisregels|statuten|testament"
            r"|polis(?:sen)?|protocol(?:len)?)\b"
        ),
        whole_tasks=(
            r"\b(?:samenvat\w*|vat\b.*\bsamen|overzicht|hoofdpunten|kernpunten|vergelijk\w*"
            r"|verschil(?:len)?|vertaal\w*|vertaling|(?:som\b.*\bop|noem\b.*\balle)\b"
            r"|(?:maak|geef)(?: me)? een (?:lijst|tabel|overzicht)"
            r"|alle (?:namen|data|termijnen|deadlines|bedragen|personen)"
            r"|waar (?:gaat|gaan)\b.*\bover|waarover gaa[tn])\b"
            r"|\b(?:(?:eenvoudige|simpele|gewone) (?:woorden|taal)|naast elkaar"
            r"|haal\b.{0,40}\b(?:uit|eruit)|kort gezegd|in het kort|kern van|takenlijst"
            r"|to-?do-?lijst|wat moet ik (?:\w+ ){0,2}weten)\b"
        ),
        single_facts=(
            r"^(?:wanneer|wie|wiens|hoe ?(?:veel|lang|oud|vaak|ver|hoog|groot|duur|laat)"
            r"|(?:op |in )?welk[e]? (?:dag|datum|jaar|tijd|maand))\b"
        ),
        whole_alone="^(?:vat (?:alles )?samen|samenvatting|waar gaat (?:dit|het) over)<end>",
        asks=(
            "(?:vertel|zeg|geef|noem|toon)(?: (?:me|mij|ons|eens))* (?:wat|wanneer|wie|welke?"
            r"|hoeveel|waar|waarom|hoe|of|de|het|zijn|haar|ons|onze)\b"
        ),
        rewordings=(
            "^(?:(?:en|nu|maar|kan het|mag het|oké|ok),? )*(?:(?:ook|nog|wat|iets|een beetje"
            "|veel) )*(?:korter|langer|eenvoudiger|simpeler|vriendelijker|formeler|grappiger"
            "|beleefder|duidelijker|uitgebreider|informeler)(?:,? (?:graag|alsjeblieft))?[.!?]*$"
            r"|\bhetzelfde (?:in|maar|als)\b|^(?:en |nu )+in (?:het )?(?:engels|duits|frans"
            "|spaans|italiaans|arabisch|chinees|russisch|portugees|nederlands|pools"
            r"|turks)[.!?]*$|^(?:\w+,? )?(?:maak|schrijf|zet|vertaal|herschrijf|vat|leg"
            "|vereenvoudig|verbeter|herhaal|formuleer|kort) (?:het|dat|dit|hem|de brief|de mail"
            "|het bericht|de toespraak|het gedicht) ?(?:wat|iets|een|in|naar|om|samen|uit|in"
            r"|korter|vriendelijker|formeler|nog)\b"
        ),
        papers=(
            r"\b(?:de|het|die|dit|deze|dat|zijn|haar|onze?|beide|twee|hele|alle"
            r"|elke) (?:\w+ ){0,2}?(?:\w*brie(?:f|ven)|e-?mails?|mail(?:tje)?s?|berichten?"
            r"|recept(?:en)?|toespraak|rekening(?:en)?|folders?)\b"
        ),
        certain=(
            r"\b(?:de|het|die|dat|deze|dit|mijn|onze|ons|zijn|haar) (?:\w+ ){0,2}?\w*(?:brief"
            "|e-?mail|mail|bericht|recept|toespraak|verhaal|offerte|contract|factuur|rapport"
            "|verslag|handleiding|boek|artikel|overeenkomst|polis|testament|document|bestand"
            r"|notitie|tekst)\b|\b(?:de|deze|mijn) (?:twee|beide) \w"
        ),
    ),
    library=LibraryPhrases(
        files="documenten|document|bestand(?:en)?|pdf's|afbeeldingen|foto's|tabellen|presentaties",
        kinds=(
            "contract(?:en)?|factu(?:ur|ren)|brieven|mails|notities|verslagen|bonnen|offertes?"
            "|handleidingen|notulen|boeken|recepten"
            "|e-?mails?|mailtjes|polissen|brief|rekening(?:en)?"
        ),
        holders="map(?:pen)?|bibliotheek",
        yesterday=r"\bgisteren\b",
        today=r"\bvandaag\b",
        last_week="(?:vorige|afgelopen) week",
        last_month="(?:vorige|afgelopen) maand",
        last_year="(?:vorig|afgelopen) jaar",
        this_week="deze week",
        this_month="deze maand",
        this_year="dit jaar",
        counts=(
            r"^hoeveel (?:\w+ )?<any>(?!\w) ?(?:(?:heb|hebben|zijn er|staan|zitten|bevat)\b.*"
            r"|(?:(?:in|er) .*)?<end>)"
        ),
        unreadable=(
            "<files> .{0,14}niet .{0,10}(?:gelezen|geopend|lezen)"
            "|(?:onleesbare|overgeslagen) <files>"
        ),
        changes=(
            r"^welke\b.{0,8}<any>.{0,30}(?:toegevoegd|gewijzigd|veranderd|bijgewerkt|bijgekomen)"
            r"|^wat is er (?:<period> )?(?:veranderd|nieuw|gewijzigd|toegevoegd"
            r"|bijgekomen)(?: in .{0,10}<holder>)?(?: <period>)?<end>"
        ),
        contents=(
            r"^wat (?:staat|zit|ligt|is)(?: er)?(?: allemaal)? in (?:mijn|de|deze) <holder><end>"
            r"|^welke <files> (?:heb ik|zijn er|staan er)\b.{0,20}$"
            r"|^toon(?: me)?(?: alle)?(?: mijn)? <files><end>"
        ),
        existence=(
            "^(?:heb ik|hebben we|zijn er|is er) (?:ook |nog |een |ergens )*<any><end>"
            "|^welke <any> (?:heb ik|hebben we|zijn er)<end>"
        ),
        newest="nieuwste|recentste|laatste",
        oldest="oudste",
        largest="grootste|langste",
        smallest="kleinste|kortste",
        rank_words="wat|welke?|is|zijn|het|de|mijn|toon",
        last_fillers=(
            r"\b(?:hoeveel|welke|heb|hebben|we|er|zijn|staan|zitten|ik|de|deze|mijn|het|een|nog|ook"
            r"|ergens)\b"
            r"|\b(?:gaan|gaat|over|noemen|vermelden|bevatten|toon|laat|zien|lijst|geef|alle|in"
            r"|staat|wordt|me)\b"
        ),
        lists=(
            "^(?:in )?welke <any> (?:gaan over|gaat over|noemen|vermelden|bevatten|staat|wordt"
            r"|hebben het over|spreken over)\b|^(?:toon|laat|lijst|geef|noem)(?: (?:me|mij"
            "|eens))? (?:alle )(?:mijn )?<any>(?: (?:zien|op))?<end>"
        ),
        last_changed=(
            r"^welke? <any> (?:is|zijn|werd|werden|heb ik|hebben we) (?:\w+ )?(?:het "
            "|als )?laatst(?:e)? (?:gewijzigd|bewerkt|veranderd|aangepast|toegevoegd|bijgewerkt"
            "|opgeslagen)<end>|^wat is het laatst (?:gewijzigde|bewerkte|toegevoegde) <any><end>"
        ),
    ),
    numbers=NumberWords(
        units=(
            "nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien"
            "|vijftien|zestien|zeventien|achttien|negentien"
        ),
        tens="twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig",
    ),
)
