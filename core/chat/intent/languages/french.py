"""French: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    CourtesyWords,
    Language,
    LibraryPhrases,
    NumberWords,
    SumPhrases,
    TalkPhrases,
    TaskPhrases,
)

FRENCH = Language(
    code="fr",
    talk=TalkPhrases(
        greetings="salut|bonjour|bonsoir|bonne (?:nuit|journée|soirée)|coucou",
        thanks="merci(?: beaucoup| bien| à toi| à vous| pour (?:ton|votre) aide)?",
        farewells=(
            "au revoir|à (?:bientôt|demain|plus(?: tard)?)|bon(?:ne)? (?:journée|week-end|soirée)"
        ),
        replies=(
            "oui|non(?: merci)?|d'accord|parfait|génial|très bien|bien|compris"
            "|c'est (?:tout|parfait|super|bon)|ça marche|bravo"
        ),
        small_talk=(
            r"(?:comment )?ça va(?: bien)?|comment (?:vas[- ]tu|allez[- ]vous|tu vas)"
            r"|qui (?:es[- ]tu|êtes[- ]vous)|tu es qui|comment (?:t'appelles[- ]tu|tu t'appelles)"
            r"|que (?:peux|sais)[- ]tu faire|(?:tu peux|peux tu|peux-tu) m'aider|aide moi"
            r"|raconte(?:[- ]moi)? une blague|et toi|quoi de neuf|tu es là|es[- ]tu là"
            r"|je m'appelle \w+|parles[- ]tu français|enchantée?"
            "|tout (?:va bien|roule|baigne)|tu vas bien|(?:vous allez|ça roule"
            "|la forme)(?: bien)?"
        ),
        addressees="à tous|tout le monde|mon ami|s'il te plaît",
        joiners="et",
    ),
    courtesy=CourtesyWords(
        telling=(
            "merci utile parfait génial super excellent formidable aidé aidée remercie pardon"
            " désolé désolée excuse excuses excusez excuse-moi excusez-moi erreur revoir gentil"
            " gentille clair bravo magnifique impeccable cherchais besoin fallait top chouette"
            " précieux précieuse"
            " fallait génial"
        ),
        others=(
            "beaucoup bien vraiment très tellement si c'est c'était cela ça m'a m'avez m'as nous"
            " a avez as été vous te toi tu à de du des la le les un une l'aide aide votre vos ton"
            " ta tes pour réponse réponses explication explications patience temps mille fois"
            " encore infiniment je j'ai j'avais suis ce que qu'il exactement tout juste et grand"
            " grande mon ma me bonne bon journée soirée nuit week-end au demain bientôt plus tard"
            " oui non d'accord ok énormément service rendu moi"
            " ce c'est tout me m' exactement"
        ),
        openers="que",
    ),
    tasks=TaskPhrases(
        openings=r"(?:bonjour|s'il (?:te|vous) plaît|peux[- ]tu|pouvez[- ]vous|tu peux)(?!\w)",
        makes=(
            r"écris|écrivez|rédige\w*|compose\w*|invente\w*|raconte\w*|imagine\w*|crée\w*"
            r"|propose\w*|donne"
        ),
        works=(
            "poèmes?|chansons?|histoires?|contes?|blagues?|devinettes?|courriel|lettre|discours"
            "|message|noms?|idées?|recettes?|fonction|programme|invitation|slogan|synonymes?"
        ),
        rewordings=(
            r"(?:fais|rends|écris|traduis|résume|raccourcis|reformule|répète|explique|simplifie"
            r"|corrige|améliore|dis|mets)(?:[- ](?:le|la|les|cela|ça|moi ça"
            r"|ta (?:dernière )?réponse|la (?:dernière )?réponse|ce (?:texte|poème)"
            r"|cette (?:réponse|phrase|lettre)))\b|^(?:continue|encore(?: une fois| un(?:e)?)?"
            r"|plus (?:court|long|simple|drôle|poli|formel|détaillé)\w*"
            r"|en (?:anglais|allemand|français|espagnol|arabe)|sous forme de (?:tableau|liste)"
            r"|en (?:une|deux|trois) phrases?|en d'autres mots"
            r"|moins formel)(?: s'il (?:te|vous) plaît)?[.!?]*$"
            "|^(?:(?:et|maintenant|alors|mais|ok|oui) )*(?:fais(?:[- ]le|[- ]la)? "
            "|rends(?:[- ]le|[- ]la) )?(?:(?:un peu|encore|beaucoup|bien|en) )*(?:plus"
            "|moins) (?:court|long|simple|drôle|poli|formel|détaillé|chaleureu|aimable|sec|bref"
            r"|clair|gentil|doux|direct)\w*(?: s'il (?:te|vous) plaît)?\s*[.!?]*$|(?:la"
            r"|le) même(?: chose| texte)? (?:en|mais|sous)\b|^(?:et )?maintenant en (?:anglais"
            "|allemand|français|espagnol|italien|arabe|chinois|russe|portugais|néerlandais"
            r"|polonais|turc)\s*[.!?]*$|(?:rends|mets|fais|réécris|reformule) (?:la lettre"
            "|le courriel|le mail|l'e-mail|le message|le discours|le poème) (?:plus|moins|en"
            r"|sous|un peu)|\b(?:le|la|les|ça|cela) (?:raccourcir|reformuler|traduire|simplifier"
            "|résumer|corriger|améliorer|réécrire|rendre (?:plus|moins))"
        ),
        instructions=(
            r"retiens |retenez |souviens-toi|souvenez-vous|rappelle-toi|(?:garde|gardez) (?:en tête"
            r"|à l'esprit)|n'oublie[zs]? pas|oublie[zs]? (?:ça|cela|tout|ce que)|désormais\b"
            r"|dorénavant\b|à partir de maintenant|à présent,? (?:réponds|parle)"
            r"|(?:réponds|répondez|parle|écris)(?:-moi)? (?:désormais|dorénavant|toujours"
            r"|à partir de maintenant)\b|appelle-moi |tu es (?:maintenant )?(?:une? |mon |ma )"
            r"|fais (?:semblant|comme si)|(?:joue|jouez) (?:le rôle|un rôle|avec moi)|jouons\b"
            r"|(?:compte|comptez) (?:de|jusqu)|répète[zs]? après moi|dis (?:bonjour|salut|merci"
            r"|quelque chose|au revoir)\b|pose-moi |n'utilise[zs]? (?:pas|plus|jamais)\b"
            r"|(?:réponds|répondez|écris|parle)(?:-moi)? (?:en (?:\w+ )?\w+|brièvement)<end>"
            r"|(?:agis|comporte-toi) (?:comme|en)|parle-moi de toi"
        ),
        quoting="traduis|corrige|comment (?:dit-on|on dit)",
        saying="comment (?:dit-on|on dit)",
        into="en",
        documents=(
            r"\b(?:fichiers?|dossiers?|rapports?|contrats?|factures?|comptes? rendus?"
            r"|procès-verba\w*|notices?|baux|bail|chapitres?|pages|livres?|devis|textes?"
            r"|sources|règlements?|statuts|conventions?|attestations?|protocoles?|modes? d'emploi"
            r"|testaments?|chartes?|accords?|(?<!une )lettres? (?:de|du)"
            r"|(?<!un )courriels? (?:de|du))\b"
        ),
        whole_tasks=(
            r"résum\w*|synthè\w*|aperçu|vue d'ensemble|points? (?:clés?|principaux|essentiels?)"
            r"|compar\w*|différences?|tradui\w*|(?:liste|énumère)\w* "
            r"|tou(?:s|tes) les (?:noms|dates|échéances|montants|personnes)"
            r"|de quoi (?:parle|s'agit)\w*|que (?:dit|disent|contient|contiennent)\b(?!.*\b(?:sur"
            r"|à propos|concernant|au sujet|quant (?:à|aux?)|pour|si|en cas|en matière|lorsqu\w*"
            r"|quand)\b)"
            "|(?:mots|termes|langage|français) simples?|côte à côte|en gros|en bref|l'essentiel"
            r"|(?:que|qu'est-ce que) raconte\w*|(?:ressors|relève|extrais|sors"
            r"|note)[sz]?(?:[- ]moi)? (?:tou\w+|les|chaque)\b|en quoi (?:diffèrent"
            "|se distinguent)|ce qu'il faut (?:savoir|retenir)|liste de tâches|points à retenir"
        ),
        single_facts=(
            r"^(?:quand|qui|à qui|combien|depuis quand|quelle? (?:jour|date|année|heure|mois))\b"
        ),
        whole_alone=(
            r"^(?:résumé?|résumer?|fais(?:[- ]moi)? un résumé|aperçu"
            r"|de quoi s'agit-il)(?: en .{1,20})?\s*[.!?]*$"
        ),
        creations=(
            "^(?:j'ai besoin|je cherche|il me faut|je voudrais|trouve(?:[- ]moi)?|tu as|as-tu"
            "|aurais-tu|propose(?:[- ]moi)?) (?:d'|de )?(?:une? |des "
            r"|quelques )?(?:\w+ )?(?:noms?|prénoms?|surnoms?|idées?|slogans?|titres?|blagues?"
            "|poèmes?|devises?) (?:pour|de|sur|d')"
        ),
        asks=(
            "(?:dis|donne|indique|montre|rappelle|précise|trouve)[sz]?(?:[- ](?:moi"
            r"|nous))? (?:(?:ce que|ce qu'|quand|qui|quel\w*|combien|où|pourquoi|comment|si|le|la"
            r"|les|son|sa|ses|leurs?|notre|nos)\b|l')"
        ),
        papers=(
            r"(?:\b(?:le|la|les|ces?|cette|cet|mon|ma|mes|son|sa|ses|leurs?|notre|nos|deux|du|au"
            r"|toute?s?) |\bl')(?:\w+ ){0,2}?(?:lettres?|courriers?|courriels?|e-?mails?|mails?"
            r"|messages?|recettes?|discours|offres?|histoires?|relevés?|brochures?|annonces?"
            r"|programmes?|plannings?)\b"
        ),
        certain=(
            r"(?:\b(?:le|la|ce|cet|cette|mon|ma|son|sa|notre|votre|leur|du|au) |\b[ld]')"
            r"(?:[\w'-]+ ){0,2}?(?:lettre|courrier|courriel|e-?mail|mail|message|recette|discours"
            "|offre|histoire|relevé|brochure|annonce|rapport|contrat|facture|compte rendu"
            "|procès-verbal|notice|bail|livre|devis|texte|règlement|convention|attestation"
            r"|testament|accord|certificat|document|fichier|note|manuel|programme|planning)\b"
            r"|\b(?:les|ces|mes|nos) deux \w"
        ),
    ),
    library=LibraryPhrases(
        files="fichiers?|documents?|images|tableurs?|présentations?",
        kinds=(
            "contrats?|factures?|lettres?|courriels?|rapports?|reçus?|baux|bail|devis|manuels?"
            "|procès-verbaux|attestations?|livres?|recettes?"
            "|e-?mails?|mails?|courriers?|notes?|relevés?"
        ),
        periods=(
            "aujourd'hui|hier|récemment|(?:la semaine|le mois|l'année) (?:dernière?|passée?)"
            "|cette (?:semaine|année)|ce mois(?:-ci)?|ces derniers jours|depuis hier"
        ),
        holders="dossiers?|bibliothèque",
        says="dit|disent|prévoit",
        counts=(
            r"^combien (?:de |d'|y a-t-il de "
            r"|ai-je de )(?:[\w'-]+ ){0,3}?<any>\b(?!.*\b<says>\b)(?!.{0,30}\b(?:dois|faut"
            r"|doit)\b)"
            r"|^combien (?:de |d')<any> (?:j'ai|il y a|on a|ai-je|avons-nous)\b(?!.*\b<says>\b)"
        ),
        unreadable=(
            r"\b<files>\b.{0,25}(?:pas pu être (?:lus?|ouverts?)|illisibles?|ignorés?|pas lus?)"
            r"|^(?:y a-t-il|est-ce qu'il y a) (?:quelque chose|des <files>)\b.{0,40}\bpas (?:pu "
            "|réussi à )?(?:lire|ouvrir)"
        ),
        changes=(
            r"^qu'(?:est-ce qui|y a-t-il) (?:a changé|de nouveau"
            r"|a été (?:ajouté|modifié))(?: (?:ici|dans (?:mon|le|ce"
            r"|mes) <holder>))?(?: <period>)?\s*[?!.]*$|^quoi de neuf dans (?:mon|le|mes) <holder>"
            r"|^(?:quels|quelles|liste|montre)\b.{0,14}\b<any>\b.{0,30}(?:ajouté|modifié|changé"
            r"|mis à jour)"
        ),
        contents=(
            r"^qu'(?:y a-t-il|est-ce qu'il y a|ai-je|est-ce que j'ai) dans (?:mon|ce|le|mes"
            r"|ma) <holder>\s*[?!.]*$|^quels (?:types de )?<files> (?:y a-t-il|ai-je"
            r"|sont (?:là|ici|dans))|^(?:liste|montre-moi|affiche)(?: tous)?(?: les"
            r"| mes) <files>\s*[?!.]*$"
        ),
        ranked=(
            r"^(?:quels? (?:est|sont)|quelle est|montre-moi|liste"
            r"|affiche)\b.{0,8}(?:(?:le|les|la) )?(?:<files> )?(?:le |les "
            r"|la )?(?:plus (?:(?P<newest_fr>récents?)|(?P<oldest_fr>anciens?|vieux)"
            r"|(?P<largest_fr>gros|grands?|longs?|volumineux)"
            r"|(?P<smallest_fr>petits?)))(?: <files>)?.{0,16}$"
        ),
        lists=(
            r"^(?:liste|montre(?:-moi)?|affiche|trouve|cherche)(?: tous)?(?: les"
            r"| mes)? <files> (?:sur|de|du|des|avec|qui|contenant|concernant|à propos)\b"
            r"|^(?:quels|quelles) <any> (?:parlent|mentionnent|contiennent|traitent|évoquent)\b"
            r"|^(?:quels|quelles) <any>(?: pdf| word| excel)? (?:y a-t-il|ai-je|avons-nous"
            r"|est-ce que j'ai|j'ai)(?: ici| dans (?:\w+ )?<holder>)?\s*[?!.]*$"
            "|^(?:liste|montre|affiche|énumère)[sz]?(?:[- ]moi)? (?:tous|toutes) (?:les|mes"
            r"|nos) <any>\s*[?!.]*$|^dans (?:quels|quelles) <any> (?:est-il question|parle-t-on"
            r"|trouve-t-on|s'agit-il|il est question|on parle)\b"
        ),
        existence=(
            r"^(?:est-ce que j'ai|ai-je|est-ce qu'il y a|y a-t-il) (?:des|un|une"
            r"|d'autres) (?:\w+ )?<any>\b"
        ),
        fillers=(
            r"\b(?:combien|liste|montre|moi|affiche|trouve|quels|quelles|quel|quelle|parlent"
            r"|mentionnent|contiennent|traitent|évoquent|y|a-t-il|ai-je|est-ce|que|j'ai|des|du"
            r"|tous|mes|sur|avec|concernant|propos)\b"
            r"|\b(?:dans|est-il|question|parle-t-on|trouve-t-on|toutes|là-dedans)\b"
        ),
        last_fillers=r"\b(?:mon|ce)\b",
        yesterday=r"\bhier\b",
        today="aujourd'hui",
        last_week="semaine dernière",
        last_month="mois dernier",
        last_year="année (?:dernière|passée)",
        this_week="cette semaine",
        this_month="ce mois",
        this_year="cette année",
        recently="récemment|derniers jours",
        since=r"\bdepuis\b",
        days=" jours",
        spreadsheets="tableurs?",
        presentations="présentations?",
        mails="courriels?",
        stop_words=(
            "le la les l un une de d du et ou est sont que qui dans pour par sur avec ce il elle"
            " je mon ma"
        ),
        last_changed=(
            "^quel(?:le)?s? <any> (?:a|ont|ai-je|j'ai|avons-nous) (?:été )?(?:modifié|changé"
            r"|ajouté|édité|enregistré)\w* (?:en dernier|le plus récemment)\w*\s*[?!.]*$"
            "|^quel(?:le)? (?:est|était) (?:le |la )?(?:derni(?:er|ère)) <any> (?:(?:à avoir été"
            "|que j'ai|qui a été|que nous avons) )?(?:modifié|changé|ajouté|édité"
            r"|enregistré)\w*\s*[?!.]*$"
        ),
    ),
    sums=SumPhrases(
        leads="combien (?:font|fait|vaut|ça fait)|que (?:fait|font|vaut)|calcule(?:z)?(?:[- ]moi)?",
        tails="égale?|(?:font|fait) combien|s'il (?:te|vous) plaît",
        percent="(?:pour cent|%) de",
        divided="divisée? par",
        times="multipliée? par|fois",
        minus="moins",
        plus="plus",
    ),
    numbers=NumberWords(
        units=(
            "zéro|un une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze"
            "|quinze|seize"
        ),
        tens="vingt vingts|trente|quarante|cinquante|soixante|septante|huitante|nonante",
        hundred="cent cents",
        thousand="mille",
        ordinals="troisième|quatrième|cinquième|sixième|septième|huitième|neuvième|dixième",
    ),
)
