"""Settings: everything about reading that a user may change, from `HEYAN_*` variables.

Limits are checked before the work they bound is done. They are never a pass: what a limit stops is
reported as not read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    ocr_timeout: float = Field(120, gt=0, description="seconds one page may take to read")
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("heyan"))

    # Limits on one file
    max_file_bytes: int = Field(50_000_000, description="a larger file is not opened")
    max_pixels: int = Field(80_000_000, description="pixels of one picture, checked before it is decoded")
    max_pages: int = Field(30, description="pages of one file")
    max_decoded_bytes: int = Field(600_000_000, description="memory all decoded pages of a file may take in turn")
    pdf_dpi: int = Field(200, description="resolution PDF pages are rendered at for OCR")
    max_page_side: int = Field(4000, description="longest side kept after decoding, pixels; larger is scaled down")

    profiles: Path | None = Field(None, description="folder with your own profiles, before the built-in ones")
