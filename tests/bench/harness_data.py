"""Rows of the right shape for six tasks by log-likelihood: written here, nothing of the benchmarks is in them.

Odd things that real rows have are in: marks of WikiHow, double blanks, labels that are digits, choices that are numbers,
text beyond ASCII, and quotation marks of both kinds in a Python literal.
"""
import random

PEOPLE = "Mara Oskar Ilse Tomás Priya Bengt Noor Zoë Kwame Lena".split()
PLACES = ["the old mill", "a café in Lund", "Corrin harbour", "the north pier", "room 12", "the walled garden"]
THINGS = ["a brass key", "two maps", "the ledger", "an oil lamp", "seven crates", "a jar of honey", "a blue kite"]
VERBS = ["carried", "hid", "sold", "painted", "borrowed", "mended", "counted", "forgot"]
SUBJECTS = ["harbour_law", "plant_names"]


def sentence(rng):
    return f"{rng.choice(PEOPLE)} {rng.choice(VERBS)} {rng.choice(THINGS)} at {rng.choice(PLACES)}."


def text(rng, sentences):
    return " ".join(sentence(rng) for _ in range(sentences))


def options(rng, count):
    return rng.sample(THINGS, count)


def hellaswag(rng, i):
    steps = rng.random() < 0.3
    ctx_a = text(rng, 2) if not steps else f"How to mend things [header] {sentence(rng)} [title] {sentence(rng)}"
    endings = [f"{rng.choice(VERBS)} {rng.choice(THINGS)}  and [substeps] went to {rng.choice(PLACES)}." for _ in range(4)]
    person = rng.choice(PEOPLE + ["then He", "éva"])
    return {"ind": i, "activity_label": rng.choice(["Mending", "Sailing  lessons"]), "ctx_a": ctx_a, "ctx_b": person,
            "ctx": ctx_a + " " + person, "endings": endings, "label": str(rng.randrange(4)), "split": "val"}


def arc(rng, i):
    count = rng.choice([3, 4, 4, 4, 5])
    labels = [str(n + 1) for n in range(count)] if rng.random() < 0.3 else list("ABCDE"[:count])
    numbers = rng.random() < 0.2
    texts = [str(n) for n in rng.sample(range(1, 9), count)] if numbers else options(rng, count)
    return {"id": f"arc-{i}", "question": f"{text(rng, 1)} What was it?", "choices": {"text": texts, "label": labels},
            "answerKey": rng.choice(labels)}


def commonsense(rng, i):
    return {"id": f"csqa-{i}", "question": f" Where would {rng.choice(PEOPLE)} put {rng.choice(THINGS)}? ",
            "question_concept": "thing", "choices": {"label": list("ABCDE"), "text": options(rng, 5)},
            "answerKey": rng.choice("ABCDE")}


def mmlu(rng, i):
    choices = [str(n) for n in rng.sample(range(6), 4)] if i % 5 == 0 else options(rng, 4)
    return {"question": f"{text(rng, 2)} Which of these is meant?\n", "choices": choices, "answer": rng.randrange(4)}


def boolq(rng, i):
    return {"question": f"did {rng.choice(PEOPLE)} mend the ledger", "idx": i, "label": rng.randrange(2),
            "passage": f"{rng.choice(PLACES)} -- {text(rng, 12)}"}


def race(rng, i):
    problems = []
    for number in range(3):
        question = f'{rng.choice(PEOPLE)} said "it\'s {rng.choice(THINGS)}" because  _  .' if number == 1 else \
            f"What was at {rng.choice(PLACES)}?"
        problems.append({"question": question, "answer": rng.choice("ABCD"), "options": options(rng, 4)})
    return {"article": text(rng, 25), "problems": repr(problems)}


def rows(make, count, seed):
    rng = random.Random(seed)
    return [make(rng, i) for i in range(count)]
