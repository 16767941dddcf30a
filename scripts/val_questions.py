#!/usr/bin/env python3
"""Rebuilds the questions of VaL Probing (code, database) from the pieces that microsoft/FILM publishes.

    scripts/val_questions.py FILM/VaLProbing/pieces -o val
    film eval --predictions sample_code_backward_32k.jsonl --set task_data=val --set aggregation=val_plot --out report

Written are code_backward_32k.jsonl, database_forward_32k.jsonl and their skip lists, rows in the published order: what is
needed to score outputs. The prompts are not in them (the published wording is not known). Document sets cannot be
rebuilt: their sentences are not among the published ones. Standard library only."""
import argparse
import json
import pathlib
import random

SEED, SETS = 3407, 4  # one generator, a draw for each set
CODE_ROWS, DATABASE_ROWS = 800, 750  # of each set
LEAST_WORDS, MOST_WORDS = 3, 8  # of an entity's label and description


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def cleaned(text):
    """Without square brackets, which would look like marks of the chat template, and with single blanks."""
    return " ".join(text.replace("[", "").replace("]", "").split())


def drawn(pool, size):
    generator = random.Random(SEED)
    return [generator.sample(pool, size) for _ in range(SETS)]


def code_rows(pieces):
    """Skipped are pieces that occur more than once in the functions of their set."""
    for rows in drawn(read(pieces / "code_functions.jsonl"), CODE_ROWS):
        context = "\n".join(f"def {row['function_name']}\n{row['function_define']}" for row in rows)
        for row in rows:
            yield {"completion": row["function_name"], "piece": row["piece"]}, context.count(row["piece"]) > 1


def fits(entity):
    return all(LEAST_WORDS <= len(entity[key].split()) <= MOST_WORDS for key in ("label", "description"))


def database_rows(pieces):
    """Skipped are ids that occur more than once in their set."""
    entities = [{"id": row["id"], "label": cleaned(row["label"]), "description": cleaned(row["dcpt"])}
                for row in read(pieces / "database_entities.jsonl")]
    for rows in drawn([entity for entity in entities if fits(entity)], DATABASE_ROWS):
        ids = [row["id"] for row in rows]
        for row in rows:
            yield row, ids.count(row["id"]) > 1


def write(out, name, rows, size):
    skipped = []
    with open(out / f"{name}.jsonl", "w", encoding="utf-8") as file:
        for i, (row, skip) in enumerate(rows):
            file.write(json.dumps({**row, "position_id": i % size, "set_id": i // size}, ensure_ascii=False) + "\n")
            if skip:
                skipped.append(i)
    (out / f"{name}_skip_list.json").write_text(json.dumps(skipped) + "\n", encoding="utf-8")
    print(f"{out / name}.jsonl: {i + 1} questions, {len(skipped)} of them skipped")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pieces", type=pathlib.Path, help="folder with code_functions.jsonl and database_entities.jsonl")
    parser.add_argument("-o", "--out", type=pathlib.Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    for name in ("code_functions.jsonl", "database_entities.jsonl"):
        if not (arguments.pieces / name).is_file():
            parser.exit(1, f"there is no file {arguments.pieces / name}: name the folder VaLProbing/pieces of microsoft/FILM\n")
    arguments.out.mkdir(parents=True, exist_ok=True)
    write(arguments.out, "code_backward_32k", code_rows(arguments.pieces), CODE_ROWS)
    write(arguments.out, "database_forward_32k", database_rows(arguments.pieces), DATABASE_ROWS)


if __name__ == "__main__":
    main()
