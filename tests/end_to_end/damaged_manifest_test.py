#!/usr/bin/env python3
"""A manifest without one of its keys is bad data (exit 65) that names the key, for every command that reads it, and
never "a bug in film" (exit 70)."""
import copy
import json
import pathlib
import tempfile
import unittest

import tiny_world

# Keys that a manifest may lack: facts that are there only sometimes, and one that earlier versions did not write.
OPTIONAL = {"synth": {"records", "chi_square"}, "qa": set(), "train": {"kind"}, "eval": {"kind"}}
# Objects whose keys are names that stand for themselves: a count that is gone is not missed.
COUNTS = {"planted", "by_split", "by_kind", "by_type", "by_reason", "rejected"}


def paths(value, path=()):
    """The path to every key of every object; of a list, to those of its first element."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key)
            yield from paths(member, (*path, key))
    elif isinstance(value, list) and value:
        yield from paths(value[0], (*path, 0))


def without(manifest, path):
    damaged = copy.deepcopy(manifest)
    parent = damaged
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return damaged


class DamagedManifest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory(prefix="film-manifest-")
        cls.addClassCleanup(cls.temp.cleanup)
        cls.folder = pathlib.Path(cls.temp.name).resolve()
        cls.verbs = list(tiny_world.VERBS) if tiny_world.HAS_ENGINE else ["synth", "qa"]
        tiny_world.write_inputs(cls.folder)
        for verb in cls.verbs:
            code, said = tiny_world.run_verb(verb, cls.folder)
            assert code == 0, f"film {verb} failed with exit code {code}:\n{said}"

    def check(self, verb, reader):
        """Removes each key of verb's manifest in turn and runs the command `reader`."""
        file = self.folder / tiny_world.VERBS[verb][1] / "manifest.json"
        whole = file.read_text(encoding="utf-8")
        manifest = json.loads(whole)
        try:
            for path in paths(manifest):
                tiny_world.forget_manifest(file.parent)
                file.write_text(json.dumps(without(manifest, path)), encoding="utf-8")
                if reader != verb:
                    tiny_world.clear(reader, self.folder)
                code, said = tiny_world.run_verb(reader, self.folder)
                with self.subTest(verb=verb, key=".".join(map(str, path))):
                    self.assertNotEqual(code, 70, said)
                    if path[-1] in OPTIONAL[verb] or path[-2:-1] and path[-2] in COUNTS:
                        continue
                    self.assertEqual(code, 65, said)
                    self.assertIn(f"{path[-1]}\"", said)
        finally:
            file.write_text(whole, encoding="utf-8")

    def test_of_a_finished_folder_that_is_asked_for_again(self):
        for verb in self.verbs:
            self.check(verb, verb)

    def test_of_the_data_that_questions_are_asked_about(self):
        self.check("synth", "qa")


if __name__ == "__main__":
    unittest.main()
