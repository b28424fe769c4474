"""Values of made papers: sums, dates, names and the like, each with other ways to write it."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

LANGUAGES = ("en", "de", "fr", "es", "ru", "zh", "ar")
_LATIN = ("en", "de", "fr", "es")


def _listed(text: str, between: str = " ") -> list[str]:
    return [" ".join(name.split()) for name in text.replace("\n", " ").strip().split(between)]


def _named(text: str) -> list[dict[str, str]]:
    """Return names with their forms: the Latin one, then those in Russian, Chinese, Arabic."""
    rows = [part.split() for part in _listed(text, ";")]
    return [
        dict.fromkeys(_LATIN, row[0].replace("_", " "))
        | dict(zip(LANGUAGES[4:], row[1:], strict=True))
        for row in rows
    ]


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_FIRST = _named("""
Anna Анна 安娜 آنا; Ben Бен 本 بن; Clara Клара 克拉拉 كلارا; David Давид 大卫 داود;
Elif Элиф 埃利芙 إليف; Farid Фарид 法里德 فريد; Greta Грета 格蕾塔 غريتا; Hugo Хуго 雨果 هوغو;
Ines Инес 伊内斯 إينيس; Jonas Йонас 约纳斯 يوناس; Leon Леон 莱昂 ليون; Mira Мира 米拉 ميرا;
Noah Ной 诺亚 نوح; Olga Ольга 奥尔加 أولغا; Paul Пауль 保罗 بول; Rosa Роза 罗莎 روزا;
Sami Сами 萨米 سامي; Tara Тара 塔拉 تارا; Umut Умут 乌穆特 أوموت; Vera Вера 薇拉 فيرا;
Yara Яра 亚拉 يارا; Nadia Надя 娜迪亚 نادية; Tom Том 汤姆 توم; Ivan Иван 伊万 إيفان;
Amira Амира 阿米拉 أميرة; Kofi Кофи 科菲 كوفي; Ravi Рави 拉维 رافي; Mei Мэй 梅 مي
""")
_LAST = _named("""
Albers Альберс 阿尔伯斯 ألبرس; Brandt Брандт 勃兰特 براندت; Costa Коста 科斯塔 كوستا;
Dubois Дюбуа 杜波依斯 دوبوا; Evans Эванс 埃文斯 إيفانز; Fischer Фишер 菲舍尔 فيشر;
García Гарсия 加西亚 غارسيا; Hansen Хансен 汉森 هانسن; Ito Ито 伊藤 إيتو;
Jansen Янсен 扬森 يانسن; Keller Келлер 凯勒 كيلر; Lopez Лопес 洛佩斯 لوبيز;
Moreau Моро 莫罗 مورو; Novak Новак 诺瓦克 نوفاك; Okafor Окафор 奥卡福 أوكافور;
Petit Пети 珀蒂 بوتي; Quinn Куинн 奎因 كوين; Romano Романо 罗马诺 رومانو;
Schmidt Шмидт 施密特 شميت; Torres Торрес 托雷斯 توريس; Vogel Фогель 福格尔 فوغل;
Weber Вебер 韦伯 فيبر; Yilmaz Йылмаз 耶尔马兹 يلماز; Baker Бейкер 贝克 بيكر;
Carter Картер 卡特 كارتر; Lang Ланг 朗 لانغ
""")
_PLACES = _named("""
Lindow Линдов 林多 ليندوف; Marbach Марбах 马尔巴赫 مارباخ; Ostrava Острава 奥斯特拉瓦 أوسترافا;
Brest Брест 布雷斯特 بريست; Toledo Толедо 托莱多 طليطلة; Leeds Лидс 利兹 ليدز;
Graz Грац 格拉茨 غراتس; Porto Порту 波尔图 بورتو; Lugano Лугано 卢加诺 لوغانو;
Bergen Берген 卑尔根 بيرغن; Nantes Нант 南特 نانت; Trier Трир 特里尔 ترير;
Arles Арль 阿尔勒 آرل; Segovia Сеговия 塞戈维亚 شقوبية; Bremen Бремен 不来梅 بريمن;
Linz Линц 林茨 لينتس; Utrecht Утрехт 乌得勒支 أوترخت; Whitby Уитби 惠特比 ويتبي
""")
_STREETS = _listed(
    """
Elm Road; Mill Lane; Lindenweg; Bahnhofstraße; rue du Port; rue Pasteur; calle Mayor; calle
del Sol; Harbour Street; Gartenstraße; avenue Foch; paseo del Río; Church Row; Am Anger
""",
    ";",
)
_FIRMS = _listed(
    """
