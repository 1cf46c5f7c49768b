"""What is stated about a library, by API, command line or list, and what becomes of it.

1. What is not stated (None) stays as it was.
2. Province and commune become codes; the province is called by its current name, whatever it was called in the
   statement. A commune that is not in the table of its province stays as text.
3. A new province without a new commune forgets the commune, its address and its position.
4. Kind, legal form and level are words of `kinds.toml`; latitude and longitude come together and lie on the earth.
5. Subject fields may also come as one text, divided by semicolons.
6. Texts have no control characters and at most 2,000 letters, names 300; a website is an http or https address; an
   e-mail address has one @.
"""

import re
from dataclasses import dataclass, replace

from unioncat.core.errors import InvalidLibrary
from unioncat.core.library import (
    Contact,
    LegalForm,
    Lending,
    Level,
    MemberLibrary,
    Place,
    Position,
)
from unioncat.core.membership.kinds import resolve_term
from unioncat.core.membership.units import commune_name, resolve_commune, resolve_province
from unioncat.core.normalise.vietnamese import nfc

_LONGEST_NAME = 300
_LONGEST_TEXT = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")
_WEBSITE = re.compile(r"https?://[^\s\"'<>]+\.[^\s\"'<>]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says about a library; None where nothing is said. `province`, `commune`, `kind`, `legal_form` and
    `level` are words as people write them, or codes."""

    name: str | None = None
    name_en: str | None = None
    province: str | None = None
    commune: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    kind: str | None = None
    rank: int | None = None
    confirmed: bool | None = None
    legal_form: str | None = None
    level: str | None = None
    function: str | None = None
    subject_fields: tuple[str, ...] | None = None
    governing_body: str | None = None
    website: str | None = None
    contacts: tuple[Contact, ...] | None = None
    lends: bool | None = None
    copies: bool | None = None
    fee: bool | None = None
    lending_policy: str | None = None


def apply_statement(library: MemberLibrary, said: Statement) -> MemberLibrary:
    """The library with what is stated; raises InvalidLibrary naming the field and the value."""
    province = resolve_province(said.province) if said.province else None
    return replace(
        library,
        name=_name("name", said.name) or library.name,
        name_en=_name("name_en", said.name_en) or library.name_en,
        province=province.name if province else library.province,
        kind=resolve_term("kind", said.kind) if said.kind else library.kind,
        rank=library.rank if said.rank is None else _rank(said.rank),
        confirmed=library.confirmed if said.confirmed is None else said.confirmed,
        legal_form=LegalForm(resolve_term("legal_form", said.legal_form))
        if said.legal_form
        else library.legal_form,
        level=Level(resolve_term("level", said.level)) if said.level else library.level,
        place=_place(library.place, said, province.code if province else None),
        function=_text("function", said.function) or library.function,
        subject_fields=_fields(said.subject_fields, library.subject_fields),
        governing_body=_text("governing_body", said.governing_body) or library.governing_body,
        website=_website(said.website) or library.website,
        contacts=library.contacts if said.contacts is None else tuple(map(_contact, said.contacts)),
        lending=_lending(library.lending, said),
    )


def with_province_code(library: MemberLibrary) -> MemberLibrary:
    """The library with the code of the province that it names, if it has none and the name is known."""
    if library.place.province_code or not library.province:
        return library
    try:
        code = resolve_province(library.province).code
    except InvalidLibrary:
        return library
    return replace(library, place=replace(library.place, province_code=code))


def _place(now: Place, said: Statement, province: str | None) -> Place:
    if province and now.province_code and province != now.province_code and not said.commune:
        now = Place()
    code = province or now.province_code
    position = _position(said) or now.position
    address = _text("address", said.address) or now.address
    if not said.commune:
        return Place(code, now.commune_code, now.commune, address, position)
    stated = _name("commune", said.commune)
    found = resolve_commune(code, said.commune) if code else None
    if found is None:
        if said.commune.strip().isdigit():
            raise InvalidLibrary(
                f"'{said.commune}' is no code of a commune in this province; write the commune's name"
            )
        return Place(code, None, stated, address, position)
    return Place(code, found.code, commune_name(found.code), address, position)


def _position(said: Statement) -> Position | None:
    if said.latitude is None and said.longitude is None:
        return None
    if said.latitude is None or said.longitude is None:
        raise InvalidLibrary("Latitude and longitude come together; state both or neither")
    if not (-90 <= said.latitude <= 90 and -180 <= said.longitude <= 180):
        raise InvalidLibrary(
            f"{said.latitude}, {said.longitude} is no point on the earth; write degrees, such as 21.0278 and 105.8342"
        )
    return Position(said.latitude, said.longitude)


def _lending(now: Lending, said: Statement) -> Lending:
    return Lending(
        now.lends if said.lends is None else said.lends,
        now.copies if said.copies is None else said.copies,
        now.fee if said.fee is None else said.fee,
        _text("lending_policy", said.lending_policy) or now.policy,
    )


def _contact(contact: Contact) -> Contact:
    email = _text("e-mail", contact.email)
    if email and not _EMAIL.fullmatch(email):
        raise InvalidLibrary(f"'{email}' is no e-mail address; write one such as thuvien@example.org")
    role = _name("role of a contact", contact.role) or "contact"
    return Contact(role, email, _text("phone", contact.phone))


def _website(text: str | None) -> str | None:
    address = _text("website", text)
    if address and not _WEBSITE.fullmatch(address):
        raise InvalidLibrary(
            f"'{address}' is no website; write an address that begins with https:// or http://"
        )
    return address


def _fields(stated: tuple[str, ...] | None, now: tuple[str, ...]) -> tuple[str, ...]:
    if stated is None:
        return now
    parts = (part for text in stated for part in text.split(";"))
    return tuple(dict.fromkeys(field for part in parts if (field := _name("subject field", part))))


def _rank(rank: int) -> int:
    if not 0 <= rank <= 9999:
        raise InvalidLibrary(f"The rank {rank} is not between 0 and 9999")
    return rank


def _name(what: str, text: str | None) -> str | None:
    checked = _text(what, text, _LONGEST_NAME)
    return " ".join(checked.split()) if checked else None


def _text(what: str, text: str | None, longest: int = _LONGEST_TEXT) -> str | None:
    """The text in NFC without blanks around it; None for an empty one."""
    if text is None:
        return None
    checked = nfc(text).strip()
    if _CONTROL.search(checked):
        raise InvalidLibrary(f"The {what} has signs that cannot be printed: {checked!r:.100}")
    if len(checked) > longest:
        raise InvalidLibrary(f"The {what} has {len(checked):,} letters; {longest:,} are the most")
    return checked or None
