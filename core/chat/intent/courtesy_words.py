"""Courtesy words: clauses that only thank, praise, apologise or take leave, in ten languages.

A clause is one if all its words belong to the closed set of one language, and one of them says so;
what names anything else is a question or an order. All match folded text.
"""

# ruff: noqa: E501 - a line is one set of words

from core.base.lazy_regex import lazy_pattern

_WORDS = (
    (  # English
        "thank thanks thx cheers helped helpful useful appreciate appreciated grateful great perfect brilliant wonderful amazing awesome excellent fantastic lovely superb sorry apologies apologise apologize pardon mistake fault bad bye goodbye needed wanted lifesaver kind nice clear good",
        "you so very much a an lot bunch again for your the that this it was has have had really quite me us i we my our i'm i've am you're you've that's it's what exactly just all many million big huge great to of and indeed most truly extremely super help answer answers reply replies explanation support time patience effort quick fast work job well done day evening weekend night see later soon tomorrow oh ok okay wow yes no be were looking everything such been trouble confusion inconvenience misunderstanding typo saved made life easier both now mine",
        "what is are was has have had were been all be",
    ),
    (  # German
        "danke dank dankeschön bedanke geholfen weitergeholfen hilfreich nützlich nett lieb super toll klasse perfekt wunderbar prima spitze genial hervorragend ausgezeichnet entschuldigung entschuldige entschuldigen verzeihung sorry tschüss gesucht gebraucht freundlich fehler versehen missverständnis wiedersehen top leid gut",
        "vielen lieben herzlichen tausend besten schönen schön sehr recht wirklich echt ganz so das die der es dir ihnen dich sie euch du mir mich uns hat hast haben ist war waren bist sind habe ich mein meine meinen deine deiner deinen ihre ihren ihrer ihr für fürs hilfe antwort antworten erklärung auskunft mühe unterstützung geduld schnelle schnellen tolle gute genau was wollte brauchte gemacht arbeit ja nein ok und nochmal nochmals noch einmal alles jetzt auch bis bald morgen dann später tag abend wochenende nacht einen ein auf im voraus tut richtig total aus bitte um von",
        "was hat hast haben ist war waren bist sind",
    ),
    (  # French
        "merci utile parfait génial super excellent formidable aidé aidée remercie pardon désolé désolée excuse excuses excusez excuse-moi excusez-moi erreur revoir gentil gentille clair bravo magnifique impeccable cherchais besoin fallait top chouette précieux précieuse",
        "beaucoup bien vraiment très tellement si c'est c'était cela ça m'a m'avez m'as nous a avez as été vous te toi tu à de du des la le les un une l'aide aide votre vos ton ta tes pour réponse réponses explication explications patience temps mille fois encore infiniment je j'ai j'avais suis ce que qu'il exactement tout juste et grand grande mon ma me bonne bon journée soirée nuit week-end au demain bientôt plus tard oui non d'accord ok énormément service rendu moi",
        "que",
    ),
    (  # Spanish
        "gracias útil perfecto genial estupendo excelente fantástico maravilloso ayudado ayudó ayudaste perdón perdona perdone disculpa disculpe disculpas siento equivoqué equivocado error culpa adiós amable claro buscaba necesitaba agradezco agradecido agradecida",
        "muchas muchísimas mil muy mucho muchísimo de verdad realmente me te le se lo la el nos os ha has han fue era es está por tu su ayuda respuesta respuestas explicación tiempo paciencia todo esto eso justo exactamente que y a un una gran mi luego pronto mañana hasta día tarde noche noches buen buena buenas tenga tengas otra vez nuevo sí no más tan ok yo he",
        "que",
    ),
    (  # Portuguese
        "obrigado obrigada obrigadão brigado valeu agradeço agradecido agradecida útil perfeito ótimo ótima excelente ajudou ajudaste desculpa desculpe desculpas perdão erro adeus tchau gentil procurava precisava incrível maravilhoso",
        "muito muita muitíssimo bastante mesmo demais de me te lhe foi é era isso isto pela pelo por sua seu tua teu ajuda resposta respostas explicação paciência tudo o a os as que exatamente eu meu minha um uma e bom boa dia noite tarde até logo amanhã mais realmente super tão ok sim não você",
        "que",
    ),
    (  # Italian
        "grazie utile perfetto ottimo eccellente fantastico aiutato aiuto gentile gentilissimo scusa scusi scusami scusate errore sbagliato colpa arrivederci bravo bravissimo cercavo serviva ringrazio dispiace chiaro magnifico",
        "mille tante molto davvero infinite di cuore per la il lo l'aiuto tuo tua suo sua risposta risposte spiegazione pazienza tempo tutto è era stato stata sei mi ti ci hai ha ho lei grande così proprio quello che esattamente e un una mio mia buona buon giornata serata notte a presto domani dopo ancora bene ok sì no vi",
        "che",
    ),
    (  # Russian
        "спасибо благодарю признателен признательна помогли помог помогло помогла полезно отлично прекрасно замечательно супер класс извини извините прости простите ошибка ошибся ошиблась свидания круто здорово молодец великолепно идеально нужно искал искала",
        "большое огромное вам тебе вы ты мне нам очень это было всё все за ваш вашу твою твой ваши помощь ответ ответы объяснение терпение так сильно действительно именно то что и я моя мой до завтра скорого хорошего дня вечера ещё еще раз от души просто да нет",
        "что",
    ),
    (  # Arabic
        "شكر شكرا شكرًا شكراً مفيد مفيدة مفيدا ممتاز ممتازة رائع رائعة ساعدتني أفادني أفدتني آسف آسفة اسف عذرا عذرًا عذراً المعذرة أعتذر خطئي أشكرك أشكركم ممتن ممتنة أحسنت وداعا وداعًا السلامة اللقاء جميل واضح",
        "جزيلا جزيلًا جزيلاً لك لكم كثيرا كثيرًا كثيراً جدا جدًا جداً هذا هذه كان كانت لقد على مساعدتك مساعدتكم المساعدة الإجابة إجابتك الرد السريع الشرح حقا حقًا حقاً كل شيء من القلب مع إلى الى تماما تمامًا بالضبط ما أحتاجه كنت أحتاج ألف الف هو هي",
        "ما من هل",
    ),
)  # fmt: skip
_SETS = tuple(tuple(frozenset(words.split()) for words in each) for each in _WORDS)
_UNSPACED = (
    lazy_pattern(
        "(?=.*(?:谢|感谢|抱歉|对不起|不好意思|再见|拜拜|帮了|帮助|有用|棒|厉害|我的错|搞错|弄错|完美|不错|辛苦|正是我))"
        "(?:非常|十分|真的?|太|很|好|了|你们?|您|我们?|大忙|大|的|帮助|回答|解答|解释|耐心|一下|这|那|对|是|有用|有|给|多|啊|呀|哦|棒|需要|想要|要找|找|正是|就是|谢谢|感谢|多谢|抱歉|对不起|不好意思|再见|拜拜|帮|厉害|错|搞|弄|说|完美|不错|辛苦|明天|回头|下次|见)+"
    ),
    lazy_pattern(
        "(?=.*(?:ありがと|助かり|助かった|役に立|参考にな|素晴らし|完璧|すごい|すみません|ごめん|申し訳|感謝|失礼|さようなら|間違え))"
        "(?:ありがとう|ありがと|とても|本当に|大変|どうも|すごく|すごい|ございます|ございました|おかげで|おかげさまで|助かり|助かった|役に立ち|役に立った|参考になり|参考になった|素晴らしい|完璧|すみません|ごめん|なさい|申し訳|ありません|感謝|失礼|さようなら|間違え|わかりやすい|わかりやすかった|回答|説明|探していた|ました|します|ます|です|でした|でした|もの|それ|これ|私|ご|お|を|の|は|が|に|て|た|い|よ|ね)+"
    ),
)  # fmt: skip


def is_courtesy(clause: str) -> bool:
    """Return whether a folded clause only thanks, praises, apologises or takes leave."""
    words = clause.split()
    for telling, others, openers in _SETS:
        says_so = words[0] not in openers and not telling.isdisjoint(words)
        if says_so and all(word in telling or word in others for word in words):
            return True
    return any(pattern.fullmatch(clause.replace(" ", "")) for pattern in _UNSPACED)
