#!/usr/bin/env python3
"""What film export writes, read by the packages that it is written for.

  python3 -m venv PEERS && PEERS/bin/pip install datasets==4.4.1 && PEERS/bin/pip install --no-deps beir==2.2.0
  PEERS/bin/python tests/bench/export_loads.py BUILD/film DATA [--trl]

datasets reads the folders by their cards; beir reads the retrieval set. With --trl (trl, transformers and torch installed)
TRL renders the chats with a chat template of Mistral's form and masks the prompt. Counts must be those of the manifest.
Prints Markdown.
"""
import argparse
import importlib.metadata
import json
import pathlib
import subprocess
import tempfile

MISTRAL = ("{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]"
           "{% else %}{% generation %}{{ m['content'] }}{{ eos_token }}{% endgeneration %}{% endif %}{% endfor %}")


def export(film, data, form, out):
    subprocess.run([film, "-q", "export", data, "--form", form, "--out", out], check=True, stdout=subprocess.DEVNULL)
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))["rows"]


def check(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: {got}, expected {wanted}")


def by_datasets(out, rows):
    import datasets
    loaded = datasets.load_dataset(str(out))
    check(f"datasets, {out.name}", {split: len(part) for split, part in loaded.items()}, rows)
    return loaded


def by_beir(out, rows):
    from beir.datasets.data_loader import GenericDataLoader
    for split, name in (("train", "train"), ("validation", "dev"), ("test", "test")):
        if split not in rows:
            continue
        corpus, queries, relevant = GenericDataLoader(str(out)).load(split=name)
        check(f"beir, {split}", len(queries), rows[split])
        missing = [d for found in relevant.values() for d in found if d not in corpus]
        check(f"beir, {split}, segments that are missing", missing, [])


def by_trl(loaded):
    from transformers import PreTrainedTokenizerFast
    from tokenizers import Tokenizer, models, pre_tokenizers
    from trl.data_utils import apply_chat_template, is_conversational
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"<s>": 0, "</s>": 1, "?": 2}, "?")),
                                        bos_token="<s>", eos_token="</s>")
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.chat_template = MISTRAL
    for row in loaded["train"]:
        check("trl, a chat", is_conversational(row), True)
        text = apply_chat_template({"messages": row["messages"]}, tokenizer)["text"]
        user, assistant = (turn["content"] for turn in row["messages"])
        check("trl, the text", text, f"<s>[INST] {user} [/INST]{assistant}</s>")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--trl", action="store_true")
    options = parser.parse_args()
    print("| package | form | rows |\n|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="film-export-") as temp:
        for form in ("messages", "rl", "text", "retrieval"):
            out = pathlib.Path(temp) / form
            rows = export(options.film.resolve(), options.data, form, out)
            packages = ["beir"] if form == "retrieval" else ["datasets"]
            if form == "retrieval":
                by_beir(out, rows)
            else:
                loaded = by_datasets(out, rows)
                if form == "messages" and options.trl:
                    by_trl(loaded)
                    packages.append("trl")
            for package in packages:
                print(f"| {package} {importlib.metadata.version(package)} | {form} | {rows} |")


if __name__ == "__main__":
    main()
