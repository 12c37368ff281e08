import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacies.register import reading
from pharmacies.register.reading import UnreadableFile, read, read_file

TEXT = "code,name\nFZZ01,Café\nFZZ02,Müller\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    sheet = read(TEXT.encode(encoding))
    assert [row.cells for row in sheet.rows] == [["code", "name"], ["FZZ01", "Café"], ["FZZ02", "Müller"]]
    assert sheet.encoding == encoding


@pytest.mark.parametrize("delimiter", list(reading.DELIMITERS))
def test_every_usual_delimiter_is_found(delimiter: str) -> None:
    sheet = read(TEXT.replace(",", delimiter).encode())
    assert sheet.delimiter == delimiter
    assert sheet.rows[1].cells == ["FZZ01", "Café"]


def test_a_comma_inside_a_quoted_cell_does_not_mislead() -> None:
    sheet = read(b'"a";"1,2,3"\n"b";"4,5,6"\n')
    assert sheet.delimiter == ";"
    assert sheet.rows[0].cells == ["a", "1,2,3"]


def test_compressed_files_are_read() -> None:
    assert len(read(gzip.compress(TEXT.encode())).rows) == 3


def test_blank_rows_are_passed_over_and_keep_their_numbers() -> None:
    sheet = read(b"a,b\r\n\r\n , \r\nc,d\r\n")
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ["a", "b"]), (4, ["c", "d"])]


BAD = {
    "empty": (b"", "The file is empty"),
    "only spaces": (b" \r\n ", "The file is empty"),
    "Excel workbook": (b"PK\x03\x04rest", "The workbook is damaged"),
    "old Excel": (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
    "web page": (b"\n<!DOCTYPE html><html>", "This is a web page"),
    "web page with a mark": (b"\xef\xbb\xbf<html>", "This is a web page"),
    "PDF": (b"%PDF-1.7", "This is a PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00", "This is not a text file"),
    "damaged gzip": (gzip.compress(b"a,b\n" * 999)[:-20], "compressed file is damaged"),
    "UTF-16 without its mark": ("a,b\n".encode("utf-16-le"), "not a text file"),
    "neither encoding": (b"a,b\n\x81,\x8d\n", "letters in the file cannot be read"),
    "two encodings": ("é,b\n".encode() * 3 + "é,b\n".encode("cp1252"), "letters in the file cannot be read"),
    "cut short": (b"\xef\xbb\xbfa,\xc3", "letters in the file cannot be read"),
    "open quotation": (b'"a","b"\n"c,"d"\n', "Row 2 cannot be read: a quotation mark"),
    "many rows": (b"a,b\n" * 100_001, "more than 100000 rows"),
    "many cells": ((b"ab," * 199 + b"c\n") * 10_001, "more than 2000000 cells"),
    "many columns": (b",".join([b"a"] * 201), "Row 1 has more than 200 columns"),
}


@pytest.mark.parametrize(("data", "said"), BAD.values(), ids=BAD.keys())
def test_files_that_cannot_be_used_say_why(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read(data)


def test_a_file_that_is_too_large_is_refused_packed_or_not() -> None:
    large = b"a,b\n" * (reading.MAX_BYTES // 4 + 1)
    for data in (large, gzip.compress(large, 1)):
        with pytest.raises(UnreadableFile, match="larger than 25 MB"):
            read(data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no-such\.csv cannot be opened: No such file or directory"):
        read_file(tmp_path / "no-such.csv")


@given(st.binary() | st.text().map(str.encode) | st.text(alphabet=',;"\n\r\t ab').map(str.encode))
def test_whatever_is_given_is_read_or_refused_in_a_sentence(data: bytes) -> None:
    try:
        sheet = read(data)
    except UnreadableFile as why:
        assert str(why).endswith(".")
    else:
        assert all(row.number > 0 and any(row.cells) for row in sheet.rows)
