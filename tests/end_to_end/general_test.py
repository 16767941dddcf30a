#!/usr/bin/env python3
"""film qa --general: conversations beside the questions of DATA, in the ratio asked for; film train reads both."""
import json
import pathlib
import tempfile
import unittest

import tiny_world


class General(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-general-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")
        rows = [{"instruction": f"Name boat {i}.", "input": "", "output": f"Mol {i}."} for i in range(60)]
        rows += [{"messages": [{"role": "user", "content": f"Which {i}?"}, {"role": "assistant", "content": "The red one."},
                               {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "It waits."}]}
                 for i in range(60)]
        rows += [{"messages": [{"role": "user", "content": "?"}, {"role": "tool", "content": "42"}]}, {"text": "a document"}]
        (cls.folder / "chats.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def run_film(self, *arguments):
        code, said = tiny_world.run(list(arguments), self.folder)
        self.assertEqual(code, 0, said)
        return said

    def test_ratio_then_training(self):
        self.run_film("qa", "data", "--general", "chats.jsonl", "--set", "general.ratio=[1, 2]")
        manifest = json.loads((self.folder / "data/general/manifest.json").read_text(encoding="utf-8"))
        questions = json.loads((self.folder / "data/questions/manifest.json").read_text(encoding="utf-8"))["questions"]
        self.assertEqual(manifest["questions"], questions["by_split"]["train"])
        self.assertEqual(manifest["conversations"], (questions["by_split"]["train"] + 1) // 2)
        self.assertEqual(manifest["rejected"], {"tool_call": 1, "unknown_shape": 1})
        self.assertIn("nothing to do", self.run_film("qa", "data", "--general", "chats.jsonl", "--set", "general.ratio=[1, 2]"))
        self.run_film("check", "data")
        self.assertRegex(self.run_film("status", "data"), rf"general conversations +{manifest['conversations']}\n")
        if not tiny_world.HAS_ENGINE:
            return
        train = ["train", "--config", "train.json", "--set", f"tokenizer={tiny_world.TOKENIZER}"]
        stages = json.dumps([{"name": "all", "data": ["data"], "batch": 4, "epochs": 1,
                              "schedule": {"peak": 0.01, "decay": "constant"}}])
        self.run_film(*train, "--set", f"stages={stages}", "--out", "both")
        run = json.loads((self.folder / "both/manifest.json").read_text(encoding="utf-8"))
        self.assertGreaterEqual(run["pairs"], questions["by_split"]["train"] + manifest["conversations"])
        alone = stages.replace('"data"]', '"data/general"]')
        self.run_film(*train, "--set", f"stages={alone}", "--out", "alone")


if __name__ == "__main__":
    unittest.main()
