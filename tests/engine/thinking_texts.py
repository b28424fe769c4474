# ruff: noqa: E501 - the templates are as their makers wrote them
"""Templates of reasoning models, shortened to what a chat without tools uses, and a vocabulary."""

from collections.abc import Iterable, Sequence

from tests.engine.template_texts import DEEPSEEK_R1, QWEN_3

SEED_OSS = """\
{%- set bos_token              = '<seed:bos>'               -%}
{%- set eos_token              = '<seed:eos>'               -%}
{%- set think_begin_token      = '<seed:think>'             -%}
{%- set think_end_token        = '</seed:think>'            -%}
{%- for message in messages %}
{%- if message.role in ["user", "system"] %}
{{ bos_token + message.role + "\\n" + message.content + eos_token }}
{%- elif message.role == "assistant" %}
{{ bos_token + message.role }}
{%- if message.reasoning_content is defined and message.reasoning_content is string and message.reasoning_content | trim | length > 0 %}
{{ "\\n" + think_begin_token + message.reasoning_content | trim + think_end_token }}
{%- endif %}
{%- if message.content is defined and message.content is string and message.content | trim | length > 0 %}
{{ "\\n" + message.content | trim + eos_token }}
{%- endif %}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{ bos_token+"assistant\\n" }}
{%- endif %}"""

GPT_OSS = """\
{%- if messages[0].role == "developer" or messages[0].role == "system" %}
    {%- set developer_message = messages[0].content %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set developer_message = "" %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- if developer_message %}
    {{- "<|start|>developer<|message|># Instructions\\n\\n" + developer_message + "\\n\\n<|end|>" }}
{%- endif %}
{%- for message in loop_messages -%}
    {%- if message.role == 'assistant' -%}
        {%- if "<|channel|>analysis<|message|>" in message.content or "<|channel|>final<|message|>" in message.content %}
            {{- raise_exception("You have passed a message containing <|channel|> tags in the content field.") }}
        {%- endif %}
        {%- if loop.last and not add_generation_prompt %}
            {%- if "thinking" in message %}
                {{- "<|start|>assistant<|channel|>analysis<|message|>" + message.thinking + "<|end|>" }}
            {%- endif %}
            {{- "<|start|>assistant<|channel|>final<|message|>" + message.content + "<|return|>" }}
        {%- else %}
            {{- "<|start|>assistant<|channel|>final<|message|>" + message.content + "<|end|>" }}
        {%- endif %}
    {%- elif message.role == 'user' -%}
        {{- "<|start|>user<|message|>" + message.content + "<|end|>" }}
    {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
<|start|>assistant
{%- endif -%}"""

MINISTRAL = """\
{{- bos_token }}
{%- if messages[0]['role'] == 'system' %}
    {{- '[SYSTEM_PROMPT]' + messages[0]['content'] + '[/SYSTEM_PROMPT]' }}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- for message in loop_messages %}
    {%- if message['role'] == 'user' %}
        {{- '[INST]' + message['content'] + '[/INST]' }}
    {%- elif message['role'] == 'assistant' %}
        {%- if message['content'] is string and message['content'] != '' %}
            {{- message['content'] }}
        {%- elif message['content'] | length > 0 %}
            {%- for block in message['content'] %}
                {%- if block['type'] == 'text' %}
                    {{- block['text'] }}
                {%- elif block['type'] == 'thinking' %}
                    {{- '[THINK]' + block['thinking'] + '[/THINK]' }}
                {%- endif %}
            {%- endfor %}
        {%- endif %}
        {{- eos_token }}
    {%- endif %}
{%- endfor %}"""

GEMMA_4 = """\
{%- macro strip_thinking(text) -%}
    {%- set ns = namespace(result='') -%}
    {%- for part in text.split('<channel|>') -%}
        {%- if '<|channel>' in part -%}
            {%- set ns.result = ns.result + part.split('<|channel>')[0] -%}
        {%- else -%}
            {%- set ns.result = ns.result + part -%}
        {%- endif -%}
    {%- endfor -%}
    {{- ns.result | trim -}}
{%- endmacro -%}
{{- bos_token -}}
{%- for message in messages -%}
    {%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}
    {{- '<|turn>' + role + '\\n' -}}
    {%- if role == 'model' -%}
        {{- strip_thinking(message['content']) -}}
    {%- else -%}
        {{- message['content'] | trim -}}
    {%- endif -%}
    {{- '<turn|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<|turn>model\\n' -}}
    {%- if not enable_thinking | default(true) -%}
        {{- '<|channel>thought\\n<channel|>' -}}
    {%- endif -%}
{%- endif -%}"""

KIMI_VL = (
    "{%- for message in messages -%}{%- if message['role'] == 'system' -%}"
    "{{'<|im_system|>'}}{%- elif message['role'] == 'user' -%}{{'<|im_user|>'}}"
    "{%- else -%}{{'<|im_assistant|>'}}{%- endif -%}"
    "{{message['role'] + '<|im_middle|>' + message['content'].split('◁/think▷')[-1]"
    " + '<|im_end|>'}}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{'<|im_assistant|>assistant<|im_middle|>'}}{%- endif -%}"
)

ALL = {
    "Qwen 3": QWEN_3,
    "DeepSeek R1": DEEPSEEK_R1,
    "Seed-OSS": SEED_OSS,
    "gpt-oss": GPT_OSS,
    "Ministral": MINISTRAL,
    "Gemma 4": GEMMA_4,
    "Kimi-VL": KIMI_VL,
}


class Letters:
    """A vocabulary whose tokens are letters, and some words that are one control token each."""

    size = 1 << 20
    adds_bos = False
    bos = eos = -1

    def __init__(self, control: Iterable[str] = ()) -> None:
        self._control = sorted(control, key=len, reverse=True)

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        tokens: list[int] = []
        while text:
            words = [word for word in self._control if control and text.startswith(word)]
            tokens.append(-2 - self._control.index(words[0]) if words else ord(text[0]))
            text = text[len(words[0]) if words else 1 :]
        return tokens

    def token_bytes(self, token: int, *, control: bool = False) -> bytes:
        if token >= 0:
            return chr(token).encode()
        return self._control[-2 - token].encode() if control else b""

    def detokenize(self, tokens: Sequence[int]) -> str:
        return "".join(map(self.token_text, tokens))

    def token_text(self, token: int) -> str:
        return self.token_bytes(token, control=True).decode() if token != -1 else ""
