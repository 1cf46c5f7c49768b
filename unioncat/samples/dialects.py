"""How the sample libraries differ: each catalogues the same books in its own way, as real ones do."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_FINAL_PAIRS = (("o", "a"), ("o", "e"), ("u", "y"))
_TONE_MOVES = {
    unicodedata.normalize("NFC", first + tone) + second: first + unicodedata.normalize("NFC", second + tone)
    for first, second in _FINAL_PAIRS
    for tone in _TONES
}
_TONE_ON_FIRST = re.compile(rf"(?<!q)({'|'.join(_TONE_MOVES)})\b")
_LONE_Y = re.compile(r"\b([hklmst])([yỳýỹỷỵ])\b", re.IGNORECASE)
_Y_TO_I = str.maketrans("yỳýỹỷỵ", "iìíĩỉị")
_SHORT_PLACES = {"Hà Nội": "H.", "Thành phố Hồ Chí Minh": "Tp. HCM"}
_ABBREVIATED_PLACES = {"Thành phố Hồ Chí Minh": "TP. Hồ Chí Minh"}


def tone_on_main_vowel(text: str) -> str:
    """Write hoà, thuỷ for hòa, thủy."""
    return _TONE_ON_FIRST.sub(lambda found: _TONE_MOVES[found[0]], text)


def i_for_y(text: str) -> str:
    """Write lí, kĩ, Mĩ for lý, kỹ, Mỹ."""
    return _LONE_Y.sub(lambda found: found[1] + found[2].translate(_Y_TO_I), text)


def decomposed(text: str) -> str:
    """Unicode NFD, as some systems export it."""
    return unicodedata.normalize("NFD", text)


def without_accents(text: str) -> str:
    """Plain letters, as libraries abroad long catalogued Vietnamese."""
    letters = (sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return "".join(letters).replace("đ", "d").replace("Đ", "D")


def short_place(place: str) -> str:
    """H. and Tp. HCM, after the old cataloguing rules."""
    return _SHORT_PLACES.get(place, place)


def abbreviated_place(place: str) -> str:
    """TP. Hồ Chí Minh; other names in full."""
    return _ABBREVIATED_PLACES.get(place, place)


def inverted_name(name: str) -> str:
    """Nguyễn, Nhật Ánh for Nguyễn Nhật Ánh."""
    family, _, rest = name.partition(" ")
    return f"{family}, {rest}" if rest else family


def as_given(text: str) -> str:
    """No change."""
    return text


@dataclass(frozen=True, slots=True)
class Dialect:
    """The choices of one library.

    `spelling` is applied to every text; `holdings` names the fields that state holdings; `part_in_title` puts the
    volume into 245$a; `record_per_copy` catalogues some books once a copy.
    """

    holdings: str
    spelling: tuple[Callable[[str], str], ...] = ()
    place: Callable[[str], str] = as_given
    name: Callable[[str], str] = as_given
    publisher: str = "{}"
    part: str = "T.{}"
    extent: str = "{} tr."
    imprint: str = "260"
    isbd: bool = True
    isbn: bool = True
    part_in_title: bool = False
    default_008: bool = False
    record_per_copy: bool = False

    def spell(self, text: str) -> str:
        """The text in this library's spelling."""
        for change in self.spelling:
            text = change(text)
        return text


@dataclass(frozen=True, slots=True)
class SampleLibrary:
    """A library of the demonstration; `number` is what `held` in the catalogue names."""

    number: str
    isil: str
    name: str
    name_en: str
    province: str | None
    kind: str
    metadata_prefix: str
    profile: str
    dialect: Dialect


LIBRARIES = (
    SampleLibrary(
        number="1",
        isil="VN-MAU01",
        name="Thư viện Mẫu Hà Nội",
        name_en="Sample Library of Hanoi",
        province="Hà Nội",
        kind="provincial",
        metadata_prefix="marc21",
        profile="default",
        dialect=Dialect(holdings="852", spelling=(tone_on_main_vowel,), place=short_place, extent="{}tr."),
    ),
    SampleLibrary(
        number="2",
        isil="VN-MAU02",
        name="Thư viện Đại học Mẫu Đà Nẵng",
        name_en="Sample University Library of Da Nang",
        province="Đà Nẵng",
        kind="university",
        metadata_prefix="marcxml",
        profile="koha",
        dialect=Dialect(
            holdings="952",
            spelling=(i_for_y, decomposed),
            publisher="Nxb. {}",
            part="Tập {}",
            extent="{} trang",
            isbd=False,
            default_008=True,
        ),
    ),
    SampleLibrary(
        number="3",
        isil="VN-MAU03",
        name="Thư viện Mẫu Thành phố Hồ Chí Minh",
        name_en="Sample Library of Ho Chi Minh City",
        province="TP. Hồ Chí Minh",
        kind="provincial",
        metadata_prefix="marc21",
        profile="virtua",
        dialect=Dialect(
            holdings="949", place=abbreviated_place, name=inverted_name, part="Tập {}", imprint="264"
        ),
    ),
    SampleLibrary(
        number="4",
        isil="VN-MAU04",
        name="Thư viện Mẫu Cần Thơ",
        name_en="Sample Library of Can Tho",
        province="Cần Thơ",
        kind="provincial",
        metadata_prefix="marc21",
        profile="default",
        dialect=Dialect(
            holdings="852",
            place=short_place,
            publisher="Nhà xuất bản {}",
            isbn=False,
            part_in_title=True,
            record_per_copy=True,
        ),
    ),
    SampleLibrary(
        number="5",
        isil="US-MAU05",
        name="Thư viện Mẫu Hải ngoại",
        name_en="Sample Overseas Library",
        province=None,
        kind="overseas",
        metadata_prefix="marc21",
        profile="default",
        dialect=Dialect(
            holdings="852", spelling=(without_accents,), name=inverted_name, part="tap {}", extent="{} p."
        ),
    ),
)

TARGET_LIBRARY = SampleLibrary(
    number="4",
    isil="VN-MAU06",
    name="Thư viện Đại học Mẫu Huế",
    name_en="Sample University Library of Hue",
    province="Huế",
    kind="university",
    metadata_prefix="marc21",
    profile="default",
    dialect=Dialect(
        holdings="852", spelling=(tone_on_main_vowel,), publisher="NXB {}", part="Tập {}", extent="{} tr."
    ),
)
"""It has the books of the fourth, in its own words, and a Z39.50 port instead of OAI-PMH."""
