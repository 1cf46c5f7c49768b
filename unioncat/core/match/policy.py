"""What a catalogue may choose about matching: questions on which good catalogues differ.

REPRINT: are a book and its numbered reprints ("Tái bản lần thứ 2", "lần thứ 3") one publication?

- strict: no. Another number of an edition is another publication (OCLC, "When to input a new record"); reprints
  belong together as editions of one text.
- grouped: yes, where nothing else can have changed (SUDOC: one record for all reprints): a Vietnamese book without a
  generic title and without "có sửa chữa, bổ sung", of a common publisher, and with the same number of pages. Among
  such records other numbers of the edition rule nothing out, and other years say nothing. In foreign books a numbered
  edition is another text and stays apart.

PUBLISHER: are two records of different publishers two publications?

- strict: yes (OCLC: a different publisher splits). Vietnamese houses without one in common speak heavily against it,
  and where one side names a partner company only, a person must look.
- lenient: not by itself (CCS: the publisher does not split). It speaks against it, so that author, year and the same
  number of pages must agree, or an identifier; a partner company for the house speaks lightly.
"""

from dataclasses import dataclass
from enum import StrEnum

MATCHER_VERSION = 1
"""Raise it when a rule of matching or a weight changes: every catalogue is then judged anew."""


class Reprint(StrEnum):
    """Whether reprints are one publication."""

    STRICT = "strict"
    GROUPED = "grouped"


class PublisherRule(StrEnum):
    """Whether another publisher makes another publication."""

    STRICT = "strict"
    LENIENT = "lenient"


@dataclass(frozen=True, slots=True)
class Policy:
    """What was chosen."""

    reprint: Reprint = Reprint.STRICT
    publisher: PublisherRule = PublisherRule.STRICT

    @property
    def name(self) -> str:
        """The policy and the version of the rules, as the store keeps them beside the verdicts."""
        return f"rules={MATCHER_VERSION} reprint={self.reprint} publisher={self.publisher}"


DEFAULT = Policy()
"""The policy of a catalogue that chose nothing."""
POLICIES = tuple(Policy(reprint, publisher) for reprint in Reprint for publisher in PublisherRule)
"""All policies that can be chosen."""


def policy_named(name: str | None) -> Policy:
    """The policy by which verdicts were made, by its name in the store; DEFAULT where it is of other rules."""
    return next((policy for policy in POLICIES if policy.name == name), DEFAULT)
