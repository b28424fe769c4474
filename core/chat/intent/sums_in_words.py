"""Sums in words: "what is twelve times 7", in ten languages; all match folded text."""

# ruff: noqa: E501 - a line is one list of alternatives

from core.base.lazy_regex import lazy_pattern

_LEADS = lazy_pattern(
    r"^(?:what(?:'s| is| are| does| do)|how much (?:is|are|does)|calculate|compute|work out|tell me"
    r"|was (?:ist|sind|ergibt|ergeben|macht)|wie ?viel (?:ist|sind|macht|ergibt|gibt)|rechne(?: mir)?(?: bitte)?(?: aus)?|berechne"
    r"|combien (?:font|fait|vaut|ça fait)|que (?:fait|font|vaut)|calcule(?:z)?(?:[- ]moi)?"
    r"|cu[áa]nto (?:es|son|da|hace|vale)|calcula(?:r|me)?|quanto (?:fa|fanno|é|è|e|dá|da|são)|calcola"
    r"|сколько(?: будет| это)?|посчитай(?:те)?|вычисли(?:те)?|чему равно"
    r"|كم (?:يساوي|حاصل|ناتج|هو|يكون)|كم|ما (?:هو )?(?:ناتج|حاصل)|احسب"
    r"|(?:请问|请|问|帮我)*(?:计算|算)?(?:一下)?)[\s:,]*"
)
_TAILS = lazy_pattern(
    r"[\s,]*(?:(?:is|equals?|makes?) what|equals?(?: to what)?|ergibt(?: was)?|gleich|égale?|(?:font|fait) combien"
    r"|es igual a(?: cuánto)?|равно(?: сколько)?|يساوي(?: كم)?|等于(?:多少|几)?|是多少|得(?:多少|几)"
    r"|は(?:いくつ|何|なに|いくら)?(?:ですか|になりますか|でしょうか)?|please|bitte|por favor|s'il (?:te|vous) plaît|пожалуйста)$"
)
_OPERATORS = lazy_pattern(
    r"\s*(?:[+*/×÷]|加上?|减去?|乘以?|除以|足す|たす|引く|ひく|かける|掛ける|割る|わる|プラス|マイナス"
    r"|(?<!\w)(?:x|plus|minus|times|multiplied by|divided by|to the power of|mal|(?:geteilt |dividiert )?durch|multipliziert mit|hoch"
    r"|fois|moins|(?:divisé|multiplié)e? par|por|más|mas|menos|entre|(?:dividido|multiplicado) (?:entre|por|para)|vezes|mais"
    r"|per|più|meno|diviso(?: per)?|moltiplicato per|плюс|минус|(?:у|по)множить на|умноженное на|(?:раз|по)?делить на"
    r"|زائد|ناقص|ضرب|في|على|(?:مضروبا?ً?|ضرب) في|(?:مقسوما?ً?|تقسيم|قسمة) على"
    r"|(?:percent|per cent) of|prozent von|pour cent de|por ciento de|per cento di|por cento de|процентов от)(?!\w)"
    r"|% (?:of|von|de|di|от))\s*"
)
_NUMBER_WORDS = (
    r"an?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|and"
    r"|(?:null|ein[se]?|zwei|zwo|drei|vier|f(?:ü|ue)nf|sechs?|sieb(?:en)?|acht|neun|zehn|elf|zw(?:ö|oe)lf|zwanzig|dreissig|zig|hundert|tausend|und){1,9}"
    r"|zéro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|nonante|cents?|mille|et"
    r"|cero|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|(?:dieci|veinti)(?:s[ée]is|siete|ocho|nueve|un[oa]?|d[oó]s|tr[eé]s|cuatro|cinco)|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|(?:dos|tres|cuatro|seis|ocho)cientos|quinientos|setecientos|novecientos|mil|y"
    r"|uma?|dois|duas|três|quatro|sete|oito|nove|dez|onze|doze|treze|quatorze|dez[ea]sseis|dez[ea]ssete|dezoito|dez[ea]nove|vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa|cem|cento|duzentos|trezentos|quatrocentos|quinhentos|seiscentos|e"
    r"|(?:uno|un|due|tre|tré|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove|venti?|trenta?|quaranta?|cinquanta?|sessanta?|settanta?|ottanta?|novanta?|cento|mille|mila){1,6}"
    r"|ноль|один|одна|дв[ае]|три|четыре|пять|шесть|семь|восемь|девять|десять|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцать|двадцать|тридцать|сорок|(?:пять|шесть|семь|восемь)десят|девяносто|сто|двести|(?:три|четыре)ста|(?:пять|шесть|семь|восемь|девять)сот|тысяч[аи]?"
    r"|و?(?:صفر|واحد|اثن(?:ان|ين)|ثلاثة?|[أا]ربعة?|خمسة?|ستة?|سبعة?|ثمانية?|تسعة?|عشرة?|عشر(?:ون|ين)|ثلاث(?:ون|ين)|[أا]ربع(?:ون|ين)|خمس(?:ون|ين)|ست(?:ون|ين)|سبع(?:ون|ين)|ثمان(?:ون|ين)|تسع(?:ون|ين)|مئة|مائة|مئت(?:ان|ين)|ألف)"
    r"|[零〇一二两三四五六七八九十百千万亿億]{1,12}"
)
_NUMBER = lazy_pattern(
    rf"[-−]?[\d٠-٩][\d٠-٩.,]*%?|(?:{_NUMBER_WORDS})(?:[- ](?:{_NUMBER_WORDS})){{0,8}}"
)


def sum_matter(folded: str) -> str:
    """Return a message without the words that ask what a sum makes."""
    return _TAILS.sub("", _LEADS.sub("", folded.strip(" ?!.=؟。？"), count=1))


def is_sum_in_words(folded: str) -> bool:
    """Return whether a message is only numbers with operators between them, in words or digits."""
    numbers = _OPERATORS.split(sum_matter(folded))
    return len(numbers) > 1 and all(_NUMBER.fullmatch(number) for number in numbers)
