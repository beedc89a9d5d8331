"""Settings: everything about reading that a user may change, from `HEYAN_*` variables.

Limits are checked before the work they bound is done. They are never a pass: what a limit stops is
reported as not read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def is_address(text: str) -> bool:
    """Whether a text names a service, not a file."""
    return text.lower().startswith(("http://", "https://"))


class Settings(BaseSettings):
    """Values come from arguments, then the environment (`HEYAN_OCR_THREADS=2`), then these defaults."""

    model_config = SettingsConfigDict(env_prefix="HEYAN_", extra="ignore", frozen=True)

    # Reading
    ocr_engine: Literal["paddleocr"] = "paddleocr"
    ocr_device: str = Field("cpu", description="cpu, or gpu where onnxruntime-gpu is installed")
    ocr_threads: int = Field(0, ge=0, description="threads of the networks; 0 = all cores")
    ocr_detection_model: str = "PP-OCRv6_small_det"
    ocr_recognition_model: str = "PP-OCRv6_small_rec"
    ocr_model_dir: Path | None = Field(None, description="folder of model folders; default: built in the cache")
    ocr_side: int = Field(960, ge=320, description="longest side of the picture text is searched in, pixels")
    ocr_finer_side: int = Field(1408, ge=0, description="the same for invoices read a second time; 0 = read once")
    ocr_timeout: float = Field(120, gt=0, description="seconds one page may take to read")
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("heyan"))

    # Limits on one file
    max_file_bytes: int = Field(50_000_000, description="a larger file is not opened")
    max_pixels: int = Field(80_000_000, description="pixels of one picture, checked before it is decoded")
    max_pages: int = Field(30, description="pages of one file")
    max_decoded_bytes: int = Field(600_000_000, description="memory all decoded pages of a file may take in turn")
    max_unpacked_bytes: int = Field(40_000_000, description="what the text of a spreadsheet may unpack to")
    max_cells: int = Field(100_000, description="filled cells of one spreadsheet")
    max_members: int = Field(2_000, description="files in one ZIP bundle")
    max_archive_bytes: int = Field(500_000_000, description="what a ZIP bundle may unpack to")
    pdf_dpi: int = Field(200, description="resolution PDF pages are rendered at for OCR")
    max_page_side: int = Field(4000, description="longest side kept after decoding, pixels; larger is scaled down")

    # Files in a store (docs/files.md)
    file_protocols: str = Field(
        "s3,file",
        pattern=r"^[a-z0-9+., -]*$",
        description="what lists may name files by as URLs; empty: no URLs at all",
    )

    # Worker processes of a batch (docs/scaling.md)
    workers: int = Field(0, ge=0, description="processes that read documents side by side; 0 = one a core")
    worker_timeout: float = Field(180, gt=0, description="seconds one file may take before its worker is ended")
    worker_memory_mb: int = Field(3000, ge=500, description="memory at which a worker is ended, MB")
    worker_grow_mb: int = Field(600, gt=0, description="growth after which a worker is replaced, MB")
    document_retries: int = Field(1, ge=0, le=5, description="further attempts at a file that ended its worker")
    task_runner: str = Field(
        "threads", pattern=r"^(threads|dask(:.+)?)$", description="threads, dask, or dask: and the scheduler's address"
    )

    photo_index: Path | None = Field(None, description="SQLite file that tells photos submitted before by others")
    invoice_index: Path | None = Field(None, description="SQLite file that tells invoices used in earlier submissions")
    document_index: Path | None = Field(
        None, description="SQLite file that tells documents and numbers of others in earlier submissions"
    )
    profiles: Path | None = Field(None, description="folder with your own profiles, before the built-in ones")

    database_url: SecretStr | None = Field(
        None, description="postgresql://… (docs/store.md); default: a file of SQLite"
    )

    # The nightly run (docs/nightly.md)
    inbox: Path | None = Field(None, description="folder new submissions are put into, each a folder of its own")
    inbox_stable_seconds: float = Field(10, ge=0, description="a folder is taken when it has not changed for so long")
    nightly_out: Path = Field(
        default_factory=lambda: user_data_path("heyan") / "nights", description="where reports and summaries go"
    )
    webhook: SecretStr | None = Field(None, description="address the counts of a night are posted to")
    webhook_key: SecretStr | None = Field(None, description="sent to it as a bearer token")
    webhook_plain_http: bool = Field(False, description="let it be told without TLS, on a trusted network")

    # Company registry (docs/registry.md)
    registry: str | None = Field(None, description="a CSV, Excel or SQLite table, or the address of a service")
    registry_key: SecretStr | None = Field(None, description="sent to the service as a bearer token")
    registry_id_key: SecretStr | None = Field(None, description="key of the HMACs that stand for numbers of persons")
    registry_plain_http: bool = Field(False, description="let a service be asked without TLS, on a trusted network")
    registry_timeout: float = Field(10, gt=0, description="seconds one request may take")
    registry_retries: int = Field(2, ge=0, le=10, description="further attempts after 429, 5xx or no reply in time")
    registry_cache_hours: float = Field(24, ge=0, description="how long answers of a service are kept; 0 = not at all")

    # The tax authority's check of invoices (docs/authenticity.md)
    authenticity: str | None = Field(None, description="the address of a service in front of it")
    authenticity_key: SecretStr | None = Field(None, description="sent to the service as a bearer token")
    authenticity_plain_http: bool = Field(False, description="let it be asked without TLS, on a trusted network")
    authenticity_timeout: float = Field(10, gt=0, description="seconds one request may take")
    authenticity_retries: int = Field(1, ge=0, le=4, description="further attempts; each counts as a question")
    authenticity_daily_limit: int = Field(5, ge=1, description="questions a day for one invoice")
    authenticity_same_day: bool = Field(False, description="the service answers for invoices issued today")
    authenticity_cache_hours: float = Field(168, ge=0, description="how long answers are kept; 0 = not at all")

    @property
    def protocols(self) -> frozenset[str]:
        """The protocols of `file_protocols`."""
        return frozenset(self.file_protocols.replace(",", " ").split())

    @field_validator("registry", "authenticity")
    @classmethod
    def _no_secrets(cls, address: str | None, info: ValidationInfo) -> str | None:
        """An address is shown by `heyan doctor`: what must stay secret has its own setting."""
        if address and is_address(address):
            parts = urlsplit(address)
            if "@" in parts.netloc or parts.query or parts.fragment:
                key = f"HEYAN_{str(info.field_name).upper()}_KEY"
                raise ValueError(f"an address without user name, password and query; a key goes into {key}")
        return address

    @field_validator("registry_key", "authenticity_key", "webhook_key")
    @classmethod
    def _one_line(cls, key: SecretStr | None) -> SecretStr | None:
        plain = key.get_secret_value() if key else ""
        if not (plain.isascii() and plain.isprintable()):
            raise ValueError("printable ASCII characters on one line are expected")
        return key
