"""One Prefect server for all tests of the flows, thrown away afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import flows  # noqa: F401 - its settings come before Prefect is imported
from pipeline import batch
from tests.pipeline.batch_by_hand import HereWorkers, Office


@pytest.fixture(scope="session")
def prefect_home() -> Iterator[Path]:
    """The folder of a temporary server that flows report to."""
    from prefect.settings import PREFECT_HOME, get_current_settings
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        url = get_current_settings().server.database.connection_url
        path = Path(str(url.get_secret_value() if hasattr(url, "get_secret_value") else url).partition(":///")[2])
        assert path.parent != Path(PREFECT_HOME.value())
        yield path


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A folder of submissions and a store named by the environment, as flows find them."""
    monkeypatch.setenv("HEYAN_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("HEYAN_OCR_FINER_SIDE", "0")
    monkeypatch.setenv("HEYAN_NIGHTLY_OUT", str(tmp_path / "nights"))
    monkeypatch.setenv("HEYAN_INBOX_STABLE_SECONDS", "0")
    from pipeline.settings import Settings

    settings = Settings()
    workers = HereWorkers(settings)
    monkeypatch.setattr(batch, "workers_of", lambda _: workers)
    monkeypatch.setattr(batch, "_stop", type(batch._stop)())
    (tmp_path / "in").mkdir()
    yield Office(tmp_path, settings, workers)
    shutil.rmtree(tmp_path, ignore_errors=True)
