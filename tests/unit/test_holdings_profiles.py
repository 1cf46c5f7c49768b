import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymarc import MARCReader

from unioncat.core.marc import DEFAULT_LEADER, DataField, MarcRecord
from unioncat.core.merge.holding import Holding, Item
from unioncat.core.merge.holdings import IMPLIED, load_profiles, read_holdings


def field(text: str) -> DataField:
    subfields = tuple((part[0], part[1:]) for part in text[6:].strip().split("$")[1:])
    return DataField(text[:3], text[4:6], subfields)


def holdings(profile: str, *fields: str) -> tuple[Holding, ...]:
    return read_holdings(MarcRecord(DEFAULT_LEADER, tuple(map(field, fields))), load_profiles()[profile])


def test_libol_852_counts_each_accession_number_as_a_copy() -> None:
    assert holdings(
        "default",
        "090    $a658.02$bGI-108TR",
        "852    $aHKVN$bKho_Muon$jHK000001",
        "852    $aHKVN$bKho_Doc$jHK000002$jHK000003",
        "852    $aHKVN$bKho_Muon$jHK000004",
    ) == (
        Holding("Kho_Muon", "658.02 GI-108TR", 2, (Item("HK000001"), Item("HK000004"))),
        Holding("Kho_Doc", "658.02 GI-108TR", 2, (Item("HK000002"), Item("HK000003"))),
    )


def test_in_852_with_a_barcode_j_is_the_call_number() -> None:
    (holding,) = holdings("default", "852 4  $bEB55$cEBIB$jEBIB.HF5415$p000011028865$zmagazijn")
    assert holding == Holding("EB55 EBIB", "EBIB.HF5415", 1, (Item("000011028865"),), note="magazijn")


def test_852_call_number_parts_come_in_their_order() -> None:
    (holding,) = holdings("default", "852 0  $bSCL$cPRL$k12mo$hPQ4623.G82$iD45 1555$t2")
    assert holding == Holding("SCL PRL", "12mo PQ4623.G82 D45 1555", 1)


def test_koha_952_gives_location_barcode_and_state() -> None:
    assert holdings("koha", "952    $aCPL$bCPL$cGEN$o895.9$p39$10$71$q2024-05-01") == (
        Holding("CPL GEN", "895.9", 1, (Item("39", status="not for loan, on loan"),)),
    )


def test_koha_952_without_a_call_number_takes_that_of_the_record() -> None:
    (holding,) = holdings("koha", "082    $a001.42", "952    $p0000002672$cSách Nội văn H1")
    assert (holding.location, holding.call_number) == ("Sách Nội văn H1", "001.42")


def test_sirsi_999_names_the_library_before_the_place() -> None:
    assert holdings("sirsi", "999    $aB3216 .C33$wALPHANUM$iX00$kCHECKEDOUT$lSTACKS$mALDERMAN$tBOOK") == (
        Holding("ALDERMAN STACKS", "B3216 .C33", 1, (Item("X00", status="CHECKEDOUT"),)),
    )


def test_symphony_926_states_a_count() -> None:
    assert holdings("symphony", "926    $aMAIN$bSTACKS$cPL4378$dBOOK$f3")[0] == Holding(
        "MAIN STACKS", "PL4378", 3
    )


def test_virtua_949_has_the_barcode_in_6() -> None:
    (holding,) = holdings("virtua", "949    $AVIRTUAITEM$D90000$F1$X18$634444000147447$aIr 506 r9/23")
    assert holding == Holding("90000", "Ir 506 r9/23", 1, (Item("34444000147447"),))


def test_innovative_takes_945_where_there_is_no_949() -> None:
    assert holdings("innovative", "945    $i0000000618390260$lfhgen$g2")[0].items == (
        Item("0000000618390260"),
    )


@pytest.mark.parametrize(
    ("stated", "barcodes"),
    [
        ("VV-D2/00072-74", ["VV-D2/00072", "VV-D2/00073", "VV-D2/00074"]),
        ("V-G2/00098-101", ["V-G2/00098", "V-G2/00099", "V-G2/00100", "V-G2/00101"]),
        ("VV-D2/00074-72", ["VV-D2/00074-72"]),
        ("VV-D2/00001-99999", ["VV-D2/00001-99999"]),
        ("VV-D2/00072", ["VV-D2/00072"]),
    ],
)
def test_a_range_of_accession_numbers_is_that_many_items(stated: str, barcodes: list[str]) -> None:
    (holding,) = holdings("vnu", f"928 1  $a{stated}")
    assert [item.barcode for item in holding.items] == barcodes
    assert holding.copies == len(barcodes)


