#!/usr/bin/env python3
"""film synth on a corpus with planted faults: overlaps with evaluation files, near and exact copies, evidence that stands
elsewhere too. All of them are found, and nothing else is lost."""
import json
import pathlib
import random
import tempfile
import unittest

import tiny_world

GOOD, TAINTED, NEAR, EXACT, QUOTING = 160, 12, 10, 6, 24
CONTEXTS = 120


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class World:
    """Documents of paragraphs of words that no other document shares runs with, by their names; and the files to stay away from."""

    def __init__(self, folder):
        self.folder, self.draw = folder, random.Random(5)
        letters = "abcdefghiklmnoprstuvz"
        self.words = ["".join(self.draw.choice(letters) for _ in range(self.draw.randint(3, 8))) for _ in range(4000)]
        self.documents = {f"good-{i:03}": self.document() for i in range(GOOD)}
        self.plant()
        (folder / "corpus").mkdir()
        for name, paragraphs in self.documents.items():
            (folder / f"corpus/{name}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")

    def some(self, count):
        return [self.draw.choice(self.words) for _ in range(count)]

    def sentence(self, count):
        return " ".join(self.some(count)).capitalize() + "."

    def document(self):
        return [self.sentence(30) for _ in range(self.draw.randint(4, 8))]

    def plant(self):
        self.plant_overlaps()
        for i in range(NEAR):
            paragraphs = list(self.documents[f"good-{i:03}"])
            words = paragraphs[1].split()
            words[7] = "otherwise"
            self.documents[f"near-{i:02}"] = [paragraphs[0], " ".join(words), *paragraphs[2:]]
        for i in range(EXACT):
            self.documents[f"same-{i:02}"] = self.documents[f"good-{50 + i:03}"]
        for i in range(QUOTING):  # one paragraph of another document between its own
            self.documents[f"quoting-{i:02}"] = [*self.document(), self.documents[f"good-{100 + i:03}"][2], *self.document()]

    def plant_overlaps(self):
        """Ten words in a row of an evaluation text, written otherwise; each of the three files has a third."""
        texts = [self.some(25) for _ in range(TAINTED)]
        third = TAINTED // 3
        lines = [" ".join(text).capitalize() + "?" for text in texts]
        (self.folder / "exam.jsonl").write_text("".join(json.dumps({"n": i, "question": {"text": line}}) + "\n"
                                                        for i, line in enumerate(lines[:third])), encoding="utf-8")
        (self.folder / "exam.csv").write_text("id,question\n" + "".join(f'{i},"{line}"\n' for i, line in
                                              enumerate(lines[third:2 * third])), encoding="utf-8")
        (self.folder / "exam.txt").write_text("\n\n".join(lines[2 * third:]), encoding="utf-8")
        for i, text in enumerate(texts):
            paragraphs = self.document()
            run = [word.upper() + "," * (j % 3 == 0) for j, word in enumerate(text[i:i + 10])]
            paragraphs[2] = self.sentence(8) + " " + "  ".join(run) + " -- " + self.sentence(8)
            self.documents[f"tainted-{i:02}"] = paragraphs
        nine = self.document()  # one word fewer is no overlap
        nine[1] += " " + " ".join(texts[0][3:12])
        self.documents["good-nine"] = nine


class PlantedFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-planted-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        cls.world = World(cls.folder)
        code, said = tiny_world.run(
            ["synth", "--set", "inputs=corpus", "--tokenizer", str(tiny_world.TOKENIZER), "--out", "data", "--segment", "16",
             "--contexts", f"{CONTEXTS}:0:0", "--set", "contexts.segments=80", "--set", "split.train=1", "--set",
             "split.validation=0", "--set", "split.test=0", "--set", "duplicates.near=0.8", "--set",
             'decontaminate.inputs=["exam.jsonl", "exam.csv", "exam.txt"]', "--set", "threads=1"], cls.folder)
        assert code == 0, said
        cls.rejected = {pathlib.Path(row["where"].split(":")[0]).stem: row for row in rows(cls.folder / "data/documents/rejected.jsonl")}

    def test_what_is_planted_is_left_out_and_nothing_else(self):
        kinds = {}
        for name, row in self.rejected.items():
            kinds.setdefault(row["reason"], set()).add(name.split("-")[0])
        self.assertEqual(kinds, {"contaminated": {"tainted"}, "near_duplicate": {"near"}, "duplicate": {"same"}})
        self.assertEqual(len(self.rejected), TAINTED + NEAR + EXACT)
        kept = {pathlib.Path(row["source"]).stem for row in rows(self.folder / "data/documents/part-00000.jsonl")}
        self.assertEqual(kept, set(self.world.documents) - set(self.rejected))

    def test_an_overlap_is_named_with_its_place(self):
        for i in range(TAINTED):
            row = self.rejected[f"tainted-{i:02}"]
            self.assertIn(("exam.jsonl", "exam.csv", "exam.txt")[i // (TAINTED // 3)], row["detail"])

    def test_no_filler_says_what_the_evidence_says(self):
        twice = {self.world.documents[f"good-{100 + i:03}"][2] for i in range(QUOTING)}
        met, texts = set(), []
        for context in range(CONTEXTS):
            code, said = tiny_world.run(["show", "data", str(context), "--json"], self.folder)
            self.assertEqual(code, 0, said)
            segments = [text.strip() for text in json.loads(said)["segments"]]
            self.assertEqual(len(set(segments)), len(segments), f"context {context} says a segment twice")
            met |= twice & set(segments)
            texts += segments
        self.assertGreater(len(met), QUOTING // 2, "the planted paragraphs are no segments: this test sees nothing")
        self.assertGreater(sum(texts.count(text) for text in met), 2 * len(met))


if __name__ == "__main__":
    unittest.main()
