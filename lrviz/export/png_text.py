"""The experiment inside a picture of it: a PNG text chunk, written and found without decoding any pixel."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from lrviz.core.errors import ExperimentError

KEYWORD = b"lrviz-experiment"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_TEXT = 1 << 20  # bytes; an experiment of the most runs takes a tenth of it

# After an iTXt chunk's keyword: not compressed, by no method, in no language, with no translated keyword.
_PLAIN = b"\0\0\0\0\0"


def png_with_text(png: bytes, text: bytes) -> bytes:
    """`png` with the UTF-8 `text` under lrviz's keyword, in an iTXt chunk right behind its header (PNG, 11.3.3.4)."""
    header_end = len(SIGNATURE) + 12 + 13  # IHDR is the first chunk and holds 13 bytes
    return png[:header_end] + _chunk(b"iTXt", KEYWORD + _PLAIN + text) + png[header_end:]


def text_from_png(png: bytes) -> bytes:
    """The text under lrviz's keyword. ExperimentError, one line, where there is none."""
    prefix = KEYWORD + _PLAIN
    for kind, data, checksum in _chunks(png):
        if kind == b"iTXt" and data.startswith(prefix):
            if zlib.crc32(kind + data) != checksum:
                raise ExperimentError("the experiment in this picture is damaged")
            if len(data) - len(prefix) > MOST_TEXT:
                raise ExperimentError("the experiment in this picture is longer than any that lrviz writes")
            return data[len(prefix) :]
    raise ExperimentError("this picture holds no experiment; pictures that lrviz draws do")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Every whole chunk's kind, data and checksum; a picture that is cut off ends early."""
    at = len(SIGNATURE)
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        end = at + 8 + length
        if end + 4 > len(png):
            return
        yield png[at + 4 : at + 8], png[at + 8 : end], struct.unpack_from(">I", png, end)[0]
        at = end + 4
