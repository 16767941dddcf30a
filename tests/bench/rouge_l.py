#!/usr/bin/env python3
"""ROUGE-L of film against the package rouge 1.0.1 (pip install rouge==1.0.1): every value to the last bit, and the time.
Arguments: the program film_bench_rouge, and JSONL files of {"pred", "answers"}. What is printed is in docs/results.md."""
import argparse
import json
import subprocess
import time

from rouge import Rouge


def pairs_of(files):
    for name in files:
        with open(name, encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield from ((row["pred"], answer) for answer in row["answers"])


def package_score(rouge, output, reference):
    """As LongBench calls it: what the package refuses scores 0."""
    try:
        return rouge.get_scores([output], [reference], avg=True)["rouge-l"]["f"]
    except Exception:  # LongBench's own rule: a bare except
        return 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="build/release/film_bench_rouge")
    parser.add_argument("files", nargs="+", help='JSONL files of {"pred", "answers"}')
    arguments = parser.parse_args()
    pairs = list(pairs_of(arguments.files))
    text = "".join(json.dumps({"output": output, "reference": reference}) + "\n" for output, reference in pairs)
    said = json.loads(subprocess.run([arguments.program], input=text, capture_output=True, text=True, check=True).stdout)
    rouge = Rouge(metrics=["rouge-l"])
    begin = time.perf_counter()
    expected = [package_score(rouge, output, reference) for output, reference in pairs]
    seconds = time.perf_counter() - begin
    different = [i for i, (ours, theirs) in enumerate(zip(said["scores"], expected)) if ours != theirs]
    print(f"{len(pairs)} pairs, {len(different)} differ; package {seconds:.2f} s, film {said['seconds']:.4f} s, "
          f"{seconds / said['seconds']:.0f} times as fast")
    if different or len(said["scores"]) != len(pairs):
        raise SystemExit(f"first difference: pair {different[0] if different else len(said['scores'])}")


if __name__ == "__main__":
    main()
