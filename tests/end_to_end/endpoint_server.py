"""tests/endpoint/mock_server.py as a child of a test. Standard library only."""
import json
import subprocess
import sys
import urllib.request

import tiny_world

SERVER = tiny_world.PROJECT / "tests/endpoint/mock_server.py"


class Server:
    def __init__(self, *options):
        self.process = subprocess.Popen([sys.executable, str(SERVER), *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().split()[1]}"

    def seen(self):
        """What the server counted, e.g. "total" requests, and how often each was "asked" and "answered"."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.url}/_seen") as reply:
            return json.load(reply)

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()
