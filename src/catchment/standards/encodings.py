"""In which encoding a text file from a Chinese office was saved: UTF-8, GB 18030, or what Excel calls Unicode."""

import codecs
from typing import BinaryIO

ENCODINGS = ("utf-8-sig", "gb18030")
BLOCK = 1 << 20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(file: BinaryIO) -> str:
    """The first encoding that reads the whole file, which is left at its start. Raises `UnicodeError` for none."""
    file.seek(0)
    if file.read(2) in _UTF_16:
        file.seek(0)
        return "utf-16"
    found = next((one for one in ENCODINGS if _reads(file, one)), None)
    file.seek(0)
    if found is None:
        raise UnicodeError("the text is neither UTF-8 nor GB 18030; save the file as UTF-8")
    return found


def _reads(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
