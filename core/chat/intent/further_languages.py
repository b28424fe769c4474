r"""Further languages: intent phrases of eight more, from Italian to Hindi.

Italian, Portuguese, Dutch, Polish, Turkish, Ukrainian, Japanese and Hindi, in this order. All match
folded text, in which Hindi has its dots as marks of their own; "\w" takes no vowel sign of Hindi,
so that its words have no boundaries there.
"""

# ruff: noqa: E501 - a line is one list of alternatives

from core.base.lazy_regex import lazy_pattern

_DOCUMENTS = (
    r"\b(?:documento|documenti|cartell[ae]|contratt[oi]|fattur[ae]|verbal[ei]|relazion[ei]|rapport[oi]|preventiv[oi]|manual[ei]|libr[oi]|articol[oi]|dispens[ae]|appunti|ricevut[ae]|capitol[oi]"
    r"|ficheiros?|arquivos?|pastas?|faturas?|atas?|relatórios?|orçamentos?|manua(?:l|is)|livros?|artigos?|recibos?|guias?|apontamentos"
    r"|documenten|bestand(?:en)?|(?:de|deze|mijn|die|welke|in|alle) map(?:pen)?|contracten|factu(?:ur|ren)|notulen|verslag(?:en)?|rapport(?:en)?|offertes?|handleiding(?:en)?|boek(?:en)?|artikel(?:en)?|hoofdstuk(?:ken)?|overeenkomst(?:en)?"
    r"|dokument\w*|plik\w*|folder\w*|um[oó]w\w*|faktur\w*|protok[oó][lł]\w*|raport\w*|sprawozda\w*|ofert\w*|instrukcj\w*|książ\w*|artyku[lł]\w*|paragon\w*|rozdzia[lł]\w*|katalog\w*|notat\w*"
    r"|belge\w*|dosya\w*|klasör\w*|sözleşme\w*|fatura\w*|tutana[kğ]\w*|rapor\w*|teklif\w*|kılavuz\w*|kitab\w*|kitap\w*|makale\w*|metin\w*|metn\w*"
    r"|пап[кц]\w*|папок|тек[аиуо]\w*|теці|договор\w*|договір\w*|угод\w*|рахун\w*|протокол\w*|звіт\w*|пропозиці\w*|інструкці\w*|книг\w*|книз\w*|статт\w*|статей|розділ\w*|нотат\w*|файл\w*|документ\w*)\b"
    r"|文書|書類|ファイル|フォルダ|資料|契約書|請求書|領収書|議事録|報告書|レポート|見積|マニュアル|説明書|論文|記事|ドキュメント"
    r"|दस्तावेज|फ\u093c?ाइल|फ\u093c?ोल्डर|अनुबंध|बिल(?:\s|$)|कार्यवृत्त|रिपोर्ट|प्रस्ताव|पुस्तक|किताब|रसीद|अध्याय"
)
FURTHER_DOCUMENT_WORDS = lazy_pattern(_DOCUMENTS)
"""Matches words for documents and kinds of them; those that people also ask to be written (a
letter, a text) are none."""
FURTHER_OPENINGS = lazy_pattern(
    r"^(?:(?:ciao|per favore|per piacere|puoi|potresti|può|mi puoi|olá|oi|por favor|podes|pode|poderias?|você pode|consegues"
    r"|hoi|hallo|kun je|kunt u|kan je|wil je|zou je|alsjeblieft|graag|cześć|proszę|czy (?:możesz|mogłabyś|mógłbyś)|możesz"
    r"|merhaba|lütfen|bana|привіт|будь ласка|чи (?:можеш|можете)|можеш|можете|すみません(?:が)?|नमस्ते|कृपया|मुझे|क्या (?:तुम|आप))[\s,!.、，]+)+"
)
"""Matches what stands before the matter, as "could you"."""
_AT_END = r"[\s.!?。！？।]*$"
FURTHER_CREATIONS = lazy_pattern(
    r"^(?:scriv\w*|compon\w*|invent\w*|raccont\w*|immagin\w*|crea\w*|propon\w*|sugger\w*|dammi|dimmi|fammi)\b.{0,40}?\b(?:poesi[ae]|filastrocc\w*|canzon\w*|stori[ae]|fiab[ae]|favol[ae]|barzellett[ae]|indovinell[oi]|lettera|e-?mail|messaggio|discorso|ide[ae]|slogan|funzione|programma|script|invito|auguri|haiku|sinonimi|dialogo)\b"
    r"|^(?:escrev\w*|compõe|componha|invent\w*|cont(?:a|e|a-me|ar)|imagin\w*|cri[ae]|faz|faça|suger\w*|dá(?:-me)?|dê(?:-me)?|me (?:dê|conta|conte))\b.{0,40}?\b(?:poemas?|poesia|versos|rimas?|canç(?:ão|ões)|músicas?|histórias?|contos?|fábulas?|anedotas?|piadas?|adivinhas?|carta|e-?mail|mensagem|discurso|ideias?|slogans?|função|programa|script|convite|haiku|sinónimos|sinônimos|diálogo|redação)\b"
    r"|^(?:schrijf|dicht|verzin|bedenk|vertel|maak|geef|noem)\b.{0,40}?\b(?:gedicht\w*|rijm\w*|lied\w*|verhaal\w*|sprookjes?|mop(?:pen)?|grap(?:pen|je)?|raadsels?|\w*brief(?:je)?|e-?mail|mail|bericht|toespraak|speech|idee(?:ën)?|slogans?|functie|programma|script|uitnodiging|haiku|synoniemen|dialoog|opstel)\b"
    r"|^(?:napisz|ułóż|stwórz|wymyśl|opowiedz|zaproponuj|podaj|podsuń|skomponuj)\b.{0,40}?\b(?:wiersz\w*|rymowank\w*|piosenk\w*|opowiadani\w*|histori\w*|bajk\w*|baśń|dowcip\w*|żart\w*|kawał\w*|zagadk\w*|list|e-?mail\w*|maila|wiadomość|przemówieni\w*|pomysł\w*|hasł\w*|slogan\w*|funkcj\w*|program|skrypt|zaproszeni\w*|życzeni\w*|haiku|synonim\w*|dialog|wypracowani\w*)\b"
    r"|\b(?:şiir|mani|şarkı|hik[aâ]ye|öykü|masal|fıkra|bilmece|mektub?p?|e-?posta|mesaj|konuşma|fikir|slogan|fonksiyon|program|betik|davetiye|haiku|diyalog|kompozisyon)\w*(?: \w+)? (?:yaz|uydur|anlat|oluştur|öner|ver|hazırla|söyle|üret)(?:ın|in|un|ün|sana|sene|(?:ar|er|ır|ir|ur) mısın|(?:ar|er|ır|ir|ur) m[iu]sin|abilir misin|ebilir misin)?"
    + _AT_END
    + r"|^(?:напиши|напишіть|склади|складіть|вигадай\w*|придумай\w*|розкажи|розкажіть|розповідж?\w*|запропонуй\w*|створи\w*|дай\w*)\b.{0,40}?\b(?:вірш\w*|пісн\w*|казк\w*|історі\w*|оповідання|анекдот\w*|жарт\w*|загадк\w*|листа?|повідомлення|промов\w*|іде[йїюя]\w*|гасл\w*|слоган\w*|функці\w*|програм\w*|скрипт|запрошення|привітання|хайку|синонім\w*|діалог|твір)\b"
    r"|(?:詩|俳句|短歌|歌詞?|物語|童話|昔話|手紙|メール|メッセージ|スピーチ|スローガン|関数|プログラム|スクリプト|コード|招待状|台本|作文|アイデア|アイディア).{0,8}?(?:書いて|作って|考えて|創作して|詠んで|作成して|提案して|出して)(?:ください|くれ\w*|もらえ\w*|ほしい|ね)*"
    + _AT_END
    + r"|(?:話|ジョーク|冗談|なぞなぞ)を?(?:して|聞かせて|言って)(?:ください|くれ\w*|ね)*"
    + _AT_END
    + r"|(?:アイデア|アイディア|ジョーク|なぞなぞ).{0,8}教えて(?:ください|くれ\w*|ね)*"
    + _AT_END
    + r"|(?:कविता|शायरी|गीत|गाना|कहानी|लोरी|चुटकुल[ाे]|पहेली|पत्र|चिट्ठी|ईमेल|संदेश|भाषण|विचार|सुझाव|नारा|निबंध|संवाद|निमंत्रण|हाइकु|प्रोग्राम|फंक्शन|कोड) ?(?:लिख(?:ो|ें|िए| दो)|बना(?:ओ|एं|एँ|इए)|सुना(?:ओ|एं|एँ|इए)|दो|दें|दीजिए|सुझाओ)"
    + _AT_END
)
"""Matches the wish for a text that rests on no document; in Turkish, Japanese and Hindi the verb
comes last."""
_SUMMARIES = (
    r"\b(?:riassum\w*|riassunt\w*|sintesi|sintetizza\w*|panoramica|punti (?:chiave|principali)|confront[ai]\w*|paragon[ai]\w*|differenz[ae]|traduc\w*|traduzione|elenc[ai]\w*|(?:fai|fammi|crea|scrivi) (?:una |un )?(?:lista|elenco|tabella)|tutt[ei] (?:le|i|gli) (?:nomi|date|scadenze|importi|persone)|di (?:che )?(?:cosa|che) (?:parla|tratta)\w*"
    r"|resum\w*|síntese|visão geral|pontos (?:principais|chave|essenciais)|compar[ae]\w*|comparação|diferenças?|tradu(?:z|ção|zi|za)\w*|enumer\w*|tod[oa]s [oa]s (?:nomes|datas|prazos|valores|pessoas)|de que (?:trata|fala)\w*|sobre (?:o )?que (?:é|trata|fala)\w*|(?<![\w] )list(?:a|e|a-me|ar)"
    r"|samenvat\w*|vat\b.*\bsamen|overzicht|hoofdpunten|kernpunten|vergelijk\w*|verschil(?:len)?|vertaal\w*|vertaling|(?:som\b.*\bop|noem\b.*\balle)\b|(?:maak|geef)(?: me)? een (?:lijst|tabel|overzicht)|alle (?:namen|data|termijnen|deadlines|bedragen|personen)|waar (?:gaat|gaan)\b.*\bover|waarover gaa[tn]"
    r"|streść|streszcz\w*|streszczeni\w*|podsumow\w*|podsumuj\w*|przegląd|najważniejsze (?:punkty|tezy)|porówna\w*|porównaj\w*|różnic\w*|przetłumacz\w*|tłumaczeni\w*|wymień|wypisz|wylicz|zrób (?:listę|tabelę)|wszystkie (?:nazwiska|daty|terminy|kwoty|osoby|imiona)|o czym (?:jest|są|mówi\w*)"
    r"|özet\w*|ana (?:noktalar|fikir)\w*|karşılaştır\w*|fark(?:ları?|lar)?|çevir\w*|tercüme\w*|listele\w*|sırala\w*|(?:liste|tablo)sini|bütün (?:isim|tarih|tutar|kişi)\w*|tüm (?:isim|tarih|tutar|kişi)\w*|ne hakkında|neyle ilgili|konusu ne"
    r"|підсум\w*|стисло|резюме|коротк\w* (?:виклад|зміст)\w*|головн\w* (?:думк|пункт)\w*|порівня\w*|відмінн\w*|різниц\w*|переклад\w*|переклади|перелічи\w*|перерахуй\w*|випиши|склади (?:список|таблицю)|усі (?:прізвища|імена|дати|терміни|суми)|всі (?:прізвища|імена|дати|терміни|суми)|про що)\b"
    r"|要約|まとめて|概要|要点|比較|比べて|違い|翻訳|訳して|一覧(?:に|を)|リスト(?:アップ|にして|を作)|(?:すべて|全て|全部).{0,6}(?:挙げて|出して|書き出して|教えて)|挙げて|列挙|(?:何|なに)について|どんな内容"
    r"|सार(?:ांश|\s)|संक्षेप|मुख्य (?:बातें|बिंदु)|तुलना|अंतर (?:बताओ|बताएं)|अनुवाद|सूची|सभी (?:नाम|तारीख|राशि)|किस (?:बारे|विषय)|किसके बारे"
)
FURTHER_WHOLE_TASKS = lazy_pattern(_SUMMARIES)
"""Matches a task over a whole text, where a word for documents stands with it."""
FURTHER_WHOLE_ALONE = lazy_pattern(
    r"^(?:riassumi(?: tutto)?|(?:fammi )?un riassunto|riassunto|di che cosa (?:parla|si tratta)|resume(?: tudo)?|(?:faz(?:-me)? )?um resumo|resumo|de que se trata"
    r"|vat (?:alles )?samen|samenvatting|waar gaat (?:dit|het) over|streść(?: wszystko| to)?|podsumuj(?: wszystko| to)?|podsumowanie|streszczenie|o czym to jest"
    r"|özetle|özet(?: çıkar)?|(?:her şeyi|hepsini|bunu) özetle|підсумуй(?: все| це)?|підсумок|(?:全部|すべて|全体)?を?(?:要約|まとめ)(?:して)?(?:ください)?|(?:सब (?:कुछ )?का )?सारांश(?: दो| दें)?)"
    + _AT_END
)
"""Matches a task over everything that names no document."""
_GREETINGS = (
    r"buongiorno|buonasera|ciao|salve|olá|buon (?:giorno|pomeriggio)|buona (?:sera|notte|giornata|serata)|a (?:domani|presto|dopo)|ci vediamo|come (?:ti chiami|va)|che cosa sai fare|(?:mi )?puoi aiutarmi|tutto bene|ehi"
    r"|tudo (?:bem|bom)(?: contigo)?|até (?:amanhã|já|breve|mais)|como (?:estás|está|vai|te chamas)|quem (?:és|é) (?:tu|você)?|quem és|o que (?:sabes|podes) fazer|beleza"
    r"|hoi+|hé|goede ?(?:morgen|middag|avond|nacht|dag)|welterusten|tot (?:morgen|ziens|straks|later)|doei+|dag|hoe gaat het(?: met (?:je|u|jou))?|hoe is het|alles goed|wie (?:ben|bent) (?:je|jij|u)|hoe heet je|wat kun je|kun je me helpen"
    r"|cześć|hej+|siema|dzień dobry|dobry wieczór|dobranoc|do (?:widzenia|jutra|zobaczenia)|na razie|co (?:słychać|u ciebie|tam)|jak (?:się masz|leci|masz na imię)|kim jesteś|co (?:potrafisz|umiesz)|pomożesz mi"
    r"|merhaba(?:lar)?|selam(?:lar)?|günaydın|iyi (?:günler|akşamlar|geceler|sabahlar)|tünaydın|nasılsın(?:ız)?|ne haber|naber|n'aber|görüşürüz|görüşmek üzere|hoşça ?kal(?:ın)?|güle güle|sen kimsin|adın ne|neler yapabilirsin|bana yardım edebilir misin"
    r"|привіт(?:ик)?|вітаю|добрий (?:день|вечір|ранок)|доброго (?:дня|ранку|вечора)|добраніч|як (?:справи|ти|ви|тебе звати)|що нового|хто ти|що ти (?:вмієш|можеш)|до (?:побачення|зустрічі|завтра)|бувай|допоможи мені"
    r"|こんにちは|こんばんは|おはよう(?:ございます)?|もしもし|さようなら|さよなら|また(?:ね|明日|後で)|バイバイ|お?元気(?:です)?か?|調子はどう(?:ですか)?|あなたは(?:誰|だれ)(?:ですか)?|名前は何(?:ですか)?|何ができ(?:る|ますか)|手伝って(?:ください)?"
    r"|नमस्(?:ते|कार)|प्रणाम|सुप्रभात|शुभ (?:प्रभात|रात्रि|संध्या|दिन)|(?:आप )?कैसे (?:हैं|हो)(?: आप)?|(?:आप|तुम) कौन (?:हैं|हो)|क्या हाल (?:है|हैं)|(?:आपका|तुम्हारा) नाम क्या है|फिर मिलेंगे|अलविदा|(?:आप |तुम )?क्या कर सकते (?:हैं|हो)|मेरी मदद करो"
)
_THANKS = r"(?:grazie|obrigad[oa]|bedankt|dank(?: je| u)?|dziękuj[eę]|dzięki|teşekkür(?:ler)?(?: ederim| ederiz)?|sağ ?ol(?:un)?|дякую|ありがとう(?:ございま(?:す|した))?|感謝(?:して|し)(?:います|ます)|धन्यवाद|शुक्रिया|आभार)"
_PRAISE = (
    r"(?:dank|wel|zeer|hartelijk|heel|erg|dat was|dit was|precies wat ik (?:zocht|nodig had)|voor (?:je|uw) (?:hulp|antwoord)|super|geweldig|perfect|fijn|top|mooi|handig|prima|sorry|foutje"
    r"|bardzo|wielkie|ślicznie|serdecznie|za (?:pomoc|odpowiedź)|super|świetnie|doskonale|idealnie|bardzo pomocne|to (?:wszystko|było pomocne)|przepraszam|okej"
    r"|çok|yardım(?:cı oldun(?:uz)?|ın için)?|için|harika|mükemmel|süper|tamam|anladım|evet|hayır|özür dilerim|pardon|bu kadar"
    r"|дуже|щиро|велике|вам|тобі|за (?:допомогу|відповідь)|ви (?:дуже )?допомогли|допомогли|чудово|супер|відмінно|добре|зрозуміло|вибач(?:те)?|так|ні|це все"
    r"|どうも|とても|本当に|大変|助かりました|素晴らしい|完璧(?:です)?|すごい|わかりました|了解(?:です|しました)?|ごめんなさい|すみません|以上です"
    r"|बहुत|बहुत ही|अच्छा|बढ\u093c?िया|शानदार|ठीक है|समझ गया|समझ गई|माफ\u093c? (?:करें|करना|कीजिए)|हाँ|जी|नहीं|आपकी मदद के लिए|मदद के लिए|आपका"
    r"|tante|mille|davvero|molto|infinite|per l'aiuto|perfetto|ottimo|fantastico|bene|capito|scusa|sei (?:stat[oa] )?(?:utilissim[oa]|molto utile|gentile|bravissim[oa])|muito|mesmo|imenso|ajudou(?: (?:muito|imenso))?|pela ajuda|ótimo|perfeito|entendi|desculpa|certo|a tutti|a todos)"
)
FURTHER_TALK = lazy_pattern(
    rf"(?:{_GREETINGS}|{_THANKS}|{_PRAISE})(?:[ ]?(?:{_GREETINGS}|{_THANKS}|{_PRAISE}))*"
)
"""Matches a clause that only greets, thanks, praises, agrees or takes leave."""
