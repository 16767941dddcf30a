#!/usr/bin/env python3
"""Two hosts, each a network namespace of its own, train together; their cable is pulled while both processes live. All end,
the one that is not heard is named, and the same commands go on where the last checkpoint is."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import tiny_world

INSIDE = "FILM_TEST_INSIDE_NAMESPACE"
HOSTS = ("film-a", "film-b")
ADDRESSES = ("10.91.7.1", "10.91.7.2")


def enter_namespace():
    """Starts this program again where it may make hosts. Without root it becomes root of a user namespace."""
    if os.environ.get(INSIDE) or not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        return
    rights = [] if os.geteuid() == 0 else ["--map-root-user", "--user"]
    command = ["unshare", *rights, "--net", "--uts", "--kill-child", "--fork"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
        os.execvpe("unshare", [*command, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


def run(*command):
    subprocess.run(command, check=True, capture_output=True, text=True)


@unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
class LostNetwork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.environ.get(INSIDE):
            raise unittest.SkipTest("network namespaces are not allowed here, or ip and nsenter are not installed")
        cls.temp = tempfile.TemporaryDirectory(prefix="film-network-")
        cls.addClassCleanup(cls.temp.cleanup)
        cls.folder = pathlib.Path(cls.temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")
        tiny_world.lengthen_training(cls.folder, 30)
        cls.join_hosts()
        cls.whole = cls.finish(cls, "whole", "none")

    @classmethod
    def join_hosts(cls):
        """This namespace is the first host."""
        cls.other = subprocess.Popen(["unshare", "--net", "--uts", "sh", "-c", f"hostname {HOSTS[1]}; exec sleep 3600"])
        cls.addClassCleanup(cls.other.wait)
        cls.addClassCleanup(cls.other.kill)
        run("hostname", HOSTS[0])
        run("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1")
        while os.readlink(f"/proc/{cls.other.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            pass
        run("ip", "link", "set", "cable1", "netns", str(cls.other.pid))
        for prefix, device, address in (((), "cable0", ADDRESSES[0]), (cls.there(cls), "cable1", ADDRESSES[1])):
            for words in (["link", "set", "lo", "up"], ["address", "add", f"{address}/24", "dev", device],
                          ["link", "set", device, "up"]):
                run(*prefix, "ip", *words)

    def there(self):
        return ["nsenter", f"--net=/proc/{self.other.pid}/ns/net", f"--uts=/proc/{self.other.pid}/ns/uts", "--"]

    def start(self, out, shard):
        arguments = ["train", "--config", "train.json", "--tokenizer", str(tiny_world.TOKENIZER), "--set", f"shard={shard}",
                     "--out", out]
        return [tiny_world.start(arguments, self.folder, prefix,
                                 {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": "0", "MASTER_ADDR": ADDRESSES[0],
                                  "MASTER_PORT": "29533", "OMP_NUM_THREADS": "1"}, stderr=subprocess.STDOUT)
                for rank, prefix in enumerate(([], LostNetwork.there(self)))]

    def end(self, processes):
        """Codes and words of both."""
        try:
            said = [process.communicate(timeout=100)[0] for process in processes]
        finally:
            for process in processes:
                process.kill()
        return [process.returncode for process in processes], said

    def finish(self, out, shard):
        codes, said = LostNetwork.end(self, LostNetwork.start(self, out, shard))
        assert codes == [0, 0], said
        return tiny_world.result_hashes(self.folder, out)

    def test_a_pulled_cable(self):
        for shard in ("none", "optimizer", "full"):
            with self.subTest(shard=shard):
                whole = self.whole if shard == "none" else self.finish(f"whole-{shard}", shard)
                processes = self.start(shard, shard)
                tiny_world.wait_for_steps(self.folder, shard, 8)
                run("ip", "link", "set", "cable0", "down")
                try:
                    codes, said = self.end(processes)
                finally:
                    run("ip", "link", "set", "cable0", "up")
                self.assertEqual(codes, [71, 71], said)
                self.assertIn(f"rank 1 on {HOSTS[1]}", said[0])
                self.assertIn(f"rank 0 on {HOSTS[0]}", said[1])
                for words in said:
                    self.assertIn("nothing was heard of it", words)
                self.assertEqual(self.finish(shard, shard), whole)

    def test_a_pause_that_is_short_enough(self):
        """TCP sends again what was lost in less than ranks.lost_after."""
        processes = self.start("paused", "none")
        tiny_world.wait_for_steps(self.folder, "paused", 4)
        run("ip", "link", "set", "cable0", "down")
        time.sleep(1.5)
        run("ip", "link", "set", "cable0", "up")
        codes, said = self.end(processes)
        self.assertEqual(codes, [0, 0], said)
        self.assertEqual(tiny_world.result_hashes(self.folder, "paused"), self.whole)


if __name__ == "__main__":
    enter_namespace()
    program = unittest.main(exit=False, argv=[sys.argv[0], "-v", *sys.argv[1:]])
    if program.result.skipped and program.result.testsRun == 0 and program.result.wasSuccessful():
        print(program.result.skipped[0][1])
        sys.exit(77)
    sys.exit(not program.result.wasSuccessful())
