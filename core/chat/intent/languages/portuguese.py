"""Portuguese: the words and phrases by which its messages are understood."""

from core.chat.intent.language import (
    CourtesyWords,
    Language,
    LibraryPhrases,
    NumberWords,
    SumPhrases,
    TalkPhrases,
    TaskPhrases,
)

PORTUGUESE = Language(
    code="pt",
    talk=TalkPhrases(
        greetings="olá|oi|bom dia|boa (?:tarde|noite)",
        thanks="obrigad[oa]|muito obrigad[oa]",
        farewells="tchau|até logo",
        replies="sim|não",
        small_talk="tudo bem|como vai|quem é você",
        own_greetings=(
            "tudo (?:bem|bom)(?: contigo)?|até (?:amanhã|já|breve|mais)"
            "|como (?:estás|está|vai|te chamas)|quem (?:és|é) (?:tu|você)?|quem és"
            "|o que (?:sabes|podes) fazer|beleza"
            "|e aí|tudo (?:certo|em ordem)|como (?:vai|vão|anda)(?: isso| as coisas)?"
        ),
        own_thanks="obrigad[oa]",
        own_praise=(
            "muito|mesmo|imenso|ajudou(?: (?:muito|imenso))?|pela ajuda|ótimo|perfeito|entendi"
            "|desculpa|certo|a todos"
        ),
    ),
    courtesy=CourtesyWords(
        telling=(
            "obrigado obrigada obrigadão brigado valeu agradeço agradecido agradecida útil"
            " perfeito ótimo ótima excelente ajudou ajudaste desculpa desculpe desculpas perdão"
            " erro adeus tchau gentil procurava precisava incrível maravilhoso"
            " precisava queria"
        ),
        others=(
            "muito muita muitíssimo bastante mesmo demais de me te lhe foi é era isso isto pela"
            " pelo por sua seu tua teu ajuda resposta respostas explicação paciência tudo o a os"
            " as que exatamente eu meu minha um uma e bom boa dia noite tarde até logo amanhã"
            " mais realmente super tão ok sim não você"
            " era tudo que"
        ),
        openers="que",
    ),
    tasks=TaskPhrases(
        openings="olá|oi|por favor|podes|pode|poderias?|você pode|consegues",
        creations=(
            r"^(?:escrev\w*|compõe|componha|invent\w*|cont(?:a|e|a-me|ar)|imagin\w*|cri[ae]|faz"
            r"|faça|suger\w*|dá(?:-me)?|dê(?:-me)?|me (?:dê|conta|conte))\b.{0,40}?\b(?:poemas?"
            r"|poesia|versos|rimas?|canç(?:ão|ões)|músicas?|histórias?|contos?|fábulas?|anedotas?"
            r"|piadas?|adivinhas?|carta|e-?mail|mensagem|discurso|ideias?|slogans?|função|programa"
            r"|script|convite|haiku|sinónimos|sinônimos|diálogo|redação)\b"
            "|^(?:preciso|procuro|quero|tens|você tem|sugira|sugere(?:-me)?) (?:de )?(?:uma? "
            r"|algum\w* |uns |umas )?(?:\w+ )?(?:nomes?|ideias?|slogans?|títulos?|piadas?|poemas?"
            r"|apelidos?) (?:para|de|sobre)\b"
        ),
        documents=(
            r"\b(?:ficheiros?|arquivos?|pastas?|faturas?|atas?|relatórios?|orçamentos?"
            r"|manua(?:l|is)|livros?|artigos?|recibos?|guias?|apontamentos|contratos?|regulamentos?"
            r"|estatutos|acordos?|testamentos?|apólices?|protocolos?|certificados?)\b"
        ),
        whole_tasks=(
            r"\b(?:resum\w*|síntese|visão geral|pontos (?:principais|chave|essenciais)"
            r"|compar[ae]\w*|comparação|diferenças?|tradu(?:z|ção|zi|za)\w*|enumer\w*"
            r"|tod[oa]s [oa]s (?:nomes|datas|prazos|valores|pessoas)|de que (?:trata|fala)\w*"
            r"|sobre (?:o )?que (?:é|trata|fala)\w*|(?<![\w] )list(?:a|e|a-me|ar))\b"
            r"|\b(?:(?:palavras|termos|linguagem) simples|lado a lado|(?:em que"
            r"|como) (?:se )?difere\w*|extrai\w*|o essencial|em (?:poucas palavras|resumo)"
            r"|o que muda (?:entre|de)|lista de tarefas|o que (?:preciso|devo|tenho de) saber)\b"
        ),
        single_facts=(
            r"^(?:quando|quem|de quem|quant[oa]s?|(?:em |a )?que (?:dia|data|ano|hora|mês))\b"
        ),
        whole_alone="^(?:resume(?: tudo)?|(?:faz(?:-me)? )?um resumo|resumo|de que se trata)<end>",
        asks=(
            "(?:diz|diga|dá|dê|mostra|mostre|indica|lembra)(?:-me)?(?: me)? (?:o que|quando|quem"
            r"|qual\w*|quant\w*|onde|por que|porque|como|se|o|a|os|as)\b|me (?:diz|diga|dê"
            r"|mostre) (?:o|a|os|as|quando|qual\w*|quem|quant\w*|onde|se)\b"
        ),
        rewordings=(
            "^(?:(?:e|agora|mas|ok|bom),? )*(?:um pouco |bem |ainda )*(?:mais|menos) (?:curt"
            "|long|simples|formal|brev|gentil|amáve|divertid|detalhad|clar|educad"
            r"|informal)\w*(?:,? por favor)?[.!?]*$|\bo mesmo (?:em|mas|como)\b|^(?:e "
            "|agora )+em (?:inglês|alemão|francês|espanhol|italiano|árabe|chinês|russo|português"
            r"|polaco|turco)[.!?]*$|^(?:\w+,? )?(?:torna|deixa|faz|põe|coloca|coloque|deixe|faça"
            "|torne|traduz|traduza|resume|resuma|encurta|encurte|simplifica|corrige|reescreve"
            "|reescreva|explica|repete)(?:-[oa])? ?(?:isso|isto|ela|ele|a carta|o e-?mail"
            "|a mensagem|o discurso|o poema)? ?(?:mais|menos|(?:em|para)(?: o)? (?:inglês|alemão"
            r"|francês|espanhol|português|uma|duas|tabela|lista)|um pouco)\b"
            r"|^(?:\w+,? )?(?:encurta|resume|traduz|corrige|reescreve|simplifica|melhora"
            r"|torna)-[oa]s?\b"
        ),
        papers=(
            r"\b(?:o|a|os|as|est[ae]s?|ess[ae]s?|seus?|suas?|dois|duas|tod[oa]s?|d[oa]s?"
            r"|inteir[oa]) (?:\w+ ){0,2}?(?:cartas?|e-?mails?|mensage(?:m|ns)|receitas?"
            r"|discursos?|propostas?|extratos?|folhetos?)\b"
        ),
        certain=(
            r"\b(?:[oa]|est[ea]|ess[ea]|meu|minha|seu|sua|d[oa]|n[oa]|ao|à) (?:\w+ ){0,2}?(?:carta"
            "|e-?mail|mensagem|receita|discurso|história|extrato|documento|ficheiro|arquivo"
            "|relatório|contrato|fatura|ata|manual|livro|orçamento|artigo|recibo|regulamento"
            r"|acordo|testamento|apólice|certificado|proposta)\b|\b[oa]s d(?:oi|ua)s \w"
        ),
    ),
    library=LibraryPhrases(
        files="documentos?|ficheiros?|arquivos?|pdfs|imagens|tabelas|apresentações",
        kinds=(
            "contratos?|faturas?|cartas?|e-?mails|notas|relatórios?|recibos?|orçamentos?|manuais"
            "|atas?|livros?|receitas?"
            "|correios|apólices?|mensagens"
        ),
        holders="pastas?|biblioteca",
        yesterday=r"\bontem\b",
        today=r"\bhoje\b",
        last_week="semana passada",
        last_month="mês passado",
        last_year="ano passado",
        this_week="esta semana",
        this_month="este mês",
        this_year="este ano",
        counts=(
            r"^quant[oa]s (?:\w+ )?<any>(?!\w)(?: pdf)? ?(?:(?:há|existem|tenho|temos|estão|contém"
            r"|tem (?:a|esta))\b.*|(?:(?:na|no|nesta|em) .*)?<end>)"
        ),
        unreadable=(
            r"<files> (?:\w+ )?não (?:puderam|foi possível|foram|se conseguiu"
            r"|conseguiste)\b.{0,12}(?:l(?:er|idos|er)|abr)|<files> (?:ilegíveis|ignorados"
            r"|saltados)"
        ),
        changes=(
            r"^(?:que|quais|lista|mostra\w*)\b.{0,8}<any>.{0,30}(?:adicionad|acrescentad|modificad"
            r"|alterad|atualizad|mudaram)|^o que (?:mudou|há de novo"
            r"|foi (?:adicionado|alterado))(?: (?:na|nesta) .{0,10}<holder>)?(?: <period>)?<end>"
        ),
        contents=(
            r"^o que (?:há|tenho|está|existe) (?:na|nas|nesta|em)(?: \w+)? <holder><end>"
            r"|^que <files> (?:há|tenho|existem)<end>|^(?:lista|mostra(?:-me)?)(?: todos)?(?: os"
            r"| os meus)? <files><end>"
        ),
        existence=(
            r"^(?:tenho|temos|há) (?:alg\w+ |uma? )?<any><end>"
            r"|^(?:que|quais) <any> (?:tenho|temos|há|existem)<end>"
        ),
        newest="nov[oa]s?",
        oldest="antig[oa]s?|velh[oa]s?",
        largest="grandes?|maior(?:es)?|longos?",
        smallest="pequen[oa]s?|menor(?:es)?",
        rank_words="é|são|o|os|a|as|mais|mostra-me",
        last_fillers=(
            r"\b(?:quant[oa]s|há|existem|tenho|temos|estão|na|no|nesta|minhas?|meus?|alguma?s?|em"
            r"|os)\b"
            r"|\b(?:que|quais|falam|fala|tratam|mencionam|referem|contêm|abordam|se|sobre"
            r"|d[eoa]s?|lista|liste|mostra|mostre|me|tod[oa]s|as)\b"
        ),
        lists=(
            "^(?:em )?(?:que|quais)(?: os| são os)? <any> (?:que )?(?:falam|tratam|mencionam"
            r"|referem|contêm|se fala|abordam)\b|^(?:lista|liste|mostra(?:-me)?|mostre"
            "|enumera) (?:tod[oa]s )(?:[oa]s )?(?:meus |minhas )?<any><end>"
        ),
        last_changed=(
            "^(?:qual|quais) (?:é|foi|são|foram) [oa]s? últim[oa]s? <any>(?: (?:que|a ser|foi"
            r"|fo[ir]am|eu))* ?(?:alter|modific|mud|adicion|acrescent|edit|atualiz)\w*<end>"
            "|^(?:qual|que|quais) <any> (?:foi|foram|eu) (?:alter|modific|mud|adicion|acrescent"
            r"|edit|atualiz)\w* (?:por último|mais recentemente)<end>"
        ),
    ),
    sums=SumPhrases(
        leads="quanto (?:é|e|dá|da|são)",
        percent="(?:por cento|%) de",
        divided="dividido (?:por|para)",
        times="vezes",
        minus="menos",
        plus="mais",
    ),
    numbers=NumberWords(
        units=(
            "zero|um uma|dois duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|treze"
            "|quatorze catorze|quinze|dezesseis dezasseis|dezessete dezassete|dezoito"
            "|dezenove dezanove"
        ),
        tens="vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa",
        hundreds=(
            "cem|duzentos|trezentos|quatrocentos|quinhentos|seiscentos|setecentos|oitocentos"
            "|novecentos"
        ),
        hundred="cento",
        thousand="mil",
    ),
)
