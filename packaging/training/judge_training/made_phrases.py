"""Phrases of made papers and tables: how a thing is stated, said, asked and missed, by language.

`{A}` and `{a}` are a thing with its article, at the start of a sentence or inside it, `{b}` is it
without the article, `{v}` a value, `{s}` whom or what it is about, `{q}` a question, `{t}` a
statement; `{c}` is a column and `{r}` a row.
"""

STATED = {
    "en": ("{A} is {v}.", "{A}: {v}", "{A} is {v}, as agreed.", "Please note that {a} is {v}."),
    "de": ("{A} ist {v}.", "{A}: {v}", "Wie besprochen ist {a} {v}.", "Vermerkt ist für {a}: {v}."),
    "fr": ("{A} est {v}.", "{A} : {v}", "Comme convenu, {a} est {v}.", "{A}, c'est {v}."),
    "es": ("{A} es {v}.", "{A}: {v}", "Como se acordó, {a} es {v}.", "Consta que {a} es {v}."),
    "ru": ("{A} — {v}.", "{A}: {v}", "Как условлено, {a} — {v}.", "Указано: {a} — {v}."),
    "zh": ("{A}为{v}。", "{A}：{v}", "按约定，{a}是{v}。", "请注意，{a}为{v}。"),
    "ar": ("{A}: {v}.", "{A} — {v}", "كما اتفقنا، {a}: {v}.", "تم تحديد {a}: {v}."),
}
SAID = {
    "en": ("{A} is {v}.", "{v} is {a}.", "{A} is given as {v}."),
    "de": ("{A} ist {v}.", "{v} ist {a}.", "Angegeben ist für {a}: {v}."),
    "fr": ("{A} est {v}.", "{v}, c'est {a}.", "Pour {a}, il est indiqué {v}."),
    "es": ("{A} es {v}.", "{v} es {a}.", "Para {a} se indica {v}."),
    "ru": ("{A} — {v}.", "{v} — {a}.", "В документе {a}: {v}."),
    "zh": ("{A}是{v}。", "{v}是{a}。", "{A}：{v}。"),
    "ar": ("{A} هو {v}.", "{A}: {v}.", "ذكر أن {a} هو {v}."),
}
DENIED = {
    "en": ("{A} is not {v}.", "It is not true that {a} is {v}."),
    "de": ("{A} ist nicht {v}.", "Es stimmt nicht, dass {a} {v} ist."),
    "fr": ("{A} n'est pas {v}.",),
    "es": ("{A} no es {v}.",),
    "ru": ("{A} — не {v}.",),
    "zh": ("{A}不是{v}。",),
    "ar": ("{A} ليس {v}.",),
}
ASKED = {
    "en": {
        "amount": ("How much is {a}?", "What is {a}?", "{b}?"),
        "time": ("When is {a}?", "What date is {a}?", "{b} when?"),
        "person": ("Who is {a}?", "What is the name of {a}?", "{b}?"),
        "": ("What is {a}?", "Which is {a}?", "{b}?"),
    },
    "de": {
        "amount": ("Wie hoch ist {a}?", "Wie viel beträgt {a}?", "{b}?"),
        "time": ("Wann ist {a}?", "Auf wann fällt {a}?", "{b}?"),
        "person": ("Wer ist {a}?", "Wie heißt {a}?", "{b}?"),
        "": ("Was ist {a}?", "Wie lautet {a}?", "{b}?"),
    },
    "fr": {
        "amount": ("À combien s'élève {a} ?", "Combien fait {a} ?", "{b} ?"),
        "time": ("Quand est {a} ?", "C'est quand, {a} ?", "{b} ?"),
        "person": ("Qui est {a} ?", "Comment s'appelle {a} ?", "{b} ?"),
        "": ("C'est quoi, {a} ?", "Qu'est-il indiqué pour {a} ?", "{b} ?"),
    },
    "es": {
        "amount": ("¿A cuánto asciende {a}?", "¿Cuánto es {a}?", "¿{b}?"),
        "time": ("¿Cuándo es {a}?", "¿Para cuándo es {a}?", "¿{b}?"),
        "person": ("¿Quién es {a}?", "¿Cómo se llama {a}?", "¿{b}?"),
        "": ("¿Cuál es {a}?", "¿Qué consta como {a}?", "¿{b}?"),
    },
    "ru": {
        "amount": ("Сколько составляет {a}?", "{A} — сколько это?", "{b}?"),
        "time": ("Когда {a}?", "На когда назначено: {a}?", "{b}?"),
        "person": ("Кто {a}?", "Как зовут: {a}?", "{b}?"),
        "": ("Что указано: {a}?", "{A} — что это?", "{b}?"),
    },
    "zh": {
        "amount": ("{a}是多少？", "{a}有多少？", "{b}？"),
        "time": ("{a}是什么时候？", "{a}是哪天？", "{b}？"),
        "person": ("{a}是谁？", "{a}叫什么名字？", "{b}？"),
        "": ("{a}是什么？", "{a}是哪个？", "{b}？"),
    },
    "ar": {
        "amount": ("كم {a}؟", "ما مقدار {a}؟", "{b}؟"),
        "time": ("متى {a}؟", "ما موعد {a}؟", "{b}؟"),
        "person": ("من {a}؟", "ما اسم {a}؟", "{b}؟"),
        "": ("ما {a}؟", "ما هو {a}؟", "{b}؟"),
    },
}
MISSED = {
    "en": (
        ("Who decided on {a}?", "The board decided on {a}."),
        ("Why was {a} changed?", "{A} was changed because of the weather."),
        ("What was {a} two years ago?", "{A} was lower two years ago."),
        ("Where can I complain about {a}?", "Complaints about {a} go to the town hall."),
    ),
    "de": (
        ("Wer hat über {a} entschieden?", "Über {a} hat der Vorstand entschieden."),
        ("Warum wurde {a} geändert?", "{A} wurde wegen des Wetters geändert."),
        ("Wie war es vor zwei Jahren: {b}?", "{A} war vor zwei Jahren anders."),
    ),
    "fr": (
        ("Pourquoi a-t-on changé {a} ?", "On a changé {a} à cause du temps."),
        ("Qui a choisi {a} ?", "Le comité a choisi {a}."),
    ),
    "es": (
        ("¿Por qué se cambió {a}?", "{A} se cambió por el mal tiempo."),
        ("¿Quién decidió {a}?", "La junta decidió {a}."),
    ),
    "ru": (("Почему изменили: {a}?", "{A} — это изменили из-за погоды."),),
    "zh": (
        ("{a}为什么改了？", "{a}因天气而更改。"),
        ("{a}是谁决定的？", "{a}由董事会决定。"),
    ),
    "ar": (("لماذا تغير {a}؟", "تغير {a} بسبب الطقس."),),
}
"""Questions and statements about a thing that is stated, of what papers never say of it."""
ABOUT = {
    "en": (("For {s}: {q}", "For {s}: {t}"), ("{q} ({s})", "{t} ({s})"), ("{s}: {q}", "{s}: {t}")),
    "de": (("Für {s}: {q}", "Für {s}: {t}"), ("{q} ({s})", "{t} ({s})"), ("{s}: {q}", "{s}: {t}")),
    "fr": (("Pour {s} : {q}", "Pour {s} : {t}"), ("{q} ({s})", "{t} ({s})")),
    "es": (("Para {s}: {q}", "Para {s}: {t}"), ("{q} ({s})", "{t} ({s})")),
    "ru": (("{s}: {q}", "{s}: {t}"), ("{q} ({s})", "{t} ({s})")),
    "zh": (("{s}：{q}", "{s}：{t}"), ("{q}（{s}）", "{t}（{s}）")),
    "ar": (("{s}: {q}", "{s}: {t}"), ("{q} ({s})", "{t} ({s})")),
}
FILLERS = {
    "en": "Dear Sir or Madam,;Thank you for your letter.;Please keep this paper.;Kind regards;"
    "If something has changed, let us know.;The details are below.;We look forward to it."
    ";This text was made by machine and is valid without a signature.;All else stays as it was.",
    "de": "Sehr geehrte Damen und Herren,;vielen Dank für Ihre Nachricht.;Mit freundlichen Grüßen;"
    "Bitte bewahren Sie dieses Schreiben auf.;Die Einzelheiten stehen unten.;"
    "Sollte sich etwas geändert haben, melden Sie sich.;Alles Übrige bleibt unverändert.",
    "fr": "Madame, Monsieur,;Merci de votre courrier.;Veuillez conserver ce document.;"
    "Cordialement;Les détails figurent ci-dessous.;Tout le reste demeure inchangé.",
    "es": "Estimados señores:;Gracias por su carta.;Conserve este documento.;Un cordial saludo;"
    "Los detalles figuran abajo.;Todo lo demás queda igual.",
    "ru": "Уважаемые дамы и господа!;Сохраните этот документ.;С уважением;Подробности ниже.",
    "zh": "尊敬的先生/女士：;请妥善保管本文件。;此致敬礼;详情如下。",
    "ar": "السيدات والسادة،;يرجى الاحتفاظ بهذه الوثيقة.;مع أطيب التحيات;التفاصيل أدناه.",
}
YES_NO = {
    "en": ("Yes.", "No."),
    "de": ("Ja.", "Nein."),
    "fr": ("Oui.", "Non."),
    "es": ("Sí.", "No."),
    "ru": ("Да.", "Нет."),
    "zh": ("是的。", "不。"),
    "ar": ("نعم.", "لا."),
}
CELL_ASKED = {
    "en": ("What is the {c} of {r}?", "{r}: which {c}?", "{c} {r}?", "What {c} is given for {r}?"),
    "de": ("Was steht bei {r} unter {c}?", "{c} {r}?", "Welche Angabe zu {c} hat {r}?"),
    "fr": ("Qu'est-il indiqué comme {c} pour {r} ?", "{c} {r} ?", "{r} : {c} ?"),
    "es": ("¿Qué consta como {c} de {r}?", "¿{c} {r}?", "¿Cuál es el dato de {c} de {r}?"),
    "ru": ("{r}: {c}?", "Что указано для «{r}» в графе «{c}»?"),
    "zh": ("{r}的{c}是多少？", "{r}：{c}？", "{r}的{c}是什么？"),
    "ar": ("ما {c} في {r}؟", "{r}: {c}؟"),
}
CELL_SAID = {
    "en": (
        "The {c} of {r} is {v}.",
        "{r}: {c} {v}.",
        "For {r}, the {c} is {v}.",
        "- {r}: {v} ({c})",
    ),
    "de": ("Bei {r} steht unter {c}: {v}.", "{r}: {c} {v}.", "{r} hat als {c} {v}."),
    "fr": ("Pour {r}, {c} : {v}.", "{r} : {c} {v}.", "{v} est indiqué comme {c} pour {r}."),
    "es": ("Para {r}, {c}: {v}.", "{r}: {c} {v}.", "{v} consta como {c} de {r}."),
    "ru": ("{r}: {c} — {v}.", "{r}, {c}: {v}."),
    "zh": ("{r}的{c}是{v}。", "{r}：{c}{v}。"),
    "ar": ("{r}: {c} {v}.", "{c} في {r}: {v}."),
}
FIRST_COLUMN = {
    "en": "item", "de": "Posten", "fr": "objet", "es": "concepto", "ru": "название", "zh": "项目",
    "ar": "البند",
}  # fmt: skip
