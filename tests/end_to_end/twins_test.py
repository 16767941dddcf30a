#!/usr/bin/env python3
"""Questions that their context does not answer: made by film synth and film qa, and seen by everything behind them."""
import json
import pathlib
import tempfile
import unittest

import tiny_world

REFUSAL = "The context does not say."


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class Twins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-twins-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        tiny_world.write_inputs(cls.folder)
        for verb, more in (("synth", ["--set", "contexts.twins=0.5", "--set", "contexts.fillers.grade=topic",
                                 "--set", "contexts.questions_per_context=1"]), ("qa", [])):
            code, said = tiny_world.run(tiny_world.VERBS[verb][0] + more, cls.folder)
            assert code == 0, said
        cls.contexts = {row["id"]: row for row in rows(cls.folder / "data/contexts/part-00000.jsonl")}
        cls.examples = rows(cls.folder / "data/questions/examples.jsonl")

    def film(self, *arguments):
        code, said = tiny_world.run(list(arguments), self.folder)
        self.assertEqual(code, 0, said)
        return said

    def twins(self):
        return [example for example in self.examples if "twin_of" in self.contexts[example["context"]]]

    def test_the_share_is_exact(self):
        asked = sum(len(example["questions"]) for example in self.examples
                    if example["split"] == "train" and "twin_of" not in self.contexts[example["context"]])
        unanswerable = sum(len(example["questions"]) for example in self.twins())
        self.assertEqual(unanswerable, asked // 2)
        manifest = json.loads((self.folder / "data/questions/manifest.json").read_text(encoding="utf-8"))
        self.assertEqual(manifest["twins"], {"wanted": unanswerable, "written": unanswerable})
        self.assertEqual(manifest["questions"]["by_type"]["unanswerable"], unanswerable)

    def test_the_same_question_has_an_answer_elsewhere(self):
        answered = {(example["context"], question["question"]): question["answer"]
                    for example in self.examples for question in example["questions"]}
        for example in self.twins():
            for question in example["questions"]:
                of = self.contexts[example["context"]]["twin_of"]
                self.assertNotIn(answered[of, question["question"]], (REFUSAL, ""))
                self.assertEqual((question["answer"], question["evidence"]), (REFUSAL, []))

    def test_it_is_shown_checked_and_told(self):
        twin = self.twins()[0]["context"]
        self.assertIn(f"(twin of context {self.contexts[twin]['twin_of']})", self.film("show", "data", str(twin)))
        self.film("show", "data", "--html", "page.html")
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        self.assertIn("no evidence: twin of context", page)
        self.assertIn("fillers are of grade topic", page)
        self.film("check", "data")
        self.assertRegex(self.film("status", "data"), r"twins without evidence +\d+")

    def test_exports_tell_them_apart(self):
        wanted = sum(len(example["questions"]) for example in self.twins())
        for form in ("messages", "rl", "text"):
            self.film("export", "data", "--form", form, "--out", form)
            marked = [row for row in rows(self.folder / form / "train.jsonl") if row.get("unanswerable")]
            self.assertEqual(len(marked), wanted)
            self.assertTrue(all(row["evidence"] == [] for row in marked))
            self.assertIn("`unanswerable`", (self.folder / form / "README.md").read_text(encoding="utf-8"))
        self.film("export", "data", "--form", "retrieval", "--out", "retrieval")
        queries = {row["_id"] for row in rows(self.folder / "retrieval/queries.jsonl")}
        relevant = {line.split("\t")[0] for file in (self.folder / "retrieval/qrels").iterdir()
                    for line in file.read_text(encoding="utf-8").splitlines()[1:]}
        self.assertEqual(queries, relevant)

    def test_training_reads_them(self):
        if not tiny_world.HAS_ENGINE:
            self.skipTest("this build has no engine")
        self.film(*tiny_world.VERBS["train"][0])
        run = json.loads((self.folder / "run/manifest.json").read_text(encoding="utf-8"))
        self.assertGreater(run["pairs"], 0)


if __name__ == "__main__":
    unittest.main()
