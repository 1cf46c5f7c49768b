"""Made-up publications in families: a real title (later: halves of two), and beside it a book that is easily taken for it.

1. Publication 2n is the n-th title, publication 2n + 1 its neighbour: the next edition, the same title of another
   author, the next volume, a word that differs by a tone (vi mô, vĩ mô), another translation, the e-book.
2. The first titles are the real ones; after them each is the first half of one and the second half of another.
3. Two in three Vietnamese books after 2007 have an ISBN of the group 978-604, each its own; others have none.
4. A publication follows from the seed and its number, so that nothing need be kept.
"""

import csv
import gzip
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Parts = dict[str, str]
"""What is said of a publication, each part under its name; what is not said is not there."""

_HOUSES = (
    ("Giáo dục", "Hà Nội"), ("Đại học Quốc gia Tp. Hồ Chí Minh", "Tp. Hồ Chí Minh"), ("Trẻ", "Tp. Hồ Chí Minh"),
    ("Khoa học và Kỹ thuật", "Hà Nội"), ("Kim Đồng", "Hà Nội"), ("Thống kê", "Hà Nội"), ("Lao động", "Hà Nội"),
    ("Chính trị Quốc gia", "Hà Nội"), ("Văn học", "Hà Nội"), ("Thanh niên", "Hà Nội"), ("Đà Nẵng", "Đà Nẵng"),
    ("Xây dựng", "Hà Nội"), ("Phụ nữ", "Hà Nội"), ("Tổng hợp Tp. Hồ Chí Minh", "Tp. Hồ Chí Minh"),
    ("Nông nghiệp", "Hà Nội"), ("Y học", "Hà Nội"), ("Thuận Hoá", "Huế"), ("Nghệ An", "Nghệ An"),
)  # fmt: skip
TOPICS = (
    "Giáo trình",
    "Kinh tế",
    "Toán học",
    "Văn học Việt Nam",
    "Kỹ thuật điện",
    "Lịch sử",
    "Tin học",
    "Hoá học",
)
_NEAR_WORDS = (
    ("Kinh tế vi mô", "Kinh tế vĩ mô"), ("Điện từ học", "Điện tử học"), ("Sự tích quả dừa", "Sự tích quả dứa"),
    ("Tác gia", "Tác giả"), ("Ca dao", "Cà dao"), ("Bàn về bão", "Bàn về báo"),
)  # fmt: skip
NEIGHBOURS = ("edition", "author", "volume", "near word", "translation", "e-book")
_FROM_MARC = {
    ("100", "a"): "author", ("245", "a"): "title", ("245", "b"): "rest", ("245", "c"): "statement",
    ("260", "a"): "place", ("260", "b"): "publisher", ("300", "c"): "size",
}  # fmt: skip


@cache
def real_titles(data: Path) -> tuple[Parts, ...]:
    """Real titles with what belongs to them: those of a Vietnamese university, and every third of goldfinch."""
    found = {parts["title"]: parts for parts in (*_vietnamese(data), *list(_foreign(data))[::3])}
    titles = [found[title] for title in sorted(found)]
    random.Random(0).shuffle(titles)
    return tuple(titles)


