"""Calls of other programs, answered by the engine and library that the window uses."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from core.api.client import ApiClient
from core.app.api.api_folder_answers import ApiFolderAnswers
from core.app.api.api_generation import ApiGeneration
from core.app.api.api_model_names import describe_models, find_named_model
from core.app.chats.answer_service import AnswerService
from core.app.chats.chat_service import ChatService
from core.app.chats.question_service import QuestionService
from core.app.events.app_events import AppEvent
from core.app.library.folder_service import FolderService
from core.app.loading.model_load_service import ModelLoadService
from core.app.models.model_service import ModelService
from core.app.models.model_settings_service import ModelSettingsService
from core.app.usage.asking_origin import asked_by, program_origin
from core.app.usage.usage_service import UsageService
from core.base.errors import ErrorCode, InglenookError, LibraryError
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import (
    FOLDER_PREFIX,
    AnswerDone,
    ApiCall,
    ApiCalls,
    ApiModel,
    ApiModelsListed,
    ApiProgress,
    ApiResult,
    AskFolders,
    CallOutcome,
    CallProgress,
    CancelCall,
    EmbedForProgram,
    Failed,
    Generate,
    GenerateText,
    JudgeForProgram,
    JudgePassages,
    ListApiModels,
    Sampling,
    SamplingChoice,
    SearchForProgram,
    UnloadForProgram,
)


class ApiServices(NamedTuple):
    """What calls are answered by: the services that the window calls."""

    models: ModelService
    model_settings: ModelSettingsService
    loading: ModelLoadService
    answers: AnswerService
    folders: FolderService
    library: LibraryClient
    chats: ChatService
    questions: QuestionService
    usage: UsageService


class ApiCallService:
    """Answers calls in the application's thread. An answer waits as one of the window would."""

    def __init__(self, client: ApiClient, services: ApiServices) -> None:
        self._client = client
        self._models = services.models
        self._model_settings = services.model_settings
        self._loading = services.loading
        self._usage = services.usage
        self._answers = services.answers
        self._folders = services.folders
        self._library = services.library
        self._folder_answers = ApiFolderAnswers(
            services.chats, services.questions, services.answers, self._report, self._finish_call
        )
        self._generations: dict[str, ApiGeneration] = {}
        self._replies: dict[str, Reply[Any, Any]] = {}  # of the library

    def on_app_event(self, event: AppEvent) -> None:
        """Hear of answers from folders."""
        self._folder_answers.on_app_event(event)

    def answer_call(self, call: ApiCalls) -> None:
        """Begin to answer; what goes wrong is the outcome."""
        try:
            match call:
                case GenerateText():
                    self._generate(call)
                case UnloadForProgram():
                    self._unload(call)
                case AskFolders():
                    self._ask_folders(call)
                case SearchForProgram():
                    self._with_folders(call, call.folders, partial(self._search, call))
                case EmbedForProgram():
                    self._follow(call, self._library.embed_texts(call.texts, as_passages=True))
                case JudgeForProgram():
                    self._judge(call)
                case ListApiModels():
                    self._list_models(call)
                case CancelCall():
                    self._cancel(call.call_id)
        except InglenookError as error:
            self._fail(call.call_id, error)

    def end_all_calls(self) -> None:
        """End what is on its way: nobody waits for it any more."""
        for reply in self._replies.values():
            reply.detach()
        self._replies.clear()
        self._folder_answers.cancel_all_calls()
        for generation in tuple(self._generations.values()):
            generation.close()

    def _generate(self, call: GenerateText) -> None:
        entry = find_named_model(self._models, call.model)
        request = Generate(
            request_id=call.call_id,
            turns=call.turns,
            sampling=self._sampling(entry.path, call.sampling),
            max_tokens=call.max_tokens,
            may_leave_out=call.may_leave_out,
            begun=call.begun,
            prompt=call.prompt,
            prompt_ids=call.prompt_ids,
            suffix=call.suffix,
            logprobs=call.logprobs,
            most_context=call.most_context,
            is_outside=True,
        )
        with asked_by(program_origin(call.client)):
            engine = self._usage.metered_engine(self._loading, entry.path)
        generation = ApiGeneration(
            request,
            entry.path,
            engine,
            partial(self._report, call.call_id),
            partial(self._finish_generation, call.keep_seconds),
        )
        self._generations[call.call_id] = generation
        self._answers.add_outside_answer(generation)
        generation.start()
        if generation.is_waiting:
            self._report_places()

    def _unload(self, call: UnloadForProgram) -> None:
        """Free a model's memory; one that answers stays, and nothing is said of it."""
        self._loading.release_model(find_named_model(self._models, call.model).path, "asked")
        self._finish_call(call.call_id, AnswerDone(request_id=call.call_id, stop="unload"))

    def _ask_folders(self, call: AskFolders) -> None:
        entry = find_named_model(self._models, call.model)
        sampling = self._sampling(entry.path, call.sampling, grounded=True)

        def ask(folder_ids: tuple[str, ...]) -> None:
            with asked_by(program_origin(call.client)):
                self._folder_answers.ask_folders(call, folder_ids, entry.ref, sampling)

        self._with_folders(call, call.folders, ask)

    def _search(self, call: SearchForProgram, folder_ids: tuple[str, ...]) -> None:
        found = self._library.search_folders(call.query, folder_ids, call.k, call.filters)
        self._follow(call, found)

    def _judge(self, call: JudgeForProgram) -> None:
        request_id = new_request_id()
        judging = JudgePassages(request_id=request_id, question=call.query, texts=call.texts)
        self._follow(call, self._library.send(judging))

    def _list_models(self, call: ListApiModels) -> None:
        models = describe_models(self._models, self._loading)

        def answer(_listed: object) -> None:
            folders = (
                ApiModel(
                    name=f"{FOLDER_PREFIX}{each.name}",
                    is_folder=True,
                    created=int(each.synced or 0),
                )
                for each in sorted(self._folders.known_folders, key=lambda each: each.name)
            )
            self._finish_call(call.call_id, ApiModelsListed(models=(*models, *folders)))

        self._folders.list_folders().on_done(answer).on_error(answer)

    def _with_folders(
        self, call: ApiCall, names: Sequence[str], go_on: Callable[[tuple[str, ...]], None]
    ) -> None:
        """Go on with the ids of the folders with these names; none given: without any."""

        def resolve(_listed: object) -> None:
            try:
                go_on(tuple(self._folder_id(name) for name in names))
            except InglenookError as error:
                self._fail(call.call_id, error)

        listed = self._folders.list_folders()
        listed.on_done(resolve)
        listed.on_error(partial(self._finish_call, call.call_id))

    def _folder_id(self, name: str) -> str:
        for folder_id, known in self._folders.folder_names().items():
            if name.strip().lower() == known.lower():
                return folder_id
        raise LibraryError(ErrorCode.FOLDER_UNKNOWN, name=name[:100])

    def _follow(self, call: ApiCall, reply: Reply[Any, Any]) -> None:
        """Pass on the end of a request to the library."""

        def end(outcome: CallOutcome) -> None:
            self._replies.pop(call.call_id, None)
            self._finish_call(call.call_id, outcome)

        self._replies[call.call_id] = reply
        reply.on_done(end).on_error(end)

    def _cancel(self, call_id: str) -> None:
        if generation := self._generations.get(call_id):
            generation.stop()
        elif reply := self._replies.get(call_id):
            reply.cancel()
        else:
            self._folder_answers.cancel_call(call_id)

    def _sampling(self, path: str, choice: SamplingChoice, *, grounded: bool = False) -> Sampling:
        usual = self._model_settings.sampling_for(path, grounded=grounded)
        given = {name: value for name, value in structs.asdict(choice).items() if value is not None}
        return structs.replace(usual, **given)

    def _finish_generation(
        self, keep_seconds: float | None, generation: ApiGeneration, outcome: CallOutcome
    ) -> None:
        call_id = generation.turn_id
        if self._generations.pop(call_id, None) is None:
            return
        self._finish_call(call_id, outcome)
        self._answers.end_outside_answer(generation)
        if keep_seconds is not None and generation.model_path == self._loading.path:
            self._loading.idle.want_seconds(keep_seconds)
        self._report_places()

    def _report_places(self) -> None:
        """Tell those that wait for another model how many wait before them."""
        waiting = [each for each in self._generations.values() if each.is_waiting]
        for place, generation in enumerate(waiting, start=1):
            generation.report_place(place)

    def _report(self, call_id: str, event: CallProgress) -> None:
        self._answers.update_indexing()  # it may just have begun to compute
        self._client.send_if_running(ApiProgress(call_id=call_id, event=event))

    def _fail(self, call_id: str, error: InglenookError) -> None:
        failed = Failed.from_error(call_id, error)
        self._finish_call(call_id, failed)

    def _finish_call(self, call_id: str, outcome: CallOutcome) -> None:
        self._client.send_if_running(ApiResult(call_id=call_id, outcome=outcome))
