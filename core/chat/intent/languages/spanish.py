"""Spanish: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    CourtesyWords,
    Language,
    LibraryPhrases,
    NumberWords,
    SumPhrases,
    TalkPhrases,
    TaskPhrases,
)

SPANISH = Language(
    code="es",
    talk=TalkPhrases(
        greetings="hola+|buen(?:os|as)(?: (?:días|dias|tardes|noches))?",
        thanks="(?:muchas |mil )?gracias(?: por (?:tu|su|la) ayuda)?",
        farewells=(
            "adiós|adios|hasta (?:luego|pronto|mañana|la vista)|nos vemos|que tengas un buen día"
        ),
        replies=(
            "s[ií]|vale|perfecto|genial|muy bien|bien hecho|entendido|de acuerdo|eso es todo"
            "|claro|estupendo"
        ),
        small_talk=(
            r"(?:cómo|como) (?:estás|estas|está usted|te va|andas)(?: hoy)?"
            r"|qué tal(?: estás| todo)?|que tal|(?:quién|quien) eres|cómo te llamas"
            r"|qué (?:puedes|sabes) hacer|(?:me puedes|puedes) ayudar(?:me)?|ayuda"
            r"|cuéntame un chiste|y tú|estás ahí|me llamo \w+|hablas español|encantad[oa]"
            r"|mucho gusto|todo bien"
            "|(?:qué|que) tal (?:va|vas|andas|estamos)(?: todo)?|(?:va )?todo (?:bien|en orden)"
            "|cómo va(?: todo)?|cómo andamos"
        ),
        addressees="a todos|amigo|de nuevo|por favor",
        joiners="y",
    ),
    courtesy=CourtesyWords(
        telling=(
            "gracias útil perfecto genial estupendo excelente fantástico maravilloso ayudado"
            " ayudó ayudaste perdón perdona perdone disculpa disculpe disculpas siento equivoqué"
            " equivocado error culpa adiós amable claro buscaba necesitaba agradezco agradecido"
            " agradecida"
            " necesitaba vale"
        ),
        others=(
            "muchas muchísimas mil muy mucho muchísimo de verdad realmente me te le se lo la el"
            " nos os ha has han fue era es está por tu su ayuda respuesta respuestas explicación"
            " tiempo paciencia todo esto eso justo exactamente que y a un una gran mi luego"
            " pronto mañana hasta día tarde noche noches buen buena buenas tenga tengas otra vez"
            " nuevo sí no más tan ok yo he"
            " es"
        ),
        openers="que",
    ),
    tasks=TaskPhrases(
        openings=r"(?:hola|por favor|puedes|podrías|¿?puede)(?!\w)",
        makes=(
            r"escrib\w*|redact\w*|compón|compon\w*|inventa\w*|cuent\w*|cuént\w*|imagina\w*|crea\w*"
            r"|haz\w*|sugier\w*|dame"
        ),
        works=(
            "poemas?|canci[óo]n(?:es)?|cuentos?|historias?|chistes?|adivinanzas?|correo|carta"
            "|discurso|mensaje|nombres?|ideas?|recetas?|función|programa|invitación|eslogan"
            "|sinónimos?"
        ),
        rewordings=(
            r"(?:hazlo|házlo|escríbelo|tradúcelo|resúmelo|acórtalo|repítelo|explícalo|simplifícalo"
            r"|corrígelo|mejóralo|dilo|ponlo|reescríbelo)\b|(?:traduce|resume|acorta|repite"
            r"|corrige|reescribe|simplifica|mejora) (?:eso|esto|lo anterior"
            r"|tu (?:última )?respuesta|la (?:última )?respuesta|el poema)"
            r"|^(?:continúa|sigue|otra vez|una vez más|otro|otra"
            r"|más (?:corto|largo|simple|sencillo|divertido|formal|detalles?|breve)\w*"
            r"|en (?:inglés|alemán|francés|español|árabe)|como (?:tabla|lista)"
            r"|en (?:una|dos|tres) frases?|con otras palabras|menos formal)(?: por favor)?[.!?]*$"
            "|^(?:(?:y|ahora|pero|vale|bien),? )*(?:un poco |mucho |aún |todavía )*(?:más"
            "|menos) (?:cort|larg|simple|sencill|divertid|formal|breve|amable|educad|detallad"
            r"|clar|cercan)\w*(?:,? por favor)?[.!?]*$|\blo mismo (?:en|pero|como)\b|^(?:y "
            "|ahora )+en (?:inglés|alemán|francés|español|italiano|árabe|chino|ruso|portugués"
            "|polaco|turco)[.!?]*$|(?:haz|pon|reescribe|deja) (?:la carta|el correo|el mensaje"
            r"|el discurso|el poema) (?:más|menos|en|un poco)|^(?:\w+,? )?(?:acórt|resúm|traduc"
            r"|tradúc|simplif|simplifíc|corríg|mejór|reescríb|acort)\w*(?:lo|la)\b"
        ),
        instructions=(
            r"(?:recuerda|acuérdate|no olvides|memoriza|ten en cuenta"
            r"|ten presente)(?: de)? (?:que"
            r"|esto|la palabra|el (?:número|nombre)|mi )|ten en cuenta\b"
            r"|olvida (?:eso|esto|todo|lo que)"
            r"|a partir de ahora|de ahora en adelante|desde ahora|llámame "
            r"|eres (?:ahora )?(?:una? |mi )"
            r"|finge (?:ser|que)|actúa como|haz de |juega (?:a|el papel)|juguemos\b"
            r"|vamos a (?:jugar"
            r"|hablar)|cuenta (?:del?|desde|hasta) (?:uno|cero|dos|tres|cinco|diez|\d)"
            r"|repite (?:conmigo|después de mí)|saluda a|di (?:hola|algo|adiós|gracias)\b"
            r"|pregúntame|no uses (?:más )?|(?:responde|contesta|escribe"
            r"|habla)(?:me)? siempre\b"
            r"|(?:responde|contesta|escribe|habla)(?:me)? (?:en (?:\w+ )?\w+"
            r"|brevemente)<end>"
            r"|háblame de ti"
        ),
        quoting="traduce|corrige|cómo se dice",
        saying="¿?cómo se dice",
        into="en",
        documents=(
            r"\b(?:documentos?|archivos?|ficheros?|carpetas?|informes?|contratos?|facturas?|actas?"
            r"|manual(?:es)?|capítulos?|páginas?|libros?|ofertas?|notas|textos?|presupuestos?"
            r"|artículos?|reglamentos?|estatutos|convenios?|acuerdos?|testamentos?|pólizas?"
            r"|protocolos?|certificados?|(?<!una )(?<!uma )cartas? (?:de|del))\b"
        ),
        whole_tasks=(
            r"resum\w*|resúm\w*|sintetiza\w*|visión general|puntos (?:clave|principales)|compar\w*"
            r"|diferencias?|traduc\w*|enumera\w*|(?:haz una |)lista (?:de |con |todos|todas)"
            r"|tod[oa]s l[oa]s (?:nombres|fechas|plazos|importes|personas)"
            r"|de qué (?:trata|habla|va)n?|qué (?:dicen?|contienen?|hay en)\b(?!.*\b(?:sobre|acerca"
            r"|respecto|en cuanto|relativo|referente|para|si|cuando|en caso)\b)"
            r"|(?:palabras|términos|lenguaje) (?:sencill|simple|fácil|clar)\w+|al lado del? otro"
            r"|lado a lado|(?:en qué|cómo) se (?:diferencia|distingue)\w*|lo (?:esencial"
            r"|más importante)|(?:saca|extrae|recoge|apunta|anota)\w* (?:tod[oa]s|l[oa]s|cada)\b"
            "|en pocas palabras|en resumidas cuentas|qué (?:tengo que|debo|hay que) saber"
            "|lista de tareas"
        ),
        single_facts=(
            r"^¿?(?:cuándo|quién(?:es)?|cuánt[oa]s?|de quién|(?:en |a )?qué (?:día|fecha|año|hora"
            r"|mes))\b"
        ),
        whole_alone=(
            "^(?:resumen|resume(?: todo)?|haz(?:me)? un resumen"
            "|¿?de qué (?:trata|va)(?: esto)?)(?: en .{1,20})?[.!?]*$"
        ),
        creations=(
            r"^(?:necesito|busco|quiero|tienes|recomiénd\w*|propón\w*|se te ocurre) (?:un[oa]?s? "
            r"|algun\w* |algún )?(?:\w+ )?(?:nombres?|ideas?|lemas?|títulos?|chistes?|poemas?"
            r"|apodos?|eslogan) (?:para|de|sobre)\b|^(?:escríbe|redácta|invénta|cuénta|créa"
            r"|compón)\w* .{0,40}?\b(?:poemas?|canci[óo]n|cuentos?|historias?|chistes?|correo"
            r"|carta|discurso|mensaje|invitación)\b"
        ),
        asks=(
            r"(?:dime|dame|di|da|muéstrame|recuérdame|indícame|búscame) (?:qué|cuándo|quién\w*"
            r"|cuál\w*|cuánt\w*|dónde|por qué|cómo|si|el|la|los|las|su|sus|nuestr\w*)\b"
        ),
        papers=(
            r"\b(?:el|la|los|las|est[aeo]s?|es[ae]s?|mi|mis|su|sus|dos|tod[oa]s?|del"
            r"|al) (?:\w+ ){0,2}?(?:cartas?|correos?|e-?mails?|mensajes?|recetas?|discursos?"
            r"|historias?|extractos?|folletos?)\b"
        ),
        certain=(
            r"\b(?:el|la|este|esta|es[ea]|mi|su|nuestr[oa]|del|al) (?:\w+ ){0,2}?(?:carta|correo"
            "|e-?mail|mensaje|receta|discurso|historia|cuento|extracto|folleto|documento|archivo"
            "|fichero|informe|contrato|factura|acta|manual|libro|oferta|nota|texto|presupuesto"
            "|artículo|reglamento|convenio|acuerdo|testamento|póliza|certificado)"
            r"\b|\b(?:l[oa]s|est[oa]s|mis) dos \w|\bamb[oa]s \w"
        ),
    ),
    library=LibraryPhrases(
        files="archivos?|ficheros?|documentos?|imágenes|fotos|hojas de cálculo|presentaciones",
        kinds=(
            "contratos?|facturas?|cartas?|correos?|notas|informes?|recibos?|presupuestos?"
            "|manuales|actas|certificados?|libros?|recetas?"
            "|e-?mails?|pólizas?|extractos?"
        ),
        periods=(
            r"hoy|ayer|recientemente|últimamente|(?:la semana|el mes|el año) pasad[oa]|esta semana"
            r"|este (?:mes|año)|(?:en )?los últimos (?:\d+ )?días|desde ayer"
        ),
        holders="carpetas?|biblioteca",
        says="dice|dicen|establece",
        counts=(
            r"^cu[aá]nt[oa]s (?:[\w-]+ ){0,3}?<any>\b(?!.*\b<says>\b)(?!.{0,30}\b(?:debo|necesito"
            r"|hay que)\b)"
        ),
        unreadable=(
            r"\b<files>\b.{0,25}(?:no se (?:pudieron|pudo|han podido|pueden) (?:leer|abrir)"
            r"|omitidos|ilegibles|no leídos|ignorados)"
            r"|^hay (?:algo|alg[uú]n\w* <files>)\b.{0,40}\bno (?:\w+ ){0,3}(?:leer|abrir|leído)"
        ),
        changes=(
            r"^(?:qué|que) (?:ha cambiado|cambió|hay de nuevo"
            r"|se (?:añadió|modificó))(?: (?:aquí|en (?:mi|la"
            r"|mis) <holder>))?(?: <period>)?[?!.]*$|^(?:qué|que|cuáles|lista|muestra"
            r"|muéstrame)\b.{0,14}\b<any>\b.{0,30}(?:añadi|agreg|modific|cambi|actualiz)"
        ),
        contents=(
            r"^qu[eé] (?:hay|tengo|está guardado) en (?:mi|esta|la|mis) <holder>[?!.]*$"
            r"|^qu[eé] (?:tipos de )?<files> (?:hay|tengo|existen)\b"
            r"|^(?:lista|muestra|muéstrame)(?: todos)?(?: los| mis) <files>[?!.]*$"
        ),
        ranked=(
            r"^(?:cu[aá]l(?:es)? (?:es|son)|muéstrame|muestra|lista)\b.{0,8}(?:el |la "
            r"|los )?<files>? ?(?:más (?:(?P<newest_es>recientes?|nuev[oa]s?)"
            r"|(?P<oldest_es>antigu[oa]s?|viej[oa]s?)|(?P<largest_es>grandes?|largo)"
            r"|(?P<smallest_es>pequeñ[oa]s?)))(?: <files>)?.{0,16}$"
        ),
        lists=(
            r"^(?:lista|muestra|muéstrame|busca|encuentra)(?: todos)?(?: los| las"
            r"| mis)? <files> (?:sobre|de|del|con|que|acerca)\b"
            r"|^(?:qué|que|cuáles) <any> (?:mencionan|hablan|contienen|tratan|incluyen)\b"
            r"|^(?:qué|que|cuáles) <any> (?:tengo|tenemos|hay)(?: aquí| en (?:\w+ )?<holder>)?"
            r"[?!.]*$"
            "|^(?:lista|muestra|muéstrame|enséñame|enumera|dame) (?:todos|todas) (?:los|las"
            "|mis) <any>[?!.]*$|^(?:en )?(?:qué|que|cuáles) <any> (?:se (?:habla|menciona|trata)"
            r"|aparece|sale)\b"
        ),
        existence=r"^(?:tengo|tenemos|hay) (?:alg[uú]n[oa]?s? |un[oa]? )?<any>\b",
        fillers=(
            r"\b(?:cu[aá]nt[oa]s|lista|muestra|muéstrame|busca|encuentra|qué|cuáles|mencionan"
            r"|hablan|contienen|tratan|incluyen|hay|tengo|tenemos|alg[uú]n[oa]?s?|sobre|acerca"
            r"|todos|mis)\b"
            r"|\b(?:enséñame|enumera|se|habla|menciona|trata|aparece|sale|todas|las|de la)\b"
        ),
        last_fillers=r"\b(?:mi|esta)\b",
        yesterday=r"\bayer\b",
        today=r"\bhoy\b",
        last_week="semana pasada",
        last_month="mes pasado",
        last_year="año pasado",
        this_week="esta semana",
        this_month="este mes",
        this_year="este año",
        recently="recientemente|últimamente",
        since=r"\bdesde\b",
        days=" días",
        spreadsheets="hojas de cálculo",
        presentations="presentaciones",
        pictures="imágenes",
        mails=r"\bcorreos?\b",
        stop_words="el los las unos unas y o en con del al se su mi como",
        last_changed=(
            "^(?:cu[aá]l|qu[eé]) (?:es|fue|ha sido) (?:el"
            "|la) [uú]ltim[oa] <any>(?: que)? (?:(?:se|he|ha|hemos|fue|ha sido) )*(?:modific"
            r"|cambi|añad|agreg|edit|actualiz|guard)\w*[?!.]*$|^(?:qu[eé]|cu[aá]l) <any> (?:(?:se"
            r"|fue|he|ha|ha sido) )*(?:modific|cambi|añad|agreg|edit|actualiz|guard)\w* (?:(?:el"
            "|la) )?(?:[uú]ltim[oa]|por [uú]ltimo|en [uú]ltimo lugar|más recientemente)[?!.]*$"
        ),
    ),
    sums=SumPhrases(
        leads="cu[áa]nto (?:es|son|da|hace|vale)|calcula(?:r|me)?",
        tails="es igual a(?: cuánto)?|por favor",
        percent="(?:por ciento|%) de",
        divided="dividido (?:entre|por|para)|entre",
        times="multiplicado (?:por|para)|por",
        minus="menos",
        plus="más|mas",
    ),
    numbers=NumberWords(
        units=(
            "cero|un uno una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece"
            "|catorce|quince|dieciséis dieciseis|diecisiete|dieciocho|diecinueve"
        ),
        tens="veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa",
        hundreds=(
            "cien ciento|doscientos|trescientos|cuatrocientos|quinientos|seiscientos|setecientos"
            "|ochocientos|novecientos"
        ),
        thousand="mil",
        ordinals="tercero tercera",
    ),
)
