"""What Prefect is told before it is imported: nothing leaves this machine, nothing is kept that need not be.

These are defaults: what the environment says already stays as it is.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path

SILENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
PRIVATE = {
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",  # a kept result is a pickle that runs when it is loaded
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # what stops a run is told once, by the run
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
}
PATIENT = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_CLIENT_MAX_RETRIES": "4",  # 2 + 4 + 8 + 16 seconds: a server that is restarted is back by then
}

# The temporary server serves one batch: what schedules, cleans up and records events of deployments has no work there.
_UNNEEDED = (
    "CANCELLATION_CLEANUP", "CLEANUP_RECONCILER", "EVENT_PERSISTER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS",
    "REPOSSESSOR", "SCHEDULER", "TASK_RUN_RECORDER", "TRIGGERS",
)  # fmt: skip
_SCHEDULING = ("CANCELLATION_CLEANUP", "LATE_RUNS", "REPOSSESSOR", "SCHEDULER")
_TEMPORARY = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "",
    **{f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false" for service in _UNNEEDED},
}


def home() -> Path:
    """The folder Prefect keeps its own things in: its record of flow runs is no record of documents."""
    return user_data_path("heyan") / "prefect"


def prepare() -> None:
    """Set the defaults; a user who has a Prefect of their own keeps its folder, and so its profile."""
    for name, value in {**SILENT, **PRIVATE, **PATIENT}.items():
        os.environ.setdefault(name, value)
    if not (Path.home() / ".prefect" / "profiles.toml").exists():
        os.environ.setdefault("PREFECT_HOME", str(home()))
        with suppress(OSError):  # Prefect warns of a folder it cannot make, and makes no more than one
            home().mkdir(mode=0o700, parents=True, exist_ok=True)


def of_temporary_server(password: str, *, scheduling: bool) -> dict[str, str]:
    """The environment of the temporary server: this one's, less what the user's own server is told."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    told = {**SILENT, **PRIVATE, **_TEMPORARY, "PREFECT_HOME": str(home())}
    if scheduling:
        told |= {f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "true" for service in _SCHEDULING}
    return {**kept, **told, "PREFECT_SERVER_API_AUTH_STRING": password}
