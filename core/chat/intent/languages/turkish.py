"""Turkish: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    Language,
    LibraryPhrases,
    NumberWords,
    TalkPhrases,
    TaskPhrases,
)

TURKISH = Language(
    code="tr",
    talk=TalkPhrases(
        greetings="merhaba|selam",
        thanks="teşekkürler",
        own_greetings=(
            "merhaba(?:lar)?|selam(?:lar)?|günaydın|iyi (?:günler|akşamlar|geceler|sabahlar)"
            "|tünaydın|nasılsın(?:ız)?|ne haber|naber|n'aber|görüşürüz|görüşmek üzere"
            "|hoşça ?kal(?:ın)?|güle güle|sen kimsin|adın ne|neler yapabilirsin"
            "|bana yardım edebilir misin"
            "|(?:işler )?nasıl gidiyor|nasıl(?:sın|sınız)?(?: bugün)?|her şey yolunda(?: mı)?"
            "|iyi misin(?:iz)?|ne var ne yok"
        ),
        own_thanks="teşekkür(?:ler)?(?: ederim| ederiz)?|sağ ?ol(?:un)?",
        own_praise=(
            "çok|yardım(?:cı oldun(?:uz)?|ın için)?|için|harika|mükemmel|süper|tamam|anladım|evet"
            "|hayır|özür dilerim|pardon|bu kadar"
        ),
    ),
    tasks=TaskPhrases(
        openings="merhaba|lütfen|bana",
        creations=(
            r"\b(?:şiir|mani|şarkı|hik[aâ]ye|öykü|masal|fıkra|bilmece|mektub?p?|e-?posta|mesaj"
            r"|konuşma|fikir|slogan|fonksiyon|program|betik|davetiye|haiku|diyalog"
            r"|kompozisyon)\w*(?: \w+)? (?:yaz|uydur|anlat|oluştur|öner|ver|hazırla|söyle"
            r"|üret)(?:ın|in|un|ün|sana|sene|(?:ar|er|ır|ir|ur) mısın|(?:ar|er|ır|ir|ur) m[iu]sin"
            r"|abilir misin|ebilir misin)?<end>"
        ),
        documents=(
            r"\b(?:belge\w*|dosya\w*|klasör\w*|sözleşme\w*|fatura\w*|tutana[kğ]\w*|rapor\w*"
            r"|teklif\w*|kılavuz\w*|kitab\w*|kitap\w*|makale\w*|metin\w*|metn\w*)\b"
        ),
        whole_tasks=(
            r"\b(?:özet\w*|ana (?:noktalar|fikir)\w*|karşılaştır\w*|fark(?:ları?|lar)?|çevir\w*"
            r"|tercüme\w*|listele\w*|sırala\w*|(?:liste|tablo)sini"
            r"|bütün (?:isim|tarih|tutar|kişi)\w*|tüm (?:isim|tarih|tutar|kişi)\w*|ne hakkında"
            r"|neyle ilgili|konusu ne)\b"
            r"|\b(?:basit (?:bir )?(?:dil\w*|kelime\w*)|yan yana|farkı ne|yapılacaklar listesi"
            r"|kısaca|madde madde)\b"
        ),
        single_facts=r"\b(?:ne zaman|kim(?:in|e|ler)?|kaç|ne kadar|hangi (?:gün|tarih\w*|yıl))\b",
        whole_alone="^(?:özetle|özet(?: çıkar)?|(?:her şeyi|hepsini|bunu) özetle)<end>",
        asks=(
            r"(?=.*(?:nın|nin|nun|nün|ndaki|ndeki|daki|deki|taki|teki)\b.*\b(?:söyle|ver"
            r"|göster)\w*[.!?]*$)"
        ),
        rewordings=(
            "^(?:(?:peki|şimdi|ama|bunu|onu|ve),? )*(?:biraz )?(?:daha )?(?:kısa|uzun|basit"
            "|kibar|resmi|samimi|komik|ayrıntılı|sade|net)(?: (?:yap|yaz|olsun"
            r"|bir şekilde yaz)\w*)?(?: lütfen)?[.!?]*$|^(?:biraz |bunu |onu |şunu )*(?:kısalt"
            r"|uzat|basitleştir|düzelt|çevir|özetle|tekrarla|açıkla)\w*(?: lütfen)?[.!?]*$"
            "|^(?:şimdi |peki |bunu |onu |aynısını? )+(?:de )?(?:ingilizce|almanca|fransızca"
            "|ispanyolca|italyanca|rusça|arapça|çince|türkçe|japonca)(?:ye|ya)?(?: (?:çevir|yaz"
            r"|söyle)\w*)?[.!?]*$|\b(?:bunu|şunu|onu|cevabını|yanıtını) (?:\w+ ){0,3}?(?:kısalt"
            r"|uzat|çevir|yaz|yap|düzelt|özetle|açıkla|tekrarla|basitleştir)\w*[.!?]*$"
        ),
        papers=(
            r"\b(?:mektu[bp]\w*|e-?posta\w*|mail\w*|mesaj\w*|tarif\w*|yazıyı|yazının|makbuz\w*)\b"
        ),
        certain=(
            r"(?<!\bher )\b(?:mektu[bp]|e-?posta|mesaj|tarif|makbuz|belge|dosya|sözleşme|fatura"
            r"|tutana[kğ]|rapor|teklif|kılavuz|kita[bp]|makale|metin|metn)(?!\w*l[ae]r)\w*\b"
        ),
    ),
    library=LibraryPhrases(
        files=r"belge\w*|dosya\w*|resim\w*|fotoğraf\w*|tablo\w*|sunum\w*",
        kinds=(
            r"sözleşme\w*|fatura\w*|mektu[bp]\w*|e-?posta\w*|notlar\w*|rapor\w*|teklif\w*"
            r"|kılavuz\w*|tutana\w*|kita[bp]\w*|tarif\w*"
        ),
        holders=r"klasör\w*|kütüphane\w*|kitaplı\w*",
        yesterday=r"\bdün\b",
        today=r"\bbugün\b",
        last_week="geçen hafta",
        last_month="geçen ay",
        last_year="geçen yıl",
        this_week="bu hafta",
        this_month="bu ay",
        this_year="bu yıl",
        counts=r"\bkaç (?:tane |adet )?<any>(?: \w+)? (?:var|bulunuyor|mevcut)",
        unreadable=r"<files> (?:okunama|açılama|atlan)\w*|(?:okunama|açılama)yan <files>",
        changes=(
            "^(?:<period> )?hangi <any>.{0,14}(?:eklen|değiş|güncellen)"
            "|^(?:<period> )?(?:<holder> )?(?:<period> )?ne(?:ler)? (?:değişti|eklendi|yeni)<end>"
        ),
        contents=(
            r"^(?:\w+ )?<holder> ne(?:ler)? var<end>|^hangi <files> var<end>"
            r"|^(?:bütün |tüm )?<files> (?:göster|listele)\w*<end>"
        ),
        existence="^(?:hiç |bir )?<any> var mı<end>",
        newest="en yeni|en son",
        oldest="en eski",
        largest="en büyük|en uzun",
        smallest="en küçük|en kısa",
        rank_words="hangisi|hangileri|nedir|hangi",
        last_fillers=(
            r"\b(?:kaç|tane|adet|var|mı|hiç|bulunuyor|benim|içinde)\b"
            r"|\b(?:hangi|geç(?:iyor|er)|hakkında|ile|ilgili|bahsed\w*|yer|al\w*|bütün|tüm"
            r"|göster\w*|listele\w*)\b|(?<=\w)yl[ae](?= ilgili)"
        ),
        lists=(
            "^hangi <any>.{1,40}(?:geç(?:iyor|er|mekte)|hakkında|ile ilgili|yl[ae] ilgili|bahsed"
            r"|söz ed|yer al|anlat)\w*<end>|^(?:bütün|tüm) <any>(?:i|ı)? (?:göster|listele"
            r"|sırala)\w*<end>"
        ),
        last_changed=(
            "^en son (?:hangi <any> )?(?:değiş|düzenlen|güncellen|eklen"
            r"|kaydedil)\w*(?: <any>)?(?: (?:hangisi|hangileri|nedir|ne))?<end>"
            r"|^hangi <any> en son (?:değiş|düzenlen|güncellen|eklen|kaydedil)\w*<end>"
        ),
    ),
    numbers=NumberWords(
        units="sıfır|bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|on",
        tens="yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan",
    ),
)
