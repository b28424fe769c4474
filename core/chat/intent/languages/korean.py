"""Korean: the words and phrases by which its messages are understood."""

from core.chat.intent.language import Language, TalkPhrases

KOREAN = Language(
    code="ko",
    talk=TalkPhrases(
        greetings="안녕(?:하세요|하십니까)?",
        thanks="감사합니다|고마워(?:요)?",
        small_talk="잘 지내(?:요|세요)?",
    ),
)
