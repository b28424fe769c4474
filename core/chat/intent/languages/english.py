"""English: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    CourtesyWords,
    Language,
    LibraryPhrases,
    NumberWords,
    SumPhrases,
    TalkPhrases,
    TaskPhrases,
)

ENGLISH = Language(
    code="en",
    talk=TalkPhrases(
        greetings=(
            "h[ae]llo+|hi+|hey+|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day"
            "|night)|welcome back|nice to meet you"
            "|morning|afternoon|evening"
        ),
        thanks=(
            "(?:many )?thanks?(?: you)?(?: (?:so|very) much| a lot| again| for (?:your|the) help"
            "| for that)?|thx|ty|cheers|much appreciated"
            "|ta|thanks? a (?:lot|million|bunch)|many thanks"
        ),
        farewells=(
            "(?:good)?bye(?: bye)?|see (?:you|ya)(?: (?:later|soon|tomorrow))?|cu|later|take care"
            "|have a (?:nice|good|great) (?:day|evening|weekend|one)"
        ),
        replies=(
            "ok(?:ay|i)?|k|yes(?: please)?|no(?: thanks?(?: you)?)?|yep|yeah|nope|sure|fine"
            "|great(?: job)?|good(?: job)?|nice(?: one)?|cool|perfect|awesome|excellent|well done"
            "|i see|got it|understood|all right|alright|lol|haha+|wow|test(?:ing)?|sorry"
            "|never ?mind|that'?s (?:all|great|fine|good|perfect|it)(?: for (?:now|today))?"
            "|that was (?:helpful|great|it)|you'?re (?:welcome|great|the best|helpful)"
        ),
        small_talk=(
            r"how (?:are|r) (?:you|u)(?: doing)?(?: today)?|how(?:'s| is) it going|what'?s up|sup"
            r"|how do you do|how was your (?:day|weekend)|i(?:'m| am) (?:fine|good|great|back"
            r"|bored|tired|happy)(?: too)?|and you|who (?:are|r) (?:you|u)"
            r"|what(?:'s| is) your name|what (?:are you|can you do(?: for me)?)"
            r"|are you (?:there|a (?:bot|robot|human|person|machine)|real|ok(?:ay)?|an ai)"
            r"|can you (?:help me|hear me)|help(?: me)?|do you (?:speak|understand) \w+"
            r"|which model are you|how old are you|my name is \w+|i(?:'m| am) \w+"
            r"|tell me (?:a|another) joke|(?:do you )?know any jokes|i love you"
            "|(?:is )?(?:everything|all) (?:ok(?:ay)?|good|al ?right|all right|well"
            "|fine)(?: (?:with you|over there|today))?|(?:are )?you (?:ok(?:ay)?|all ?right|good"
            "|well)|how(?:'s| is) (?:everything|life|your day)|long time no see"
        ),
        addressees=(
            "there|all|everyone|again|you|friend|buddy|mate|bot|inglenook|too|then|so|well|oh|ah"
            "|please"
        ),
        joiners="and",
    ),
    courtesy=CourtesyWords(
        telling=(
            "thank thanks thx cheers helped helpful useful appreciate appreciated grateful great"
            " perfect brilliant wonderful amazing awesome excellent fantastic lovely superb sorry"
            " apologies apologise apologize pardon mistake fault bad bye goodbye needed wanted"
            " lifesaver kind nice clear good"
            " ta glad pleased"
        ),
        others=(
            "you so very much a an lot bunch again for your the that this it was has have had"
            " really quite me us i we my our i'm i've am you're you've that's it's what exactly"
            " just all many million big huge great to of and indeed most truly extremely super"
            " help answer answers reply replies explanation support time patience effort quick"
            " fast work job well done day evening weekend night see later soon tomorrow oh ok"
            " okay wow yes no be were looking everything such been trouble confusion"
            " inconvenience misunderstanding typo saved made life easier both now mine"
            " after all that will do for now"
        ),
        openers="what is are was has have had were been all be",
    ),
    tasks=TaskPhrases(
        openings=(
            r"(?:h[ae]llo|hi|hey|please|pls|(?:can|could|would|will) you(?: please)?"
            r"|i (?:want|need|would like|'d like) you to)(?!\w)"
        ),
        makes=(
            "write|compose|draft|make up|invent|create|generate|come up with|think of|imagine"
            "|give me|tell me|suggest|recite|sing|brainstorm"
        ),
        works=(
            "poems?|haikus?|limericks?|sonnets?|songs?|lyrics|rhymes?|story|stories|fairy ?tales?"
            "|tale|jokes?|riddles?|toast|slogans?|e-?mail|letter|message|speech|essay|blog ?post"
            "|tweet|names?|ideas?|recipes?|function|script|program|regex|code|cover letter"
            "|birthday|quotes?|list of (?:names|ideas|synonyms)|synonyms?|short text|dialogue"
            "|prayer|workout|packing list|puns?"
        ),
        rewordings=(
            r"(?:make|keep|write|say|put|rewrite|rephrase|reword|shorten|simplify|expand|improve"
            r"|polish|correct|translate|summari[sz]e|repeat|explain|turn|convert|format|continue"
            r"|elaborate|redo|phrase|give) (?:on )?(?:it|that|this|them|the above"
            r"|your (?:last )?(?:answer|reply|response)|the (?:last |previous )?(?:answer|reply"
            r"|response|sentence|paragraph|translation|poem|list|email|story|joke))"
            r"|^(?:go on|continue|carry on|more|keep going|again|once more|another one|one more"
            r"|try again|say (?:it|that) again|shorter|longer|simpler|funnier|less formal"
            r"|more formal|more (?:detail|details|formal|friendly|concise|examples)"
            r"|in (?:english|german|french|spanish|italian|arabic|chinese|russian)"
            r"|in (?:simple|simpler|plain|other|one|two|three|fewer) \w+"
            r"|as (?:a )?(?:table|list|bullet points|bullets|json)|with (?:bullet points|examples)"
            r"|without \w+|eli5|tl;?dr)(?: please| now)?[.!?]*$"
            r"|(?:^|[,.;] ?|\bbut |\band |\bnow |\bplease |\bjust )(?:trim|cut|condense|tidy"
            r"|adapt|change|adjust|soften|tone|boil|break) (?:it|that|this|them)\b|^(?:(?:and|now"
            "|but|ok|okay|so|then|please|again|once more|(?:the )?same(?: (?:again|thing))?"
            "|all of it),? )+(?:in (?:(?:english|german|french|spanish|italian|arabic|chinese"
            "|russian|portuguese|dutch|polish|turkish|japanese|hindi|ukrainian)|(?:simple|plain"
            r"|other|one|two|three|fewer|your own) \w+)|as (?:an? )?(?:table|list|bullet ?points"
            "|bullets|json|poem|letter|e-?mail|summary|story|checklist))(?: please)?[.!?]*$"
            "|^(?:(?:and|now|but|ok|please|not bad|nice|good|great),? )*(?:a (?:bit|little|lot"
            "|touch) |much |slightly |even )(?:shorter|longer|simpler|funnier|friendlier|warmer"
            r"|nicer|clearer|stronger|politer|softer|less \w+|more \w+)(?: please)?[.!?]*$"
            r"|\b(?:make|put|turn|get|write|phrase|word) (?:the|my|your) (?:letter|e-?mail|mail"
            "|message|speech|story|poem|recipe|invitation|note) (?:in(?:to)?|a (?:bit|little|lot"
            "|touch)|more|less|much|sound|shorter|longer|simpler|friendlier|warmer|politer"
            r"|softer|funnier)\b"
        ),
        instructions=(
            r"(?:remember|memori[sz]e|keep in mind|bear in mind|note|don'?t forget) "
            r"(?:that|this|the (?:word|number|name|code|phrase|colou?r)|my name"
            r"|i(?:'m)?)\b"
            r"|forget (?:it|that|this|everything|all|what i)\b|from now on\b"
            r"|call (?:me|yourself) \w"
            r"|(?:you are|you're) (?:now )?(?:an? |my )|pretend (?:to be|that|you)\b"
            r"|act (?:as|like) |play the (?:role|part) of|let'?s (?:play|talk|chat"
            r"|pretend|start)\b"
            r"|let us (?:play|talk|chat|pretend|start)\b|repeat after me\b"
            r"|ask me (?:a |some|any)"
            r"|count (?:from|up|down) |say (?:hello|hi|something|goodbye"
            r"|good (?:morning|night))\b"
            r"|(?:do not|don'?t|stop|avoid) (?:use|using|answer|repeat|apologi)\w*\b"
            r"|always (?:answer|reply|respond|write|use|speak)\b|tell me about yourself"
            r"|(?:answer|reply|respond|speak|write)(?: to)?(?: me)? (?:only |always )?"
            r"in (?:\w+ )?\w+(?: please| from now on)?<end>|be (?:brief|concise"
            r"|honest|polite|kind)\b"
        ),
        quoting="translate|correct|fix the (?:grammar|spelling)|spell|how do you (?:say|spell)",
        saying="how do (?:you|i) say",
        into="in",
        documents=(
            r"\b(?:documents?|files?|folders?|pdfs?|papers?|notes?|library|sources?|attachments?"
            r"|reports?|contracts?|(?<!\ba )letters? (?:from|of)|(?<!\ban )e-?mails? (?:from|of)"
            r"|invoices?|minutes"
            r"|manuals?|leases?|chapters?|pages?|books?|articles?|offers?|texts?|receipts?"
            r"|agreements?|guides?|essays? (?:in|from)|everything|regulations|statutes|bylaws"
            r"|protocols?|certificates?|handbooks?|logbooks?)\b"
        ),
        whole_tasks=(
            r"summar(?:y|i[sz]e|ies|i[sz]ing)|sum up|overview|key (?:points|facts|takeaways)"
            r"|main (?:points|topics|ideas|themes)|outline|gist|digest|abstract of"
            r"|compar(?:e|ison)|difference between|differences? (?:between|of)|translate"
            r"|list (?:all|every|the|each)|all (?:the )?(?:names|dates|deadlines|amounts|people"
            r"|persons|places)|table of (?:all|the)|timeline|what (?:topics|subjects)"
            r"|what(?:'s| is| are) .{0,40}\babout[?!.\s]*$"
            r"|\bwhat (?:this|these|the|my)\b.{0,40}\b(?:is|are) about[?!.\s]*$"
            r"|what do(?:es)? (?:this|these|the|my|our)\b.{0,40}\b(?:say|cover|contain|discuss"
            r"|describe|mean|address|argue|conclude|deal with|talk about|tell (?:me|us)"
            r"|have in common)(?: in (?:general|total|all|short|common)| overall)?[?!.\s]*$"
            r"|extract (?:all|every)|go through (?:all|every)|in (?:a nutshell|short)|tl;?dr"
            r"|boil(?:s|ed|ing)?\b.{0,60}\bdown|condens(?:e|ed|ing)\b|stack(?:s|ing)? up"
            r"|side by side|in a nutshell|how (?:do|does|are) .{0,60}\bdiffer\w*|(?:plain|simple"
            "|simpler|easy|everyday) (?:english|words?|language|terms)|(?:walk|run|talk"
            "|take) (?:me|us) through|(?:make|turn|give|create|write|put"
            r"|list) .{0,60}\b(?:bullet ?points?|to-?do list|action items|checklist)|(?:in|as"
            r"|into|to) (?:\w+ ){0,2}(?:bullet ?points?|to-?do list|checklist)|^(?:go|look|read"
            r"|leaf) through (?:the|all|my|each|every|these|both)\b|(?:pull|pick|write"
            r"|copy) (?:out )?(?:all|every)\b|(?:extract|collect|gather|pull) (?:all|the|every"
            r"|each)\b|what do i (?:\w+ )?(?:need|have) to know|tl;?dr"
            r"|break(?:ing)? .{0,40}\bdown\b|recap\b|go over (?:the|all|my)"
        ),
        single_facts=(
            r"^(?:when|whose|who(?!.{0,20}\ball\b)|how (?:much|long|old|often|far|high|big|late)"
            r"|(?:on |in |at )?(?:which|what) (?:day|date|year|time|month))\b"
        ),
        whole_alone=(
            "^(?:give me |write |make |show me )?(?:a |an )?(?:short |brief |quick "
            "|general )*(?:summary|overview|tl;?dr)(?: please)?[.!?]*$"
            "|^summari[sz]e(?: (?:all|the (?:whole thing|main points|key points)"
            "|in .{1,30}))?[.!?]*$|^(?:what(?:'s| is| are) (?:this|these|it all"
            "|all this) about)[.!?]*$"
        ),
        creations=(
            "^(?:i need|i want|i'?m looking for|i am looking for|i'd like|find me|do you have"
            r"|have you got|got)(?: (?:an?|some|any|another|\d+|two|three"
            r"|a few))? (?:\w+ ){0,2}?(?:names?|nicknames?|ideas?|slogans?|mottos?|poems?|jokes?"
            r"|toasts?|rhymes?|titles?|limericks?|captions?) (?:for|about|to|on)\b"
        ),
        asks=(
            r"(?:tell|give|show|read|find|get|send|remind)(?: (?:me|us))? (?:the (?!\w* ?(?:story"
            r"|tale|joke)\b)|what|when|which|who|whose|where|why|whether|if|how (?:much|many|long"
            r"|old|often|far)|(?:his|her|their|our|its)\b|(?!(?:(?:me|us) )?"
            r"(?:an?|some|another) )(?:\w+ ){0,2}\w+'s\b)"
        ),
        papers=(
            r"\b(?:the|that|this|these|those|his|her|their|our|my|your|whole|both|all|each|every"
            r"|two|three|\w+'s) (?:[\w'-]+ ){0,3}?(?:letters?|e-?mails?|mails?|messages?|recipes?"
            "|stor(?:y|ies)|speech(?:es)?|essays?|poems?|invitations?|quotes?|estimates?"
            "|statements?|bills?|polic(?:y|ies)|brochures?|surveys?|leaflets?|deeds?|wills?"
            r"|drafts?|itinerar(?:y|ies)|agendas?|programmes?)\b|\bletters? from\b"
        ),
        certain=(
            r"\b(?:the|this|that|my|our|your|his|her|their|\w+'s) (?:[\w'-]+ ){0,3}?(?:letter"
            "|e-?mail|mail|message|recipe|story|speech|essay|invitation|quote|estimate|statement"
            "|bill|policy|brochure|survey|leaflet|deed|draft|report|contract|invoice|minutes"
            "|manual|lease|article|offer|receipt|agreement|guide|certificate|handbook|logbook"
            r"|itinerary|document|file|paper|pdf|note|text|book)\b(?! (?:files?|documents?"
            r"|folders?)\b)|\b(?:the|these|those|my|our) two \w"
        ),
    ),
    library=LibraryPhrases(
        files=(
            "files?|documents?|docs?|pdfs?|spreadsheets?|presentations?|slides?|tables|pictures?"
            "|images?|photos?|scans?|word (?:files?|documents?)|excel (?:files?|sheets?)"
            "|text files?|items?"
        ),
        kinds=(
            "contracts?|invoices?|bills?|letters?|e-?mails?|notes?|reports?|receipts?|leases?"
            "|offers?|quotes|manuals?|agreements?|minutes|certificates?|statements?|forms?"
            "|papers?|books?|articles?|guides?|policies|recipes?"
        ),
        periods=(
            r"today|yesterday|recently|lately|(?:last|this|past) (?:week|month|year|night|weekend"
            r"|few days|\d+ days)|since (?:yesterday|last week|last month|monday)"
            r"|in the last (?:\d+ )?(?:days?|week|month)"
        ),
        holders="folders?|library",
        says="say|says|said|tell|tells|state|states|require|requires",
        counts=(
            r"^(?:how many|what number of|count(?: all)?(?: the| my)?) (?:of (?:my|the"
            r"|these) )?(?:(?!(?:the|does|do|did|is|are|has|have|signed|in|a|an|people"
            r"|my)\b)[\w'-]+ ){0,3}?<any>\b(?!.*\b<says>\b)(?!.{0,30}\b(?:mentioned|listed|named"
            r"|signed|must|should|need|needed)\b)"
        ),
        unreadable=(
            r"\b<files>\b.{0,20}\b(?:could ?n[o']t|couldn't|can ?n[o']t|can't|failed|were not"
            r"|weren't|was not|not)\b.{0,8}\b(?:be )?(?:read|opened|indexed|processed|load)"
            r"|\b(?:unreadable|skipped|unread|ignored|damaged|broken) <any>\b"
            r"|\b<files>\b.{0,20}\b(?:skipped|unreadable|ignored|left out|damaged)\b"
            r"|^what (?:was|could not be|couldn't be) (?:skipped|read)"
            "|^(?:is|was|were|are) there (?:anything|something|any <files>"
            r"|<files>)\b.{0,40}\b(?:could ?n[o']t|couldn't|can't|cannot|failed|unable"
            r"|not able)\b.{0,14}\b(?:read|open|load|process)"
        ),
        changes=(
            r"^what(?:'s| has| is| was)? (?:been )?(?:changed|new|added|modified|different"
            r"|happened)\b(?: (?:here|in (?:my|this|the|these) <holder>))?(?: <period>)?[?!.]*$"
            r"|^(?!.*\b<says>\b)(?:which|what|list|show me|show)\b.{0,12}\b<any>\b.{0,24}"
            r"\b(?:changed|added|modified|edited|updated|new|created|add|change|edit)\b"
        ),
        contents=(
            r"^what(?:'s| is| do i have| do we have|(?: \w+)? (?:is"
            r"|are) there)? ?(?:all )?(?:stored |saved |kept )?(?:in|inside) (?:my|this|the|these"
            r"|our) (?:\w+ )?<holder>[?!.]*$|^(?:what|which) (?:kinds? of |types? of "
            r"|sort of )?<files> (?:are (?:there|here|in)|do (?:i|we|you) have|exist|is there"
            r"|can you see)\b(?!.*\bfor\b)|^(?:list|show)(?: me)?(?: all)?(?: (?:the|my"
            r"|of my))? <files>[?!.]*$"
        ),
        ranked=(
            r"^(?!.*\b<says>\b)(?:(?:what(?:'s| is| are)|which (?:is|are|one is)|show(?: me)?|list"
            r"|give me|find)\b.{0,14})?\b(?:(?P<newest>newest|latest|most recent|last)"
            r"|(?P<oldest>oldest|earliest)|(?P<largest>largest|biggest|longest)"
            r"|(?P<smallest>smallest)) (?:\d+ |\w+ ){0,2}?<files>\b.{0,24}$"
        ),
        lists=(
            r"^(?:list|show|find|give|get)(?: me)?(?: all| every)?(?: of)?(?: the"
            r"| my)? (?:\w+ )?<files> (?:about|on|for|with|from|of|by|named|called|that|which"
            r"|mentioning|containing|related)\b|^(?:which|what) (?:of (?:my"
            r"|the) )?<any> (?:(?:mention|mentions|contain|contains|are about|is about|deal with"
            r"|talk about|include|have)\b|(?:are|is) (?:named|called|in|from)\b)"
            r"|^(?:which|what) <any> (?:do (?:i|we) have|have (?:i|we) got|are there)(?: here"
            r"| in (?:\w+ )?<holder>)?[?!.]*$"
            "|^(?:list|show|give)(?: me)? (?:all|every|each)(?: of)?(?: the| my"
            r"| our)? <kinds>(?: (?:here|i have|we have|there are|in (?:\w+ )?<holder>))?[?!.]*$"
            "|^(?:which|what) <files> (?:talk|speak|tell|deal|are about|treat|discuss|cover"
            r"|refer|concern)\b"
        ),
        existence=(
            r"^(?:do (?:i|we) have|have (?:i|we)(?: got)?|are there|is there)(?: here)? (?:any"
            r"|some|a|an) (?:\w+ ){0,2}?<any>\b(?!.{0,40}\b(?:to|must|clause)\b)"
        ),
        fillers=(
            r"\b(?:how many|what number of|count|list|show me|show|find|give me|get|which|what"
            r"|what's|where|word|name|names|title|titles|named|called|mention(?:s|ing|ed)?"
            r"|contain(?:s|ing|ed)?|about|related|include|got|any|some|all|every|please|exist|here"
            r"|there|stored|saved)\b"
        ),
        last_fillers=r"\b(?:my|this|these|our)\b",
        yesterday="yesterday",
        today=r"\btoday",
        last_week="last week",
        last_month="last month",
        last_year="last year",
        this_week="this week",
        this_month="this month",
        this_year="this year",
        recently="recently|lately",
        since=r"\bsince\b",
        days=" days",
        word_files=r"\bword (?:files?|documents?)|\bdocx?\b",
        spreadsheets="spreadsheets?|excel",
        presentations=r"presentations?\b|slides?\b",
        pictures=r"\bpictures?|\bimages?|\bphotos?|\bscans?\b",
        mails=r"\be-?mails?\b|\bmails\b",
        stop_words=(
            "a about an and any are as at be by do does for from had has have i in is it its just"
            " me my no of on or our s so some than that the their them there they this to was we"
            " were with you your"
        ),
        last_changed=(
            "^(?:which|what) (?:<any>|one) (?:was|were|has been|have been|did (?:i|we)|have (?:i"
            r"|we)|got|is) (?:\w+ )?(?:changed?|edit(?:ed)?|modif(?:y|ied)|add(?:ed)?|updated?"
            "|saved?|touch(?:ed)?|put in(?: here)?|open(?:ed)?) (?:in )?(?:here )?(?:last"
            "|most recently|the latest)[?!.]*$|^(?:which|what) (?:<any>|one) (?:was|were"
            "|has been|did (?:i|we)|have (?:i|we)) (?:the )?(?:last|most recently"
            "|latest)(?: one)?(?: to be)? (?:changed?|edit(?:ed)?|modif(?:y|ied)|add(?:ed)?"
            "|updated?|saved?)[?!.]*$|^(?:what|which) (?:was|is|were|are) the (?:last|latest"
            r"|most recent(?:ly)?) (?:\w+ )?(?:<any>|one|thing)(?: that| which)? (?:(?:i"
            "|we)(?:'ve| have)? |(?:was|were|to be|has been) )?(?:changed?|edited|modified|added"
            "|updated|saved|put in(?: here)?)[?!.]*$|^what did (?:i|we) (?:put|add|change|save"
            r"|edit)(?: in)?(?: here)?(?: (?:in|to) (?:\w+ )?<holder>)? (?:last"
            "|most recently)[?!.]*$"
        ),
    ),
    sums=SumPhrases(
        leads=(
            "what(?:'s| is| are| does| do)|how much (?:is|are|does)|calculate|compute|work out"
            "|tell me"
        ),
        tails="(?:is|equals?|makes?) what|equals?(?: to what)?|please",
        percent="(?:percent|per cent|%) of",
        divided="divided by",
        power="to the power of",
        times="multiplied by|times|x",
        minus="minus",
        plus="plus",
    ),
    numbers=NumberWords(
        units=(
            "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
            "|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
        ),
        tens="twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety",
        hundred="hundred",
        thousand="thousand",
        ordinals="third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth",
    ),
)
