"""Verification service: checks doubtful sentences of a saved answer and saves what that shows."""

from msgspec import structs

from core.app.chats.answer_service import AnswerService
from core.app.chats.chat_service import ChatService
from core.app.chats.routing_service import RoutingService
from core.app.chats.title_generator import TitleGenerator
from core.chat.conversations.assurance import SentenceCheck
from core.chat.verification.sentence_checks import doubtful_sentences
from core.chat.verification.verification_run import CheckedTurn


class VerificationService:
    """Belongs to the thread of the application. What is found is broadcast as AnswerChecked."""

    def __init__(
        self,
        chat_service: ChatService,
        routing: RoutingService,
        answers: AnswerService,
        titles: TitleGenerator,
    ) -> None:
        self._chat_service = chat_service
        self._routing = routing
        self._answers = answers
        self._titles = titles

    def check_sentences(self, chat_id: str, turn_id: str) -> int:
        """Check the doubtful sentences of an answer; return how many they are, 0 for none.

        They are looked for in the folders that the chat was last asked about, with the model that
        answers there. Answers in the chat end first. Raises ModelError or NetworkError.
        """
        self._answers.end_answers_in_chat(chat_id)
        chat = self._chat_service.load_chat(chat_id)
        turn = chat.turns[turn_id]
        doubtful = doubtful_sentences(turn)
        if not doubtful:
            return 0
        choice = self._routing.route_question("", turn.text, chat, grounded=True)
        self._titles.pause_for_answer()

        def save(checks: tuple[SentenceCheck, ...]) -> None:
            now = self._chat_service.load_chat(chat_id)
            checked = now.turns.get(turn_id)
            if checked is not None:  # not deleted meanwhile
                assurance = structs.replace(checked.assurance, checks=checks)
                checked = structs.replace(checked, assurance=assurance)
                self._chat_service.add_turns(now.with_turn(checked), checked)

        self._answers.start_verification(CheckedTurn(chat, turn), choice.entry.path, save)
        return len(doubtful)

    def stop_checks(self, turn_id: str) -> None:
        """End the checks of an answer with what is judged by now."""
        self._answers.stop_answer(turn_id)
