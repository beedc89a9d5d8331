"""Picture measures on pictures made for them: each flaw is found, and none where there is none."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.model import Field, Page, Record, Status, TextLine, rectangle
from extractors.registry import document_types
from pipeline.pages import Image
from validators.findings import Finding, Severity, Verdict
from validators.quality.covers import Closer
from validators.quality.flaws import flaws, limits
from validators.quality.judgement import judge_picture, places_of
from validators.quality.measures import measure as measured
from validators.quality.measures import with_fields

LINES = tuple(
    TextLine("91330108MA2CG4HU3R 2021-03-18", rectangle(60, 60 + 60 * row, 640, 88 + 60 * row)) for row in range(8)
)


def printed(ink: int = 30, background: int = 245) -> Image:
    image = np.full((600, 720, 3), background, np.uint8)
    for line in LINES:
        base = (int(line.left), int(line.bottom) - 4)
        cv2.putText(image, line.text, base, cv2.FONT_HERSHEY_DUPLEX, 1.0, (ink,) * 3, 2, cv2.LINE_AA)
    return image


def sealed(image: Image) -> Image:
    result = image.copy()
    cv2.circle(result, (560, 460), 70, (50, 50, 215), 10)
    return result


def moved_lines(right: float = 0, down: float = 0, scale: float = 1.0) -> tuple[TextLine, ...]:
    return tuple(
        TextLine(a.text, rectangle(*((edge + shift) * scale for edge, shift in
                 ((a.left, right), (a.top, down), (a.right, right), (a.bottom, down)))))
        for a in LINES
    )  # fmt: skip


def measure(image: Image, lines: tuple[TextLine, ...]) -> dict[str, object]:
    return measured(image, lines).page


READ = {
    "credit_code": Field(value="91330108MA2CG4HU3R", status=Status.VERIFIED, confidence=0.99, page=1, box=LINES[0].box),
    "name": Field(value="某公司", status=Status.READ, confidence=0.99, page=1, box=LINES[1].box),
    "legal_representative": Field(value="张三", status=Status.READ, confidence=0.99, page=1, box=LINES[2].box),
}


def judged(
    image: Image,
    lines: tuple[TextLine, ...] = LINES,
    part: int = 1,
    number: int = 1,
    closer: Closer | None = None,
    **fields: Field,
) -> tuple[list[Finding], Record]:
    """What is said of a picture of a licence whose key fields were read, but for these."""
    kind = document_types()["business_licence"]
    told = {name: READ.get(name, Field()) for name in (s.name for s in kind.fields)} | fields
    page = Page(number, image.shape[1], image.shape[0], lines)
    record = Record(
        "business_licence", {n: f.model_copy(update={"page": number if f.box else None}) for n, f in told.items()}
    )
    result = judge_picture(
        with_fields(measured(image, lines), image, places_of(record, kind, page)),
        record,
        kind,
        document="licence.jpg",
        page=page,
        part=part,
        closer=closer,
    )
    return list(result.findings), result.record


def codes(image: Image, lines: tuple[TextLine, ...] = LINES) -> list[str]:
    return [f.code for f in judged(image, lines)[0]]


def test_a_good_picture_has_nothing_wrong() -> None:
    quality = measure(sealed(printed()), LINES)
    assert quality["colour"] is True
    assert quality["cut_edges"] == ""
    assert quality["text_height"] == 28
    assert float(str(quality["contrast"])) > 150
    assert codes(sealed(printed())) == []


@pytest.mark.parametrize("radius", [2.4, 4, 8])
def test_a_picture_out_of_focus_is_blurred(radius: float) -> None:
    image = cv2.GaussianBlur(printed(), (0, 0), radius)
    (blurred,) = judged(image, number=3, part=2)[0]
    assert blurred.code == "QUALITY_BLURRED"
    assert (blurred.document, blurred.evidence[0].page, blurred.evidence[0].part) == ("licence.jpg", 3, 2)
    assert blurred.actual
    assert blurred.expected


def strokes() -> Image:
    """Rows of strokes that run all ways, as those of Chinese print do."""
    chance = np.random.default_rng(2)
    image = np.full((600, 720, 3), 235, np.uint8)
    for line in LINES:
        for x in range(62, 612, 28):
            for _ in range(5):
                begin, end = chance.integers((x, line.top + 2), (x + 24, line.bottom - 2), (2, 2)).tolist()
                cv2.line(image, begin, end, (40, 40, 40), 2, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("times", [3, 4])
def test_a_picture_made_larger_has_small_text(times: int) -> None:
    """Its text is as high as any, but has no more detail than before: that is no lack of focus."""
    small = cv2.resize(strokes(), None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA)
    grainy = np.clip(small + np.random.default_rng(1).normal(0, 1.5, small.shape), 0, 255).astype(np.uint8)
    large = np.asarray(cv2.resize(grainy, (720, 600), interpolation=cv2.INTER_CUBIC), np.uint8)
    assert float(str(measure(large, LINES)["enlarged"])) == pytest.approx(times, rel=0.2)
    (found,) = judged(large, name=Field(page=1))[0]
    assert (found.code, found.severity) == ("QUALITY_TEXT_SMALL", Severity.ERROR)
    blurred = np.asarray(cv2.GaussianBlur(strokes(), (0, 0), 0.7 * times), np.uint8)
    assert measure(blurred, LINES)["enlarged"] == 1


def test_white_paper_without_noise_was_lit_too_much() -> None:
    """Print that burnt out with it is pale; print in pale ink lies on paper that still has tones."""
    image = np.clip(printed(ink=60).astype(np.float32) + 160, 0, 255).astype(np.uint8)
    assert codes(image) == ["QUALITY_OVEREXPOSED"]
    assert codes(printed(ink=205)) == ["QUALITY_LOW_CONTRAST"]


def test_print_of_other_papers_around_the_page() -> None:
    texts = ("发票号码0123", "名称某某公司", "金额合计")
    corners = [((500.0, y), (640.0, y - 60), (648.0, y - 40), (508.0, y + 20)) for y in (540.0, 570.0, 600.0)]
    around = tuple(TextLine(text, box) for text, box in zip(texts, corners, strict=True))
    (found,) = judged(printed(), (*LINES, *around))[0]
    assert (found.code, found.severity, len(found.evidence)) == ("QUALITY_CLUTTERED", Severity.WARNING, 3)
    assert [f.severity for f in judged(printed(), (*LINES, *around), name=Field())[0]] == [Severity.ERROR]


@pytest.mark.parametrize("vertical", [False, True])
def test_a_hand_that_moved_is_told_from_lack_of_focus(vertical: bool) -> None:
    smear = np.full((13, 1) if vertical else (1, 13), 1 / 13, np.float32)
    assert codes(cv2.filter2D(printed(), -1, smear)) == ["QUALITY_MOTION"]


def test_sharpness_falls_as_blur_grows() -> None:
    blurred = [cv2.GaussianBlur(printed(), (0, 0), s) for s in (0.5, 1, 2, 3, 5)]
    values = [float(str(measure(image, LINES)["sharpness"])) for image in blurred]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_small_text_is_told_with_its_height() -> None:
    small = cv2.resize(printed(), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    (found,) = [f for f in judged(small, moved_lines(scale=0.3))[0] if "SMALL" in f.code]
    assert found.actual == "8.4 px"


def test_pale_print_has_low_contrast() -> None:
    assert "QUALITY_LOW_CONTRAST" in codes(printed(ink=222))
    assert "QUALITY_LOW_CONTRAST" not in codes(printed(ink=120))


def test_a_dark_picture_is_dark_and_nothing_else() -> None:
    dark = (printed() * 0.25 + np.random.default_rng(1).normal(0, 6, (600, 720, 1))).clip(0, 255).astype(np.uint8)
    assert codes(dark) == ["QUALITY_DARK"]


def test_a_shadow_over_some_of_the_lines_is_one() -> None:
    image = printed()
    image[:200] = (image[:200] * 0.3).astype(np.uint8)
    assert codes(image) == ["QUALITY_SHADOW"]


def test_a_reflection_is_seen_and_a_white_slip_is_none() -> None:
    ys, xs = np.mgrid[0:600, 0:720]
    light = 400 * np.exp(-(((xs - 350) / 90) ** 2 + ((ys - 300) / 60) ** 2))[..., None]
    shone = np.clip(printed(background=205) + light, 0, 255).astype(np.uint8)
    (found,) = [f for f in judged(shone)[0] if f.code == "QUALITY_GLARE"]
    (left, top), _, (right, bottom), _ = found.evidence[0].box or rectangle(0, 0, 0, 0)
    assert left < 350 < right
    assert top < 300 < bottom
    slip = printed(background=205)
    slip[250:350, 250:450] = 255
    assert "QUALITY_GLARE" not in codes(slip)


def test_blocks_of_hard_compression_are_seen() -> None:
    coarse = cv2.imdecode(cv2.imencode(".jpg", printed(), [cv2.IMWRITE_JPEG_QUALITY, 3])[1], cv2.IMREAD_COLOR)
    assert "QUALITY_COMPRESSED" in codes(np.asarray(coarse, np.uint8))


def test_a_flaw_is_an_error_where_a_key_field_is_lost_for_it() -> None:
    soft = cv2.GaussianBlur(printed(), (0, 0), 2.1)
    (warning,), _ = judged(soft)
    assert (warning.severity, warning.verdict) == (Severity.WARNING, Verdict.ACCEPT)
    (error,), _ = judged(soft, name=Field())
    assert (error.severity, error.verdict, error.field) == (Severity.ERROR, Verdict.REVIEW, "name")
    assert "名称" in error.message.zh


def test_what_the_reader_is_not_sure_of_is_not_relied_on_under_a_flaw_but_is_on_a_good_picture() -> None:
    unsure = READ["name"].model_copy(update={"confidence": 0.88})
    assert judged(printed(), name=unsure)[0] == []
    (found,), record = judged(cv2.GaussianBlur(printed(), (0, 0), 2.1), name=unsure)
    assert (found.severity, found.field) == (Severity.ERROR, "name")
    assert (record.fields["name"].status, record.fields["name"].reason) == (Status.DOUBTFUL, "quality")


def test_a_field_where_next_to_nothing_is_left_of_the_print_is_doubtful_on_a_fine_page() -> None:
    image = printed()
    image[115:155] = 245 - ((245 - image[115:155].astype(int)) * 0.1).astype(np.uint8)
    (found,), record = judged(image)
    assert (found.code, found.severity, found.field) == ("QUALITY_LOW_CONTRAST", Severity.ERROR, "name")
    assert record.fields["name"].status is Status.DOUBTFUL


def test_a_pen_across_a_field_that_was_not_read_well_is_told() -> None:
    image = printed()
    cv2.line(image, (150, 60), (520, 260), (120, 40, 30), 16)
    garbled = READ["name"].model_copy(update={"status": Status.DOUBTFUL, "reason": "low_confidence"})
    (found, *_), _ = judged(image, name=garbled)
    assert found.code == "QUALITY_COVERED"


def test_a_smear_where_a_field_was_not_read_is_told_with_its_limit_and_one_elsewhere_is_not() -> None:
    over, elsewhere = rectangle(300, 60, 500, 260), rectangle(300, 400, 500, 600)
    garbled = READ["name"].model_copy(update={"status": Status.DOUBTFUL, "reason": "low_confidence"})
    (found,), _ = judged(printed(), closer=Closer(tuple, tuple, lambda: [elsewhere, over], tuple), name=garbled)
    assert (found.code, found.severity, found.field) == ("QUALITY_BLURRED", Severity.ERROR, "name")
    assert (found.evidence[0].box, found.actual, found.expected) == (over, "< 45%", "≥ 45%")
    (found,), _ = judged(printed(), closer=Closer(tuple, tuple, lambda: [elsewhere], tuple), name=garbled)
    assert found.code == "QUALITY_UNREADABLE"


def test_a_seal_over_a_field_that_was_not_read_well_is_told_and_looked_for_only_then() -> None:
    garbled = READ["name"].model_copy(update={"status": Status.DOUBTFUL, "reason": "low_confidence"})
    over, elsewhere = rectangle(300, 60, 500, 260), rectangle(300, 400, 500, 600)
    (found,), _ = judged(printed(), closer=Closer(lambda: [elsewhere, over], tuple, tuple, tuple), name=garbled)
    assert (found.code, found.severity, found.field) == ("QUALITY_SEALED", Severity.ERROR, "name")
    assert found.evidence[0].box == over
    (found,), _ = judged(printed(), closer=Closer(lambda: [elsewhere], tuple, tuple, tuple), name=garbled)
    assert found.code == "QUALITY_UNREADABLE"
    assert judged(printed(), closer=Closer(lambda: pytest.fail("looked for"), tuple, tuple, tuple))[0] == []


def test_a_field_at_odds_with_another_is_no_matter_of_the_picture() -> None:
    doubtful = READ["name"].model_copy(update={"status": Status.DOUBTFUL, "reason": "copies_differ"})
    assert judged(printed(), name=doubtful)[0] == []


def test_a_field_under_a_blur_of_its_own_is_doubtful_and_a_proven_one_stays() -> None:
    image = printed()
    image[40:160] = cv2.GaussianBlur(image, (0, 0), 7)[40:160]
    findings, record = judged(cv2.GaussianBlur(image, (0, 0), 2.1))
    assert [f.severity for f in findings] == [Severity.ERROR]
    assert (record.fields["name"].status, record.fields["name"].reason) == (Status.DOUBTFUL, "quality")
    assert record.fields["credit_code"].status is Status.VERIFIED
    assert record.fields["legal_representative"].status is Status.READ


def test_a_label_without_its_value_on_a_fine_picture_is_told() -> None:
    lines = (*LINES[:2], TextLine("法定代表人", rectangle(60, 180, 190, 208)), *LINES[3:])
    (found,), _ = judged(printed(), lines, legal_representative=Field())
    assert (found.code, found.severity) == ("QUALITY_UNREADABLE", Severity.ERROR)
    (left, _), *_ = found.evidence[0].box or rectangle(0, 0, 0, 0)
    assert left >= 190


def test_a_field_every_licence_has_is_missed_without_its_label() -> None:
    (found,), _ = judged(printed(), name=Field())
    assert (found.code, found.severity, found.field) == ("QUALITY_UNREADABLE", Severity.ERROR, "name")
    (found,), _ = judged(printed(), credit_code=Field())
    assert (found.code, found.field) == ("QUALITY_UNREADABLE", "credit_code")
    older = Field(value="330108000012345", status=Status.VERIFIED, confidence=0.99, page=1, box=LINES[4].box)
    assert judged(printed(), credit_code=Field(), registration_number=older)[0] == []


def test_a_field_that_runs_out_of_the_picture_is_not_relied_on() -> None:
    image, lines = printed(), moved_lines(80)
    out = READ["name"].model_copy(update={"box": lines[1].box})
    (found,), record = judged(image, lines, name=out)
    assert (found.code, found.severity) == ("QUALITY_CUT_EDGE", Severity.ERROR)
    assert record.fields["name"].status is Status.DOUBTFUL


def test_a_white_line_across_the_page_is_a_crease() -> None:
    ys = np.mgrid[0:600, 0:720][0]
    worn = np.exp(-(((ys - 300) / 22) ** 2))[..., None]
    creased = printed(background=205) * (1 - worn) + 262 * worn
    grain = np.random.default_rng(1).normal(0, 1.5, creased.shape)
    assert codes(np.clip(creased + grain, 0, 255).astype(np.uint8)) == ["QUALITY_CREASED"]
    assert codes(np.clip(creased, 0, 255).astype(np.uint8)) == []  # a band on a page that a computer drew


def test_a_thing_where_a_field_ends_may_hide_its_rest() -> None:
    image = printed()
    cv2.rectangle(image, (400, 100), (640, 190), (90, 120, 180), -1)
    short = READ["name"].model_copy(update={"box": rectangle(60, 120, 398, 148)})
    (found,), record = judged(image, name=short)
    assert (found.code, found.severity) == ("QUALITY_COVERED", Severity.ERROR)
    assert record.fields["name"].status is Status.DOUBTFUL


@pytest.mark.parametrize(
    ("right", "down", "edge"), [(-60, 0, "left"), (80, 0, "right"), (0, -60, "top"), (0, 92, "bottom")]
)
def test_text_that_runs_into_an_edge_may_be_cut(right: float, down: float, edge: str) -> None:
    image = printed()
    quality = measure(image, moved_lines(right, down))
    assert quality["cut_edges"] == edge
    assert codes(image, moved_lines(right, down)).count("QUALITY_CUT_EDGE") == 1


@pytest.mark.parametrize("light", [(1.0, 1.0, 1.0), (0.75, 0.9, 1.0), (1.0, 0.93, 0.85), (0.6, 0.62, 0.66)])
def test_a_copy_is_grey_in_any_light_and_a_seal_is_colour(light: tuple[float, float, float]) -> None:
    def lit(image: Image) -> Image:
        return np.clip(image * np.array(light), 0, 255).astype(np.uint8)

    grey = cv2.cvtColor(cv2.cvtColor(sealed(printed()), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert measure(lit(sealed(printed())), LINES)["colour"] is True
    assert measure(lit(grey), LINES)["colour"] is False


def test_light_that_changes_across_a_grey_copy_is_no_colour() -> None:
    two_lamps = 1 - np.linspace(0, 1, 720)[None, :, None] * np.array([0.3, 0.12, 0.0])
    assert measure((printed() * two_lamps).astype(np.uint8), LINES)["colour"] is False


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (40, 40)])
def test_odd_pictures_and_lines_off_the_page_are_measured_or_left_open(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 200, np.uint8)
    off = (TextLine("off", rectangle(2000, 2000, 2100, 2020)), TextLine("point", rectangle(5, 5, 5, 5)))
    for lines in ((), off, LINES):
        quality = measure(image, lines)
        assert all(value == value for value in quality.values())  # no NaN
        judged(image, lines)


def test_without_text_size_and_sharpness_are_unknown_not_fine() -> None:
    quality = measure(np.full((300, 300, 3), 255, np.uint8), ())
    assert (quality["text_height"], quality["sharpness"], quality["margin"]) == (None, None, None)


def squeezed(share: float) -> tuple[TextLine, ...]:
    """The lines with characters known to be this wide for their height."""
    places = tuple((k * share / 10, (k + 0.9) * share / 10) for k in range(10))
    return tuple(
        replace(
            line,
            text="某省某市某某有限公司",
            places=places,
            box=rectangle(line.left, line.top, line.left + 280, line.bottom),
        )
        for line in LINES
    )


@pytest.mark.parametrize(("share", "code"), [(0.8, []), (1.4, ["QUALITY_SLANTED"]), (0.45, ["QUALITY_CURLED"])])
def test_print_far_wider_or_narrower_than_high_is_seen_aslant_or_bends(share: float, code: list[str]) -> None:
    assert codes(sealed(printed()), squeezed(share)) == code


def test_the_titles_of_a_page_that_is_next_to_nothing_tell_that_it_is_far() -> None:
    image = np.full((3000, 4000, 3), 60, np.uint8)
    image[1400:1600, 1900:2100] = 225
    title = TextLine("营业执照", rectangle(1930, 1450, 2070, 1490))
    found = {flaw.code: flaw.excess for flaw in flaws(measured(image, (title,)), limits("business_licence"), 0.5)}
    assert found["QUALITY_FAR"] >= 0.75


def test_a_page_too_far_away_to_have_any_print_is_found_on_a_desk_full_of_edges() -> None:
    grains = np.random.default_rng(3).choice([40, 110, 170], (375, 500)).astype(np.uint8)
    image = cv2.cvtColor(cv2.resize(grains, (2000, 1500), interpolation=cv2.INTER_NEAREST), cv2.COLOR_GRAY2BGR)
    image[600:780, 900:1030] = 240
    found = measured(image, ())
    assert found.page["frame"] == pytest.approx(0.01, abs=0.005)
    assert next(flaw.code for flaw in flaws(found, limits(), 1.0)) == "QUALITY_FAR"
    image[200:380, 300:430] = 240  # two of them: neither need be the page
    assert measured(image, ()).page["frame"] != pytest.approx(0.01, abs=0.005)