def _vietnamese(data: Path) -> Iterator[Parts]:
    with gzip.open(data / "vn/hcmut_bk.tsv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            author = (row["author"] or "").strip(" .,;")
            if (row["title"] or "").strip() and author:
                yield {
                    "title": row["title"].strip(),
                    "author": author,
                    "statement": author,
                    "language": "vie",
                }


def _foreign(data: Path) -> Iterator[Parts]:
    with gzip.open(data / "match/goldfinch/records.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = {"language": "eng"}
            for field in json.loads(line)["fields"]:
                for tag, content in field.items():
                    for subfield in content["subfields"] if isinstance(content, dict) else ():
                        for code, value in subfield.items():
                            if name := _FROM_MARC.get((tag, code)):
                                parts.setdefault(name, value.strip(" /:;,"))
            if parts.get("author") and parts.get("title"):
                yield parts


def publication(titles: tuple[Parts, ...], seed: int, number: int) -> Parts:
    """The publication of this number (below a million)."""
    draw = random.Random(seed * 1_000_003 + number // 2)
    parts, other = _titled(titles, draw, number // 2), draw.choice(titles)
    kind = draw.choice(NEIGHBOURS)
    _fill(parts, draw)
    _prepare(parts, draw, kind)
    if number % 2:
        _make_neighbour(parts, other, kind)
    if int(parts["year"]) > 2007 and parts["language"] == "vie" and draw.random() < 0.65:
        parts["isbn"] = vietnamese_isbn(number)
    return parts


def vietnamese_isbn(number: int) -> str:
    """A valid ISBN-13 of the group 978-604, another for each number below a million."""
    body = f"978604{number * 7919 % 1_000_000:06d}"
    return body + str(-sum(int(sign) * (1, 3)[place % 2] for place, sign in enumerate(body)) % 10)


def _titled(titles: tuple[Parts, ...], draw: random.Random, family: int) -> Parts:
    parts = dict(titles[family % len(titles)])
    if family >= len(titles):
        words, others = parts["title"].split(), draw.choice(titles)["title"].split()
        parts["title"] = " ".join((*words[: (len(words) + 1) // 2], *others[len(others) // 2 :]))
        parts.pop("rest", None)
        parts["statement"] = parts["author"] = draw.choice(titles)["author"]
    if parts["language"] == "vie":
        parts["author"] = parts["author"].split(",")[0].split(";")[0].strip()
    return parts


def _fill(parts: Parts, draw: random.Random) -> None:
    """What the source of the title does not say."""
    house, place = _HOUSES[int(len(_HOUSES) * draw.random() ** 3)]
    given = {
        "publisher": house, "place": place, "year": str(draw.randrange(1985, 2025)),
        "pages": f"{draw.randrange(60, 700)} tr.", "size": ("19 cm", "21 cm", "24 cm")[draw.randrange(3)],
        "class": f"{draw.randrange(1000):03d}.{draw.randrange(100)}",
        "topic": draw.choice(TOPICS), "topic 2": draw.choice(TOPICS),
    }  # fmt: skip
    parts |= given | parts
    if draw.random() < 0.1:
        parts["series"] = f"Tủ sách {parts['topic']}"


def _prepare(parts: Parts, draw: random.Random, kind: str) -> None:
    """What a book must say so that its neighbour can differ in it."""
    if kind == "volume":
        parts["volume"] = str(draw.randrange(1, 4))
    elif kind == "near word":
        here, there = draw.choice(_NEAR_WORDS)
        parts["title"], parts["near title"] = f"{here} {parts['title']}", f"{there} {parts['title']}"
    elif kind == "translation":
        parts["translator"] = "Lê Thị Bình"
    elif draw.random() < 0.1:
        parts["edition"] = "Tái bản lần thứ 1"


def _make_neighbour(parts: Parts, other: Parts, kind: str) -> None:
    if kind == "edition":
        parts["edition"] = "Tái bản lần thứ 2, có sửa chữa"
        parts["year"] = str(int(parts["year"]) + 2)
    elif kind == "author":
        parts["author"] = parts["statement"] = other["author"]
        parts["pages"] = f"{int(parts['pages'].split()[0]) + 57} tr."
    elif kind == "volume":
        parts["volume"] = str(int(parts["volume"]) + 1)
    elif kind == "near word":
        parts["title"] = parts["near title"]
    elif kind == "translation":
        parts |= {"translator": "Trần Văn Cường", "publisher": "Hội Nhà văn", "place": "Hà Nội"}
        parts["year"] = str(int(parts["year"]) + 7)
    else:
        parts["link"] = f"https://example.org/{parts['class']}"
