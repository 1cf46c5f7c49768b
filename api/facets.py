"""What people call the values of facets."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.messages import MESSAGES
from api.state import library_of
from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.index.request import FacetName
from unioncat.core.library import MemberLibrary
from unioncat.core.membership.kinds import label_of
from unioncat.core.membership.units import former_names, resolve_province


@dataclass(frozen=True, slots=True)
class FacetLabels:
    """The names of libraries and groups, and the language of all others."""

    libraries: Mapping[Isil, MemberLibrary]
    groups: Mapping[str, str]
    language: str

    def label(self, name: FacetName, value: str) -> str:
        """What a value is called; one without a name is called by itself."""
        match name:
            case FacetName.LIBRARY:
                library = library_of(self.libraries, Isil(value))
                return (self.language == "en" and library.name_en) or library.name
            case FacetName.GROUP:
                return self.groups.get(value, value)
            case FacetName.KIND:
                return label_of("kind", value, self.language)
            case FacetName.PROVINCE:
                return _with_former_names(value)
            case FacetName.DECADE:
                return f"{value}–{int(value) + 9}" if value.isdigit() else value
            case FacetName.DIGITAL | FacetName.LOAN:
                return MESSAGES[self.language][f"facet_yes.{name}"]
            case FacetName.FORMAT | FacetName.LANGUAGE:
                return MESSAGES[self.language].get(f"{name}.{value}", value)
            case FacetName.YEAR | FacetName.SUBJECT | FacetName.PERSON:
                return value


def _with_former_names(province: str) -> str:
    """A province with those that went into it, as people still know these."""
    try:
        former = former_names(resolve_province(province).code)
    except InvalidLibrary:
        return province
    return f"{province} ({', '.join(former)})" if former else province
