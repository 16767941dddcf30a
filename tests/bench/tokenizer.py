#!/usr/bin/env python3
"""film's tokenizer against its peers: one thread, the same texts, the same run, the ids compared.

  cmake --build BUILD --target film_bench_tokenizer
  python3 -m venv PEERS && PEERS/bin/pip install sentencepiece==0.2.3 gigatoken==0.10.0
  PEERS/bin/python tests/bench/tokenizer.py BUILD/film_bench_tokenizer MODEL FOLDER [--rounds N] [.ending ...]

Prints a Markdown table. Every tokenizer gets a list of whole files; the best of N rounds counts, in CPU seconds.
"""
import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import time

os.environ.setdefault("RAYON_NUM_THREADS", "1")  # read by gigatoken when it starts


def is_utf8(text):  # a peer crashes on other bytes
    try:
        text.decode()
        return True
    except UnicodeDecodeError:
        return False


def read_folder(folder, endings):
    paths = sorted(str(p) for p in pathlib.Path(folder).rglob("*") if p.is_file() and p.suffix in endings)
    texts = (pathlib.Path(p).read_bytes() for p in paths)
    return [text for text in texts if text and is_utf8(text)]


def sha_of(ids_of_texts):
    import numpy

    digest = hashlib.sha256()
    tokens = 0
    for ids in ids_of_texts:
        array = numpy.asarray(ids, dtype="<i4")
        tokens += len(array)
        digest.update(array.tobytes())
    return tokens, digest.hexdigest()


def measure(name, texts, rounds, encode_all):
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        result = encode_all(texts)
        best = min(best, time.process_time() - begin)
    size = sum(map(len, texts))
    return (name, best, size, *sha_of(result))


def film_rows(options, endings):
    command = [options.program, options.model, options.folder, str(options.rounds), *endings]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        if line.startswith("#"):
            print(line[2:], file=sys.stderr)
            continue
        name, seconds, size, tokens, sha = line.split("\t")
        yield name, float(seconds), int(size), int(tokens), sha


def sentencepiece_row(options, texts):
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=options.model)
    name = f"SentencePiece {sentencepiece.__version__}, Python"
    return measure(name, texts, min(options.rounds, 2), lambda t: processor.encode(t, num_threads=1))


def gigatoken_rows(options, texts):
    import gigatoken
    from importlib.metadata import version

    name = f"gigatoken {version('gigatoken')}, Python"
    tokenizer = gigatoken.Tokenizer.from_sentencepiece(options.model)
    yield measure(name + ", first pass", texts, 1, lambda t: tokenizer.encode_batch(t, parallel=False))
    yield measure(name + ", warm", texts, options.rounds, lambda t: tokenizer.encode_batch(t, parallel=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("folder")
    parser.add_argument("endings", nargs="*")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    endings = options.endings or [".txt"]
    texts = read_folder(options.folder, set(endings))

    rows = list(film_rows(options, endings))
    rows.append(sentencepiece_row(options, texts))
    rows.extend(gigatoken_rows(options, texts))
    reference = next(row for row in rows if row[0] == "SentencePiece C++")
    print(f"{len(texts)} files, {reference[2]:,} bytes, {reference[3]:,} tokens, one thread\n")
    print("| tokenizer | MB a CPU second | million tokens | against SentencePiece C++ | ids |")
    print("|---|---:|---:|---:|---|")
    for name, seconds, size, tokens, sha in rows:
        same = "same" if sha == reference[4] else f"**differ** ({tokens:,} tokens)"
        ratio = reference[1] / seconds
        print(f"| {name} | {size / seconds / 1e6:.1f} | {tokens / seconds / 1e6:.2f} | {ratio:.1f}x | {same} |")


if __name__ == "__main__":
    main()