Nordlicht; Brightwell; Solara; Kestrel & Sons; Atelier Marin; Talbach; Ferrán; Greenfield;
Ostwind; Lumen; Castell; Rivage; Hartmann; Blue Heron; Meridian; Alba
""",
    ";",
)
_FIRM_ENDS = ("GmbH", "Ltd", "SARL", "S.L.", "Energy", "Partners", "Group", "Service")
_CURRENCIES = {
    "€": _listed("euros Euro euros euros евро 欧元 يورو"),
    "$": _listed("dollars Dollar dollars dólares долларов 美元 دولار"),
    "£": _listed("pounds Pfund livres libras фунтов 英镑 جنيه"),
}
_UNITS = {
    "minutes": _listed("minutes Minuten minutes minutos минут/минуты 分钟 دقيقة/دقائق"),
    "hours": _listed("hours Stunden heures horas часов/часа 小时 ساعة/ساعات"),
    "days": _listed("days Tage jours días дней/дня 天 يوما/أيام"),
    "weeks": _listed("weeks Wochen semaines semanas недель/недели 周 أسبوعا/أسابيع"),
    "months": _listed("months Monate mois meses месяцев/месяца 个月 شهرا/أشهر"),
    "years": _listed("years Jahre ans años лет/года 年 سنة/سنوات"),
}
"""Units of time by language; the second form follows 2 to 4 in Russian, 3 to 10 in Arabic."""
_PERCENT = dict(
    zip(LANGUAGES, _listed("percent Prozent pour_cent por_ciento процентов % بالمئة"), strict=True)
)
_TITLES = {
    "en": ("Dr", "Ms", "Mr"),
    "de": ("Dr.", "Frau", "Herr"),
    "fr": ("Dr", "Mme", "M."),
    "es": ("Dra.", "Sra.", "Sr."),
}
_TRIES = 30


class Value(NamedTuple):
    """What stands in the paper, another way to say the same, and how each language says it."""

    written: str
    said: str
    abroad: Mapping[str, str]


Maker = Callable[[str, Random, str], Value]
"""Makes a value in a language; the last argument is what follows the type: unit, range."""


def _range(detail: str, *otherwise: tuple[int, int]) -> Callable[[Random], int]:
    first, dash, last = detail.rpartition(":")[2].partition("-")
    spans = ((int(first), int(last)),) if dash else otherwise
    return lambda rng: rng.randrange(*rng.choice(spans))


def _figures(text: str, language: str) -> str:
    """Return a number written with a point as the language writes it."""
    return text if language in {"en", "zh", "ar"} else text.replace(".", ",")


def money(language: str, rng: Random, detail: str) -> Value:
    """Return a sum in a currency."""
    whole = _range(detail, (5, 100), (100, 1000), (1000, 40000))(rng)
    cents = rng.choice((0, 0, rng.randrange(1, 100)))
    sign = rng.choice("€€$£" if language == "en" else "€€€$")
    thousands = {"en": ",", "zh": ",", "ar": ",", "fr": " ", "ru": " "}.get(language, ".")
    grouped = f"{whole:,}".replace(",", thousands if rng.random() < 0.7 else "")
    tail = _figures(f".{cents:02d}", language)
    exact = f"{grouped}{tail}" if cents or rng.random() < 0.3 else grouped
    plain = f"{whole}.{cents:02d}" if cents else str(whole)
    words = dict(zip(LANGUAGES, _CURRENCIES[sign], strict=True))
    between = {name: "" if name == "zh" else " " for name in LANGUAGES}
    abroad = {n: f"{_figures(plain, n)}{between[n]}{words[n]}" for n in LANGUAGES}
    forms = [f"{exact}{between[language]}{words[language]}", f"{exact} {sign}"]
    if sign != "€":
        forms.append(f"{sign}{exact}")
    else:
        forms.append(f"{exact} EUR")
    return Value(rng.choice(forms), rng.choice((abroad[language], forms[1])), abroad)


def date(language: str, rng: Random, _detail: str) -> Value:
    """Return a date, written as in letters or in tables."""
    year, month, day = rng.randrange(2016, 2031), rng.randrange(1, 13), rng.randrange(1, 29)
    names = {each: text.split()[month - 1] for each, text in _MONTHS.items()}
    words = {
        "en": (f"{day} {names['en']} {year}", f"{names['en']} {day}, {year}"),
        "de": (f"{day}. {names['de']} {year}", f"{day:02d}.{month:02d}.{year}"),
        "fr": (f"{day} {names['fr']} {year}", f"{day:02d}/{month:02d}/{year}"),
        "es": (f"{day} de {names['es']} de {year}", f"{day:02d}/{month:02d}/{year}"),
        "ru": (f"{day} {names['ru']} {year} года", f"{day:02d}.{month:02d}.{year}"),
        "zh": (f"{year}年{month}月{day}日", f"{year}年{month}月{day}日"),
        "ar": (f"{day} {names['ar']} {year}", f"{day}/{month}/{year}"),
    }
    forms = (*words[language], f"{year}-{month:02d}-{day:02d}")
    return Value(
        rng.choice(forms), rng.choice(forms[:2]), {each: text[0] for each, text in words.items()}
    )


def clock(language: str, rng: Random, _detail: str) -> Value:
    """Return a time of day."""
    hour, minute = rng.randrange(6, 23), rng.choice((0, 0, 5, 10, 15, 20, 30, 40, 45, 50))
    text = f"{hour}:{minute:02d}"
    minutes = f":{minute:02d}" if minute else ""
    half = f"{(hour - 1) % 12 + 1}{minutes} {'pm' if hour > 11 else 'am'}"
    said = dict.fromkeys(LANGUAGES, text) | {
        "de": f"{hour} Uhr {minute}" if minute else f"{hour} Uhr",
        "fr": f"{hour} h {minute:02d}",
        "es": f"{text} h",
        "zh": f"{hour}点{minute}分" if minute else f"{hour}点",
    }
    written = f"{text} Uhr" if language == "de" else text
    chosen = rng.choice((text, half)) if language == "en" else said[language]
    return Value(written, chosen, said)


def person(language: str, rng: Random, _detail: str) -> Value:
    """Return a name, said with or without the first part."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    between = dict.fromkeys(LANGUAGES, " ") | {"zh": "·"}
    whole = {each: f"{first[each]}{between[each]}{last[each]}" for each in LANGUAGES}
    if language in _TITLES and rng.random() < 0.25:
        text = f"{rng.choice(_TITLES[language])} {last[language]}"
        return Value(text, text, last)
    text = whole[language]
    return Value(text, rng.choice((text, text, last[language])), whole)


