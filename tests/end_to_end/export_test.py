#!/usr/bin/env python3
"""film export: every question once, in the split of its context, with the evidence that film show marks; and what other
tools expect of the files."""
import json
import pathlib
import tempfile
import unittest

import tiny_world


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-export-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")
        (cls.folder / "own.csv").write_text("question,answer,context\nWho waits?,\"Nobody, \"\"yet\"\".\",0\n",
                                            encoding="utf-8")
        code, said = tiny_world.run(["qa", "data", "--import", "own.csv"], cls.folder)
        assert code == 0, said
        cls.shown = {}  # context id -> what film show says of it
        for context in range(30):
            code, said = tiny_world.run(["show", "data", str(context), "--json"], cls.folder)
            assert code == 0, said
            cls.shown[context] = json.loads(said)

    def export(self, form, *more):
        out = self.folder / "-".join(["out", form, *more])
        code, said = tiny_world.run(["export", "data", "--form", form, "--out", str(out), *more], self.folder)
        self.assertEqual(code, 0, said)
        return out, said

    def questions(self):
        return sum(len(shown["questions"]) for shown in self.shown.values())

    def test_messages_are_the_questions_that_film_show_shows(self):
        out, _ = self.export("messages")
        seen = 0
        for split in ("train", "test"):
            for row in rows(out / f"{split}.jsonl"):
                shown = self.shown[row["context"]]
                self.assertEqual(shown["split"], split)
                user, assistant = row["messages"]
                self.assertEqual([user["role"], assistant["role"]], ["user", "assistant"])
                texts = shown["segments"]
                asked = [q for q in shown["questions"]
                         if user["content"].endswith("\n\n### Instruction:\n" + q["question"])]
                self.assertEqual(len(asked), 1, user["content"])
                self.assertEqual(assistant["content"], asked[0]["answer"])
                self.assertIn("### Context:\n" + "\n".join(texts) + "\n\n###", user["content"])
                self.assertNotIn("[INST]", user["content"])  # the chat template's own business
                self.assertEqual([e["segment"] for e in row["evidence"]], asked[0]["evidence"])
                for evidence in row["evidence"]:
                    self.assertEqual(evidence["text"], texts[evidence["segment"]])
                    self.assertEqual(evidence["of"], len(texts))
                seen += 1
        self.assertEqual(seen, self.questions())
        self.assertFalse((out / "validation.jsonl").exists())
        info = json.loads((out / "dataset_info.json").read_text(encoding="utf-8"))
        for entry in info.values():
            self.assertTrue((out / entry["file_name"]).is_file())

    def test_rl_rows_have_prompt_and_reference(self):
        out, _ = self.export("rl", "--prompt", "plain")
        messages, _ = self.export("messages", "--prompt", "film")
        for rl, chat in zip(rows(out / "train.jsonl"), rows(messages / "train.jsonl"), strict=True):
            self.assertEqual(rl["answer"], chat["messages"][1]["content"])
            self.assertEqual(rl["evidence"], chat["evidence"])
            self.assertTrue(rl["prompt"][0]["content"].startswith("Context:\n"))
            self.assertNotIn("Answer:", rl["prompt"][0]["content"])

    def test_text_is_what_is_trained_on(self):
        out, _ = self.export("text")
        for row in rows(out / "train.jsonl"):
            self.assertTrue(row["text"].startswith("[INST] Below is a context"))
            self.assertIn(" [/INST]\n", row["text"])

    def test_retrieval_has_the_layout_of_beir(self):
        out, _ = self.export("retrieval")
        corpus = {row["_id"]: row["text"] for row in rows(out / "corpus.jsonl")}
        queries = {row["_id"]: row["text"] for row in rows(out / "queries.jsonl")}
        self.assertEqual(len(queries), self.questions())
        self.assertEqual(len(corpus), len(rows(out / "corpus.jsonl")))  # every id once
        asked = set()
        for split in ("train", "test"):
            head, *lines = (out / f"qrels/{split}.tsv").read_text(encoding="utf-8").splitlines()
            self.assertEqual(head.split("\t"), ["query-id", "corpus-id", "score"])
            for line in lines:
                query, document, score = line.split("\t")
                self.assertEqual(score, "1")
                self.assertIn(document, corpus)
                asked.add(query)
                secret = queries[query]
                if secret.startswith("What is the secret "):  # the record is in the segment
                    self.assertIn("The secret " + secret[len("What is the secret "):-1] + " is ", corpus[document])
        self.assertEqual(asked, set(queries))

    def test_the_card_names_the_files_and_how_they_were_made(self):
        out, _ = self.export("messages", "--license", "odc-by", "--language", "en")
        card = (out / "README.md").read_text(encoding="utf-8")
        head = card.split("---\n")[1]
        for line in ("license: odc-by", "- en", "  - split: train", "    path: train.jsonl", "- n<1K"):
            self.assertIn(line + "\n", head)
        manifest = json.loads((self.folder / "data/manifest.json").read_text(encoding="utf-8"))
        self.assertIn(manifest["tokenizer"]["sha256"], card)

    def test_other_commands_know_the_folder(self):
        out, _ = self.export("messages")
        self.assertIn("nothing to do", self.export("messages")[1])
        code, said = tiny_world.run(["status", str(out)], self.folder)
        self.assertEqual(code, 0, said)
        self.assertIn("questions, train", said)
        self.assertEqual(tiny_world.run(["check", str(out)], self.folder)[0], 0)
        with (out / "train.jsonl").open("a", encoding="utf-8") as file:
            file.write("{}\n")
        self.assertEqual(tiny_world.run(["check", str(out)], self.folder)[0], 65)
        (out / "train.jsonl").unlink()
        (out / "manifest.json").unlink()
        self.export("messages")

    def test_refusals(self):
        for arguments, code, words in (
                (["export", "data"], 2, "--out"),
                (["export", "--out", "x"], 2, "DATA"),
                (["export", "nowhere", "--out", "x"], 66, "nowhere"),
                (["export", "data", "--out", "x", "--form", "parquet"], 78, "messages"),
                (["export", "data", "--out", "x", "--license", "a: b"], 78, "card"),
                (["export", "corpus", "--out", "x"], 66, "corpus")):
            got, said = tiny_world.run(arguments, self.folder)
            self.assertEqual(got, code, said)
            self.assertIn(words, said)


if __name__ == "__main__":
    unittest.main()
