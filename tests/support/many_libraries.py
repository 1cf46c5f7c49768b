"""A list of many made-up libraries: names, communes and kinds by number, so that every answer can be counted."""

from collections.abc import Iterator

from unioncat.core.membership.units import Unit, current_units, resolve_commune

KINDS = ("school", "commune", "university", "special", "private")
NAMES = ("Kim Đồng", "Lê Quý Đôn", "Nguyễn Du", "Sao Mai", "Hoà Bình")


def library_rows(count: int) -> Iterator[tuple[str, str, str, Unit, str]]:
    """ISIL, name, kind, province and commune of each library; every 31st has no ISIL."""
    provinces = current_units()
    for number in range(count):
        province = provinces[number % len(provinces)]
        isil = "" if number % 31 == 0 else f"VN-N{number}"
        name = f"Thư viện {NAMES[number % len(NAMES)]} số {number}"
        yield isil, name, KINDS[number % len(KINDS)], province, f"Xã thứ {number % 97}"


def library_list(count: int, changed: frozenset[int] = frozenset()) -> bytes:
    """The libraries as a CSV file; those of the numbers in `changed` have a website."""
    lines = ["Mã thư viện;Tên thư viện;Loại;Tỉnh;Xã;Vĩ độ;Kinh độ;Địa chỉ;Trang web"]
    for number, (isil, name, kind, province, commune) in enumerate(library_rows(count)):
        place = province.position
        website = f"https://lib{number}.example.vn" if number in changed else ""
        cells = (
            isil, name, kind, province.name, commune, f"{place.latitude + number % 1000 / 1e4:.5f}",
            f"{place.longitude + number // 1000 / 1e4:.5f}", f"Đường số {number}", website,
        )  # fmt: skip
        lines.append(";".join(cells))
    assert resolve_commune("01", "Xã thứ 1") is None  # these communes are made up, too
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
