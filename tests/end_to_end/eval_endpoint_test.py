#!/usr/bin/env python3
"""film eval over an endpoint: every question is asked once, also when the predictions are lost and made again."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

FILM = os.environ["FILM_PROGRAM"]
DATA = pathlib.Path(os.environ["FILM_TEST_DATA"])
SERVER = pathlib.Path(__file__).resolve().parent.parent / "endpoint" / "mock_server.py"


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "source").mkdir()
        sentences = (f"Note {n} says a{n} met b{n} and c{n} found d{n} near e{n} last f{n}." for n in range(60))
        (folder / "source" / "a.txt").write_text("\n\n".join(sentences))
        server = subprocess.Popen([sys.executable, SERVER, "--qa"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            url = f"http://127.0.0.1:{server.stdout.readline().split()[1]}"
            command = [FILM, "-q", "eval", "--json", "--out", folder / "report"]
            for setting in (f"endpoint.base_url={url}/v1", "endpoint.model=stand-in", 'tasks=["document"]',
                            f"tokenizer={DATA}/tokenizer/small.model", f"document.source={folder}/source",
                            "document.min_words=8", "document.context_tokens=400", "document.items=12", "document.contexts=4"):
                command += ["--set", setting]
            first = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            score = first["models"][0]["scores"][0]
            assert score["count"] == 12, score
            assert (folder / "report" / "report.html").stat().st_size > 10000
            (folder / "report" / "manifest.json").unlink()
            shutil.rmtree(folder / "report" / "predictions")
            again = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            assert again == first, "another result from the same answers"
            with urllib.request.urlopen(f"{url}/_seen") as reply:
                asked = json.load(reply)["total"]
            assert asked == 12, f"{asked} requests for 12 questions"
        finally:
            server.stdin.close()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
