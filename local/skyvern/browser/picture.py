"""Draws screenshots: small valid PNGs that show the lines of a page in a plain three-by-five font."""

import struct
import unicodedata
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 640, 400
_SCALE = 2
_MARGIN = 8
_GLYPH_WIDTH, _GLYPH_HEIGHT = 3, 5
_GAP = 3
_COLUMNS = (WIDTH - 2 * _MARGIN) // ((_GLYPH_WIDTH + 1) * _SCALE)
_PAPER, _INK, _BAND, _LIGHT, _BAD = range(5)
_PALETTE = bytes.fromhex("ffffff1b1f242456c4e6ecf8c02a2a")
_BIT_DEPTH, _INDEXED = 8, 3
_FAST = 1
# A letter and its five rows, each a digit whose three bits are the row's pixels from left to right.
_GLYPHS = """
    A25755 B65656 C34443 D65556 E74647 F74644 G34553 H55755 I72227 J11152 K55655 L44447 M57755
    N65555 O25552 P65644 Q25563 R65655 S34216 T72222 U55557 V55552 W55775 X55255 Y55222 Z71247
    075557 126227 271747 371717 455711 574717 674757 771122 875757 975717 .00002 ,00024 :02020
    ;02024 -00700 _00007 /11244 @25743 +02720 (12221 )42224 ?71202 !22202 '22000
"""


def _pixels(bits: int) -> bytes:
    """Return a glyph's row as pixels, 1 where there is ink, with the gap to the next glyph."""
    columns = range(_GLYPH_WIDTH - 1, -1, -1)
    return b"".join(bytes([bits >> column & 1]) * _SCALE for column in columns) + bytes(_SCALE)


_FONT = {glyph[0]: tuple(_pixels(int(bits)) for bits in glyph[1:]) for glyph in _GLYPHS.split()}
_BLANK = tuple(_pixels(0) for _ in range(_GLYPH_HEIGHT))

Rows = list[bytes]


def screenshot(heading: str, lines: Sequence[tuple[str, str]], *, bad: bool = False) -> bytes:
    """Return a PNG of a heading on a band, red where `bad`, over lines of a label and what stands in it."""
    band = _BAD if bad else _BAND
    rows = [*_empty(2 * _GAP, band), *_written(heading, _PAPER, band), *_empty(2 * _GAP, band)]
    rows += _empty(_GAP, _PAPER)
    for label, value in lines:
        rows += _written(label, _INK, _PAPER)
        if value:
            rows += _written(f" {value}", _BAND, _LIGHT)
        if len(rows) >= HEIGHT:
            break
    return _png([*rows, *_empty(HEIGHT, _PAPER)][:HEIGHT])


def _empty(height: int, colour: int) -> Rows:
    return [bytes([colour]) * WIDTH] * height


def _written(text: str, ink: int, paper: int) -> Rows:
    """Return the rows of one line of text, cut where the picture ends, with a gap above and below."""
    plain = unicodedata.normalize("NFKD", text).upper()
    letters = [_FONT.get(c, _BLANK) for c in plain if not unicodedata.combining(c)][:_COLUMNS]
    colours = bytes.maketrans(b"\0\1", bytes([paper, ink]))
    rows = _empty(_GAP, paper)
    for line in range(_GLYPH_HEIGHT):
        row = bytes(_MARGIN) + b"".join(letter[line] for letter in letters)
        rows += [row.ljust(WIDTH, b"\0").translate(colours)] * _SCALE
    return rows + _empty(_GAP, paper)


def _png(rows: Rows) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, _BIT_DEPTH, _INDEXED, 0, 0, 0)
    # Each row begins with its filter, 0: none.
    pixels = zlib.compress(b"\0" + b"\0".join(rows), _FAST)
    chunks = ((b"IHDR", header), (b"PLTE", _PALETTE), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
