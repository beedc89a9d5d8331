"""How a run goes, for Prometheus: a text file its node exporter collects (docs/batch.md names the metrics)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from apps.batch_progress import Glance
from pipeline.store import Ended, Run
from validators.findings import Verdict

_EVERY = 10  # seconds
_OUTCOMES = ("read", "timeout", "died", "memory", "error", "outage")
_STATES = ("waiting", "finished", "failed", "invalid")


class MetricsFile(Collector):
    """A file that is always whole, written every ten seconds and at the end."""

    every = 10.0

    def __init__(self, path: Path, run: Run) -> None:
        self._path, self._run = path, run
        self._written = 0.0
        self._glance = Glance.none()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def look(self, glance: Glance, ended: Sequence[Ended]) -> None:
        self._glance = glance
        if glance.last or glance.seconds - self._written >= _EVERY:
            self._written = glance.seconds
            write_to_textfile(str(self._path), self._registry)

    def collect(self) -> Iterator[Metric]:
        glance, counts = self._glance, self._glance.counts
        told = {"run": self._run.id, "kind": self._run.kind, "version": version("heyan")}
        yield InfoMetricFamily("heyan_run", "The run this file tells of.", told)
        yield GaugeMetricFamily("heyan_run_finished", "1 when the run has ended.", value=float(glance.last))
        started = self._run.started_at.timestamp()
        yield GaugeMetricFamily("heyan_run_started_timestamp_seconds", "When the run was begun.", value=started)
        files = {"read": counts.read, "reused": counts.reused, "unread": counts.unread}
        yield _counter("heyan_documents", "Files: read, taken from the store, not readable.", "outcome", files)
        yield GaugeMetricFamily(
            "heyan_documents_open", "Files that are not done yet.", value=glance.total - glance.done
        )
        verdicts = {verdict.value: counts.verdicts.get(verdict, 0) for verdict in Verdict}
        yield _counter("heyan_submissions", "Submissions with a report.", "verdict", verdicts)
        states = GaugeMetricFamily("heyan_rows", "Rows of the list, by what has become of them.", labels=["state"])
        for state in _STATES:
            states.add_metric([state], counts.states.get(state, 0))
        yield states
        yield _counter("heyan_stage_seconds", "Seconds of the workers, by stage.", "stage", counts.seconds)
        tried = {outcome: counts.outcomes.get(outcome, 0) for outcome in _OUTCOMES}
        yield _counter("heyan_attempts", "Tries at reading a file.", "outcome", tried)
        yield CounterMetricFamily("heyan_worker_restarts", "Workers replaced in this process.", value=glance.restarts)
        memory = GaugeMetricFamily("heyan_worker_memory_bytes", "Memory after the last file.", labels=["worker"])
        for worker in glance.counts.workers:
            memory.add_metric([worker.worker], worker.rss_mb * 1024 * 1024)
        yield memory


def _counter(name: str, about: str, label: str, values: Mapping[str, float]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, about, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
