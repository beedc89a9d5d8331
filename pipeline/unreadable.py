"""Why a file could not be read, as `FILE_UNREADABLE` tells it: a part of a sentence in both languages."""

from __future__ import annotations

from extractors.errors import DocumentError
from validators.findings import Bilingual

NO_PERMISSION = Bilingual(zh="没有权限，或磁盘出错", en="no permission, or an error of the disk")
NO_PICTURE = Bilingual(zh="表格没有页面图像", en="a sheet has no picture")
OUT_OF_MEMORY = Bilingual(zh="读取所需内存超过限制", en="reading it took more memory than is allowed")
ENGINE_FAILED = Bilingual(zh="文字识别引擎在此文件上出错", en="the OCR engine failed on it")
UNEXPECTED = Bilingual(zh="读取时发生意外错误", en="reading it failed unexpectedly")


def too_slow(seconds: float) -> Bilingual:
    return Bilingual(zh=f"读取超过 {seconds:g} 秒仍未完成", en=f"reading it did not end within {seconds:g} s")


def too_large(limit_mb: int) -> Bilingual:
    return Bilingual(zh=f"读取所需内存超过 {limit_mb} MB", en=f"reading it took more than {limit_mb} MB of memory")


def died(how: str) -> Bilingual:
    """`how`: the name of a signal, or "exit code 3"."""
    return Bilingual(zh=f"读取它的进程意外终止（{how}）", en=f"the process reading it ended unexpectedly ({how})")


def unreadable(reason: Bilingual, detail: str = "") -> DocumentError:
    return DocumentError("FILE_UNREADABLE", detail, reason_zh=reason.zh, reason_en=reason.en)
