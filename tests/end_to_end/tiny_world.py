"""A world small enough to be made again in a second: corpus, settings, and film's four verbs on them, in order.

Standard library only. The program, the project's data and the switches come from the environment, which ctest sets:
FILM_PROGRAM, FILM_TEST_DATA, FILM_HAS_ENGINE (1 or 0); FILM_FULL=1 asks for sweeps without a cap."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("FILM_PROGRAM", PROJECT / "build/release/film"))
TOKENIZER = pathlib.Path(os.environ.get("FILM_TEST_DATA", PROJECT / "data")) / "tokenizer/small.model"
HAS_ENGINE = os.environ.get("FILM_HAS_ENGINE", "1") == "1"
FULL = os.environ.get("FILM_FULL", "0") == "1"
TIMEOUT = 120  # seconds for one run: a hang must not look like slowness for ever

WORDS = ("the ferry comes back before lamps are lit and each island has a stone harbour where boats wait under "
         "grey water while people carry nets up to the long road").split()
SYNTH = {
    "threads": 1,
    "segment": {"tokens": 16},
    "records": {"fraction": 1, "sentence": "The secret {attribute} is {value}.",
                "question": "What is the secret {attribute}?",
                "attributes": [{"name": "colour", "values": ["red", "blue", "green"]},
                               {"name": "animal", "values": ["cow", "fox", "hen"]},
                               {"name": "tool", "values": ["saw", "axe", "pen"]},
                               {"name": "city", "values": ["Oslo", "Rome", "Bonn"]}]},
    "split": {"train": 0.6, "validation": 0.1, "test": 0.3},
    "contexts": {"train": 24, "validation": 0, "test": 6, "segments": 3, "questions_per_context": 0,
                 "evidence": "planted", "kinds": {"fine_grained": 1, "integration": 0, "short": 0},
                 "target": {"min": 8, "max": 512}},
}
QA = {"threads": 1, "generator": "offline", "offline": {"types": {"planted": 1, "cloze": 0, "sentence": 0}}}
STAGE = {"batch": 4, "steps": 6, "schedule": {"peak": 0.01, "decay": "constant"}}
TRAIN = {
    "threads": 1, "prompt": "plain", "max_tokens": 512, "pack_tokens": 512, "save_every": 3, "keep_checkpoints": 2,
    "model": {"vocab_size": 768, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
              "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "max_position_embeddings": 512,
              "tie_word_embeddings": True},
    "stages": [{"name": "one", "data": ["data"], **STAGE}, {"name": "two", "data": ["data"], **STAGE}],
}
EVAL = {"threads": 1, "prompt": "plain", "model": "run", "data": ["data"], "tasks": ["in2"], "bins": 2,
        "resamples": 100, "questions_per_call": 3, "in2": {"items": 6, "max_new_tokens": 3}}

SETTINGS = {"synth": SYNTH, "qa": QA, "train": TRAIN, "eval": EVAL}
VERBS = {  # arguments and the folder written, in the order in which one needs the other
    "synth": (["synth", "--config", "synth.json", "--set", "inputs=corpus", "--set", f"tokenizer={TOKENIZER}",
               "--out", "data"], "data"),
    "qa": (["qa", "data", "--config", "qa.json"], "data/questions"),
    "train": (["train", "--config", "train.json", "--set", f"tokenizer={TOKENIZER}", "--out", "run"], "run"),
    "eval": (["eval", "--config", "eval.json", "--out", "eval"], "eval"),
}


def write_inputs(folder, documents=40):
    """corpus/ and one settings file per verb."""
    (folder / "corpus").mkdir(parents=True)
    draw = random.Random(1)
    for number in range(documents):
        lines = [" ".join(draw.choice(WORDS) for _ in range(draw.randint(6, 20))) for _ in range(draw.randint(3, 8))]
        (folder / f"corpus/{number:02}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for verb, settings in SETTINGS.items():
        (folder / f"{verb}.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")


def lengthen_training(folder, steps, **settings):
    """Steps enough to be disturbed in the middle of, by processes that soon notice that another is gone."""
    file = folder / "train.json"
    train = {**json.loads(file.read_text(encoding="utf-8")), "save_every": 5, "ranks": {"lost_after": 5, "join_within": 60},
             **settings}
    for stage in train["stages"]:
        stage.update(steps=steps, batch=16)
    file.write_text(json.dumps(train), encoding="utf-8")


def wait_for_steps(folder, out, steps, seconds=60):
    """Until the run `out` has made so many."""
    rows, end = folder / out / "metrics.jsonl", time.monotonic() + seconds
    while time.monotonic() < end:
        if rows.exists() and len(rows.read_text(encoding="utf-8").splitlines()) >= steps:
            return
        time.sleep(0.02)
    raise TimeoutError(f"{out} has not made {steps} steps in {seconds} s")


def result_hashes(folder, out):
    """Of every file of a finished run."""
    manifest = json.loads((folder / out / "manifest.json").read_text(encoding="utf-8"))
    return {entry["path"]: entry["sha256"] for entry in manifest["files"]}


def environment(**changes):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "FILM_TORCH_DIR")
            if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TERM": "dumb", "ASAN_OPTIONS": "detect_leaks=0", **changes}


def start(arguments, folder, prefix=(), changes=None, **options):
    """A running film; `changes` are variables of its environment, options those of Popen."""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([*prefix, str(PROGRAM), *arguments], cwd=folder, env=environment(**(changes or {})),
                            text=True, errors="replace", **options)


def run(arguments, folder, prefix=(), timeout=TIMEOUT, **options):
    """(exit code, everything it said). A negative code is a signal."""
    process = start(arguments, folder, prefix, **options)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, out + err


def run_verb(verb, folder, prefix=()):
    return run(VERBS[verb][0], folder, prefix)


def prepare(folder, verb):
    """Inputs, and everything that the verbs before `verb` make."""
    write_inputs(folder)
    for earlier in VERBS:
        if earlier == verb:
            return
        code, said = run_verb(earlier, folder)
        if code != 0:
            raise RuntimeError(f"film {earlier} failed with exit code {code}:\n{said}")


def clear(verb, folder):
    shutil.rmtree(folder / VERBS[verb][1], ignore_errors=True)


def forget_manifest(out):
    """Lets the manifest of an output folder be another one, as in folders of earlier versions: its keys are read, not
    its hash in settings.json compared."""
    file = out / "settings.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    settings.pop("manifest_sha256", None)
    file.write_text(json.dumps(settings), encoding="utf-8")


def results(verb, folder):
    """What must not depend on how often a run was stopped: every result file by content, the manifest, the losses;
    and that no temporary file is left. Raises AssertionError where the manifest and the files disagree."""
    out = folder / VERBS[verb][1]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    found = {"manifest": manifest}
    for entry in manifest["files"]:
        content = (out / entry["path"]).read_bytes()
        assert len(content) == entry["bytes"], f"{entry['path']}: not as long as the manifest says"
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], f"{entry['path']}: not as the manifest says"
        found[entry["path"]] = entry["sha256"]
    assert manifest["files"], "the manifest names no result"
    if verb == "train":
        rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
        columns = ("step", "stage", "loss", "accuracy", "mean_accuracy", "learning_rate", "gradient_norm", "tokens")
        found["metrics"] = [[row[column] for column in columns] for row in rows]
    found["left over"] = sorted(str(path.relative_to(out)) for path in out.rglob("*") if ".part" in path.name
                                and not path.name.startswith("part-"))
    return found
