"""Makes src/test/resources/templates: what transformers renders, for TemplateParityTest.

    python chat_templates.py ../resources/templates     # transformers 5.24, jinja2 3.1

The templates have the shapes of those of well-known models; they are written for these tests. "language.json" holds small
pieces of Jinja with what they become, or with null where Jinja refuses them.
"""

import json
import sys
from pathlib import Path

from transformers.utils.chat_template_utils import _compile_jinja_template, render_jinja_template

TEMPLATES = {}

TEMPLATES["chatml"] = """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""

TEMPLATES["zephyr"] = """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}"""

TEMPLATES["llama2"] = """{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"""

TEMPLATES["llama3"] = """{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"""

TEMPLATES["llama31"] = """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if given_clock is defined %}
        {%- set date_string = given_clock("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- The system message stands first, whether it is given or not. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none %}
    {{- "You can call functions. They are:\\n\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot_id|>" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""

TEMPLATES["mistral"] = """{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}"""

TEMPLATES["mistral-v3"] = """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}

{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("After the optional system message, conversation roles must alternate user/assistant/user/assistant/...") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}

{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.first and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported, with the exception of an initial optional system message!") }}
    {%- endif %}
{%- endfor %}
"""

TEMPLATES["qwen25"] = """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are a helpful assistant.' }}
    {%- endif %}
    {{- "\\n\\n# Tools\\n\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}
            {{- '\\n' + message.content }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- message.content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""

TEMPLATES["qwen3"] = """{%- if messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""

TEMPLATES["gemma2"] = """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"""

TEMPLATES["gemma3"] = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model\n'}}
{%- endif -%}
"""

TEMPLATES["phi3"] = """{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"""

TEMPLATES["marked"] = """{%- macro turn(role, text, end='<|end|>') -%}
  {{- '<|' ~ role ~ '|>' }}{{ text|trim }}{{ end -}}
{%- endmacro -%}
{%- for message in messages if message.role != 'comment' -%}
  {%- if message.role == 'assistant' -%}
    {{- '<|assistant|>' -}}{% generation %}{{ message.content }}{{ '<|end|>' }}{% endgeneration %}
  {%- else -%}
    {{- turn(message.role, message.content) -}}
  {%- endif -%}
{%- else -%}
  {{- raise_exception('no messages') -}}
{%- endfor -%}
{%- if add_generation_prompt %}{{ '<|assistant|>' }}{% endif -%}"""

CONVERSATIONS = [
    [{"role": "user", "content": "Hello, who are you?"}, {"role": "assistant", "content": " I am a test. "}],
    [{"role": "system", "content": "Be brief.\nBe kind."},
     {"role": "user", "content": "  What is 2 + 2?\n\n"},
     {"role": "assistant", "content": "4"},
     {"role": "user", "content": "und auf Deutsch? 🦊 漢字 {{ not a tag }} {% nor this %}"},
     {"role": "assistant", "content": "<think>\nEasy.\n</think>\n\nvier"}],
    [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}],
    [{"role": "user", "content": "x'y\"z\\ <|im_end|>"}, {"role": "assistant", "content": "é\u00a0\u2028 \t"},
     {"role": "tool", "content": "7"}, {"role": "assistant", "content": "seven"}],
    [{"role": "user", "content": "only a question"}],
]

TOOLS = [{"type": "function", "function": {"name": "add", "description": "Adds <two> numbers & more.", "parameters": {
    "type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number", "default": 1.5}}, "required": ["a"]}}}]

TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}

ITEMS = [{"n": "b", "v": 2, "on": True}, {"n": "A", "v": 1, "on": False}, {"n": "c", "v": None}]
VARIABLES = {"s": " Ab c\n", "w": "one two  three", "n": 7, "f": 2.5, "t": True, "l": [3, 1, 2], "d": {"b": 1, "a": [None, "x"]},
             "items": ITEMS, "e": "", "u": "é漢🦊z"}

LANGUAGE = """
{{ s }}|{{ s|trim }}|{{ s.strip() }}|{{ s.lstrip() }}|{{ s.rstrip() }}|{{ s.rstrip('\\n') }}
{{ w.split() }}{{ w.split(' ') }}{{ w.split(' ', 1) }}{{ w.rsplit(' ', 1) }}{{ w.split(none, 1) }}{{ w.rsplit(none, 1) }}
{{ w.title() }}{{ w.upper() }}{{ w.capitalize() }}{{ w|title }}{{ 'o\\'neil x1y'|title }}
{{ w.replace('o', '0') }}{{ w.replace('o', '0', 1) }}{{ w|replace('two', '2') }}{{ w.find('two') }}{{ w.find('zz') }}{{ w.count('e') }}
{{ w.startswith('one') }}{{ w.endswith(('x', 'three')) }}{{ 'two' in w }}{{ 'x' not in w }}
{{ u[0] }}{{ u[2] }}{{ u[-1] }}{{ u[1:3] }}{{ u[::-1] }}{{ u|length }}{{ u.find('z') }}
{{ l[0] }}{{ l[-1] }}{{ l[1:] }}{{ l[:-1] }}{{ l[::2] }}{{ l[::-1] }}{{ l[5:] }}{{ l[-2:] }}{{ l[10] }}
{{ l|sort }}{{ l|sort(reverse=true) }}{{ l|first }}{{ l|last }}{{ l|sum }}{{ l|max }}{{ l|min }}{{ l|join('-') }}{{ l|reverse|list }}
{{ items|map(attribute='n')|list }}{{ items|map(attribute='n')|map('upper')|join(', ') }}
{{ items|selectattr('on')|map(attribute='n')|list }}{{ items|rejectattr('on', 'defined')|list }}
{{ items|selectattr('v', 'gt', 1)|list if false else items|selectattr('n', 'equalto', 'A')|list }}
{{ items|sort(attribute='n')|map(attribute='n')|list }}{{ items|sort(attribute='n', case_sensitive=true)|map(attribute='n')|list }}
{{ [1, 2, 2, 'a', 'A']|unique|list }}{{ [0, 1, '', 'x']|select|list }}{{ [1, 2, 3, 4]|reject('odd')|list }}
{{ d }}{{ d|tojson }}{{ d|tojson(indent=2) }}{{ d|tojson(sort_keys=true) }}{{ d|tojson(separators=(',', ':')) }}
{{ d.items()|list }}{{ d|items|list }}{{ d.keys()|list }}{{ d.values()|list }}{{ d|dictsort }}{{ d.get('b') }}{{ d.get('z') }}{{ d.get('z', 5) }}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}
{{ 'é"\\\\\\n\\t<&>\\u2028'|tojson }}{{ 1.0|tojson }}{{ 1e20|tojson }}{{ true|tojson }}{{ none|tojson }}{{ [1, [2, {}], []]|tojson(indent=1) }}
{{ 7 // 2 }}{{ -7 // 2 }}{{ -7 % 3 }}{{ 7 / 2 }}{{ 2 ** 10 }}{{ 2 ** -1 }}{{ 7.5 // 2 }}{{ 1 + 2 * 3 - 4 }}{{ (1 + 2) * 3 }}{{ 6 / 3 }}
{{ 1e16 }}{{ 1e15 }}{{ 0.1 + 0.2 }}{{ 1e-5 }}{{ 0.0001 }}{{ 123456789.125 }}{{ -0.0 }}{{ 5e-324 }}{{ 1.5e300 }}
{{ true + 1 }}{{ t == 1 }}{{ 1 == 1.0 }}{{ '1' == 1 }}{{ [1] == [1.0] }}{{ none == false }}{{ (1, 2) == [1, 2] }}{{ {'a': 1} == {'a': 1.0} }}
{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ 'a' < 'b' }}{{ 2 >= 2 }}{{ not 1 }}{{ not '' and 5 }}{{ '' or 'x' }}{{ 0 and 1 }}
{{ 'a' ~ 1 ~ none ~ true ~ [1, 'b'] }}{{ 'ab' * 3 }}{{ 3 * [1, 2] }}{{ [1] + [2] }}{{ 'a' 'b' }}
{{ -n|abs }}{{ (-n)|abs }}{{ n|float }}{{ f|int }}{{ '12'|int }}{{ 'x'|int }}{{ '1.5'|float }}{{ f|round }}{{ 2.345|round(2) }}{{ 3.5|round }}{{ 2.1|round(0, 'ceil') }}
{{ x is defined }}{{ x is not defined }}{{ s is string }}{{ d is mapping }}{{ l is sequence }}{{ l is iterable }}{{ n is number }}{{ t is boolean }}{{ none is none }}{{ n is odd }}{{ n is even }}{{ n is divisibleby 7 }}{{ t is true }}{{ n is integer }}{{ f is float }}
{{ x }}|{{ x|default('y') }}|{{ e|default('y') }}|{{ e|default('y', true) }}|{{ d.zz }}|{{ d.zz|default(3) }}|{{ x|length }}|{{ 'a' in x }}
{{ x.y }}
{{ d['zz']['y'] }}
{{ none.y }}|{{ none['y'] }}
{{ 'a' + 1 }}
{{ 1 / 0 }}
{{ l + 'a' }}
{{ 'a' < 1 }}
{{ raise_exception('no!') }}
{{ s.format() }}
{{ l.append(1) }}
{{ d.update({'q': 1}) }}
{{ s.__class__ }}
{% if x %}1{% elif n == 7 %}2{% else %}3{% endif %}
{% set a = 1 %}{% if true %}{% set a = 2 %}{% endif %}{{ a }}{% for i in l %}{% set a = i %}{% endfor %}{{ a }}
{% set ns = namespace(a=1, b=[]) %}{% for i in l %}{% set ns.a = ns.a + i %}{% set ns.b = ns.b + [i] %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns.zz }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d2) = [3, 4] %}{{ c }}{{ d2 }}
{% set a %}x{{ n }}y{% endset %}{{ a }}{% set b | upper %}abc{% endset %}{{ b }}{% filter upper %}q{{ n }}w{% endfilter %}
{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(1, 10, 4) %}{{ i }}{% endfor %}{{ range(3, 0, -1)|list }}
{% for i in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('a', 'b') }}{{ loop.depth }};{% endfor %}
{% for i in l if i > 1 %}{{ loop.index }}{{ i }}{% else %}none{% endfor %}{% for i in [] %}{{ i }}{% else %}none{% endfor %}
{% for i in l %}{% for j in l %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}{% for i in l %}{{ loop.changed(i > 1) }}{% endfor %}
{% for i in range(10) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% macro m(a, b='q') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m() }}
{% macro r(n) %}{{ n }}{% if n > 0 %}{{ r(n - 1) }}{% endif %}{% endmacro %}{{ r(3) }}
{% macro m(a) %}x{% endmacro %}{{ m(1, 2) }}
{{ [1, 2,] }}{{ (1,) }}{{ () }}{{ {'a': 1, 'b': [2]} }}{{ ['it\\'s', "q\\"", 'a\\nb', 'é'] }}{{ [none, true, 1.0] }}
{{ 'x' if n > 100 }}|{{ 'x' if n > 1 else 'y' }}|{{ ('x' if t else 'y') ~ 'z' }}|{{ 1 if false else 2 if false else 3 }}
{{ "a\\tb\\x41\\u00e9" }}{{ 'q\\qz' }}{{ 1_000 }}{{ 0x1F }}{{ 1_0.5 }}
{{ s|indent(2) }}{{ 'a\\nb\\n\\nc'|indent }}{{ 'a\\nb'|indent(2, true) }}{{ 'a\\n\\nb'|indent(width=1, blank=true) }}
{{ w|wordcount }}{{ w|upper|lower|capitalize }}{{ 5|string ~ 'x' }}{{ [1]|string }}{{ 'abc'|list }}{{ 'abc'|reverse }}{{ 'abc'|first }}
{{ dict(a=1, b='x') }}{{ dict({'q': 1}, r=2) }}{{ 'a.b'.partition('.') }}{{ 'a.b.c'.rpartition('.')[0] }}{{ 'abc'.removeprefix('a') }}
{{ 'a1'.isalnum() }}{{ '12'.isdigit() }}{{ ' '.isspace() }}{{ 'A'.isupper() }}{{ 'a\\nb\\n'.splitlines() }}{{ ', '.join(['a', 'b']) }}
{{ l.index(2) }}{{ l.count(3) }}{{ items[0].n }}{{ items.0.n }}{{ items[0]['n'] }}{{ (items|first).n }}{{ items[-1].v }}
{{ d.b }}{{ {'items': 3}.items is callable }}{{ {'items': 3}['items'] }}{{ {'keys': 3, 'k': 4}.k }}
{{ not x is defined }}{{ not (x is defined) and n is not none }}{{ n in [7, 8] }}{{ n not in l }}{{ 1 is sameas 1 }}{{ n is eq 7 }}{{ n is in [7] }}
{%- raw %} {{ raw }} {% endraw -%}  {# comment #}  x
  {% if true %}   
   a
  {% endif %}
  b {%- if true %}  c  {%- endif -%}   d
{{- 'x' -}}  y {{+ 1 }} {%+ if true +%}
  z
{%+ endif %}
{% unknown %}
{{ s|nope }}
{{ s is nope }}
{{ 1 + }}
{% if x %}
{{ x
{% for x in %}{% endfor %}
{% endfor %}
{{ 'open }}
{% include 'x' %}
"""


def render(template, conversation, generation, tools=None, **more):
    try:
        rendered, _ = render_jinja_template([conversation], tools=tools, chat_template=template,
                                            add_generation_prompt=generation, **TOKENS, **more)
        return {"text": rendered[0]}
    except Exception as e:
        return {"error": str(e)}


def templates():
    for name, template in TEMPLATES.items():
        cases = []
        for conversation in CONVERSATIONS:
            for generation in (False, True):
                cases.append({"messages": conversation, "generation": generation, "tools": None, "switches": {},
                              **render(template, conversation, generation)})
        cases.append({"messages": CONVERSATIONS[1], "generation": True, "tools": TOOLS, "switches": {},
                      **render(template, CONVERSATIONS[1], True, TOOLS)})
        cases.append({"messages": CONVERSATIONS[1], "generation": True, "tools": None, "switches": {"enable_thinking": False},
                      **render(template, CONVERSATIONS[1], True, enable_thinking=False)})
        yield name, {"template": template, "cases": cases}


def snippets():
    lines = LANGUAGE.strip("\n").split("\n")
    multi = lines.index("{%- raw %} {{ raw }} {% endraw -%}  {# comment #}  x")
    end = lines.index("{% unknown %}")
    pieces = lines[:multi] + ["\n".join(lines[multi:end])] + lines[end:]
    pieces += ["a\n", "a\n\n", "{# c #}\n{# d -#}\n  a", "{% if true %}\r\nx\r\n{% endif %}\r\n", "  {# c #}\nx", "\n\n  {%- set a = 1 -%}\n\n x\n",
               "{% if true -%}\n  a\n{%- endif %}\n  \n {% set a = 1 %}\n b", "{{ 'a' }}\n{{ 'b' }}\n  {{ 'c' }}\n"]
    for piece in pieces:
        try:
            text = _compile_jinja_template(piece).render(**VARIABLES)
        except Exception:
            text = None
        yield {"source": piece, "text": text}


def write(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, value in templates():
        write(out / f"{name}.json", {"tokens": TOKENS, **value})
    write(out / "language.json", {"variables": VARIABLES, "pieces": list(snippets())})
