#!/usr/bin/env python3
"""film's tokenizer against its peers: one thread, the same texts, the same run, the ids compared.

  cmake --build BUILD --target film_bench_tokenizer
  python3 -m venv PEERS && PEERS/bin/pip install sentencepiece==0.2.3 gigatoken==0.10.0 kitoken==0.11.1 tokie==0.1.4 \\
    fastokens==0.3.5 snaptokens==0.2.6 tokenizers==0.23.3 numpy
  tests/bench/tokenizer_texts.sh TEXTS        # prose, code, tables, cjk: 180 MB
  PEERS/bin/python tests/bench/tokenizer.py BUILD/film_bench_tokenizer MODEL FOLDER [--rounds N] [.ending ...]

Prints a Markdown table. Every tokenizer gets a list of whole files; the best of N rounds counts, in CPU seconds.
"""
import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version

os.environ.setdefault("RAYON_NUM_THREADS", "1")  # read by peers in Rust when they start


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


def sentencepiece_encoder(model):
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    return lambda texts: processor.encode(texts, num_threads=1)


def gigatoken_encoder(model):
    import gigatoken

    tokenizer = gigatoken.Tokenizer.from_sentencepiece(model)
    return lambda texts: tokenizer.encode_batch(texts, parallel=False)


def kitoken_encoder(model):
    import kitoken

    tokenizer = kitoken.Kitoken.from_sentencepiece_file(model)
    return lambda texts: [tokenizer.encode(text.decode()) for text in texts]


def tokenizer_json(model, prepend=True):
    """The model as tokenizers' own format says it: merges by score. Some cannot prepend the first blank; they are given it."""
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    pieces = [processor.id_to_piece(i) for i in range(len(processor))]
    ids = {piece: i for i, piece in enumerate(pieces)}
    merges = []
    for i, piece in enumerate(pieces):
        if processor.is_control(i) or processor.is_byte(i) or processor.is_unknown(i):
            continue
        parts = ((piece[:at], piece[at:]) for at in range(1, len(piece)))
        found = [(left, right) for left, right in parts if left in ids and right in ids]
        merges += sorted(found, key=lambda pair: (ids[pair[0]], ids[pair[1]]))
    merges.sort(key=lambda pair: -processor.get_score(ids[pair[0] + pair[1]]))
    blank = "\u2581"
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "pre_tokenizer": None,
        "post_processor": None,
        "normalizer": {"type": "Sequence", "normalizers": [
            *([{"type": "Prepend", "prepend": blank}] if prepend else []),
            {"type": "Replace", "pattern": {"String": " "}, "content": blank}]},
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": blank}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                  "vocab": ids, "merges": merges}})


def tokenizers_encoder(model):
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_str(tokenizer_json(model))
    return lambda texts: [tokenizer.encode(text.decode(), add_special_tokens=False).ids for text in texts]


def tokie_encoder(model):
    import tokie

    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(tokenizer_json(model))
        file.flush()
        tokenizer = tokie.Tokenizer.from_json(file.name)
    return lambda texts: [tokenizer.encode(text.decode(), add_special_tokens=False).ids for text in texts]


def flat(tokenizer, texts):
    import numpy

    ids, ends = tokenizer.encode_batch_flat(texts, False)
    return numpy.split(numpy.frombuffer(ids, "<u4"), numpy.frombuffer(ends, "<u8")[1:-1].astype("int64"))


def fastokens_encoder(model):
    import fastokens

    tokenizer = fastokens.Tokenizer.from_json_str(tokenizer_json(model))
    return lambda texts: flat(tokenizer, [text.decode() for text in texts])


def snaptokens_encoder(model):
    import snaptokens

    tokenizer = snaptokens.Tokenizer.from_json_str(tokenizer_json(model, prepend=False))
    return lambda texts: flat(tokenizer, [" " + text.decode() for text in texts])


PEERS = {"sentencepiece": sentencepiece_encoder, "gigatoken": gigatoken_encoder, "kitoken": kitoken_encoder,
         "tokie": tokie_encoder, "fastokens": fastokens_encoder,
         "snaptokens": snaptokens_encoder, "tokenizers": tokenizers_encoder}


def peer_rows(options, texts):
    """Of every peer that is installed, in a first pass and a second one. One that fails is named."""
    for name, encoder in PEERS.items():
        try:
            label, encode_all = f"{name} {version(name)}, Python", encoder(options.model)
            yield measure(label + ", first pass", texts, 1, encode_all)
            yield measure(label + ", warm", texts, options.peer_rounds, encode_all)
        except PackageNotFoundError:
            print(f"{name} is not installed", file=sys.stderr)
        except Exception as failure:
            print(f"{name} failed: {failure}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("folder")
    parser.add_argument("endings", nargs="*")
    parser.add_argument("--rounds", type=int, default=10, help="of film")
    parser.add_argument("--peer-rounds", type=int, default=1, help="of a peer, after its first pass")
    options = parser.parse_args()
    endings = options.endings or [".txt"]
    texts = read_folder(options.folder, set(endings))

    rows = list(film_rows(options, endings))
    rows.extend(peer_rows(options, texts))
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
