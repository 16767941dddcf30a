"""check_events.py FOLDER: TensorBoard's reader finds the version, the session start and three losses."""
import pathlib
import sys

from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

events = list(LegacyEventFileLoader(str(next(pathlib.Path(sys.argv[1]).glob("*tfevents*")))).Load())
assert events[0].file_version == "brain.Event:2", events[0]
assert events[1].session_log.status == 1 and events[1].step == 5, events[1]
losses = [(e.step, round(e.summary.value[0].simple_value, 6)) for e in events[2:]]
assert losses == [(n, round(1 / n, 6)) for n in (6, 7, 8)], losses
