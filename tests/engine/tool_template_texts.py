# ruff: noqa: E501 - long lines as templates have them
"""Chat templates that lay out tools, each written anew after the conventions of its family."""

QWEN = """\
{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
    {{- 'Functions you may call:\\n<tools>' }}
    {%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
    {{- '\\n</tools><|im_end|>\\n' }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' or (message.role == 'assistant' and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- elif message.role == 'assistant' %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}{{- '\\n' + message.content }}{%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}{%- set tool_call = tool_call.function %}{%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' + tool_call.name + '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == 'tool' %}
        {%- if loop.index0 == 0 or messages[loop.index0 - 1].role != 'tool' %}{{- '<|im_start|>user' }}{%- endif %}
        {{- '\\n<tool_response>\\n' + message.content + '\\n</tool_response>' }}
        {%- if loop.last or messages[loop.index0 + 1].role != 'tool' %}{{- '<|im_end|>\\n' }}{%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"""
"""So do Hermes and many others; Qwen 3 thinks besides."""

LLAMA_3 = """\
{{- bos_token }}
{%- if messages[0].role == 'system' %}
    {%- set about = messages[0].content | trim %}{%- set messages = messages[1:] %}
{%- else %}{%- set about = '' %}{%- endif %}
{{- '<|start_header_id|>system<|end_header_id|>\\n\\n' + about + '<|eot_id|>' }}
{%- if tools is not none %}
    {%- set first = messages[0].content | trim %}{%- set messages = messages[1:] %}
    {{- '<|start_header_id|>user<|end_header_id|>\\n\\nAnswer with one of these as JSON.\\n\\n' }}
    {%- for t in tools %}{{- t | tojson(indent=4) }}{{- '\\n\\n' }}{%- endfor %}
    {{- first + '<|eot_id|>' }}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls | length == 1 %}{{- raise_exception('one call at a time') }}{%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
        {{- '{"name": "' + tool_call.name + '", "parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- '}<|eot_id|>' }}
    {%- else %}
        {{- '<|start_header_id|>ipython<|end_header_id|>\\n\\n' }}
        {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}
        {%- else %}{{- message.content }}{%- endif %}
        {{- '<|eot_id|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}"""

MISTRAL = """\
{%- set asked = messages | selectattr('role', 'equalto', 'user') | list %}
{%- set ns = namespace(index=0) %}
{%- for message in messages %}
    {%- if not (message.role == 'tool' or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message.role == 'user') != (ns.index % 2 == 0) %}{{- raise_exception('roles must alternate') }}{%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {%- if tools is not none and message == asked[-1] %}
            {{- '[AVAILABLE_TOOLS] ' + tools | tojson + '[/AVAILABLE_TOOLS]' }}
        {%- endif %}
        {{- '[INST] ' + message.content + '[/INST]' }}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- '[TOOL_CALLS] [' }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function | tojson %}
            {{- out[:-1] }}
            {%- if tool_call.id | length != 9 %}{{- raise_exception('nine letters') }}{%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}{{- ', ' }}{%- else %}{{- ']' + eos_token }}{%- endif %}
        {%- endfor %}
    {%- elif message.role == 'assistant' %}
        {{- ' ' + message.content | trim + eos_token }}
    {%- elif message.role == 'tool' %}
        {{- '[TOOL_RESULTS] {"content": ' + message.content | string + ', "call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- endif %}
{%- endfor %}"""

MISTRAL_LATER = """\
{{- bos_token }}
{%- if tools %}{{- '[AVAILABLE_TOOLS]' + tools | tojson + '[/AVAILABLE_TOOLS]' }}{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' %}{{- '[INST]' + message.content + '[/INST]' }}
    {%- elif message.role == 'assistant' %}
        {%- if message.content %}{{- message.content }}{%- endif %}
        {%- for tool_call in message.tool_calls or [] %}
            {%- set arguments = tool_call.function.arguments %}
            {%- if arguments is not string %}{%- set arguments = arguments | tojson %}{%- endif %}
            {{- '[TOOL_CALLS]' + tool_call.function.name + '[ARGS]' + arguments }}
        {%- endfor %}
        {{- eos_token }}
    {%- elif message.role == 'tool' %}{{- '[TOOL_RESULTS]' + message.content + '[/TOOL_RESULTS]' }}
    {%- endif %}
{%- endfor %}"""

