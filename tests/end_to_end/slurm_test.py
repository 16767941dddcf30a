#!/usr/bin/env python3
"""The scripts that film slurm-script writes, on real Slurm daemons with virtual nodes: training by two nodes through
everything that a cluster does to it, ending in the weights that it has undisturbed. All of it by an ordinary user."""
import contextlib
import os
import pathlib
import shlex
import signal
import sys
import tempfile
import time
import unittest

import mini_slurm
import ordinary_user
import tiny_world

STEPS = 40
TRAIN = "train --config train.json --tokenizer {tokenizer} --set shard={shard} --out {out}"


def rank_processes(out):
    """Process numbers by rank of the run that writes `out`."""
    found = {}
    for folder in pathlib.Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if words[0].endswith(b"/film") and os.fsencode(out) in words:
                variables = dict(pair.split(b"=", 1) for pair in (folder / "environ").read_bytes().split(b"\0")
                                 if b"=" in pair)
                found[int(variables[b"SLURM_PROCID"])] = (int(folder.name), variables[b"SLURMD_NODENAME"].decode())
        except (OSError, KeyError, ValueError):
            continue
    return found


class Slurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        obstacle = mini_slurm.reason_not_to()
        if obstacle:
            raise unittest.SkipTest(obstacle)
        cls.temp = tempfile.TemporaryDirectory(prefix="film-slurm-")
        cls.addClassCleanup(cls.temp.cleanup)
        cls.folder = pathlib.Path(cls.temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")
        tiny_world.lengthen_training(cls.folder, STEPS)
        cls.slurm = mini_slurm.MiniSlurm(cls.folder / "slurm", 4)
        cls.slurm.__enter__()
        cls.addClassCleanup(cls.slurm.__exit__)
        cls.whole = cls.finish("whole", cls.submit("whole"))

    @classmethod
    def write_scripts(cls, name, **settings):
        """Those of the stages that `settings` name, into NAME.jobs."""
        stages = {stage: {"commands": [], **settings.pop(stage, {})} for stage in ("synth", "qa", "train", "eval")}
        for stage in stages.values():
            stage.update({"gpus_per_node": 0, "cpus_per_task": 1, "memory": "500M", "time": "10", **stage})
        file = cls.folder / f"{name}.json"
        file.write_text(tiny_world.json.dumps(
            {"program": str(tiny_world.PROGRAM), "setup": [f"export FILM_TORCH_DIR={os.environ['FILM_TORCH_DIR']}"],
             **stages, **settings}), encoding="utf-8")
        code, said = tiny_world.run(["slurm-script", "--config", str(file), "--out", f"{name}.jobs"], cls.folder)
        assert code == 0, said

    @classmethod
    def submit(cls, out, *options, shard="optimizer", **changes):
        command = TRAIN.format(tokenizer=tiny_world.TOKENIZER, shard=shard, out=out)
        cls.write_scripts(out, train={"commands": [command], "nodes": 2, "tasks_per_node": 1, **changes})
        return cls.slurm.submit(f"{out}.jobs/train.sbatch", cls.folder, *options)

    @classmethod
    def log(cls, job):
        file = cls.folder / f"film-train-{job}.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @classmethod
    def finish(cls, out, job):
        try:
            cls.slurm.wait(lambda: cls.slurm.state(job) in ("COMPLETED", "FAILED", "TIMEOUT", "NODE_FAIL"), 150, f"{out} ends")
        except TimeoutError as late:
            raise AssertionError(f"{late}; {cls.slurm.state(job)}\n{cls.log(job)}") from late
        assert cls.slurm.state(job) == "COMPLETED", cls.slurm.state(job) + "\n" + cls.log(job)
        return tiny_world.result_hashes(cls.folder, out)

    def wait_for_training(self, out, job):
        try:
            tiny_world.wait_for_steps(self.folder, out, 3)
        except TimeoutError as late:
            raise AssertionError(f"{late}\n{self.log(job)}") from late

    def expect_same(self, out, job, restarts=1):
        self.assertEqual(self.finish(out, job), self.whole, self.log(job))
        self.assertGreaterEqual(self.slurm.restarts(job), restarts, self.log(job))

    def test_nobody_is_root(self):
        self.assertNotEqual(os.geteuid(), 0)
        job = self.slurm.submit(self.script("whoami", "id -u > user"), self.folder, "--wait", "-o", "/dev/null")
        self.assertEqual((self.folder / "user").read_text(encoding="utf-8").strip(), str(os.geteuid()), job)

    def script(self, name, line):
        file = self.folder / f"{name}.sh"
        file.write_text(f"#!/bin/bash\n{line}\n", encoding="utf-8")
        return file

    def test_preemption(self):
        job = self.submit("preempted", "--exclusive", "-w", "n[1-2]")
        self.wait_for_training("preempted", job)
        self.slurm.submit(self.script("other", "sleep 1"), self.folder, "-p", "high", "-w", "n1", "--exclusive", "-o", "/dev/null")
        self.expect_same("preempted", job)
        self.assertIn("stopped by SIGUSR1", self.log(job))

    def test_a_time_limit(self):
        """Slurm warns early. The run is held back until then: a rank that is stopped for less than ranks.lost_after is
        waited for."""
        job = self.submit("limited", time="1", warning=60)
        self.wait_for_training("limited", job)
        end = time.monotonic() + 75
        while "stopped by SIGUSR1" not in self.log(job) and time.monotonic() < end:
            process = rank_processes("limited").get(1, (0, ""))[0]
            if process == 0:
                time.sleep(0.2)
                continue
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(process, signal.SIGSTOP)
                time.sleep(2.5)
                os.kill(process, signal.SIGCONT)
            time.sleep(0.05)
        self.assertIn("stopped by SIGUSR1", self.log(job))
        self.expect_same("limited", job)

    def test_shards_of_synth_make_the_bytes_of_one_run(self):
        words = [*tiny_world.VERBS["synth"][0][:-1], "sharded"]
        self.write_scripts("sharded", shards=3, synth={"commands": [" ".join(map(shlex.quote, words))]})
        for script in ("synth", "synth-join"):
            job = self.slurm.submit(f"sharded.jobs/{script}.sbatch", self.folder, "--wait")
            log = "".join(file.read_text(encoding="utf-8") for file in self.folder.glob(f"film-{script}-{job}*.log"))
            self.assertEqual(set(self.slurm.run("squeue", "-h", "-t", "all", "-j", job, "-o", "%T").split()),
                             {"COMPLETED"}, log)
        self.assertEqual(tiny_world.result_hashes(self.folder, "sharded"), tiny_world.result_hashes(self.folder, "data"))

    def test_requeue(self):
        job = self.submit("requeued")
        self.wait_for_training("requeued", job)
        self.slurm.run("scontrol", "requeue", job)
        self.expect_same("requeued", job)

    def test_a_killed_rank(self):
        job = self.submit("killed")
        self.wait_for_training("killed", job)
        os.kill(rank_processes("killed")[1][0], signal.SIGKILL)
        self.expect_same("killed", job)
        self.assertIn("rank 1 on", self.log(job))

    def test_a_stopped_rank(self):
        job = self.submit("frozen")
        self.wait_for_training("frozen", job)
        os.kill(rank_processes("frozen")[1][0], signal.SIGSTOP)
        self.slurm.wait(lambda: "nothing was heard of it" in self.log(job), 30, "the stopped rank is found")
        os.kill(rank_processes("frozen")[1][0], signal.SIGKILL)  # srun would wait for it
        self.expect_same("frozen", job)

    def test_a_lost_node(self):
        job = self.submit("lost", "-w", "n[3-4]")
        self.wait_for_training("lost", job)
        process, node = rank_processes("lost")[1]
        number = int(node[1:])
        self.slurm.daemons[number].kill()
        parent = int(pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
        for one in (parent, process):
            os.kill(one, signal.SIGKILL)
        time.sleep(1)
        self.slurm.daemons[number].wait()
        self.slurm.wait(lambda: self.slurm.restarts(job) > 0, 100, "the job starts again")
        self.slurm.start_node(number)
        self.expect_same("lost", job)


if __name__ == "__main__":
    ordinary_user.become_one()
    program = unittest.main(exit=False, argv=[sys.argv[0], "-v", *sys.argv[1:]])
    if program.result.skipped and program.result.testsRun == 0 and program.result.wasSuccessful():
        print(program.result.skipped[0][1])
        sys.exit(77)
    sys.exit(not program.result.wasSuccessful())
