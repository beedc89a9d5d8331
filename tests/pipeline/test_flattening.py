"""A page laid flat and in even light: lines level, print as dark everywhere, places told on the page as filed."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from extractors.model import Box, TextLine, rectangle
from pipeline.flattening import evened, flattened, is_dim, is_uneven
from pipeline.pages import Image
from validators.quality.measures import measure
from validators.quality.surface import measure_surface

WIDTH, HEIGHT = 1200, 800
ROWS = range(80, 760, 60)


def page() -> Image:
    """White paper with rows of strokes like print."""
    image: Image = np.full((HEIGHT, WIDTH, 3), 235, np.uint8)
    strokes = np.random.default_rng(7)
    for top in ROWS:
        for left in range(80, 1100, 28):
            for x, y in strokes.integers(0, 18, (4, 2)).tolist():
                cv2.rectangle(image, (left + x, top + y), (left + x + 4, top + y + 10), (40, 40, 40), -1)
    return image


def lines(moved: npt.NDArray[np.float64] | None = None) -> list[TextLine]:
    """The rows in three pieces each, where a homography puts them."""
    found = []
    for top in ROWS:
        for left in (80, 420, 760):
            corners = np.array(rectangle(left, top, left + 330, top + 28), np.float64)
            found.append(TextLine("印刷文字若干", as_box(corners if moved is None else through(corners, moved))))
    return found


def through(points: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    there = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(there[:, :2] / there[:, 2:])


def as_box(corners: npt.NDArray[np.float64]) -> Box:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return a, b, c, d


TILTED = np.asarray(
    cv2.getPerspectiveTransform(
        np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32),
        np.array([[60, 40], [WIDTH - 40, 170], [WIDTH - 60, 620], [20, 780]], np.float32),
    ),
    np.float64,
)
TURNED = np.vstack([cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 25, 0.7), [0, 0, 1]]).astype(np.float64)


@pytest.mark.parametrize("matrix", [TILTED, TURNED], ids=["from the side", "turned"])
def test_rows_of_an_uneven_page_are_level_once_flat(matrix: npt.NDArray[np.float64]) -> None:
    image = np.asarray(cv2.warpPerspective(page(), matrix, (WIDTH, HEIGHT), borderValue=(90, 90, 90)), np.uint8)
    there = lines(matrix)
    surface = measure_surface(image, there)
    assert is_uneven(surface)
    flat = flattened(image, there, surface)
    # Rows of dark pixels: on a level page ink stands in rows, with empty paper between them.
    middle = flat.image[:, flat.image.shape[1] // 4 : 3 * flat.image.shape[1] // 4]
    inked = (middle.min(axis=2) < 110).mean(axis=1)
    rows = np.flatnonzero(np.diff((inked > 0.02).astype(int)) == 1)
    assert len(ROWS) - 2 <= len(rows) <= len(ROWS) + 2


def test_a_place_on_the_flat_page_is_told_on_the_page_as_filed() -> None:
    image = np.asarray(cv2.warpPerspective(page(), TILTED, (WIDTH, HEIGHT), borderValue=(90, 90, 90)), np.uint8)
    there = lines(TILTED)
    flat = flattened(image, there, measure_surface(image, there))
    (x, y), *_ = flat.box(rectangle(200, 150, 400, 190))
    value = cv2.getRectSubPix(image, (1, 1), (x, y))[0, 0].astype(int)
    assert np.abs(value - flat.image[150, 200].astype(int)).max() < 40


def test_a_bent_page_is_unbent() -> None:
    xs = np.arange(WIDTH, dtype=np.float32)
    bow = (60 * np.sin(np.pi * xs / WIDTH)).astype(np.float32)
    ys = np.arange(HEIGHT, dtype=np.float32)[:, None] - bow[None]
    image = np.asarray(cv2.remap(page(), xs[None].repeat(HEIGHT, 0), ys, cv2.INTER_LINEAR, borderValue=(235,) * 3))
    there = []
    for line in lines():
        corners = np.array(line.box)
        corners[:, 1] += 60 * np.sin(np.pi * corners[:, 0] / WIDTH)
        there.append(TextLine(line.text, as_box(corners)))
    surface = measure_surface(image, there)
    assert is_uneven(surface)
    flat = flattened(image, there, surface).image
    inked = (flat.min(axis=2) < 110).mean(axis=1)
    assert (inked < 0.02).sum() > 0.35 * HEIGHT > (((image.min(axis=2) < 110).mean(axis=1)) < 0.02).sum()


def test_a_flat_page_is_left_alone() -> None:
    surface = measure_surface(page(), lines())
    assert not is_uneven(surface)
    assert not is_dim(measure(page(), lines()))


def test_print_in_deep_shadow_is_as_dark_on_paper_as_elsewhere() -> None:
    shaded = page().astype(np.float32)
    shaded[:, : WIDTH // 2] *= 0.25
    image = np.asarray(shaded, np.uint8)
    assert is_dim(measure(image, lines()))
    after = evened(image, 28)
    for half in (after[:, 100:500], after[:, 700:1050]):
        assert np.percentile(half, 90) > 220
        assert np.percentile(half, 4) < 100


def test_pale_print_is_made_darker_but_blank_paper_stays_blank() -> None:
    pale = (235 - (235 - page().astype(np.float32)) * 0.2).astype(np.uint8)
    pale[600:] = 235
    noisy = np.clip(pale + np.random.default_rng(1).normal(0, 1.5, pale.shape), 0, 255).astype(np.uint8)
    after = evened(noisy, 28)
    assert np.percentile(after[80:500], 4) < 120
    assert np.percentile(after[680:], 2) > 180


def test_a_page_larger_than_a_flat_one_may_be_is_made_smaller_not_cut() -> None:
    by = np.diag([6.0, 6.0, 1.0])
    image = np.asarray(cv2.resize(page(), None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST), np.uint8)
    flat = flattened(image, lines(by), measure_surface(image, lines(by)))
    height, width = flat.image.shape[:2]
    assert max(height, width) <= 4000
    (_, _), _, (right, bottom), _ = flat.box(rectangle(0, 0, width, height))
    assert right > 6 * 1090
    assert bottom > 6 * (ROWS[-1] + 28)
