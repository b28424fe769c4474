"""Stop words: words of English, German, French and Spanish that tell nothing about a text."""

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has
    get gets have having he her here hers him his how i if in into is it its itself just many me
    more most much my no nor not now of off on once only or other our ours out over own please
    same she should so some such tell than that the their theirs them then there these they this
    those through to too under until up us very was we were what when where which while who whom
    why will with would you your yours der die das den dem des ein eine einer eines einem einen
    und oder aber ist sind war waren wird werden wie was wer wo wann warum ich du er sie es wir
    ihr mein meine meiner dein sein für von vom zu zum zur mit auf aus bei nach über unter im als
    auch nicht kein keine hat habe le la les un une de du et ou est sont que qui quoi dans pour
    par sur avec ce cette il elle nous vous je tu mon ma mes son sa ses el los las una unos unas y
    o en con del al se su sus mi mis como cuando donde
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
