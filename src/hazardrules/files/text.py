"""Text files a line at a time: which encoding they have, lines of bounded length, and the rows of a CSV file.

A row that can't be read costs one line and nothing more: after an open quote, reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from hazardrules.files.faults import file_error

__all__ = ["LIMIT", "BrokenLineError", "Lines", "csv_rows", "encoding_of", "python_name"]

LIMIT: Final = 1 << 20
"""The most bytes of a line, and of a row of several lines."""
HEAD: Final = 1 << 20
_MARKS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_NAMES: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf8-sig": "utf-8-sig",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
}
"""The encodings that can be asked for; GB 18030 holds GBK and GB 2312."""
_CSV_FAULTS: Final = {
    "unexpected end of data": "引号没有闭合,直到文件末尾",
    "expected after": "引号后面应是逗号或行末;格内的引号要写两个",
    "field limit": "一格太长",
    "new-line character": "格内有单独的回车符",
}


class BrokenLineError(Exception):
    """A line that can't be read; the message is Chinese."""


def python_name(name: str) -> str:
    """The encoding that a name stands for.

    :raises FileError: for any other than UTF-8 (with or without BOM) and GB 18030 with its parts.
    """
    found = _NAMES.get(name.strip().lower().replace("_", "-"))
    if found is None:
        raise file_error("--encoding", name, f"不认识的编码 {name[:40]}", "可用:utf-8、utf-8-sig、gb18030")
    return found


def encoding_of(path: Path) -> str:
    """The encoding of a text file: ``utf-8-sig`` where it begins so, else by the first lines that are not ASCII.

    Chinese text in GB 18030 is practically never valid UTF-8, so a block counts as UTF-8 where more lines are valid
    than not: one damaged line doesn't change the encoding of the others.

    :raises FileError: where neither fits, or the file is no text.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        for mark, name in _MARKS.items():
            if head.startswith(mark):
                raise file_error(str(path), name, f"编码是 {name}", "另存为 UTF-8 的文本")
        if head.startswith(b"PK\x03\x04") or b"\x00" in head[:4096]:
            raise file_error(str(path), "", "不是文本文件", "Excel 文件用 .xlsx,或用 --format 指明格式")
        if b"\r" in head and b"\n" not in head:
            raise file_error(str(path), "", "换行只有回车符(旧式 Mac)", "另存为换行是 LF 或 CRLF 的文本")
        while head:
            if not head.isascii():
                return _voted(path, head + file.readline(LIMIT))
            head = file.read(HEAD)
    return "utf-8"


def _voted(path: Path, block: bytes) -> str:
    lines = [line for line in block.split(b"\n") if not line.isascii()]
    if block[0] & 0xC0 == 0x80 and len(lines) > 1:  # begins within a character of the block before
        lines = lines[1:]
    for encoding in ("utf-8", "gb18030"):
        if 2 * sum(_valid(line, encoding) for line in lines) > len(lines):
            return encoding
    raise file_error(str(path), "", "编码看不出来,既不像 UTF-8 也不像 GB18030", "用 --encoding 指明")


def _valid(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class Lines:
    """The lines of a file from a place on, decoded; ``offset`` and ``line`` are what was taken of it so far."""

    def __init__(self, file: BinaryIO, encoding: str, offset: int = 0, line: int = 0) -> None:
        self._file = file
        self._codec = "utf-8" if encoding == "utf-8-sig" else encoding
        self.offset = offset or (3 if encoding == "utf-8-sig" and file.read(3) == b"\xef\xbb\xbf" else 0)
        self.line = line
        file.seek(self.offset)
        self.begin()

    def begin(self) -> None:
        """A new row starts here."""
        self._start, self._first = self.offset, (self.offset, self.line)

    @property
    def several(self) -> bool:
        """Whether the row has taken more than one line."""
        return self.line > self._first[1]

    def back(self) -> None:
        """Go back to the end of the row's first line."""
        self.offset, self.line = self._first
        self._file.seek(self.offset)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(LIMIT)
        if not raw:
            raise StopIteration
        first = self.offset == self._start
        self.offset += len(raw)
        self.line += 1
        long = len(raw) == LIMIT and not raw.endswith(b"\n")
        if long:
            self._skip()
        if first:
            self._first = (self.offset, self.line)
        if long:
            raise BrokenLineError(f"这一行超过 {LIMIT} 字节")
        if self.offset - self._start > LIMIT:
            raise BrokenLineError(f"引号没有闭合,后面 {LIMIT} 字节内都没有")
        try:
            return raw.decode(self._codec)
        except UnicodeDecodeError as error:
            where = f"第 {error.start + 1} 个字节起"
            raise BrokenLineError(f"这一行不是 {self._codec.upper()} 编码({where})") from None

    def _skip(self) -> None:
        """Read over the rest of a line that is too long."""
        while piece := self._file.readline(LIMIT):
            self.offset += len(piece)
            if piece.endswith(b"\n"):
                return


def csv_rows(lines: Lines, width: int | None = None) -> Iterator[tuple[int, list[str] | str]]:
    """The rows of a CSV file as (number of the first line, cells), or with what is wrong in place of the cells.

    Rows without any text are left out. Cells beyond ``width`` must be empty; with None the first row sets it, and
    empty cells at its end don't count.
    """
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin()
        start = lines.line + 1
        found: list[str] | str
        try:
            found = next(reader)
        except StopIteration:
            return
        except BrokenLineError as error:
            found = str(error)
        except csv.Error as error:
            found = next((ours for key, ours in _CSV_FAULTS.items() if key in str(error)), "引号的写法不对")
        else:
            if not any(found):
                continue
            if width is None:
                while not found[-1]:
                    found.pop()
                width = len(found)
            elif len(found) != width:
                if len(found) < width or any(found[width:]):
                    found = f"这一行有 {len(found)} 格,表头有 {width} 格"
                else:
                    del found[width:]
        if isinstance(found, str):
            if lines.several:
                lines.back()
            reader = csv.reader(lines, strict=True)
        yield start, found
