"""Library phrases: patterns of questions about the library itself, in six languages.

All match folded text (see `message_intent`). A question about what a document says is none.
"""

# ruff: noqa: E501 - a line is one list of alternatives
# fmt: off

from core.base.lazy_regex import lazy_pattern

_FILES = (
    r"(?:files?|documents?|docs?|pdfs?|spreadsheets?|presentations?|slides?|tables|pictures?|images?|photos?|scans?|word (?:files?|documents?)|excel (?:files?|sheets?)|text files?|items?"
    r"|dateien?|dokumente?n?|unterlagen|tabellen|präsentationen|bilder|fotos|texte"
    r"|fichiers?|documents?|images|tableurs?|présentations?"
    r"|archivos?|ficheros?|documentos?|imágenes|fotos|hojas de cálculo|presentaciones"
    r"|(?:ال)?ملف(?:ا|ات)?|(?:ال)?مستند(?:ا|ات)?|(?:ال)?وثائق|(?:ال)?وثيقة|(?:ال)?صور"
    r"|文件|文档|档案|表格|图片|照片|演示文稿|pdf)"
)
"""Words for files of any content."""
_KINDS = (
    r"(?:contracts?|invoices?|bills?|letters?|e-?mails?|notes?|reports?|receipts?|leases?|offers?|quotes|manuals?|agreements?|minutes|certificates?|statements?|forms?|papers?|books?|articles?|guides?|policies|recipes?"
    r"|verträge|vertrag|rechnung(?:en)?|briefe?|mails?|notizen|berichte?|quittungen|mietverträge|angebote?|handbücher|protokolle?|bescheide?|zeugnisse?|formulare?|rezepte?|artikel|bücher"
    r"|contrats?|factures?|lettres?|courriels?|rapports?|reçus?|baux|bail|devis|manuels?|procès-verbaux|attestations?|livres?|recettes?"
    r"|contratos?|facturas?|cartas?|correos?|notas|informes?|recibos?|presupuestos?|manuales|actas|certificados?|libros?|recetas?"
    r"|(?:ال)?عقود|(?:ال)?عقدا?|(?:ال)?فواتير|(?:ال)?فاتورة|(?:ال)?رسائل|(?:ال)?تقارير|(?:ال)?تقريرا?|(?:ال)?إيصالات|(?:ال)?عروض|(?:ال)?كتب"
    r"|合同|发票|信件|邮件|笔记|报告|收据|报价|手册|协议|证书|论文|书)"
)
"""Words for kinds of documents that people count."""
_ANY = rf"(?:{_FILES}|{_KINDS})"
_HOLDER = r"(?:folders?|library|ordner|bibliothek|sammlung|dossiers?|bibliothèque|carpetas?|biblioteca|مجلد(?:ي|ات)?|المجلد(?:ات)?|مكتبتي|المكتبة|文件夹|资料库|库)"
_LAST = r"(?:last|this|past) (?:week|month|year|night|weekend|few days|\d+ days)"
_PERIOD = (
    rf"(?:today|yesterday|recently|lately|{_LAST}|since (?:yesterday|last week|last month|monday)|in the last (?:\d+ )?(?:days?|week|month)"
    r"|heute|gestern|kürzlich|zuletzt|neulich|(?:letzte|diese|vorige)[nrms]? (?:woche|monat|jahr|tagen?|\d+ tagen?)|seit (?:gestern|letzter woche|letztem monat|montag)|in den letzten (?:\d+ )?tagen"
    r"|aujourd'hui|hier|récemment|(?:la semaine|le mois|l'année) (?:dernière?|passée?)|cette (?:semaine|année)|ce mois(?:-ci)?|ces derniers jours|depuis hier"
    r"|hoy|ayer|recientemente|últimamente|(?:la semana|el mes|el año) pasad[oa]|esta semana|este (?:mes|año)|(?:en )?los últimos (?:\d+ )?días|desde ayer"
    r"|اليوم|أمس|مؤخرا|(?:الأسبوع|الشهر|العام) (?:الماضي|الحالي)|هذا (?:الأسبوع|الشهر|العام)|السنة الماضية"
    r"|今天|昨天|最近|上周|上个?星期|上个?月|本周|这周|这个?月|本月|去年|今年)"
)
_SAYS = r"(?:say|says|said|tell|tells|state|states|require|requires|sagt|sagen|steht in|regelt|dit|disent|prévoit|dice|dicen|establece|يقول|تقول|ينص|规定|写)"

