"""Language: all words and phrases by which messages in one of them are understood.

Each text is a list of alternatives of a regular expression, joined by "|", that match folded text
(see `folded_message`): casefolded, without emoji, with single spaces; German "ß" is "ss" then. The
rules see to the borders of words, unless a field says "with its borders". In patterns "<…>" stands
for alternatives that are gathered from several languages:

    <files>, <kinds>, <any>   words for files of any content, for kinds of documents, for both
    <holder>, <period>, <says>   "folder", "last week", "requires"
    <works>, <ranks>          what is written ("poem"), orders of files ("newest")
    <end>                     the end of the message, whatever punctuation stands there
"""

from msgspec import Struct


class TalkPhrases(Struct, frozen=True, kw_only=True):
    """What only greets, thanks, takes leave, agrees or asks who is there.

    Those named `own_…` count only beside each other: Dutch "wel" is praise and English "k" agrees,
    but "welk" asks. All others count beside each other in any mix of languages.
    """

    greetings: str = ""
    thanks: str = ""
    farewells: str = ""
    replies: str = ""
    small_talk: str = ""
    addressees: str = ""
    """Who is greeted, and words that only fill: "friend", "then", "please"."""
    joiners: str = ""
    """What joins two of these: "and"."""
    own_greetings: str = ""
    """Greetings, farewells and small talk."""
    own_thanks: str = ""
    own_praise: str = ""
    """Praise and agreement, and what goes with thanks: "very", "for your help"."""


class CourtesyWords(Struct, frozen=True, kw_only=True):
    """Words, separated by spaces, of which clauses consist that thank, praise or apologise.

    One of the `telling` must be among them; a clause that begins with one of the `openers` asks.
    """

    telling: str = ""
    others: str = ""
    openers: str = ""
    telling_signs: str = ""
    """The same for a language without spaces, as alternatives."""
    signs: str = ""
    """Alternatives of which a whole clause consists there, telling or not."""


class TaskPhrases(Struct, frozen=True, kw_only=True):
    """Tasks that rest on no document, tasks on the conversation, and tasks over whole documents."""

    openings: str = ""
    """What stands before the matter: a greeting, "please", "could you"."""
    makes: str = ""
    """Verbs of making a text, at the begin of a message that asks for one of the `works`."""
    works: str = ""
    creations: str = ""
    """Patterns of wishes for a text where verb and work stand otherwise, with their borders."""
    asks: str = ""
    """How a message begins that asks for what stands somewhere, though the same verb asks for
    works: "tell me when", "give me the"; with the borders behind it."""
    rewordings: str = ""
    """Patterns of tasks on what was said before: "make it shorter"; with their borders."""
    instructions: str = ""
    """How a message begins that tells the model what to keep in mind or how to behave: "remember
    that", "you are a pirate"; with the borders behind it."""
    quoting: str = ""
    """What asks for a translation or correction of words in quotation marks."""
    saying: str = ""
    """What asks for a translation of words without them: "how do you say", and then …"""
    into: str = ""
    """… before the other language: "in"."""
    quoted: str = ""
    """Patterns of such questions where the words stand first."""
    documents: str = ""
    """Words for documents and kinds of them, with their borders; none that people also ask to be
    written, as a letter."""
    papers: str = ""
    """Words for those, where they are certain ones: "the letter", "his e-mail"; with their
    borders."""
    certain: str = ""
    """Words for one document, or for two, with what tells that these are meant and no others:
    "the lease", "my two offers"; with their borders."""
    whole_tasks: str = ""
    """Tasks over a whole text where a word for documents stands, too; with their borders."""
    single_facts: str = ""
    """How a question begins that one passage answers, "when" or "who", whatever words of whole
    tasks stand in it; with the borders."""
    whole_alone: str = ""
    """Patterns of tasks over everything that name no document."""


class LibraryPhrases(Struct, frozen=True, kw_only=True):
    """Questions about the library itself; what a document says is asked otherwise."""

    files: str = ""
    kinds: str = ""
    """Kinds of documents that people count: "contracts"."""
    holders: str = ""
    """What files lie in: "folder"."""
    periods: str = ""
    """Times of a change, also those without a name below; where empty, the named ones."""
    says: str = ""
    """What is said of a document's text: "requires"; such a question is none on the library."""
    yesterday: str = ""
    today: str = ""
    last_week: str = ""
    last_month: str = ""
    last_year: str = ""
    this_week: str = ""
    this_month: str = ""
    this_year: str = ""
    recently: str = ""
    since: str = ""
    days: str = ""
    """The word for days after a number, with the space before it."""
    counts: str = ""
    """Patterns from here on, with their borders: how many files there are."""
    unreadable: str = ""
    changes: str = ""
    last_changed: str = ""
    """Which file was changed last."""
    contents: str = ""
    lists: str = ""
    existence: str = ""
    ranked: str = ""
    """The newest, oldest, largest or smallest files, told by groups named newest_xx and so on."""
    newest: str = ""
    """Words for orders, for languages whose ranked questions are only these and `rank_words`."""
    oldest: str = ""
    largest: str = ""
    smallest: str = ""
    rank_words: str = ""
    fillers: str = ""
    """What is no word to look for in such a question, with its borders."""
    last_fillers: str = ""
    """The same, where nothing longer begins: "this" is one, but not that of "this week"."""
    word_files: str = ""
    spreadsheets: str = ""
    presentations: str = ""
    pictures: str = ""
    mails: str = ""
    stop_words: str = ""
    """Words, separated by spaces, that files are not looked up by."""


class SumPhrases(Struct, frozen=True, kw_only=True):
    """What asks for the value of a sum, and the operators in words, longer ones first."""

    leads: str = ""
    tails: str = ""
    percent: str = ""
    divided: str = ""
    power: str = ""
    times: str = ""
    minus: str = ""
    plus: str = ""


class NumberWords(Struct, frozen=True, kw_only=True):
    """Number words in order, separated by "|"; those of one number by spaces, the usual first."""

    units: str = ""
    """From nothing on, up to nineteen where they are words of their own."""
    tens: str = ""
    """From twenty on."""
    hundreds: str = ""
    """From a hundred on, where they are one word."""
    hundred: str = ""
    """What multiplies the word before it by a hundred."""
    thousand: str = ""
    """Where it is not known, numbers count below a hundred and before a unit of measure only."""
    ordinals: str = ""
    """From the third on: "first" and "second" often count nothing."""


class Language(Struct, frozen=True, kw_only=True):
    """One language; what is left out is not known of it."""

    code: str
    has_spaces: bool = True
    """Whether spaces stand between its words."""
    talk: TalkPhrases = TalkPhrases()
    courtesy: CourtesyWords = CourtesyWords()
    tasks: TaskPhrases = TaskPhrases()
    library: LibraryPhrases = LibraryPhrases()
    sums: SumPhrases = SumPhrases()
    numbers: NumberWords = NumberWords()
