"""Variables for the chat templates of chat_templates.py: conversations of one and several turns, with their options."""

import itertools

SYSTEM = {"role": "system", "content": "You are a careful assistant."}
USER = {"role": "user", "content": "What is 17 * 23?"}
AGAIN = {"role": "user", "content": "And doubled?\n"}
ANSWER = {"role": "assistant", "content": "It is 391."}
THOUGHT = {"role": "assistant", "content": "<think>\n17 * 23 = 391\n</think>\n\nIt is \\boxed{391}."}
OPEN_THOUGHT = {"role": "assistant", "content": "<think>\nThis thought has no end"}
REASONED = {
    "role": "assistant",
    "content": "It is 391.",
    "reasoning_content": "\n17 * 20 = 340, 17 * 3 = 51.\n",
}
UNICODE = {"role": "user", "content": "  Größe 数学 🧮 \u00a0é <b>&amp; 'q' \"d\" \\frac{1}{2}\t\u2028end  "}
EMPTY = {"role": "user", "content": ""}
PARTS = {
    "role": "user",
    "content": [{"type": "text", "text": "First part. "}, {"type": "text", "text": "Second."}],
}
IMAGE = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is this?"}]}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "type": "function",
            "id": "call_1",
            "function": {
                "name": "multiply",
                "arguments": {"a": 17, "b": 23.0, "note": "ä <x>", "deep": [1, {"k": None}], "yes": True},
            },
        }
    ],
}
TWO_CALLS = {
    "role": "assistant",
    "content": "Let me see.",
    "tool_calls": [
        {"type": "function", "function": {"name": "add", "arguments": {"a": 1e-7, "b": 1e22}}},
        {"type": "function", "function": {"name": "now", "arguments": {}}},
    ],
}
NULL_CALL = {**CALL, "content": None}
TEXT_CALL = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {"type": "function", "function": {"name": "multiply", "arguments": '{"a": 17, "b": 23}'}}
    ],
}
BARE_CALL = {"role": "assistant", "tool_calls": [{"name": "now", "arguments": {"zone": "UTC"}}]}
RESULT = {"role": "tool", "name": "multiply", "content": "391"}
RESULT_OBJECT = {"role": "tool", "content": {"value": 391, "unit": "é"}}
IPYTHON = {"role": "ipython", "content": "391"}

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "multiply",
            "description": " Multiplies two numbers. ",
            "parameters": {
                "type": "object",
                "properties": {
                    "a": {"type": "number", "description": "first <factor>"},
                    "b": {"type": ["number", "null"], "minimum": -1.5, "enum": [1, 2.5, None, True]},
                    "c": {"description": "no type", "items": {"type": "string"}, "default": "ü"},
                },
                "required": ["a", "b"],
                "additionalProperties": False,
            },
        },
    },
    {"type": "function", "function": {"name": "now", "parameters": {}, "strict": True}},
]

MESSAGES = [
    [USER],
    [SYSTEM, USER],
    [SYSTEM],
    [USER, ANSWER],
    [USER, ANSWER, AGAIN],
    [SYSTEM, USER, THOUGHT, AGAIN],
    [USER, THOUGHT],
    [USER, OPEN_THOUGHT, AGAIN],
    [USER, REASONED, AGAIN],
    [SYSTEM, USER, REASONED],
    [USER, {**REASONED, "reasoning_content": None}],
    [USER, {**ANSWER, "prefix": True}],
    [UNICODE],
    [SYSTEM, UNICODE, ANSWER, UNICODE],
    [EMPTY],
    [{**SYSTEM, "content": ""}, USER],
    [USER, {**ANSWER, "content": ""}, AGAIN],
    [PARTS],
    [{**SYSTEM, "content": PARTS["content"]}, USER],
    [IMAGE],
    [USER, CALL, RESULT],
    [USER, CALL, RESULT, ANSWER],
    [SYSTEM, USER, NULL_CALL, RESULT, ANSWER, AGAIN],
    [USER, TWO_CALLS, RESULT, RESULT],
    [USER, TWO_CALLS, RESULT, RESULT, THOUGHT, AGAIN],
    [USER, TEXT_CALL, RESULT],
    [USER, BARE_CALL, RESULT],
    [USER, CALL, RESULT_OBJECT],
    [USER, CALL, IPYTHON],
    [USER, {**CALL, "reasoning_content": "I should multiply."}, RESULT],
    [SYSTEM, USER, SYSTEM, AGAIN],
    [{"role": "developer", "content": "Be short."}, USER],
    [{"role": "critic", "content": "Hm."}, USER],
    [ANSWER],
    [USER, AGAIN],
    [RESULT],
    [],
    [{"role": "user"}],
    [{"role": "user", "content": None}],
    [{"role": "user", "content": 5}],
    [USER, {"role": "user", "content": "<tool_response>\nx\n</tool_response>"}],
]

OPTIONS = [
    {"add_generation_prompt": True},
    {"add_generation_prompt": False},
    {},
    {"add_generation_prompt": True, "enable_thinking": True, "thinking": True},
    {"add_generation_prompt": True, "enable_thinking": False, "thinking": False},
    {"add_generation_prompt": True, "tools": None, "documents": None, "enable_thinking": True},
    {"add_generation_prompt": True, "tools": TOOLS},
    {"add_generation_prompt": False, "tools": TOOLS, "thinking": True},
    {"add_generation_prompt": True, "tools": []},
    {"add_generation_prompt": True, "date_string": "1 Jan 2025", "tools_in_user_message": False, "tools": TOOLS},
    {"continue_final_message": True, "add_generation_prompt": False, "thinking": False},
    {"add_generation_prompt": True, "builtin_tools": ["code_interpreter", "search"]},
]


def conversations():
    tokens = {"bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<｜end▁of▁sentence｜>"}
    cases = []
    for index, (messages, options) in enumerate(itertools.product(MESSAGES, OPTIONS)):
        # All options for a few conversations, three of them for the others.
        conversation = index // len(OPTIONS)
        if conversation >= 6 and (index + conversation) % 4 != 0:
            continue
        cases.append({"messages": messages, **options, **(tokens if index % 7 != 6 else {})})
    return cases
