"""Draws screenshots: small valid PNGs that show the lines of a page in a plain three-by-five font."""

import struct
import unicodedata
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 640, 400
_SCALE = 2
_MARGIN = 8
_CELL, _LINE = 4 * _SCALE, 8 * _SCALE
_GLYPH_WIDTH = 3
_PAPER, _INK, _BAND, _LIGHT, _BAD = range(5)
_PALETTE = bytes.fromhex("ffffff1b1f242456c4e6ecf8c02a2a")
_BIT_DEPTH, _INDEXED = 8, 3
# A letter and its five rows, each a digit whose three bits are the row's pixels from left to right.
_GLYPHS = """
    A25755 B65656 C34443 D65556 E74647 F74644 G34553 H55755 I72227 J11152 K55655 L44447 M57755
    N65555 O25552 P65644 Q25563 R65655 S34216 T72222 U55557 V55552 W55775 X55255 Y55222 Z71247
    075557 126227 271747 371717 455711 574717 674757 771122 875757 975717 .00002 ,00024 :02020
    ;02024 -00700 _00007 /11244 @25743 +02720 (12221 )42224 ?71202 !22202 '22000
"""
_FONT = {glyph[0]: glyph[1:] for glyph in _GLYPHS.split()}


def screenshot(heading: str, lines: Sequence[tuple[str, str]], *, bad: bool = False) -> bytes:
    """Return a PNG of a heading on a band, red where `bad`, over lines of a label and what stands in it."""
    canvas = [bytearray([_PAPER]) * WIDTH for _ in range(HEIGHT)]
    band = 2 * _LINE
    _fill(canvas, 0, band, _BAD if bad else _BAND)
    _write(canvas, _MARGIN, _LINE // 2 + 1, heading, _PAPER)
    top = band + _LINE // 2
    for label, value in lines:
        if top + 2 * _LINE > HEIGHT:
            break
        _write(canvas, _MARGIN, top, label, _INK)
        if value:
            _fill(canvas, top + _LINE - _SCALE * 2, top + 2 * _LINE - _SCALE * 2, _LIGHT)
            _write(canvas, 2 * _MARGIN, top + _LINE, value, _BAND)
        top += 2 * _LINE if value else _LINE
    return _png(canvas)


def _fill(canvas: list[bytearray], top: int, bottom: int, colour: int) -> None:
    for row in canvas[top:bottom]:
        row[:] = bytes([colour]) * WIDTH


def _write(canvas: list[bytearray], left: int, top: int, text: str, colour: int) -> None:
    plain = unicodedata.normalize("NFKD", text).upper()
    letters = [c for c in plain if not unicodedata.combining(c)]
    for index, letter in enumerate(letters[: (WIDTH - left) // _CELL - 1]):
        for line, bits in enumerate(_FONT.get(letter, "00000")):
            _row(canvas, (left + index * _CELL, top + line * _SCALE), int(bits), colour)


def _row(canvas: list[bytearray], corner: tuple[int, int], bits: int, colour: int) -> None:
    left, top = corner
    pixel = bytes([colour]) * _SCALE
    for column in range(_GLYPH_WIDTH):
        if bits >> (_GLYPH_WIDTH - 1 - column) & 1:
            start = left + column * _SCALE
            for row in canvas[top : top + _SCALE]:
                row[start : start + _SCALE] = pixel


def _png(canvas: list[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, _BIT_DEPTH, _INDEXED, 0, 0, 0)
    # Each row begins with its filter, 0: none.
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in canvas), 6)
    chunks = ((b"IHDR", header), (b"PLTE", _PALETTE), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
