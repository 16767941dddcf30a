#!/usr/bin/env python3
"""film show DATA --html: the page tells what DATA holds, and shows contexts of every split with their evidence marked."""
import html
import json
import pathlib
import tempfile
import unittest

import tiny_world


class DataPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-page-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")

    def film(self, expected, *arguments):
        code, said = tiny_world.run(list(arguments), self.folder)
        self.assertEqual(code, expected, said)
        return said

    def test_all_of_data(self):
        said = self.film(0, "show", "data", "--html", "page.html")
        self.assertIn("wrote page.html · next: open page.html in a browser", said)
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        facts = json.loads((self.folder / "data/manifest.json").read_text(encoding="utf-8"))
        for split, counts in facts["contexts"]["by_split"].items():
            self.assertIn(f'<td class="word">split</td><td class="word">{split}</td><td>{counts["contexts"]:,}</td>', page)
            self.assertEqual(page.count(f" · {split} · "), min(2, counts["contexts"]), "contexts of the split to be read")
        self.assertNotIn("<script", page)

    def test_one_context(self):
        self.film(0, "show", "data", "0", "--html", "one.html")
        page = (self.folder / "one.html").read_text(encoding="utf-8")
        shown = json.loads(self.film(0, "show", "data", "0", "--json"))
        text = html.unescape(page)
        for position in shown["evidence"]:
            self.assertIn(f"<mark>{shown['segments'][position]}</mark>", text)
        for question in shown["questions"]:
            self.assertIn(question["answer"], text)

    def test_what_has_no_page(self):
        self.film(2, "show", "data", "--html", "a.html", "--json")
        self.film(73, "show", "data", "--html", "nowhere/deep/a.html")
        self.assertFalse((self.folder / "a.html").exists())


if __name__ == "__main__":
    unittest.main()
