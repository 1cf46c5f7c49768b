"""Windows-1258 (Vietnamese) read as Windows-1252: `tiêìng viêòt` for `tiếng việt`.

Tones are combining marks behind their vowel; text is composed (NFC) here.
"""

import unicodedata


def _differences() -> dict[int, str]:
    table: dict[int, str] = {}
    for byte in range(0x80, 0x100):
        read = bytes([byte]).decode("cp1252", "ignore") or chr(byte)
        meant = bytes([byte]).decode("cp1258", "ignore")
        if meant and meant != read:
            table[ord(read)] = meant
    return table


_TABLE = _differences()


def from_windows_1258(text: str) -> str:
    """The text that was meant."""
    return unicodedata.normalize("NFC", text.translate(_TABLE))
