"""Messages between processes: frozen structs in closed, tagged unions.

A `request_id` names the request an event answers; events of a request that was cancelled may still
arrive and are dropped by whoever asked. `PROTOCOL` is compared when a child says hello.

Each message stands in the module of its subject, with the unions that a child reads and writes; all
of them can be imported from here.
"""

from core.messages.api_messages import *
from core.messages.bench_messages import *
from core.messages.common_messages import *
from core.messages.courier_messages import *
from core.messages.document_messages import *
from core.messages.engine_messages import *
from core.messages.evaluation_messages import *
from core.messages.extractor_messages import *
from core.messages.folder_messages import *
from core.messages.judging_messages import *
from core.messages.library_messages import *
from core.messages.planner_messages import *
from core.messages.program_messages import *
from core.messages.quantization_messages import *
from core.messages.sampling_messages import *
from core.messages.training_messages import *
from core.messages.tuning_messages import *