COMMAND_R = """\
{{- bos_token }}
{%- if tools %}
    {{- '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>' }}
    {%- for tool in tools %}{{- tool.function.name + ': ' + tool.function.description + '\\n' }}{%- endfor %}
    {{- '<|END_OF_TURN_TOKEN|>' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + message.content + '<|END_OF_TURN_TOKEN|>' }}
    {%- elif message.role == 'assistant' %}
        {{- '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}
        {%- if message.tool_calls %}
            {{- message.content }}
            {{- 'Action: ```json\\n[\\n' }}
            {%- for tool_call in message.tool_calls %}
                {{- '    {\\n        "tool_name": "' + tool_call.function.name + '",\\n        "parameters": ' }}
                {{- tool_call.function.arguments | tojson }}
                {{- '\\n    }' }}{%- if not loop.last %}{{- ',\\n' }}{%- endif %}
            {%- endfor %}
            {{- '\\n]```' }}
        {%- else %}{{- message.content }}{%- endif %}
        {{- '<|END_OF_TURN_TOKEN|>' }}
    {%- elif message.role == 'tool' %}
        {{- '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><results>' + message.content + '</results><|END_OF_TURN_TOKEN|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{%- endif %}"""

FUNCTION_TAGS = """\
{%- for tool in tools or [] %}{{- tool.function | tojson + '\\n' }}{%- endfor %}
{%- for message in messages %}
    {{- '<|' + message.role + '|>' + message.content }}
    {%- for tool_call in message.tool_calls or [] %}
        {{- '<function=' + tool_call.function.name + '>' + tool_call.function.arguments + '</function>\\n' }}
    {%- endfor %}
    {{- '<|end|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"""
"""Takes the arguments as text, as some of Llama's relatives do."""

QWEN_CODER = """\
{%- for tool in tools or [] %}{{- '<function>' + tool.function.name + '</function>\\n' }}{%- endfor %}
{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' + message.content }}
    {%- for tool_call in message.tool_calls or [] %}
        {{- '\\n<tool_call>\\n<function=' + tool_call.function.name + '>\\n' }}
        {%- for name, value in tool_call.function.arguments | items %}
            {{- '<parameter=' + name + '>\\n' }}{{- value | tojson if value is mapping else value | string }}{{- '\\n</parameter>\\n' }}
        {%- endfor %}
        {{- '</function>\\n</tool_call>' }}
    {%- endfor %}
    {{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"""

GLM = """\
{%- for tool in tools or [] %}{{- tool | tojson + '\\n' }}{%- endfor %}
{%- for message in messages %}
    {{- '<|' + message.role + '|>\\n' + message.content }}
    {%- for tool_call in message.tool_calls or [] %}
        {{- '\\n<tool_call>' + tool_call.function.name + '\\n' }}
        {%- for name, value in tool_call.function.arguments.items() %}
            {{- '<arg_key>' + name + '</arg_key>\\n<arg_value>' }}
            {{- value if value is string else value | tojson }}
            {{- '</arg_value>\\n' }}
        {%- endfor %}
        {{- '</tool_call>' }}
    {%- endfor %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"""

DEEPSEEK_LATER = """\
{{- bos_token }}
{%- for tool in tools or [] %}{{- tool | tojson + '\\n' }}{%- endfor %}
{%- for message in messages %}
    {{- '<' + message.role + '>' + message.content }}
    {%- if message.tool_calls %}
        {{- '\\n\\n<DSML|calls>\\n' }}
        {%- for tool_call in message.tool_calls %}
            {{- '<DSML|invoke name="' + tool_call.function.name + '">\\n' }}
            {%- for name, value in tool_call.function.arguments | items %}
                {%- if value is string %}{{- '<DSML|parameter name="' + name + '" string="true">' + value }}
                {%- else %}{{- '<DSML|parameter name="' + name + '" string="false">' + value | tojson }}{%- endif %}
                {{- '</DSML|parameter>\\n' }}
            {%- endfor %}
            {{- '</DSML|invoke>\\n' }}
        {%- endfor %}
        {{- '</DSML|calls>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<assistant>' }}{%- endif %}"""

