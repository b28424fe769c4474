"""Italian: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    CourtesyWords,
    Language,
    LibraryPhrases,
    NumberWords,
    SumPhrases,
    TalkPhrases,
    TaskPhrases,
)

ITALIAN = Language(
    code="it",
    talk=TalkPhrases(
        greetings="ciao|buongiorno|buonasera|salve",
        thanks="grazie(?: mille)?",
        farewells="arrivederci",
        replies="si|va bene",
        small_talk="come (?:stai|va|sta)|chi sei",
        own_greetings=(
            "buongiorno|buonasera|ciao|salve|olá|buon (?:giorno|pomeriggio)"
            "|buona (?:sera|notte|giornata|serata)|a (?:domani|presto|dopo)|ci vediamo"
            "|come (?:ti chiami|va)|che cosa sai fare|(?:mi )?puoi aiutarmi|tutto bene|ehi"
            "|come (?:va|stai|andiamo|procede)(?: oggi)?|tutto (?:a posto|ok|okay|apposto)"
        ),
        own_thanks="grazie",
        own_praise=(
            "tante|mille|davvero|molto|infinite|per l'aiuto|perfetto|ottimo|fantastico|bene"
            "|capito|scusa|sei (?:stat[oa] )?(?:utilissim[oa]|molto utile|gentile|bravissim[oa])"
            "|a tutti"
        ),
    ),
    courtesy=CourtesyWords(
        telling=(
            "grazie utile perfetto ottimo eccellente fantastico aiutato aiuto gentile"
            " gentilissimo scusa scusi scusami scusate errore sbagliato colpa arrivederci bravo"
            " bravissimo cercavo serviva ringrazio dispiace chiaro magnifico"
        ),
        others=(
            "mille tante molto davvero infinite di cuore per la il lo l'aiuto tuo tua suo sua"
            " risposta risposte spiegazione pazienza tempo tutto è era stato stata sei mi ti ci"
            " hai ha ho lei grande così proprio quello che esattamente e un una mio mia buona"
            " buon giornata serata notte a presto domani dopo ancora bene ok sì no vi"
        ),
        openers="che",
    ),
    tasks=TaskPhrases(
        openings="ciao|per favore|per piacere|puoi|potresti|può|mi puoi",
        creations=(
            r"^(?:scriv\w*|compon\w*|invent\w*|raccont\w*|immagin\w*|crea\w*|propon\w*|sugger\w*"
            r"|dammi|dimmi|fammi)\b.{0,40}?\b(?:poesi[ae]|filastrocc\w*|canzon\w*|stori[ae]"
            r"|fiab[ae]|favol[ae]|barzellett[ae]|indovinell[oi]|lettera|e-?mail|messaggio|discorso"
            r"|ide[ae]|slogan|funzione|programma|script|invito|auguri|haiku|sinonimi|dialogo)\b"
            "|^(?:mi serve|mi servono|ho bisogno di|cerco|trovami|consigliami|hai|avresti"
            r"|suggeriscimi) (?:un[ao']? ?|qualche |delle |dei |degli )?(?:\w+ )?(?:nom[ei]"
            r"|ide[ae]|slogan|titol[oi]|barzellett\w|soprannom\w) (?:per|di|su)\b"
        ),
        documents=(
            r"\b(?:documento|documenti|cartell[ae]|contratt[oi]|fattur[ae]|verbal[ei]|relazion[ei]"
            r"|rapport[oi]|preventiv[oi]|manual[ei]|libr[oi]|articol[oi]|dispens[ae]|appunti"
            r"|ricevut[ae]|capitol[oi]|regolament[oi]|statut[oi]|accord[oi]|testament[oi]"
            r"|polizz[ae]|protocoll[oi]|certificat[oi])\b"
        ),
        whole_tasks=(
            r"\b(?:riassum\w*|riassunt\w*|sintesi|sintetizza\w*|panoramica"
            r"|punti (?:chiave|principali)|confront[ai]\w*|paragon[ai]\w*|differenz[ae]|traduc\w*"
            r"|traduzione|elenc[ai]\w*|(?:fai|fammi|crea|scrivi) (?:una |un )?(?:lista|elenco"
            r"|tabella)|tutt[ei] (?:le|i|gli) (?:nomi|date|scadenze|importi|persone)"
            r"|di (?:che )?(?:cosa|che) (?:parla|tratta)\w*)\b"
            r"|\b(?:(?:parole|termini) semplici|fianco a fianco|(?:in (?:che )?cosa"
            r"|come) (?:si )?differ\w*|(?:che )?cosa cambia (?:tra|fra)|estra[ie]\w*|l'essenziale"
            r"|in (?:breve|sintesi|poche parole)|tira\w* fuori (?:tutt\w*|l\w*)"
            r"|lista delle cose da fare|(?:che )?cosa (?:devo|bisogna) sapere)\b"
        ),
        single_facts=(
            r"^(?:quando|chi|di chi|a chi|quant[oaie]|(?:in |a )?(?:che|quale) (?:giorno|data|anno"
            r"|ora|mese))\b"
        ),
        whole_alone=(
            "^(?:riassumi(?: tutto)?|(?:fammi )?un riassunto|riassunto"
            "|di che cosa (?:parla|si tratta))<end>"
        ),
        asks=(
            "(?:dimmi|dammi|mostrami|ricordami|indicami|trovami) (?:(?:che|cosa|quando|chi"
            r"|qual(?:e|i)?|quant\w*|dove|perché|come|se|il|lo|la|i|gli|le|suo|sua)\b|l')"
        ),
        rewordings=(
            "^(?:(?:e|ora|adesso|ma|ok|bene),? )*(?:un po' |molto |ancora )*(?:più|meno) (?:cort"
            "|brev|lung|semplic|formal|gentil|divertent|dettagliat|chiar|cortes"
            r"|amichevol)\w*(?:,? per favore)?[.!?]*$|\blo stesso (?:in|ma|come)\b|^(?:e |ora "
            "|adesso )+in (?:inglese|tedesco|francese|spagnolo|italiano|arabo|cinese|russo"
            "|portoghese|polacco|turco)[.!?]*$|(?:rendi|scrivi|fai|metti) (?:la lettera|la mail"
            "|l'e-?mail|il messaggio|il discorso|la poesia) (?:più|meno|in|un po')"
            r"|^(?:\w+,? )?(?:(?:rend|accorc|riassum|traduc|semplific|corregg|miglior|riscriv"
            r"|rifa|spieg)\w*l[oai]|fall[oaie])\b"
        ),
        papers=(
            r"\b(?:il|lo|la|i|gli|le|quest[aoei]|su[ao]|due|tutt[aoie]|dell[ae]|del|alla"
            r"|al) (?:\w+ ){0,2}?(?:letter[ae]|e-?mail|mail|messagg\w+|ricett[ae]|discors[oi]"
            r"|offert[ae]|estratt[oi]|opuscol[oi])\b|\bl'(?:e-?mail|offerta|intera lettera)\b"
        ),
        certain=(
            r"(?:\b(?:il|lo|la|quest[oa]|quel|quella|mi[oa]|su[oa]|del|dello|della|al|allo|alla)"
            r" |\b(?:l|quest|quell|dell|all)')(?:\w+ ){0,2}?(?:lettera|e-?mail|messaggio|ricetta"
            "|discorso|offerta|estratto|opuscolo|documento|file|contratto|fattura|verbale"
            "|relazione|rapporto|manuale|libro|articolo|ricevuta|regolamento|statuto|accordo"
            "|testamento|polizza|certificato|preventivo|bolletta|storia|racconto|nota)"
            r"\b|\b(?:l[ei]|i|gli|quest[ie]) due \w"
        ),
    ),
    library=LibraryPhrases(
        files="document[oi]|files?|pdf|immagini|tabelle|presentazioni",
        kinds=(
            "contratt[oi]|fattur[ae]|letter[ae]|e-?mail|appunti|relazion[ei]|ricevut[ae]"
            "|preventiv[oi]|manual[ei]|verbal[ei]|libr[oi]|ricett[ae]"
            "|mail|bollett[ae]|polizz[ae]|scontrin[io]"
        ),
        holders="cartell[ae]|libreria|biblioteca|raccolta",
        yesterday=r"\bieri\b",
        today=r"\boggi\b",
        last_week="settimana scorsa",
        last_month="mese scorso",
        last_year="anno scorso",
        this_week="questa settimana",
        this_month="questo mese",
        this_year="quest'anno",
        counts=(
            r"^quant[ie] (?:\w+ )?<any>(?!\w)(?: pdf)?(?: (?:ci sono|ho|abbiamo|si trovano"
            r"|contiene|esistono)\b.*|(?: (?:nella|nel|in|della) .*)?<end>)"
            r"|^quant[ie] <any>(?!\w)(?: \w+)? (?:ci sono|ho|abbiamo)\b"
        ),
        unreadable=(
            r"<files> (?:\w+ )?non (?:è stato possibile|si (?:possono|sono potut\w+|riescono)"
            r"|sono stat\w+|hai)\b.{0,12}(?:legg|lett|apr)|<files> (?:illeggibil|saltat"
            r"|ignorat)\w*"
        ),
        changes=(
            r"^(?:quali|che|elenca|mostra\w*)\b.{0,8}<any>.{0,30}(?:aggiunt|modificat|cambiat"
            r"|aggiornat)|^(?:che )?(?:cosa|cos') ?(?:è|c'è) (?:cambiato|di nuovo"
            r"|stato aggiunto)(?: (?:nella|in) .{0,12}<holder>)?(?: <period>)?<end>"
        ),
        contents=(
            r"^(?:che )?(?:cosa|cos'|che) ?(?:c'è|è contenuto|contiene|si trova|ho) (?:nella|nelle"
            r"|nel|in|la)(?: \w+)? <holder><end>|^quali <files> (?:ci sono|ho|abbiamo)<end>"
            r"|^(?:elenca|mostra(?:mi)?)(?: tutti)?(?: i| i miei)? <files><end>"
        ),
        existence=(
            r"^(?:ho|abbiamo|ci sono|c'è) (?:delle |dei |degli |qualche |alcun\w* "
            r"|una? )?<any><end>|^quali <any> (?:ho|abbiamo|ci sono)<end>"
        ),
        newest=r"recent\w*|nuov\w+",
        oldest=r"vecchi\w*|antic\w+",
        largest=r"grand[ei]|lungh\w+",
        smallest=r"piccol\w+",
        rank_words="qual[ei]?|è|sono|il|i|lo|la|le|più|mostra(?:mi)?",
        last_fillers=(
            r"\b(?:quant[ie]|qual[ei]|ci|sono|ho|abbiamo|nella?|nelle|dei|delle|degli|qualche|trovano|si"
            r"|mia|mie|miei|questa|c'è|contiene|una)\b"
            r"|\b(?:in|di|del|dello|dell'|della|delle|dei|degli|sul|sulla|sui|su|parlano|parla"
            "|trattano|tratta|menzionano|contengono|citano|riguardano|elenca(?:mi)?"
            r"|mostra(?:mi)?|fammi|vedere|trova(?:mi)?|tutt[ei]|miei|che|qui|dentro|le|gli|i)\b"
        ),
        lists=(
            "^(?:in )?(?:quali|che) <any> (?:parlano|trattano|menzionano|contengono|citano"
            r"|riguardano|si (?:parla|tratta|menziona))\b|^(?:elenca|mostra(?:mi)?|fammi vedere"
            "|trova(?:mi)?|dammi)(?: tutt[ei])? (?:i |le |gli |l')?(?:miei "
            r"|mie )?<files> (?:su\w*|che|con|dell?\w*)\b|^(?:elenca(?:mi)?|mostra(?:mi)?"
            "|fammi vedere|dammi) tutt[ei] (?:i |le |gli |l')?(?:miei |mie )?<any><end>"
        ),
        last_changed=(
            r"^(?:qual ?(?:è|e')|quale è|quali sono)(?: stat\w)? (?:l'ultim[oa]|gli ultimi"
            r"|le ultime) <any>(?: (?:che|ad?|stat\w|essere|è|ho|abbiamo))* (?:modificat|cambiat"
            r"|aggiunt|aggiornat|salvat)\w*<end>|^(?:quale|che|quali) <any> (?:è stat[oa]|ho"
            r"|abbiamo|sono stat\w) (?:modificat|cambiat|aggiunt|aggiornat"
            r"|salvat)\w* (?:per ultim[oaie]|più di recente)<end>"
        ),
    ),
    sums=SumPhrases(
        leads="quanto (?:fanno|fa|è|e)|calcola",
        percent="(?:per cento|%) di",
        divided="diviso(?: per)?",
        times="moltiplicato per|per",
        minus="meno",
        plus="più",
    ),
    numbers=NumberWords(
        units=(
            "zero|uno un una|due|tre tré|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici"
            "|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove"
        ),
        tens=(
            "venti vent|trenta trent|quaranta quarant|cinquanta cinquant|sessanta sessant"
            "|settanta settant|ottanta ottant|novanta novant"
        ),
        hundred="cento",
        thousand="mille mila",
    ),
)
