#!/usr/bin/env python3
"""Makes the data files that film's task files read of archives as their publishers have them.

    scripts/benchmark_files.py data.zip data.tar BoolQ.zip ARC-V1-Feb2018.zip RACE.tar.gz MATH.tar -o benchmarks
    film eval MODEL --task hotpotqa --task mmlu --set task_data=benchmarks --out eval

What an archive is, is told by the names of the files in it:
    data/TASK.jsonl                      LongBench (data.zip)            TASK.jsonl
    data/test/SUBJECT_test.csv, dev      MMLU (data.tar), no header      mmlu_test.jsonl, mmlu_dev.jsonl
    BoolQ/val.jsonl                      SuperGLUE (BoolQ.zip)           boolq_val.jsonl
    ARC-Challenge/ARC-Challenge-Test.jsonl                               ARC-Challenge-Test.jsonl
    RACE/test/high/*.txt                 RACE.tar.gz                     race_high.jsonl
    MATH/test/*/*.json, train            MATH.tar                        math_test.jsonl, math_train.jsonl
    *.parquet                            a data set of the hub           NAME.jsonl (needs pandas)

scripts/get_benchmarks.sh says where they are published. Standard library only, but for Parquet."""
import argparse
import csv
import io
import json
import pathlib
import re
import sys
import tarfile
import zipfile


def members(path):
    """(name, bytes) of every file of an archive, sorted by name."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if not name.endswith("/"):
                    yield name, archive.read(name)
        return
    with tarfile.open(path) as archive:
        for entry in sorted((entry for entry in archive if entry.isfile()), key=lambda entry: entry.name):
            yield entry.name, archive.extractfile(entry).read()


def as_it_is(content, _):
    return content.decode("utf-8").splitlines()


def one_object(content, _):
    return [json.dumps(json.loads(content), ensure_ascii=False)]


def mmlu(content, subject):
    """Lines without a header: question, four choices, the letter of the right one."""
    for number, cells in enumerate(csv.reader(io.StringIO(content.decode("utf-8"), newline="")), start=1):
        if len(cells) != 6 or cells[5] not in "ABCD":
            raise ValueError(f"{subject}, line {number}: expected question, four choices and a letter, got {len(cells)} cells")
        yield json.dumps({"question": cells[0], "subject": subject, "choices": cells[1:5], "answer": "ABCD".index(cells[5])},
                         ensure_ascii=False)


# Where a file is in its archive (the first group names what is made of it), what is made, and its lines.
RULES = [(r"(?:.*/)?data/(dev|test)/(\w+?)_(?:dev|test)\.csv", "mmlu_{0}.jsonl", mmlu),
         (r"(?:.*/)?data/([\w-]+)\.jsonl", "{0}.jsonl", as_it_is),
         (r"(?:.*/)?BoolQ/(val)\.jsonl", "boolq_{0}.jsonl", as_it_is),
         (r"(?:.*/)?(ARC-Challenge-Test)\.jsonl", "{0}.jsonl", as_it_is),
         (r"(?:.*/)?RACE/test/(high)/[^/]+\.txt", "race_{0}.jsonl", one_object),
         (r"(?:.*/)?MATH/(test|train)/[^/]+/[^/]+\.json", "math_{0}.jsonl", one_object)]


def lines_of_archive(path):
    """Name of a file to make -> its lines."""
    made = {}
    for name, content in members(path):
        for pattern, target, lines in RULES:
            found = re.fullmatch(pattern, name)
            if found and not pathlib.PurePath(name).name.startswith("."):
                made.setdefault(target.format(found[1]), []).extend(lines(content, found[found.re.groups]))
                break
    return made


def lines_of_parquet(path):
    try:
        import pandas
    except ImportError:
        raise ValueError(f"{path}: Parquet needs pandas and pyarrow: python3 -m pip install pandas pyarrow") from None
    text = pandas.read_parquet(path).to_json(orient="records", lines=True, force_ascii=False)
    return {path.with_suffix(".jsonl").name: text.splitlines()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--out", type=pathlib.Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.archives:
        try:
            made = lines_of_parquet(path) if path.suffix == ".parquet" else lines_of_archive(path)
        except (OSError, ValueError, tarfile.TarError) as problem:
            sys.exit(f"error: {problem}")
        if not made:
            sys.exit(f"error: {path}: no file in it has a name that is known (scripts/benchmark_files.py --help)")
        for name, lines in made.items():
            (arguments.out / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
            print(f"{arguments.out / name}: {len(lines)} rows")


if __name__ == "__main__":
    main()
