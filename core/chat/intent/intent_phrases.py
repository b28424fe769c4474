"""Intent phrases: patterns of talk, tasks and whole-document tasks, in a dozen languages.

All match folded text: casefolded, without emoji, with single spaces. German "ß" is "ss" then.
"""

# ruff: noqa: E501 - a line is one list of alternatives
# fmt: off

from core.base.lazy_regex import lazy_pattern


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


_GREETINGS = _any(
    r"h[ae]llo+", r"hi+", r"hey+", r"hiya", r"yo", r"howdy",
    r"greetings", r"good (?:morning|afternoon|evening|day|night)", r"welcome back", r"nice to meet you", r"hallo+", r"moin(?: moin)?",
    r"servus", r"gr(?:ü|ue)ss (?:gott|dich|euch)", r"guten? (?:tag|morgen|abend)", r"gute nacht", r"na", r"salut",
    r"bonjour", r"bonsoir", r"bonne (?:nuit|journée|soirée)", r"coucou", r"hola+", r"buen(?:os|as)(?: (?:días|dias|tardes|noches))?",
    r"ciao", r"buongiorno", r"buonasera", r"salve", r"olá", r"oi",
    r"bom dia", r"boa (?:tarde|noite)", r"привет(?:ик)?", r"здравствуй(?:те)?", r"добр(?:ый|ое|ой) (?:день|утро|вечер|ночи)", r"приветствую",
    r"مرحب[اًا]+(?: بك(?:م)?)?", r"أهلا?ً?(?: وسهلا?ً?)?", r"اهلا(?: وسهلا)?", r"السلام عليكم(?: ورحمة الله(?: وبركاته)?)?", r"صباح (?:الخير|النور)", r"مساء (?:الخير|النور)",
    r"هلا", r"تصبح على خير", r"(?:你|您|大家)好[啊呀吗]?", r"嗨+", r"哈[喽啰]", r"早(?:上好|安)?",
    r"晚(?:上好|安)", r"下午好", r"喂", r"こんにちは", r"こんばんは", r"おはよう(?:ございます)?",
    r"やあ", r"はじめまして", r"おやすみ(?:なさい)?", r"नमस्ते", r"नमस्कार", r"हैलो",
    r"हेलो", r"शुभ (?:प्रभात|रात्रि)", r"สวัสดี(?:ครับ|ค่ะ|คะ)?", r"หวัดดี(?:ครับ|ค่ะ)?", r"안녕(?:하세요|하십니까)?", r"merhaba",
    r"selam", r"cześć", r"dzień dobry", r"hej", r"hoi", r"goede(?:morgen|middag|navond)",
)
_THANKS = _any(
    r"(?:many )?thanks?(?: you)?(?: (?:so|very) much| a lot| again| for (?:your|the) help| for that)?", r"thx", r"ty", r"cheers", r"much appreciated", r"(?:vielen |herzlichen |tausend )?dank(?:e|e dir|e ihnen)?(?: sehr| schön| vielmals| für (?:die|deine|ihre) hilfe)?",
    r"merci(?: beaucoup| bien| à toi| à vous| pour (?:ton|votre) aide)?", r"(?:muchas |mil )?gracias(?: por (?:tu|su|la) ayuda)?", r"grazie(?: mille)?", r"obrigad[oa]", r"muito obrigad[oa]", r"(?:большое |огромное )?спасибо(?: большое| за помощь)?",
    r"благодарю(?: вас)?", r"شكر[اًا]+(?: جزيلا?ً?| لك(?:م)?)*", r"أشكرك(?: جزيلا?)?", r"(?:非常|太)?(?:谢谢|感谢|多谢)(?:你|您|了|你的帮助)*", r"ありがとう(?:ございます|ございました)?", r"どうも",
    r"धन्यवाद", r"शुक्रिया", r"ขอบคุณ(?:ครับ|ค่ะ|มาก)*", r"감사합니다", r"고마워(?:요)?", r"teşekkürler",
    r"dziękuję",
)
_FAREWELLS = _any(
    r"(?:good)?bye(?: bye)?", r"see (?:you|ya)(?: (?:later|soon|tomorrow))?", r"cu", r"later", r"take care", r"have a (?:nice|good|great) (?:day|evening|weekend|one)",
    r"tschüss(?:i)?", r"bis (?:bald|dann|später|morgen)", r"auf wiedersehen", r"mach'?s gut", r"(?:einen )?schönen? (?:tag|abend|wochenende)(?: noch)?", r"au revoir",
    r"à (?:bientôt|demain|plus(?: tard)?)", r"bon(?:ne)? (?:journée|week-end|soirée)", r"adiós", r"adios", r"hasta (?:luego|pronto|mañana|la vista)", r"nos vemos",
    r"que tengas un buen día", r"arrivederci", r"tchau", r"até logo", r"пока(?: пока)?", r"до (?:свидания|встречи|завтра)",
    r"مع السلامة", r"إلى اللقاء", r"الى اللقاء", r"وداعا?ً?", r"再见", r"拜拜",
    r"回头见", r"明天见", r"さようなら", r"じゃあね", r"またね", r"अलविदा",
    r"ลาก่อน",
)
_REPLIES = _any(
    r"ok(?:ay|i)?", r"k", r"yes(?: please)?", r"no(?: thanks?(?: you)?)?", r"yep", r"yeah",
    r"nope", r"sure", r"fine", r"great(?: job)?", r"good(?: job)?", r"nice(?: one)?",
    r"cool", r"perfect", r"awesome", r"excellent", r"well done", r"i see",
    r"got it", r"understood", r"all right", r"alright", r"lol", r"haha+",
    r"wow", r"test(?:ing)?", r"sorry", r"never ?mind", r"that'?s (?:all|great|fine|good|perfect|it)(?: for (?:now|today))?", r"that was (?:helpful|great|it)",
    r"you'?re (?:welcome|great|the best|helpful)", r"ja(?: bitte)?", r"nein(?: danke)?", r"genau", r"klar", r"gut(?: gemacht)?",
    r"super", r"toll", r"prima", r"alles klar", r"verstanden", r"ach so",
    r"passt", r"das (?:war|ist) (?:alles|toll|super|gut)", r"perfekt", r"schön", r"oui", r"non(?: merci)?",
    r"d'accord", r"parfait", r"génial", r"très bien", r"bien", r"compris",
    r"c'est (?:tout|parfait|super|bon)", r"ça marche", r"bravo", r"s[ií]", r"vale", r"perfecto",
    r"genial", r"muy bien", r"bien hecho", r"entendido", r"de acuerdo", r"eso es todo",
    r"claro", r"estupendo", r"да", r"нет", r"хорошо", r"отлично",
    r"понятно", r"ладно", r"نعم", r"لا(?: شكرا?ً?)?", r"حسنا?ً?", r"تمام",
    r"ممتاز", r"رائع", r"جيد(?: جدا?ً?)?", r"فهمت", r"هذا كل شيء", r"أحسنت",
    r"好(?:的|吧|啊|了)?", r"是的?", r"不(?:用|是)?了?", r"行", r"明白了?", r"知道了",
    r"(?:很|太)好了?", r"太棒了", r"没事了?", r"就这样", r"不客气", r"はい",
    r"いいえ", r"わかりました", r"了解(?:です)?", r"हाँ", r"नहीं", r"ठीक है",
    r"ครับ", r"ค่ะ", r"โอเค", r"si", r"va bene", r"sim",
    r"não",
)
_SMALL_TALK = _any(
    r"how (?:are|r) (?:you|u)(?: doing)?(?: today)?", r"how(?:'s| is) it going", r"what'?s up", r"sup", r"how do you do", r"how was your (?:day|weekend)",
    r"i(?:'m| am) (?:fine|good|great|back|bored|tired|happy)(?: too)?", r"and you", r"who (?:are|r) (?:you|u)", r"what(?:'s| is) your name", r"what (?:are you|can you do(?: for me)?)", r"are you (?:there|a (?:bot|robot|human|person|machine)|real|ok(?:ay)?|an ai)",
    r"can you (?:help me|hear me)", r"help(?: me)?", r"do you (?:speak|understand) \w+", r"which model are you", r"how old are you", r"my name is \w+",
    r"i(?:'m| am) \w+", r"tell me (?:a|another) joke", r"(?:do you )?know any jokes", r"i love you", r"wie geht(?:'?s| es)(?: dir| ihnen| euch)?(?: heute)?", r"wer bist du",
    r"wer sind sie", r"wie heisst du", r"was kannst du(?: alles)?", r"bist du (?:da|ein (?:mensch|roboter|bot)|echt)", r"und (?:dir|selbst|ihnen)", r"mir geht(?:'?s| es) gut",
    r"kannst du mir helfen", r"hilfe", r"erzähl(?:e)? (?:mir )?(?:einen|noch einen) witz", r"sprichst du deutsch", r"ich heisse \w+", r"was geht",
    r"(?:comment )?ça va(?: bien)?", r"comment (?:vas[- ]tu|allez[- ]vous|tu vas)", r"qui (?:es[- ]tu|êtes[- ]vous)", r"tu es qui", r"comment (?:t'appelles[- ]tu|tu t'appelles)", r"que (?:peux|sais)[- ]tu faire",
    r"(?:tu peux|peux tu|peux-tu) m'aider", r"aide moi", r"raconte(?:[- ]moi)? une blague", r"et toi", r"quoi de neuf", r"tu es là",
    r"es[- ]tu là", r"je m'appelle \w+", r"parles[- ]tu français", r"enchantée?", r"(?:cómo|como) (?:estás|estas|está usted|te va|andas)(?: hoy)?", r"qué tal(?: estás| todo)?",
    r"que tal", r"(?:quién|quien) eres", r"cómo te llamas", r"qué (?:puedes|sabes) hacer", r"(?:me puedes|puedes) ayudar(?:me)?", r"ayuda",
    r"cuéntame un chiste", r"y tú", r"estás ahí", r"me llamo \w+", r"hablas español", r"encantad[oa]",
    r"mucho gusto", r"todo bien", r"come (?:stai|va|sta)", r"chi sei", r"tudo bem", r"como vai",
    r"quem é você", r"как (?:дела|ты|вы|жизнь|тебя зовут)", r"кто ты", r"что ты умеешь", r"расскажи (?:мне )?анекдот", r"كيف (?:حالك|الحال|حالكم)(?: اليوم)?",
    r"من (?:أنت|انت)", r"ما اسمك", r"ماذا (?:تستطيع|يمكنك) أن تفعل", r"هل (?:يمكنك|تستطيع) مساعدتي", r"ساعدني", r"احك لي نكتة",
    r"(?:قل|أخبرني) نكتة", r"وأنت", r"هل أنت (?:هنا|إنسان|روبوت)", r"اسمي \w+", r"أنا بخير", r"تشرفنا",
    r"(?:你|您)(?:最近|今天)?(?:好吗|怎么样|过得怎么样)", r"(?:你|您)是谁", r"你叫什么(?:名字)?", r"你(?:能|会|可以)(?:做|干)(?:什么|啥)", r"(?:你)?能帮(?:我|我吗|助我吗|帮我吗)?", r"帮(?:帮)?我",
    r"(?:给我)?讲个笑话(?:吧)?", r"最近(?:好吗|怎么样|如何)", r"你呢", r"在吗", r"你在吗", r"你是(?:人|机器人|真人)吗",
    r"我叫\w+", r"吃了吗", r"很高兴认识你", r"元気(?:です|ですか)?", r"お元気ですか", r"あなたは誰(?:ですか)?",
    r"आप कैसे हैं", r"कैसे हो", r"तुम कौन हो", r"คุณเป็นใคร", r"สบายดีไหม", r"잘 지내(?:요|세요)?",
)
_ADDRESSEES = _any(
    "there", "all", "everyone", "again", "you", "friend",
    "buddy", "mate", "bot", "inglenook", "zusammen", "leute",
    "nochmal", "du", "à tous", "tout le monde", "mon ami", "a todos",
    "amigo", "de nuevo", "всем", "جميعا", "يا صديقي", "الجميع",
    "朋友", "啊", "呀", "さん", "too", "then",
    "so", "well", "oh", "ah", "please", "bitte",
    "s'il te plaît", "por favor", "من فضلك", "吧",
)
_PHRASE = _any(_GREETINGS, _THANKS, _FAREWELLS, _REPLIES, _SMALL_TALK)
TALK_PHRASES = lazy_pattern(
    rf"(?:{_ADDRESSEES}|{_PHRASE})(?: ?(?:{_PHRASE}|{_ADDRESSEES}|and|und|et|y|و|и))*"
)
"""Matches a clause that only greets, thanks, takes leave, agrees or asks who is there."""
ARITHMETIC = lazy_pattern(
    r"(?:(?:what(?:'s| is| are| does)|how much (?:is|are)|calculate|compute|was (?:ist|ergibt|sind)|wie ?viel (?:ist|sind|macht|ergibt)"
    r"|rechne(?: aus)?|berechne|combien (?:font|fait|vaut)|calcule|cuánto (?:es|son|hace)|calcula|quanto (?:fa|é)|сколько будет"
    r"|كم (?:يساوي|حاصل|ناتج)|ما (?:هو )?(?:ناتج|حاصل)|احسب|计算|算一下)\s*:?\s*)?"
    r"[-+(√]*[\d٠-٩][\d٠-٩.,\s()%]*(?:(?:[-+*/x×÷^:·−]|\*\*|plus|minus|times|divided by|mal|geteilt durch|hoch|fois|divisé par|moins|por|más|menos|entre"
    r"|per|più|mais|плюс|минус|زائد|ناقص|ضرب|في|على|加|减|乘|除以|乘以)\s*[-+(√]*[\d٠-٩][\d٠-٩.,\s()%]*)+"
    r"(?:=|等于(?:多少|几)?|是多少|(?:equal )?to what)?"
)
OPENINGS = lazy_pattern(
    r"^(?:(?:(?:h[ae]llo|hi|hey|hallo|bonjour|hola|مرحبا|please|pls|bitte|s'il (?:te|vous) plaît|por favor|من فضلك"
    r"|(?:can|could|would|will) you(?: please)?|i (?:want|need|would like|'d like) you to|kannst du(?: bitte| mir)*|könntest du(?: bitte| mir)*"
    r"|können sie(?: bitte| mir)*|peux[- ]tu|pouvez[- ]vous|tu peux|puedes|podrías|¿?puede|هل (?:يمكنك|تستطيع) أن)(?!\w)"
    r"|你好|[请請](?!求)|你?(?:能|可以|帮我|能不能))[\s,!.،，]*)+"
)
"""Matches what stands before the matter: a greeting, "please", "could you"."""
DOCUMENT_WORDS = lazy_pattern(
    r"\b(?:documents?|files?|folders?|pdfs?|papers?|notes?|library|sources?|attachments?|reports?|contracts?|letters? (?:from|of)|e-?mails? (?:from|of)|invoices?|minutes|manuals?|leases?|chapters?|pages?|books?|articles?|offers?|texts?|receipts?|agreements?|guides?|essays? (?:in|from)|everything"
    r"|dokument\w*|dateien?|ordner\w*|akten?|notiz\w*|unterlagen|bericht\w*|vertr[aä]g\w*|rechnung\w*|protokoll\w*|handb[uü]ch\w*|mietvertr\w*|kapitel\w*|seiten?|artikel\w*|angebote?n?|quellen?|text\w*|gebrauchsanweisung\w*|alles"
    r"|fichiers?|dossiers?|rapports?|contrats?|factures?|comptes? rendus?|procès-verba\w*|notices?|baux|bail|chapitres?|pages|livres?|devis|textes?|sources"
    r"|documentos?|archivos?|ficheros?|carpetas?|informes?|contratos?|facturas?|actas?|manual(?:es)?|capítulos?|páginas?|libros?|ofertas?|notas|textos?|presupuestos?|artículos?)\b"
    r"|\b\w{1,80}\.(?:pdf|docx?|txt|md|xlsx?|pptx?|csv|html?|odt|eml)\b"
    r"|(?:ال|لل|بال|ا?ل)?(?:مستند|ملف|مجلد|وثيق|وثائق|تقرير|تقارير|عقد|عقود|فاتور|فواتير|محضر|دليل|كتاب|فصل|مقال|عرض|نص|رسائل)(?:ات|ة|ين|ان)?"
    r"|文件|文档|文件夹|资料|报告|合同|发票|笔记|会议记录|记录|手册|说明书|章|论文|文章|书|报价"
    r"|документ\w*|файл\w*|папк\w*|отч[её]т\w*|договор\w*|ファイル|文書|フォルダ|資料|契約書"
)
"""Matches words for documents and kinds of them."""
_MAKE = _any(
    r"(?:write|compose|draft|make up|invent|create|generate|come up with|think of|imagine|give me|tell me|suggest|recite|sing|brainstorm)", r"(?:schreib\w*|verfass\w*|dichte|erfinde?|erzähl\w*|denk\w* (?:dir )?|formulier\w*|erstell\w*|schlag\w*|nenn\w*|gib)", r"(?:écris|écrivez|rédige\w*|compose\w*|invente\w*|raconte\w*|imagine\w*|crée\w*|propose\w*|donne)", r"(?:escrib\w*|redact\w*|compón|compon\w*|inventa\w*|cuent\w*|cuént\w*|imagina\w*|crea\w*|haz\w*|sugier\w*|dame)", r"(?:اكتب|ألف|ألّف|اخترع|احك|اقترح|أنشئ|صغ|قل)", r"(?:写|作|编|创作|讲|想|起草|生成|给我)",
    r"(?:напиши\w*|сочини\w*|придумай\w*|расскажи\w*|書いて|作って)",
)
_WORKS = _any(
    r"poems?", r"haikus?", r"limericks?", r"sonnets?", r"songs?", r"lyrics",
    r"rhymes?", r"story|stories", r"fairy ?tales?", r"tale", r"jokes?", r"riddles?",
    r"toast", r"slogans?", r"e-?mail", r"letter", r"message", r"speech",
    r"essay", r"blog ?post", r"tweet", r"names?", r"ideas?", r"recipes?",
    r"function", r"script", r"program", r"regex", r"code", r"cover letter",
    r"birthday", r"quotes?", r"list of (?:names|ideas|synonyms)", r"synonyms?", r"short text", r"dialogue",
    r"prayer", r"workout", r"packing list", r"puns?", r"gedicht\w*", r"haiku",
    r"lied\w*", r"liedtext", r"geschicht\w*", r"märchen", r"witz\w*", r"rätsel",
    r"reim\w*", r"e-?mail|mail", r"brief\w*", r"nachricht", r"rede", r"aufsatz",
    r"spruch|sprüche", r"namen?", r"ideen?", r"rezept\w*", r"funktion", r"skript",
    r"programm", r"einladung\w*", r"glückwunsch\w*", r"synonyme?", r"poèmes?", r"chansons?",
    r"histoires?", r"contes?", r"blagues?", r"devinettes?", r"courriel", r"lettre",
    r"discours", r"message", r"noms?", r"idées?", r"recettes?", r"fonction",
    r"programme", r"invitation", r"slogan", r"synonymes?", r"poemas?", r"canci[óo]n(?:es)?",
    r"cuentos?", r"historias?", r"chistes?", r"adivinanzas?", r"correo", r"carta",
    r"discurso", r"mensaje", r"nombres?", r"ideas?", r"recetas?", r"función",
    r"programa", r"invitación", r"eslogan", r"sinónimos?", r"قصيدة", r"شعرا?ً?",
    r"أغنية", r"قصة", r"حكاية", r"نكتة", r"لغزا?ً?", r"رسالة",
    r"خطابا?ً?", r"بريدا?ً?", r"أسماء", r"أفكارا?ً?", r"وصفة", r"دالة",
    r"برنامجا?ً?", r"دعوة", r"شعارا?ً?", r"诗", r"歌", r"故事",
    r"童话", r"笑话", r"谜语", r"邮件", r"信", r"演讲",
    r"文案", r"名字", r"点子", r"主意", r"菜谱", r"函数",
    r"程序", r"代码", r"口号", r"祝福", r"请柬", r"邀请函",
    r"对联", r"стих\w*", r"песн\w*", r"сказк\w*", r"истори\w*", r"анекдот\w*",
    r"письмо", r"詩", r"俳句", r"物語",
)
CREATIONS = lazy_pattern(
    rf"^(?:{_MAKE})\b.{{0,40}}?\b(?:{_WORKS})\b|^(?:{_MAKE}).{{0,20}}?(?:{_WORKS})(?![a-z])|^{_any('写', '作', '编', '讲', '创作')}.{{0,24}}(?:{_WORKS})"
)
"""Matches the wish for a text that rests on no document."""
_CHANGES = _any(
    r"(?:make|keep|write|say|put|rewrite|rephrase|reword|shorten|simplify|expand|improve|polish|correct|translate|summari[sz]e|repeat|explain|turn|convert|format|continue|elaborate|redo|phrase|give) (?:on )?(?:it|that|this|them|the above|your (?:last )?(?:answer|reply|response)|the (?:last |previous )?(?:answer|reply|response|sentence|paragraph|translation|poem|list|email|story|joke))", r"^(?:go on|continue|carry on|more|keep going|again|once more|another one|one more|try again|say (?:it|that) again|shorter|longer|simpler|funnier|less formal|more formal|more (?:detail|details|formal|friendly|concise|examples)|in (?:english|german|french|spanish|italian|arabic|chinese|russian)|in (?:simple|simpler|plain|other|one|two|three|fewer) \w+|as (?:a )?(?:table|list|bullet points|bullets|json)|with (?:bullet points|examples)|without \w+|eli5|tl;?dr)(?: please| now)?[.!?]*$", r"(?:mach|fass|schreib|formulier\w*|übersetz\w*|kürz\w*|wiederhol\w*|erklär\w*|vereinfach\w*|sag|korrigier\w*|verbesser\w*|gib)e? (?:mir )?(?:es|das|dies|sie|ihn|die (?:letzte )?antwort|deine (?:letzte )?antwort|den (?:letzten )?(?:satz|absatz|witz)|das gedicht|die mail)\b", r"^(?:weiter|mach weiter|noch (?:mal|einmal|eins|einen?)|nochmal|mehr|kürzer|länger|einfacher|höflicher|förmlicher|lustiger|ausführlicher|genauer|auf (?:englisch|deutsch|französisch|spanisch|arabisch)|als (?:tabelle|liste|stichpunkte)|in (?:einfachen|anderen|eigenen) worten|in (?:einem|zwei|drei) s[aä]tze?n?)(?: bitte)?[.!?]*$", r"(?:fais|rends|écris|traduis|résume|raccourcis|reformule|répète|explique|simplifie|corrige|améliore|dis|mets)(?:[- ](?:le|la|les|cela|ça|moi ça|ta (?:dernière )?réponse|la (?:dernière )?réponse|ce (?:texte|poème)|cette (?:réponse|phrase|lettre)))\b", r"^(?:continue|encore(?: une fois| un(?:e)?)?|plus (?:court|long|simple|drôle|poli|formel|détaillé)\w*|en (?:anglais|allemand|français|espagnol|arabe)|sous forme de (?:tableau|liste)|en (?:une|deux|trois) phrases?|en d'autres mots|moins formel)(?: s'il (?:te|vous) plaît)?[.!?]*$",
    r"(?:hazlo|házlo|escríbelo|tradúcelo|resúmelo|acórtalo|repítelo|explícalo|simplifícalo|corrígelo|mejóralo|dilo|ponlo|reescríbelo)\b|(?:traduce|resume|acorta|repite|corrige|reescribe|simplifica|mejora) (?:eso|esto|lo anterior|tu (?:última )?respuesta|la (?:última )?respuesta|el poema)", r"^(?:continúa|sigue|otra vez|una vez más|otro|otra|más (?:corto|largo|simple|sencillo|divertido|formal|detalles?|breve)\w*|en (?:inglés|alemán|francés|español|árabe)|como (?:tabla|lista)|en (?:una|dos|tres) frases?|con otras palabras|menos formal)(?: por favor)?[.!?]*$", r"(?:اجعلها?|اختصرها?|ترجمها?|لخصها?|كررها?|اشرحها?|بسطها?|صححها?|أعد (?:صياغتها?|كتابتها?)|حسنها?)(?=\s|$|[.!؟])|(?:ترجم|اختصر|لخص|كرر|أعد صياغة|بسط) (?:هذا|ذلك|هذه|إجابتك|جوابك|الجواب|الإجابة|ردك|القصيدة)", r"^(?:أكمل|تابع|مرة أخرى|المزيد|أقصر|أطول|أبسط|بالعربية|بالإنجليزية|بالفرنسية|على شكل (?:جدول|قائمة)|في (?:جملة|جملتين|ثلاث جمل))(?: من فضلك)?[.!؟]*$", r"(?:把|将)(?:它|这个|这段|上面的?|刚才的?|你的回答|回答|答案|这首诗).{0,12}|(?:翻译|缩短|简化|重写|改写|总结|解释|重复)(?:一下)?(?:它|这个|这段话?|上面的?|刚才的?\w*|你的回答|回答)|(?:短|长|简单|详细|正式|有趣|礼貌)一?(?:点|些)(?:吧|的)?[。！!]?$|^(?:继续|再来一(?:个|遍|次)|再说一遍|换(?:个|一种)说法|用(?:英语|英文|中文|德语|法语)(?:说|写)?|列成?(?:表格?|清单))(?:吧)?[。！!]?$",
)
REWORDINGS = lazy_pattern(_CHANGES)
"""Matches a task on what was said before."""
QUOTED = lazy_pattern(
    r"(?:translate|übersetze?|traduis|traduce|ترجم|翻译|correct|korrigiere|corrige|fix the (?:grammar|spelling)|spell|how do you (?:say|spell)|wie sagt man|comment (?:dit-on|on dit)|cómo se dice|كيف (?:نقول|أقول|تقول)|怎么说).{0,30}[\"“”„«»「」'‘]"
    r"|^(?:how do (?:you|i) say|wie sagt man|comment (?:dit-on|on dit)|¿?cómo se dice|كيف (?:نقول|أقول|تقول)) .{1,40} (?:in|auf|en|ب)"
    r"|^.{1,20}(?:用英[语文]|用法语|用德语|用西班牙语|英[语文])怎么说"
)
"""Matches a translation or correction of words that stand in the message."""
_SUMMARIES = _any(
    r"summar(?:y|i[sz]e|ies|i[sz]ing)", r"sum up", r"overview", r"key (?:points|facts|takeaways)", r"main (?:points|topics|ideas|themes)", r"outline",
    r"gist", r"digest", r"abstract of", r"compar(?:e|ison)", r"difference between", r"differences? (?:between|of)",
    r"translate", r"list (?:all|every|the|each)", r"all (?:the )?(?:names|dates|deadlines|amounts|people|persons|places)", r"table of (?:all|the)", r"timeline", r"what(?:'s| is| are) .{0,40}\babout\b",
    r"what (?:topics|subjects|do these|does this|does the)", r"extract (?:all|every)", r"go through (?:all|every)", r"in (?:a nutshell|short)", r"tl;?dr", r"(?:fass|fasse|fassen)\b.*\bzusammen",
    r"zusammenfass\w*", r"überblick", r"übersicht", r"inhaltsangabe", r"(?:wichtigste|zentrale|wesentliche)n? (?:punkte|themen|aussagen)", r"vergleich\w*",
    r"unterschied\w*", r"übersetz\w*", r"(?:liste|list)\w* .*\b(?:alle|sämtliche)", r"(?:liste|zähle?|nenne?) .*\bauf", r"alle (?:namen|termine|fristen|beträge|personen)", r"worum geht",
    r"wovon handel\w*", r"was steht in", r"stichpunkt\w*", r"résum\w*", r"synthè\w*", r"aperçu",
    r"vue d'ensemble", r"points? (?:clés?|principaux|essentiels?)", r"compar\w*", r"différences?", r"tradui\w*", r"(?:liste|énumère)\w* ",
    r"tou(?:s|tes) les (?:noms|dates|échéances|montants|personnes)", r"de quoi (?:parle|s'agit)\w*", r"que (?:dit|disent|contient|contiennent)", r"resum\w*", r"resúm\w*", r"sintetiza\w*",
    r"visión general", r"puntos (?:clave|principales)", r"compar\w*", r"diferencias?", r"traduc\w*", r"enumera\w*",
    r"(?:haz una |)lista (?:de |con |todos|todas)", r"tod[oa]s l[oa]s (?:nombres|fechas|plazos|importes|personas)", r"de qué (?:trata|habla|va)n?", r"qué (?:dice|contiene|hay en)n?", r"لخص", r"تلخيص",
    r"ملخص", r"نظرة عامة", r"أهم النقاط", r"النقاط الرئيسية", r"قارن", r"مقارنة",
    r"الفرق بين", r"ترجم", r"اسرد", r"اذكر (?:جميع|كل)", r"(?:جميع|كل) (?:الأسماء|التواريخ|المبالغ)", r"عم[ّا]? ?(?:يتحدث|تتحدث)",
    r"ماذا (?:يوجد|يقول) في", r"قائمة ب", r"总结", r"概括", r"概述", r"摘要",
    r"要点", r"大意", r"主要内容", r"比较", r"对比", r"区别",
    r"翻译", r"列出", r"所有的?(?:名字|日期|金额|人)", r"讲(?:的是|了)什么", r"说了什么", r"关于什么",
    r"梳理", r"резюм\w*", r"обобщи\w*", r"кратко", r"сравни\w*", r"перевед\w*",
    r"о ч[её]м", r"要約", r"まとめて", r"比較",
)
WHOLE_TASKS = lazy_pattern(_SUMMARIES)
"""Matches a task over a whole text, where a word for documents stands with it."""
WHOLE_ALONE = lazy_pattern(
    r"^(?:give me |write |make |show me )?(?:a |an )?(?:short |brief |quick |general )*(?:summary|overview|tl;?dr)(?: please)?[.!?]*$"
    r"|^summari[sz]e(?: (?:all|the (?:whole thing|main points|key points)|in .{1,30}))?[.!?]*$"
    r"|^(?:what(?:'s| is| are) (?:this|these|it all|all this) about)[.!?]*$"
    r"|^(?:zusammenfassung|überblick|fasse? (?:alles )?zusammen|zusammenfassung bitte|worum geht(?:'?s| es)(?: hier)?)[.!?]*$"
    r"|^(?:résumé?|résumer?|fais(?:[- ]moi)? un résumé|aperçu|de quoi s'agit-il)(?: en .{1,20})?\s*[.!?]*$"
    r"|^(?:resumen|resume(?: todo)?|haz(?:me)? un resumen|¿?de qué (?:trata|va)(?: esto)?)(?: en .{1,20})?[.!?]*$"
    r"|^(?:لخص(?: كل شيء| لي)?|ملخص|أعطني (?:ملخصا?ً?|نظرة عامة))[.!؟]*$"
    r"|^(?:总结(?:一下)?|概括(?:一下)?|摘要|概述|做个总结|这(?:些|个)?(?:是)?(?:讲|说)(?:的是|了)?什么)[。！!？?]*$"
)
"""Matches a task over everything that names no document."""
