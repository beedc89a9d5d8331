"""Prefect flows: one submission, a batch, the nightly validation. No other package imports Prefect.

Prefect starts the work, shows it and spreads it over machines. It is never the record: what was read and judged
is in the store, and every flow can be cut off at any moment and started again. Flows and tasks are given ids and
numbers, never names, paths or anything that stands on a document.
"""

from flows._environment import prepare

prepare()  # before anything here imports Prefect, which reads its settings then
