"""What a schedule starts: nights that can be sent to a process of their own, in a zone and at a time that exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import cloudpickle
import pytest
import yaml

import flows.nightly
from extractors.errors import UsageError
from flows import _environment
from flows.nightly import nightly_validation

DEPLOYMENT = Path(flows.nightly.__file__).with_name("prefect.yaml")


@pytest.mark.parametrize(
    ("cron", "zone"),
    [("every night", "Asia/Shanghai"), ("0 2 * * *", "Asia/Nowhere"), ("0 25 * * *", "UTC"), ("", "UTC")],
)
def test_a_schedule_that_is_none_is_refused_with_an_example(cron: str, zone: str) -> None:
    with pytest.raises(UsageError, match="0 2"):
        flows.nightly.serve_nights(cron, zone)


def test_a_night_can_be_sent_to_a_process_of_its_own() -> None:
    """Prefect pickles the flow by value: what its function names must be picklable."""
    assert cloudpickle.dumps(nightly_validation)


def test_the_day_is_that_of_the_schedules_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 11, 30, 18, 0, tzinfo=UTC).astimezone(tz)  # type: ignore[arg-type]

    monkeypatch.setattr(flows.nightly, "datetime", Late)
    assert flows.nightly._day("", "Asia/Shanghai") == date(2026, 12, 1)
    assert flows.nightly._day("", "UTC") == date(2026, 11, 30)
    assert flows.nightly._day("2026-05-01", "UTC") == date(2026, 5, 1)


def test_the_deployment_names_a_flow_that_is_there() -> None:
    [deployment] = yaml.safe_load(DEPLOYMENT.read_text("utf-8"))["deployments"]
    file, _, name = deployment["entrypoint"].partition(":")
    module = import_module(file.removesuffix(".py").replace("/", "."))
    assert getattr(module, name) is nightly_validation
    for given in deployment["schedules"]:
        assert flows.nightly._schedule(given["cron"], given["timezone"])
    assert set(deployment["parameters"]) <= set(nightly_validation.parameters.properties)


def test_a_temporary_server_calls_nobody_and_starts_what_was_asked_of_it() -> None:
    plain = _environment.of_temporary_server("heyan:x", scheduling=False)
    assert plain["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert plain["DO_NOT_TRACK"] == "1"
    assert plain["PREFECT_SERVER_API_AUTH_STRING"] == "heyan:x"
    assert plain["PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED"] == "false"
    assert _environment.of_temporary_server("x", scheduling=True)["PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED"] == "true"


def test_the_setting_chooses_where_chunks_are_worked_at() -> None:
    from prefect.task_runners import ThreadPoolTaskRunner
    from prefect_dask.task_runners import DaskTaskRunner

    from flows.batch import task_runner
    from pipeline.settings import Settings

    assert isinstance(task_runner(Settings()), ThreadPoolTaskRunner)
    there = task_runner(Settings(task_runner="dask:tcp://10.0.0.1:8786"))
    assert isinstance(there, DaskTaskRunner)
    assert there.address == "tcp://10.0.0.1:8786"
