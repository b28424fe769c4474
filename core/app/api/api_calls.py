"""Calls of other programs, answered by the engine and library that the window uses."""

from functools import partial

from msgspec import structs

from core.api.client import ApiClient
from core.app.api.api_generation import ApiGeneration
from core.app.api.api_model_names import describe_models, find_named_model
from core.app.chats.answer_service import AnswerService
from core.app.loading.model_load_service import ModelLoadService
from core.app.models.model_service import ModelService
from core.app.models.model_settings_service import ModelSettingsService
from core.base.errors import InglenookError
from core.messages import (
    ApiCalls,
    ApiModelsListed,
    ApiProgress,
    ApiResult,
    CallOutcome,
    CallProgress,
    CancelCall,
    Failed,
    Generate,
    GenerateText,
    ListApiModels,
    Sampling,
    SamplingChoice,
)


class ApiCallService:
    """Answers calls in the application's thread. An answer waits as one of the window would."""

    def __init__(
        self,
        client: ApiClient,
        models: ModelService,
        model_settings: ModelSettingsService,
        loading: ModelLoadService,
        answers: AnswerService,
    ) -> None:
        self._client = client
        self._models = models
        self._model_settings = model_settings
        self._loading = loading
        self._answers = answers
        self._generations: dict[str, ApiGeneration] = {}

    def answer_call(self, call: ApiCalls) -> None:
        """Begin to answer; what goes wrong is the outcome."""
        try:
            match call:
                case GenerateText():
                    self._generate(call)
                case ListApiModels():
                    listed = describe_models(self._models, self._loading.path)
                    self._finish_call(call.call_id, ApiModelsListed(models=listed))
                case CancelCall():
                    if generation := self._generations.get(call.call_id):
                        generation.stop()
        except InglenookError as error:
            failed = Failed(request_id=call.call_id, code=error.code, facts=error.facts)
            self._finish_call(call.call_id, failed)

    def end_all_calls(self) -> None:
        """End what is on its way: nobody waits for it any more."""
        for generation in tuple(self._generations.values()):
            generation.close()

    def _generate(self, call: GenerateText) -> None:
        entry = find_named_model(self._models, call.model)
        request = Generate(
            request_id=call.call_id,
            turns=call.turns,
            sampling=self._sampling(entry.path, call.sampling),
            max_tokens=call.max_tokens,
            may_leave_out=False,
            prompt=call.prompt,
            suffix=call.suffix,
            logprobs=call.logprobs,
            is_outside=True,
        )
        generation = ApiGeneration(
            request,
            entry.path,
            self._loading,
            partial(self._report, call.call_id),
            self._finish_generation,
        )
        self._generations[call.call_id] = generation
        self._answers.add_outside_answer(generation)
        generation.start()
        if generation.is_waiting:
            self._report_places()

    def _sampling(self, path: str, choice: SamplingChoice) -> Sampling:
        usual = self._model_settings.sampling_for(path, grounded=False)
        given = {name: value for name, value in structs.asdict(choice).items() if value is not None}
        return structs.replace(usual, **given)

    def _finish_generation(self, generation: ApiGeneration, outcome: CallOutcome) -> None:
        call_id = generation.turn_id
        if self._generations.pop(call_id, None) is None:
            return
        self._finish_call(call_id, outcome)
        self._answers.end_outside_answer(generation)
        self._report_places()

    def _report_places(self) -> None:
        """Tell those that wait for another model how many wait before them."""
        waiting = [each for each in self._generations.values() if each.is_waiting]
        for place, generation in enumerate(waiting, start=1):
            generation.report_place(place)

    def _report(self, call_id: str, event: CallProgress) -> None:
        self._answers.update_indexing()  # it may just have begun to compute
        self._client.send_if_running(ApiProgress(call_id=call_id, event=event))

    def _finish_call(self, call_id: str, outcome: CallOutcome) -> None:
        self._client.send_if_running(ApiResult(call_id=call_id, outcome=outcome))