COUNT_QUESTIONS = lazy_pattern(
    rf"^(?:how many|what number of|count(?: all)?(?: the| my)?) (?:of (?:my|the|these) )?(?:(?!(?:the|does|do|did|is|are|has|have|signed|in|a|an|people|my)\b)[\w'-]+ ){{0,3}}?{_ANY}\b(?!.*\b{_SAYS}\b)(?!.{{0,30}}\b(?:mentioned|listed|named|signed|must|should|need|needed)\b)"
    rf"|^(?:wie ?viele?|zähle?)\b(?: [\w-]+){{0,3}}? {_ANY}\b(?!.*\b{_SAYS}\b)(?!.{{0,30}}\b(?:muss|müssen|soll|brauche)\b)"
    rf"|^combien (?:de |d'|y a-t-il de |ai-je de )(?:[\w'-]+ ){{0,3}}?{_ANY}\b(?!.*\b{_SAYS}\b)(?!.{{0,30}}\b(?:dois|faut|doit)\b)"
    rf"|^cu[aá]nt[oa]s (?:[\w-]+ ){{0,3}}?{_ANY}\b(?!.*\b{_SAYS}\b)(?!.{{0,30}}\b(?:debo|necesito|hay que)\b)"
    rf"|^(?:كم (?:عدد )?|ما عدد )(?:[\w]+ ){{0,2}}?{_ANY}(?!\w)(?!.*{_SAYS})"
    rf"|^(?:我?(?:的)?(?:{_HOLDER})?(?:里|中|里面)?(?:一共)?(?:有|存了)?|一共有?)(?:多少|几)(?:个|份|封|张|本|篇|条)?.{{0,6}}?{_ANY}[?？。]*$"
)
UNREADABLE_QUESTIONS = lazy_pattern(
    rf"\b{_FILES}\b.{{0,20}}\b(?:could ?n[o']t|couldn't|can ?n[o']t|can't|failed|were not|weren't|was not|not)\b.{{0,8}}\b(?:be )?(?:read|opened|indexed|processed|load)"
    rf"|\b(?:unreadable|skipped|unread|ignored|damaged|broken) {_ANY}\b|\b{_FILES}\b.{{0,20}}\b(?:skipped|unreadable|ignored|left out|damaged)\b|^what (?:was|could not be|couldn't be) (?:skipped|read)"
    rf"|\b{_ANY}\b.{{0,30}}\bnicht (?:gelesen|geöffnet|verarbeitet|eingelesen|lesbar)|\b(?:unlesbare?n?|übersprungene?n?|beschädigte?n?) {_FILES}|\b{_FILES}\b.{{0,20}}(?:übersprungen|unlesbar)"
    rf"|\b{_FILES}\b.{{0,25}}(?:pas pu être (?:lus?|ouverts?)|illisibles?|ignorés?|pas lus?)"
    rf"|\b{_FILES}\b.{{0,25}}(?:no se (?:pudieron|pudo|han podido|pueden) (?:leer|abrir)|omitidos|ilegibles|no leídos|ignorados)"
    rf"|{_FILES}.{{0,20}}(?:تعذر|لم (?:تقرأ|يقرأ|تتم قراءت)|لا يمكن قراءت|تم تخطي|غير المقروءة)"
    rf"|{_FILES}.{{0,8}}(?:无法|不能|没能|没有被?|未被?)(?:被)?(?:读取|打开|处理|读)|(?:无法|不能)(?:读取|打开)的?{_FILES}|跳过.{{0,4}}{_FILES}"
)
CHANGE_QUESTIONS = lazy_pattern(
    rf"^what(?:'s| has| is| was)? (?:been )?(?:changed|new|added|modified|different|happened)\b(?: (?:here|in (?:my|this|the|these) {_HOLDER}))?(?: {_PERIOD})?[?!.]*$"
    rf"|^(?:which|what|list|show me|show)\b.{{0,12}}\b{_ANY}\b.{{0,24}}\b(?:changed|added|modified|edited|updated|new|created|add|change|edit)\b"
    rf"|^(?:was|hat sich) .{{0,20}}?(?:hat sich )?(?:{_PERIOD} )?(?:.{{0,16}} )?(?:geändert|verändert|neu|dazugekommen|hinzugekommen)[?!.]*$(?<!vertrag geändert\?)"
    rf"|^(?:welche|zeige?|liste)\b.{{0,12}}\b{_ANY}\b.{{0,40}}(?:geändert|dazugekommen|hinzugekommen|hinzugefügt|verändert|bearbeitet|neu)\b"
    rf"|^qu'(?:est-ce qui|y a-t-il) (?:a changé|de nouveau|a été (?:ajouté|modifié))(?: (?:ici|dans (?:mon|le|ce|mes) {_HOLDER}))?(?: {_PERIOD})?\s*[?!.]*$|^quoi de neuf dans (?:mon|le|mes) {_HOLDER}"
    rf"|^(?:quels|quelles|liste|montre)\b.{{0,14}}\b{_ANY}\b.{{0,30}}(?:ajouté|modifié|changé|mis à jour)"
    rf"|^(?:qué|que) (?:ha cambiado|cambió|hay de nuevo|se (?:añadió|modificó))(?: (?:aquí|en (?:mi|la|mis) {_HOLDER}))?(?: {_PERIOD})?[?!.]*$"
    rf"|^(?:qué|que|cuáles|lista|muestra|muéstrame)\b.{{0,14}}\b{_ANY}\b.{{0,30}}(?:añadi|agreg|modific|cambi|actualiz)"
    rf"|^(?:ما الذي|ماذا|ما) (?:تغير|تغيّر|أضيف|الجديد)(?: في (?:مجلدي|المجلد|مكتبتي|المكتبة))?(?: {_PERIOD})?[؟?!.]*$|^(?:ما|أي|اعرض|أرني)\b.{{0,12}}{_ANY}.{{0,20}}(?:أضيفت|تغيرت|عدلت|المضافة|المعدلة)"
    rf"|^{_PERIOD}(?:有|发生了?)?(?:什么|哪些)(?:变化|改变|更新|新的?|改动)[?？。]*$|^{_PERIOD}?(?:添加|新增|修改|更改|更新)了?(?:哪些|什么){_ANY}|^哪些{_ANY}(?:是)?{_PERIOD}?(?:被)?(?:添加|新增|修改|更改|更新)"
)
CONTENTS_QUESTIONS = lazy_pattern(
    rf"^what(?:'s| is| do i have| do we have|(?: \w+)? (?:is|are) there)? ?(?:all )?(?:stored |saved |kept )?(?:in|inside) (?:my|this|the|these|our) (?:\w+ )?{_HOLDER}[?!.]*$"
    rf"|^(?:what|which) (?:kinds? of |types? of |sort of )?{_FILES} (?:are (?:there|here|in)|do (?:i|we|you) have|exist|is there|can you see)\b(?!.*\bfor\b)|^(?:list|show)(?: me)?(?: all)?(?: (?:the|my|of my))? {_FILES}[?!.]*$"
    rf"|^was (?:ist|liegt|gibt es|habe ich|befindet sich) (?:alles )?(?:in|im) (?:(?:meine[mnr]|diese[mnr]|de[mnr]) )?(?:\w+ )?{_HOLDER}[?!.]*$|^welche (?:arten von )?{_FILES} (?:gibt es|habe ich|sind (?:hier|da|in))|^(?:zeige?|liste)(?: mir)?(?: alle)?(?: meine)? {_FILES}(?: auf)?[?!.]*$"
    rf"|^qu'(?:y a-t-il|est-ce qu'il y a|ai-je|est-ce que j'ai) dans (?:mon|ce|le|mes|ma) {_HOLDER}\s*[?!.]*$|^quels (?:types de )?{_FILES} (?:y a-t-il|ai-je|sont (?:là|ici|dans))|^(?:liste|montre-moi|affiche)(?: tous)?(?: les| mes) {_FILES}\s*[?!.]*$"
    rf"|^qu[eé] (?:hay|tengo|está guardado) en (?:mi|esta|la|mis) {_HOLDER}[?!.]*$|^qu[eé] (?:tipos de )?{_FILES} (?:hay|tengo|existen)\b|^(?:lista|muestra|muéstrame)(?: todos)?(?: los| mis) {_FILES}[?!.]*$"
    rf"|^(?:ماذا|ما|ما الذي) (?:يوجد|هو موجود|الموجود|لدي)? ?(?:في) (?:هذا )?{_HOLDER}[؟?!.]*$|^(?:ما|أي) (?:هي )?{_FILES} (?:الموجودة|الموجود|التي لدي)|^(?:اعرض|أرني)(?: جميع| كل)? {_FILES}[؟?!.]*$"
    rf"|^(?:我的?|这个?|该)?{_HOLDER}(?:里|中|里面|内)(?:都)?有(?:些)?(?:什么|啥|哪些{_FILES})[?？。]*$|^(?:有|我有)(?:哪些|什么){_FILES}[?？。]*$|^(?:列出|显示)(?:所有|全部)?的?{_FILES}[?？。]*$"
)
RANKED_QUESTIONS = lazy_pattern(
    rf"^(?!.*\b{_SAYS}\b)(?:(?:what(?:'s| is| are)|which (?:is|are|one is)|show(?: me)?|list|give me|find)\b.{{0,14}})?\b(?:(?P<newest>newest|latest|most recent|last)|(?P<oldest>oldest|earliest)|(?P<largest>largest|biggest|longest)|(?P<smallest>smallest)) (?:\d+ |\w+ ){{0,2}}?{_FILES}\b.{{0,24}}$"
    rf"|^(?:welche (?:\w+ )?{_FILES} (?:ist|sind) (?:am |die |das |der )?|(?:was (?:ist|sind)|zeige?(?: mir)?|liste|welche[sr]? (?:ist|sind))\b.{{0,14}})(?:(?P<newest_de>neue?st\w*|aktuellst\w*|jüngst\w*)|(?P<oldest_de>ältest\w*)|(?P<largest_de>gr(?:ö|oe)sst\w*|längst\w*)|(?P<smallest_de>kleinst\w*))(?: (?:\d+ )?{_FILES})?[?!.]*$"
    rf"|^(?:quels? (?:est|sont)|quelle est|montre-moi|liste|affiche)\b.{{0,8}}(?:(?:le|les|la) )?(?:{_FILES} )?(?:le |les |la )?(?:plus (?:(?P<newest_fr>récents?)|(?P<oldest_fr>anciens?|vieux)|(?P<largest_fr>gros|grands?|longs?|volumineux)|(?P<smallest_fr>petits?)))(?: {_FILES})?.{{0,16}}$"
    rf"|^(?:cu[aá]l(?:es)? (?:es|son)|muéstrame|muestra|lista)\b.{{0,8}}(?:el |la |los )?{_FILES}? ?(?:más (?:(?P<newest_es>recientes?|nuev[oa]s?)|(?P<oldest_es>antigu[oa]s?|viej[oa]s?)|(?P<largest_es>grandes?|largo)|(?P<smallest_es>pequeñ[oa]s?)))(?: {_FILES})?.{{0,16}}$"
    rf"|^(?:(?:ما|ما هو|ما هي|أرني|اعرض) )(?:(?P<newest_ar>أحدث|آخر)|(?P<oldest_ar>أقدم)|(?P<largest_ar>أكبر|أطول)|(?P<smallest_ar>أصغر)) {_FILES}.{{0,16}}$"
    rf"|^(?:显示|列出|哪个是)?(?:我的?)?(?:(?P<newest_zh>最新|最近)|(?P<oldest_zh>最早|最旧|最老)|(?P<largest_zh>最大|最长)|(?P<smallest_zh>最小))的?(?:\d+个)?{_FILES}(?:是(?:哪个|哪些|什么|哪一个))?[?？。]*$|^(?:哪个|哪份){_FILES}(?:(?P<newest_zh2>最新|最近)|(?P<oldest_zh2>最早|最旧)|(?P<largest_zh2>最大)|(?P<smallest_zh2>最小))[?？。]*$"
)
LIST_QUESTIONS = lazy_pattern(
    rf"^(?:list|show|find|give|get)(?: me)?(?: all| every)?(?: of)?(?: the| my)? (?:\w+ )?{_FILES} (?:about|on|for|with|from|of|by|named|called|that|which|mentioning|containing|related)\b"
    rf"|^(?:which|what) (?:of (?:my|the) )?{_ANY} (?:(?:mention|mentions|contain|contains|are about|is about|deal with|talk about|include|have)\b|(?:are|is) (?:named|called|in|from)\b)"
    rf"|^(?:liste|zeige?|finde|such\w*)(?: mir)?(?: alle)?(?: die| meine)? (?:\w+ )?{_FILES} (?:über|zu[mr]?|mit|von|vom|aus|für|namens|die|in denen)\b"
    rf"|^(?:in )?welche[nr]? {_ANY} (?:(?:kommt|kommen|erwähn\w*|enthalten|enthält|handeln|nennen|steht|stehen)\b|(?:heissen|sind) (?:von|aus|über)\b)"
    rf"|^(?:liste|montre(?:-moi)?|affiche|trouve|cherche)(?: tous)?(?: les| mes)? {_FILES} (?:sur|de|du|des|avec|qui|contenant|concernant|à propos)\b|^(?:quels|quelles) {_ANY} (?:parlent|mentionnent|contiennent|traitent|évoquent)\b"
    rf"|^(?:lista|muestra|muéstrame|busca|encuentra)(?: todos)?(?: los| las| mis)? {_FILES} (?:sobre|de|del|con|que|acerca)\b|^(?:qué|que|cuáles) {_ANY} (?:mencionan|hablan|contienen|tratan|incluyen)\b"
    rf"|^(?:اعرض|أرني|اسرد|ابحث عن|جد)(?: جميع| كل)? {_FILES}(?: pdf| word)? (?:عن|حول|من|التي|المتعلقة|بخصوص)|^(?:أي|ما) (?:هي )?{_ANY}(?: التي)? (?:تذكر|تتحدث عن|تحتوي|تتضمن|ذكرت)"
    rf"|^(?:列出|显示|查找|找出?)(?:所有|全部)?(?:关于|有关|涉及|包含|提到|名为).{{1,16}}?的?{_FILES}|^(?:哪些|什么|哪个){_ANY}(?:提到|包含|涉及|讲到|说到|谈到|有关|关于)"
)
EXISTENCE_QUESTIONS = lazy_pattern(
    rf"^(?:do (?:i|we) have|have (?:i|we)(?: got)?|are there|is there)(?: here)? (?:any|some|a|an) (?:\w+ ){{0,2}}?{_ANY}\b(?!.{{0,40}}\b(?:to|must|clause)\b)"
    rf"|^(?:habe ich|haben wir|gibt es)(?: hier| in meinen unterlagen| irgendwo)? ?(?:eine?n? |irgendwelche |noch )?(?:\w+ )?{_ANY}\b(?!.{{0,40}}\b(?:zu|muss|klausel)\b)"
    rf"|^(?:est-ce que j'ai|ai-je|est-ce qu'il y a|y a-t-il) (?:des|un|une|d'autres) (?:\w+ )?{_ANY}\b"
    rf"|^(?:tengo|tenemos|hay) (?:alg[uú]n[oa]?s? |un[oa]? )?{_ANY}\b"
    rf"|^هل (?:لدي|عندي|يوجد|توجد|هناك)(?: أي)? {_ANY}"
    rf"|^(?:我)?(?:有没有|是否有|有)(?:关于)?.{{0,10}}的?{_ANY}[吗?？。]*$"
)
FILLERS = lazy_pattern(
    rf"\b(?:how many|what number of|count|list|show me|show|find|give me|get|which|what|what's|where|word|name|names|title|titles|named|called|mention(?:s|ing|ed)?|contain(?:s|ing|ed)?|about|related|include|got|any|some|all|every|please|exist|here|there|stored|saved"
    r"|wie ?viele?|zähle?|liegen|liegt|hab|drin|insgesamt|total|liste|zeige?|mir|finde|welche[nrms]?|kommt|kommen|wort|vor|namen?|titel|erwähn\w*|enthalten|enthält|handeln|nennen|gibt|es|hier|habe?|irgendwelche|alle|bitte|in denen|auf|über|zum|dem|den|vom"
    r"|combien|liste|montre|moi|affiche|trouve|quels|quelles|quel|quelle|parlent|mentionnent|contiennent|traitent|évoquent|y|a-t-il|ai-je|est-ce|que|j'ai|des|du|tous|mes|sur|avec|concernant|propos"
    r"|cu[aá]nt[oa]s|lista|muestra|muéstrame|busca|encuentra|qué|cuáles|mencionan|hablan|contienen|tratan|incluyen|hay|tengo|tenemos|alg[uú]n[oa]?s?|sobre|acerca|todos|mis)\b"
    rf"|(?<!\w)(?:{_HOLDER}|{_FILES}|{_PERIOD})(?!\w)|\b(?:my|this|these|our|meine[nrm]?|diese[nrm]?|mon|ce|mi|esta)\b"
    r"|كم|عدد|ما|هي|اعرض|أرني|اسرد|ابحث|جميع|كل|عن|حول|التي|أي|تذكر|تتحدث|تحتوي|هل|لدي|عندي|يوجد|توجد|هناك|الموجودة|(?<!\w)من(?!\w)|(?<!\w)في(?!\w)"
    r"|一共|有多少|多少|几|(?:个|份|封|张|本|篇|条)|列出|显示|查找|找出?|所有|全部|关于|有关|涉及|包含|提到|名为|哪些|什么|哪个|有没有|是否|我的?|(?:里|中|里面)|有|吗|的|了|文件夹|文件|文档"
)
"""Matches what is no word to look for in such a question."""
KINDS = lazy_pattern(rf"(?<![^\W一-鿿]){_KINDS}(?![^\W一-鿿])")
"""Matches words for kinds of documents; between Chinese signs nothing stands."""
