"""Prefect's Dask task runner: chunks on other machines, or on a cluster of this one. Needs `heyan[scale]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner


def dask_task_runner(address: str) -> DaskTaskRunner:
    """The runner for the scheduler at `address`; without one, for a cluster of this machine that ends with the run."""
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise UsageError("Dask is not installed.", remedy="pip install 'heyan[scale]'") from None
    if address:
        return DaskTaskRunner(address=address)
    dask.config.set({"distributed.worker.daemon": False})  # a daemon may not start workers that read
    here = {"n_workers": 1, "threads_per_worker": 2, "host": "127.0.0.1", "dashboard_address": None}
    return DaskTaskRunner(cluster_kwargs=here)
