"""Submissions as rows and back."""

from __future__ import annotations

import json
from typing import Any

from pipeline.remote import location
from pipeline.store.codec import typed
from pipeline.store.part import Found, sha256
from pipeline.submission import Submission, SubmittedFile


def submission_values(submission: Submission, origin: str) -> dict[str, Any]:
    """The row of a submission."""
    values: dict[str, Any] = {
        "name": submission.name,
        "profile": submission.profile,
        "declared": submission.declared,
        "files": [
            {"uri": str(file.path), "name": file.name, "slot": file.slot, "caption": file.caption}
            for file in submission.files
        ],
        "earlier": submission.earlier,
        "ignored": submission.ignored,
    }
    digest = sha256(json.dumps(typed(values), sort_keys=True))
    return {"origin_sha256": sha256(origin), "origin": origin, "digest": digest, **values}


def submission_digest(submission: Submission) -> str:
    """What a submission says, files by place and name, as one number: another one when any of it changes."""
    return str(submission_values(submission, "")["digest"])


def submission_of(row: Found) -> Submission:
    """The submission of a row of its table."""
    files = (SubmittedFile(location(f["uri"]), f["name"], f["slot"], f["caption"]) for f in row.files)
    return Submission(row.name, row.profile, row.declared, tuple(files), row.ignored, row.earlier, row.origin)
