"""Text recognition (OCR) in images: PP-OCRv6 on ONNX Runtime, with the models we ship.

Two models, as published (Apache 2.0) by PaddleOCR: one marks where text stands (Liao et al.,
"Real-time Scene Text Detection with Differentiable Binarization", 2020), one reads a line of it.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from core.base.imports import import_stubs
from core.library.extractors.page_images.image_files import Pixels
from core.library.extractors.page_images.reading_order import (
    RecognizedLine,
    lines_to_text,
    order_lines,
)

import_stubs.install_stubs(import_stubs.IMAGE_STUBS)
from scipy import ndimage  # noqa: E402 - imports what was just placed

DETECTOR = "PP-OCRv6_det_small.onnx"
READER = "PP-OCRv6_rec_small.onnx"

_DETECTED_SIDE = 1600
"""Pixels of the longer side in the detector; larger pictures are scaled down for it only."""
_STEP = 32
_TEXT_LIKELY = 0.3
_BOX_LIKELY = 0.5
_UNCLIP = 1.6
"""The detector marks the core of each line; the published ratio extends it to the whole."""
_MAX_LINES = 1500
_LINE_HEIGHT = 48
_MAX_LINE_WIDTH = 3200
_BATCH = 6
_MIN_SCORE = 0.5
_GOOD_SCORE = 0.8
"""Mean score of lines from which a page counts as upright."""
_STRAIGHT = 0.3
"""Degrees of skew below which lines are read as well."""
_LONG = 5
"""Width of a shape divided by its height, from which its slope can be measured."""
_MIN_SLOPES = 3
_TALL = 1.5
_MAX_THREADS = 4


@dataclass(frozen=True, slots=True)
class RecognizedText:
    """A page's text, and its lines in the order of the text, boxes in pixels of the picture."""

    text: str
    lines: tuple[RecognizedLine, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def is_tall(self) -> bool:
        return self.bottom - self.top > _TALL * (self.right - self.left)


class TextRecognizer:
    """Both models, loaded once; a page takes a second or two on one core."""

    def __init__(self, folder: Path) -> None:
        self._detector = _session(folder / DETECTOR)
        self._reader = _session(folder / READER)
        characters = self._reader.get_modelmeta().custom_metadata_map["character"]
        # The first class is "no character", the last a space.
        self._characters = ["", *characters.splitlines(), " "]

    def recognize_page(self, picture: Pixels) -> RecognizedText:
        """Return the text of a page, which may be turned by 90, 180 or 270 degrees."""
        boxes, skew = self._detect(picture)
        tall = sum(box.is_tall for box in boxes) > len(boxes) / 2
        best, best_score = RecognizedText("", ()), 0.0
        for turns in (1, 3, 0) if tall else (0, 2):
            # Tall shapes are lines on their side or vertical writing: they tell no skew.
            turned = np.rot90(picture, turns)
            angle = 0.0 if tall or abs(skew) < _STRAIGHT else skew
            known = boxes if turns == 0 and not angle else None
            found, score, mean = self._read_page(turned, angle, known)
            if score > best_score:
                lines = found.lines
                for turn in range(turns):
                    height = picture.shape[(turns - turn) % 2]
                    lines = tuple(_turned_back(line, height) for line in lines)
                best, best_score = RecognizedText(found.text, lines), score
            if mean > _GOOD_SCORE:
                break
        return best

    def _read_page(
        self, page: Pixels, skew: float, boxes: list[_Box] | None
    ) -> tuple[RecognizedText, float, float]:
        """Read a page as it is turned; return also the sum and the mean of its lines' scores."""
        if skew:
            image = Image.fromarray(np.ascontiguousarray(page))
            page = np.asarray(image.rotate(skew, Image.Resampling.BICUBIC, fillcolor="white"))
        read = self._read_lines(page, self._detect(page)[0] if boxes is None else boxes)
        total = sum(line.score for line in read)
        paragraphs = order_lines([line for line in read if line.score >= _MIN_SCORE])
        lines = [line for rows in paragraphs for row in rows for line in row]
        if skew:
            lines = [_rotated(line, skew, page.shape) for line in lines]
        return (
            RecognizedText(lines_to_text(paragraphs), tuple(lines)),
            total,
            total / max(1, len(read)),
        )

    def _detect(self, picture: Pixels) -> tuple[list[_Box], float]:
        """Return the boxes of lines, and by how many degrees they rise to the right."""
        height, width = picture.shape[:2]
        scale = min(1.0, _DETECTED_SIDE / max(height, width))
        seen_width, seen_height = (
            max(_STEP, round(side * scale / _STEP) * _STEP) for side in (width, height)
        )
        seen = Image.fromarray(np.ascontiguousarray(picture)).resize((seen_width, seen_height))
        values = (np.asarray(seen, np.float32)[:, :, ::-1] / 255 - 0.5) / 0.5
        (maps,) = self._detector.run(None, {"x": values.transpose(2, 0, 1)[None]})
        likely = maps[0, 0]
        labels, _count = ndimage.label(ndimage.binary_dilation(likely > _TEXT_LIKELY))
        boxes: list[_Box] = []
        slopes: list[float] = []
        for number, place in enumerate(ndimage.find_objects(labels)[:_MAX_LINES], 1):
            inside = labels[place] == number
            if min(inside.shape) < 3 or likely[place][inside].mean() < _BOX_LIKELY:
                continue
            boxes.append(_grown(place, width / seen_width, height / seen_height, width, height))
            if inside.shape[1] ** 2 > _LONG * inside.sum():
                slopes.append(_slope(inside))
        return boxes, float(np.median(slopes)) if len(slopes) >= _MIN_SLOPES else 0.0

    def _read_lines(self, picture: Pixels, boxes: list[_Box]) -> list[RecognizedLine]:
        crops = [_line_picture(picture, box) for box in boxes]
        order = sorted(range(len(boxes)), key=lambda index: crops[index].shape[1])
        lines: list[RecognizedLine] = []
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            widest = max(crops[index].shape[1] for index in some)
            batch = np.zeros((len(some), 3, _LINE_HEIGHT, widest), np.float32)
            for place, index in enumerate(some):
                crop = (crops[index][:, :, ::-1].astype(np.float32) / 255 - 0.5) / 0.5
                batch[place, :, :, : crop.shape[1]] = crop.transpose(2, 0, 1)
            (likely,) = self._reader.run(None, {"x": batch})
            for index, each in zip(some, likely, strict=True):
                text, score = self._decoded(each)
                box = boxes[index]
                lines.append(RecognizedLine(text, score, box.left, box.top, box.right, box.bottom))
        return [line for line in lines if line.text.strip()]

    def _decoded(self, likely: np.ndarray) -> tuple[str, float]:
        """Return the text of a line by the likeliest class of each step, repeats merged (CTC)."""
        classes = likely.argmax(axis=1)
        kept = classes > 0
        kept[1:] &= classes[1:] != classes[:-1]
        if not kept.any():
            return "", 0.0
        text = "".join(self._characters[each] for each in classes[kept])
        return text, float(likely.max(axis=1)[kept].mean())


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, min(_MAX_THREADS, (os.cpu_count() or 2) // 2))
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    # A waiting thread that spins would take its core from the engine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _grown(place: tuple[slice, slice], across: float, down: float, width: int, height: int) -> _Box:
    rows, columns = place
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    margin = tall * wide * _UNCLIP / (2 * (tall + wide))
    return _Box(
        max(0, round((columns.start - margin) * across)),
        max(0, round((rows.start - margin) * down)),
        min(width, round((columns.stop + margin) * across)),
        min(height, round((rows.stop + margin) * down)),
    )


def _slope(inside: np.ndarray) -> float:
    """Return by how many degrees a long shape falls to the right."""
    rows, columns = np.nonzero(inside)
    return float(np.degrees(np.arctan(np.polyfit(columns, rows, 1)[0])))


def _line_picture(picture: Pixels, box: _Box) -> Pixels:
    crop = picture[box.top : box.bottom, box.left : box.right]
    if box.is_tall:
        crop = np.rot90(crop)
    height, width = crop.shape[:2]
    wide = max(8, min(_MAX_LINE_WIDTH, round(width * _LINE_HEIGHT / max(1, height))))
    image = Image.fromarray(np.ascontiguousarray(crop))
    return np.asarray(image.resize((wide, _LINE_HEIGHT), Image.Resampling.BILINEAR))


def _rotated(line: RecognizedLine, degrees: float, shape: tuple[int, ...]) -> RecognizedLine:
    """Return a line with its box as it lay before the page was rotated by `degrees`."""
    height, width = shape[:2]
    angle = np.radians(degrees)
    x = (line.left + line.right) / 2 - width / 2
    y = (line.top + line.bottom) / 2 - height / 2
    move_x = x * np.cos(angle) - y * np.sin(angle) - x
    move_y = x * np.sin(angle) + y * np.cos(angle) - y
    return RecognizedLine(
        line.text,
        line.score,
        float(line.left + move_x),
        float(line.top + move_y),
        float(line.right + move_x),
        float(line.bottom + move_y),
    )


def _turned_back(line: RecognizedLine, height: int) -> RecognizedLine:
    """Return a line with its box as it lay before a quarter turn to the left.

    `height` is the turned page's.
    """
    return RecognizedLine(
        line.text, line.score, height - line.bottom, line.left, height - line.top, line.right
    )
