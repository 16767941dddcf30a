"""What a well-behaved model would answer to the prompts of film qa: a question drawn from their evidence."""
import hashlib
import json
import re


def sentences(text):
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+", text.replace("\n", " ")) if len(s.split()) >= 6]


def ask_about(sentence, mark):
    words = sentence.split()
    start = len(words) // 3
    return f"How does {mark} go on that begins \"{' '.join(words[:start])}\"?", " ".join(words[start:start + 12])


def question_from_evidence(prompt):
    """A question whose answer stands in the evidence, as a well-behaved model would write it."""
    pieces = re.split(r"^# Piece \d+:[ \t]*$", prompt, flags=re.M)[1:]
    if len(pieces) >= 2:
        chosen = [(n + 1, sentences(piece)) for n, piece in enumerate(pieces)]
        chosen = [(n, found[0]) for n, found in chosen if found][:2]
        if len(chosen) < 2:
            return "I cannot write such a question."
        parts = [ask_about(sentence, f"sentence {n}") for n, sentence in chosen]
        return json.dumps({"question": " And: ".join(q for q, _ in parts), "answer": " / ".join(a for _, a in parts),
                           "pieces": [n for n, _ in chosen]})
    text = re.split(r"^# Text:[ \t]*$", prompt, flags=re.M)[-1]
    found = sentences(text)
    if not found:
        return "I cannot write such a question."
    question, answer = ask_about(found[int(hashlib.sha256(prompt.encode()).hexdigest(), 16) % len(found)], "the sentence")
    return json.dumps({"question": question, "answer": answer})
