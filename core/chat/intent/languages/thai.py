"""Thai: the words and phrases by which its messages are understood."""

from core.chat.intent.language import Language, TalkPhrases

THAI = Language(
    code="th",
    talk=TalkPhrases(
        greetings="สวัสดี(?:ครับ|ค่ะ|คะ)?|หวัดดี(?:ครับ|ค่ะ)?",
        thanks="ขอบคุณ(?:ครับ|ค่ะ|มาก)*",
        farewells="ลาก่อน",
        replies="ครับ|ค่ะ|โอเค",
        small_talk="คุณเป็นใคร|สบายดีไหม",
    ),
)
