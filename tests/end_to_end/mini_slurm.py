"""A Slurm of several virtual nodes on this machine, for one test: Debian's own daemons, without root, systemd, munge or
control groups. Preemption warns with SIGUSR1; what is requeued starts again after seconds instead of two minutes."""
import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import time

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
CONFIGURATION = """ClusterName=film
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
AuthInfo=cred_expire=5
SlurmctldPort={port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdSpoolDir={folder}/spool.%n
StateSaveLocation={folder}/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
MailProg=/bin/true
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SlurmctldParameters=preempt_send_user_signal
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
SlurmdTimeout=10
KillWait=5
MinJobAge=300
"""


def reason_not_to():
    """Why no Slurm can run here; empty where one can."""
    missing = [name for name in ("slurmctld", "slurmd", "sbatch", "srun", "scontrol", "squeue")
               if not shutil.which(name, path=PATH)]
    return f"Slurm is not installed ({', '.join(missing)}): scripts/setup.sh --tests installs it with root" if missing else ""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class MiniSlurm:
    def __init__(self, folder, nodes):
        self.folder, self.nodes, self.daemons = pathlib.Path(folder), nodes, []
        ports = free_ports(nodes + 1)
        host = socket.gethostname().split(".")[0]
        text = CONFIGURATION.format(host=host, user=getpass.getuser(), port=ports[0], folder=self.folder)
        for number, port in enumerate(ports[1:], 1):
            text += f"NodeName=n{number} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=2000\n"
            (self.folder / f"spool.n{number}").mkdir(parents=True)
        every = f"Nodes=n[1-{nodes}] MaxTime=60"
        text += f"PartitionName=low {every} Default=YES PriorityTier=1 PreemptMode=REQUEUE GraceTime=30\n"
        text += f"PartitionName=high {every} Default=NO PriorityTier=10 PreemptMode=OFF\n"
        (self.folder / "state").mkdir()
        self.file = self.folder / "slurm.conf"
        self.file.write_text(text, encoding="utf-8")
        self.environment = {**os.environ, "SLURM_CONF": str(self.file), "PATH": PATH}

    def __enter__(self):
        try:
            self.start("slurmctld", "-D", "-c", "-f", str(self.file))
            for number in range(1, self.nodes + 1):
                self.start_node(number)
            self.wait(lambda: self.run("sinfo", "-h", "-t", "idle", "-o", "%D").split("\n")[0] == str(self.nodes), 30,
                      "all nodes idle")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def start(self, *command):
        with open(self.folder / f"{command[0]}.out", "ab") as log:
            self.daemons.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                 env=self.environment, start_new_session=True))
        return self.daemons[-1]

    def start_node(self, number):
        return self.start("slurmd", "-D", "-N", f"n{number}", "-f", str(self.file))

    def run(self, *command):
        """What it says on stdout; stderr where it fails."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        return (done.stdout if done.returncode == 0 else done.stderr).strip()

    def submit(self, script, folder, *options):
        """The job's number."""
        done = subprocess.run(["sbatch", "--parsable", *options, str(script)], cwd=folder, env=self.environment,
                              capture_output=True, text=True, timeout=150, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"sbatch {script}: {done.stderr}")
        return done.stdout.strip()

    def state(self, job):
        return self.run("squeue", "-h", "-t", "all", "-j", job, "-o", "%T").split("\n")[0]

    def restarts(self, job):
        facts = self.run("scontrol", "show", "job", job)
        return int(next((word[9:] for word in facts.split() if word.startswith("Restarts=")), "0"))

    @staticmethod
    def wait(ready, seconds, what):
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s: {what}")
            time.sleep(0.1)