def firm(_language: str, rng: Random, _detail: str) -> Value:
    """Return a company."""
    name = rng.choice(_FIRMS)
    full = f"{name} {rng.choice(_FIRM_ENDS)}"
    return Value(full, rng.choice((full, name)), dict.fromkeys(LANGUAGES, name))


def place(language: str, rng: Random, _detail: str) -> Value:
    """Return a town or an address."""
    town = rng.choice(_PLACES)
    if language not in _LATIN or rng.random() < 0.5:
        return Value(town[language], town[language], town)
    address = f"{rng.choice(_STREETS)} {rng.randrange(1, 140)}"
    full = f"{address}, {town[language]}"
    return Value(full, rng.choice((address, full)), dict.fromkeys(LANGUAGES, address))


def code(_language: str, rng: Random, _detail: str) -> Value:
    """Return a number of a contract, a batch or a customer."""
    letters = "".join(rng.choices("ABCDEFGHKLMNPRSTUVWXYZ", k=rng.randrange(1, 4)))
    digits = "".join(rng.choices("0123456789", k=rng.randrange(3, 7)))
    text = rng.choice((f"{letters}-{digits}", f"{letters}{digits}", f"{digits}-{letters}", digits))
    return Value(text, text, dict.fromkeys(LANGUAGES, text))


def span(language: str, rng: Random, detail: str) -> Value:
    """Return a length of time."""
    unit = detail.partition(":")[0] or rng.choice(tuple(_UNITS))
    number = _range(detail, (2, 31))(rng)
    words = {each: _counted(_UNITS[unit][n], number, each) for n, each in enumerate(LANGUAGES)}
    return Value(words[language], words[language], words)


def _counted(unit: str, number: int, language: str) -> str:
    many, slash, few = unit.partition("/")
    takes_few = {
        "ru": number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14},
        "ar": 3 <= number <= 10,
    }.get(language, False)
    return f"{number}{'' if language == 'zh' else ' '}{few if slash and takes_few else many}"


def share(language: str, rng: Random, _detail: str) -> Value:
    """Return a part of a hundred."""
    number = rng.choice(
        (str(rng.randrange(1, 60)), f"{rng.randrange(1, 20)}.{rng.randrange(1, 10)}")
    )
    words = {
        each: f"{_figures(number, each)} {_PERCENT[each].replace('_', ' ')}" for each in LANGUAGES
    }
    return Value(f"{_figures(number, language)} %", words[language], words)


def count(_language: str, rng: Random, detail: str) -> Value:
    """Return a whole number."""
    number = str(_range(detail, (2, 20), (20, 900), (900, 60000))(rng))
    return Value(number, number, dict.fromkeys(LANGUAGES, number))


def measure(language: str, rng: Random, detail: str) -> Value:
    """Return a size with its unit, which is the thing's own."""
    unit = detail.partition(":")[0]
    whole = _range(detail, (2, 400))(rng)
    number = f"{whole}.{rng.randrange(1, 10)}" if whole < 100 and rng.random() < 0.4 else str(whole)
    words = {each: f"{_figures(number, each)} {unit}" for each in LANGUAGES}
    return Value(words[language], words[language], words)


_MAKERS: dict[str, Maker] = {
    "money": money,
    "date": date,
    "clock": clock,
    "person": person,
    "firm": firm,
    "place": place,
    "code": code,
    "span": span,
    "share": share,
    "count": count,
    "measure": measure,
}
"""A maker of values for each type."""


def make_value(value_type: str, language: str, rng: Random) -> Value:
    """Return a value of a type, which may name a unit and a range: `measure:kg:3-60`."""
    name, _colon, detail = value_type.partition(":")
    return _MAKERS[name](language, rng, detail)


def other_value(value_type: str, language: str, known: Sequence[str], rng: Random) -> Value:
    """Return a value of the type that is none of those `known`, nor ends or begins one."""
    value = make_value(value_type, language, rng)
    for _again in range(_TRIES):
        if not any(f" {value.said} " in f" {each} " for each in known):
            break
        value = make_value(value_type, language, rng)
    return value
