"""What a server replies to a prompt that it shall echo with log-probabilities: right, or wrong in one of several ways."""
import re
import zlib

SAID = " and so on"  # behind the prompt; one token here


def tokens_of(text):
    return re.findall(r"\s*\S+|\s+$", text)


def logprob(tokens, i):
    """Of a token behind the one in front of it."""
    if i == 0:
        return None
    return -0.01 - zlib.crc32((tokens[i - 1] + "|" + tokens[i]).encode()) % 1000 / 200


def echo_step(mode, prompt, earlier):
    """The step of mock_server.py for one prompt; `earlier`: the prompt before it."""
    shown = earlier if mode == "other" and earlier and len(earlier) >= len(prompt) else prompt
    tokens = tokens_of(shown)
    values = [logprob(tokens, i) for i in range(len(tokens))] + [-0.5]
    tokens, usage = tokens + [SAID], {"prompt_tokens": len(tokens), "completion_tokens": 1}
    if mode == "ignored":  # as if echo had not been asked for
        return {"text": SAID}
    if mode == "generated":  # log-probabilities of what it wrote alone
        return {"text": SAID, "choice": {"logprobs": {"tokens": [SAID], "token_logprobs": [-0.5]}}}
    if mode == "cut":
        tokens, values = tokens[:len(tokens) // 2], values[:len(tokens) // 2]
        usage = None
    if mode == "short":  # fewer than its own count says
        usage = {"prompt_tokens": len(tokens) + 7, "completion_tokens": 1}
    if mode == "null":
        values[-2] = None
    if mode == "positive":
        values[-2] = 0.7
    if mode == "flat":
        values = [None] + [0.0] * (len(values) - 1)
    logprobs = {"tokens": tokens, "token_logprobs": values}
    if mode == "begin":  # a begin token that is no part of the text
        logprobs = {"tokens": ["<s>"] + tokens, "token_logprobs": [None, -3.0] + values[1:]}
        usage["prompt_tokens"] += 1
    if mode == "offsets":  # tokens that spell nothing
        ends = [0]
        for token in tokens:
            ends.append(ends[-1] + len(token))
        logprobs = {"tokens": ["?"] * len(tokens), "token_logprobs": values, "text_offset": ends[:-1]}
    return {"text": shown + SAID, "usage": usage, "finish_reason": "length", "choice": {"logprobs": logprobs}}