@pytest.mark.parametrize(
    ("tag", "fields"),
    [
        ("952", ("952    $aForm AACR2; eb21 10-6-83.",)),
        ("999", ("999    $c25$d25",)),
        ("999", ("999 1  $aNgành hoá học$bCơ, Nhiệt",)),
        ("852", ("852    $x ",)),
    ],
)
def test_a_field_that_uses_the_tag_for_something_else_states_nothing(
    tag: str, fields: tuple[str, ...]
) -> None:
    assert holdings("auto", *fields)[0].note == IMPLIED


def test_a_record_without_holdings_fields_implies_one_copy() -> None:
    assert holdings("koha", "082 04 $a330$214") == (Holding(None, "330", 1, note=IMPLIED),)
    assert holdings("koha") == (Holding(None, None, 1, note=IMPLIED),)


def test_auto_prefers_items_to_locations() -> None:
    found = holdings("auto", "852    $aPSt$bUP-ANNEX$hE164", "949    $aE164 v.1$i0000$lCATO-2$mUP-ANNEX")
    assert found == (Holding("UP-ANNEX CATO-2", "E164 v.1", 1, (Item("0000"),)),)


def test_a_textual_statement_belongs_to_the_holding_before_it_else_to_the_first() -> None:
    first, second = holdings(
        "default",
        "866  0 $av.0",
        "852    $bA$hX",
        "852    $bB$hX",
        "866  0 $80$av.1-2",
        "867  0 $asuppl.",
        "868  0 $z",
    )
    assert (first.coverage, second.coverage) == ("v.0", "v.1-2; suppl.")
    assert holdings("default", "866  0 $av.45(1981)-")[0].coverage == "v.45(1981)-"


def test_a_link_is_a_holding_without_copies() -> None:
    physical, link = holdings(
        "default", "852    $bA", "856 41 $uhttp://a.vn/1$zToàn văn", "856 42 $uhttp://a.vn/toc"
    )
    assert physical.copies == 1
    assert link == Holding(None, None, 0, url="http://a.vn/1", note="Toàn văn")


def test_a_link_to_the_resource_itself_stands_in_for_copies_and_a_link_to_a_version_does_not() -> None:
    assert [h.copies for h in holdings("default", "856 40 $uhttp://a.vn/1", "856 40 $uhttp://a.vn/1")] == [0]
    assert [h.copies for h in holdings("default", "856 41 $uhttp://a.vn/1")] == [1, 0]
    assert [h.copies for h in holdings("default", "856 4  $3Mục lục$uhttp://a.vn/1")] == [1]


def read(path: Path) -> Iterator[MarcRecord]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for record in filter(None, MARCReader(data, permissive=True)):
        fields = [f for f in record.fields if not f.is_control_field()]
        subfields = [tuple((code, value) for code, value in f.subfields) for f in fields]
        yield MarcRecord(
            str(record.leader),
            tuple(DataField(f.tag, "".join(f.indicators), s) for f, s in zip(fields, subfields, strict=True)),
        )


@pytest.mark.data
@pytest.mark.parametrize(
    ("profile", "file", "copies", "implied"),
    [
        ("koha", "vn/hcmut_bk.mrc.gz", 24848, 0),
        ("default", "vn/libol/OGUALUQA.iso", 10, 0),
        ("sirsi949", "marc/evergreen/Open-ILS__tests__datasets__jazz_1k.mrc.gz", 1255, 17),
        ("innovative", "marc/folio/src__test__resources__61PRINT160129.mrc", 246, 0),
        ("virtua", "marc/vufind/tests__data__authoritybibs.mrc", 9, 0),
    ],
)
def test_real_records_of_many_systems(
    test_data: Path, profile: str, file: str, copies: int, implied: int
) -> None:
    records = list(read(test_data / file))
    found = [read_holdings(record, load_profiles()[profile]) for record in records]
    assert sum(holding.copies for one in found for holding in one) == copies
    assert sum(one[0].note == IMPLIED for one in found) == implied
    assert [read_holdings(record, load_profiles()["auto"]) for record in records] == found
