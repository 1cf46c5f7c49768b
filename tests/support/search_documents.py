"""Search documents for tests."""

import random
import re
from typing import Any

from unioncat.core.identifiers import Isil, mint_master_id
from unioncat.core.index.document import SearchDocument

_WORDS = re.findall(
    r"\S+",
    "hoà hòa hoa hóa toán toan học hoc lý lí văn ván van truyện truyen Kiều kieu Nguyễn nguyen Du dừa dứa dua "
    "Đà đa da kỹ kĩ ky thuật Mỹ Việt Nam the history of war and peace O'Brien TP.HCM Straße CO₂ 中国 "
    "ភាសាខ្មែរ Россия 12",
)


def a_document(number: int, title: str, **parts: Any) -> SearchDocument:
    """A document with a title and what else is given."""
    return SearchDocument(mint_master_id(number), 1, title, **parts)


def random_documents(seed: int, count: int) -> list[SearchDocument]:
    """Documents out of few words, so that every question has answers and every order has ties."""
    rnd = random.Random(seed)
    return [_random_document(rnd, number) for number in range(count)]


def random_words(rnd: random.Random, most: int) -> str:
    """Some words that these documents are made of."""
    return " ".join(rnd.choices(_WORDS, k=rnd.randint(1, most)))


def _random_document(rnd: random.Random, number: int) -> SearchDocument:
    libraries = {Isil(f"VN-L{int(rnd.paretovariate(0.5)) % 40}") for _ in range(rnd.randint(0, 9))}
    return a_document(
        number * 7 % 1009,
        random_words(rnd, 4),
        subtitle=rnd.choice((None, random_words(rnd, 3))),
        responsibility=rnd.choice((None, random_words(rnd, 2))),
        other_titles=tuple(random_words(rnd, 3) for _ in range(rnd.randint(0, 1))),
        contributors=tuple(random_words(rnd, 3) for _ in range(rnd.randint(0, 2))),
        subjects=tuple(random_words(rnd, 2) for _ in range(rnd.randint(0, 3))),
        publisher=rnd.choice((None, random_words(rnd, 2))),
        notes=tuple(random_words(rnd, 6) for _ in range(rnd.randint(0, 1))),
        year=rnd.choice((None, *range(1998, 2005))),
        languages=tuple(rnd.sample(("vie", "eng", "fre"), rnd.randint(0, 2))),
        format=rnd.choice(("book", "serial", "map")),
        isbns=rnd.choice(((), ("9780306406157",))),
        libraries=tuple(sorted(libraries)),
        persons=tuple(random_words(rnd, 2) for _ in range(rnd.randint(0, 2))),
        provinces=tuple(sorted({f"P{len(isil)}" for isil in libraries})),
        kinds=tuple(rnd.sample(("national", "provincial", "school"), rnd.randint(0, 2))),
        groups=tuple(rnd.sample(("dong-bac", "y-te"), rnd.randint(0, 2))),
        is_digital=rnd.random() < 0.2,
        is_for_loan=rnd.random() < 0.5,
    )