GEMMA_4 = """\
{%- macro literal(value) %}
    {%- if value is string %}{{- '<|"|>' + value + '<|"|>' }}
    {%- elif value is boolean %}{{- 'true' if value else 'false' }}
    {%- elif value is mapping %}
        {{- '{' }}{%- for key, each in value | dictsort %}{{- key + ':' }}{{- literal(each) }}{%- if not loop.last %},{%- endif %}{%- endfor %}{{- '}' }}
    {%- elif value is iterable %}
        {{- '[' }}{%- for each in value %}{{- literal(each) }}{%- if not loop.last %},{%- endif %}{%- endfor %}{{- ']' }}
    {%- else %}{{- value }}{%- endif %}
{%- endmacro %}
{%- for tool in tools or [] %}{{- '<|tool>' + tool.function.name + tool.function.description + '<tool|>' }}{%- endfor %}
{%- for message in messages %}
    {{- '<|turn>' + message.role + '\\n' + message.content }}
    {%- for tool_call in message.tool_calls or [] %}
        {{- '<|tool_call>call:' + tool_call.function.name }}{{- literal(tool_call.function.arguments) }}{{- '<tool_call|>' }}
    {%- endfor %}
    {{- '<turn|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|turn>model\\n' }}{%- endif %}"""

PYTHON_CALLS = """\
{%- for tool in tools or [] %}{{- tool | tojson + '\\n' }}{%- endfor %}
{%- for message in messages %}
    {{- '<|' + message.role + '|>' + message.content }}
    {%- if message.tool_calls %}
        {{- '[' }}
        {%- for tool_call in message.tool_calls %}
            {{- tool_call.function.name + '(' }}
            {%- for name, value in tool_call.function.arguments | items %}
                {{- name + '=' + value | tojson }}{%- if not loop.last %}{{- ', ' }}{%- endif %}
            {%- endfor %}
            {{- ')' }}{%- if not loop.last %}{{- ', ' }}{%- endif %}
        {%- endfor %}
        {{- ']' }}
    {%- endif %}
    {{- '<|eot|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"""
"""As some builds of Llama 3.2 and Llama 4 have it."""

DEEPSEEK = """\
{{- bos_token }}
{%- for message in messages %}
    {{- '<|' + message.role + '|>' + message.content }}
    {%- if message.tool_calls %}
        {{- '<calls|begin>' }}
        {%- for tool_call in message.tool_calls %}
            {{- '<call|begin>function<sep>' + tool_call.function.name + '\\n```json\\n' }}
            {{- tool_call.function.arguments | tojson + '\\n```<call|end>' }}
        {%- endfor %}
        {{- '<calls|end>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"""
"""Has no place for the tools themselves."""

HARMONY = """\
{%- for tool in tools or [] %}{{- '<|start|>developer<|message|>' + tool.function.name + ': ' + tool.function.description + '<|end|>' }}{%- endfor %}
{%- set last = namespace(name='') %}
{%- for message in messages %}
    {%- if message.role == 'tool' %}
        {{- '<|start|>functions.' + last.name + ' to=assistant<|channel|>commentary<|message|>' + message.content | tojson + '<|end|>' }}
    {%- elif message.tool_calls %}
        {%- if message.content %}{{- '<|start|>assistant<|channel|>analysis<|message|>' + message.content + '<|end|>' }}{%- endif %}
        {%- set last.name = message.tool_calls[0].function.name %}
        {{- '<|start|>assistant to=functions.' + last.name + '<|channel|>commentary json<|message|>' }}
        {{- message.tool_calls[0].function.arguments | tojson + '<|call|>' }}
    {%- elif message.role == 'assistant' %}{{- '<|start|>assistant<|channel|>final<|message|>' + message.content + '<|end|>' }}
    {%- else %}{{- '<|start|>' + message.role + '<|message|>' + message.content + '<|end|>' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start|>assistant' }}{%- endif %}"""

OTHER_ARGUMENTS = {
    "Qwen Coder": QWEN_CODER,
    "GLM": GLM,
    "later DeepSeek": DEEPSEEK_LATER,
    "Gemma 4": GEMMA_4,
    "Python": PYTHON_CALLS,
}
"""Templates whose calls are no JSON."""

KNOWN = {
    "Qwen": QWEN,
    "Llama 3": LLAMA_3,
    "Mistral": MISTRAL,
    "later Mistral": MISTRAL_LATER,
    "Command R": COMMAND_R,
    "function tags": FUNCTION_TAGS,
}
