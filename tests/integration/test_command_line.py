"""The commands as people run them: a whole path in one home, and one clear sentence for everything that is wrong."""

import asyncio
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deliveries import a_delivery

from unioncat.core.index.request import SearchRequest
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.search.embedded import TantivyIndex, TantivyWriter
from unioncat.store.database import ensure_database

UNIONCAT = Path(sys.executable).with_name("unioncat")
RECORDS = [
    a_delivery("a", isbn="978-604-57-0112-6"),
    a_delivery("b", title="Cơ sở văn hóa Việt Nam", isbn="9786045701126"),
    a_delivery("c", title="Kinh tế học vi mô", author="Vũ Kim Dũng"),
    a_delivery("d", title="Kinh tế học vĩ mô", author="Vũ Kim Dũng"),
]


class Home:
    """Runs commands in one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "UNIONCAT_HOME": str(folder)}

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [UNIONCAT, *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def good(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str, **environment: str) -> str:
        done = self(*arguments, **environment)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home into which two libraries have imported."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # so that PostgreSQL, which does not run as root, may enter
        home = Home(Path(folder))
        with embedded_postgres(home.folder / "postgres"):  # one server for all commands: they are faster
            _import_samples(home, home.folder)
            yield home


def _import_samples(home: Home, folder: Path) -> None:
    for isil, records in (("VN-TEST1", RECORDS[:1]), ("VN-TEST2", RECORDS[1:])):
        home.good("library", "add", isil, f"Thư viện {isil}", "--province", "Hà Nội")
        file = folder / f"{isil}.json.gz"
        file.write_bytes(gzip.compress(b"\n".join(record.raw for record in records)))
        assert f"{len(records)} created" in home.good("import", str(file), "--library", isil)


def test_an_import_is_matched_merged_and_searchable(home: Home) -> None:
    stats = json.loads(home.good("stats", "--json"))
    assert (stats["live_records"], stats["masters"], stats["indexed_documents"]) == (4, 3, 3)
    assert (stats["waiting_for_matcher"], stats["index_position"]) == (0, stats["last_change"])


def test_a_repeated_import_changes_nothing(home: Home, tmp_path: Path) -> None:
    (tmp_path / "again.json").write_bytes(RECORDS[0].raw)
    before = home.good("export", "clusters")
    assert "1 unchanged" in home.good("import", str(tmp_path / "again.json"), "--library", "VN-TEST1")
    assert home.good("export", "clusters") == before


def test_clusters_are_exported(home: Home) -> None:
    rows = [line.split("\t") for line in home.good("export", "clusters").splitlines()]
    assert [row[:2] for row in rows] == [
        ["VN-TEST1", "a"],
        ["VN-TEST2", "b"],
        ["VN-TEST2", "c"],
        ["VN-TEST2", "d"],
    ]
    assert rows[0][2] == rows[1][2]
    assert len({row[2] for row in rows}) == 3
    lines = [json.loads(line) for line in home.good("export", "clusters", "--json").splitlines()]
    assert [[line["isil"], line["control_number"], line["master_id"]] for line in lines] == rows


def test_the_laws_hold(home: Home) -> None:
    findings = json.loads(home.good("verify", "--json"))
    assert {finding["law"] for finding in findings} == {1, 3, 4, 5}
    assert not [finding for finding in findings if finding["broken"]]
    assert home.good("verify").count("holds") == len(findings)


def test_the_index_is_rebuilt(home: Home) -> None:
    assert home.good("reindex").startswith("3 ")
    home.good("verify")


def test_what_the_index_has_otherwise_is_named_and_repaired(home: Home) -> None:
    async def damage() -> str:
        async with await TantivyWriter.open(home.folder / "index") as writer:
            found = [hit.master_id async for hit in TantivyIndex(home.folder / "index").walk(SearchRequest())]
            await writer.repair([], found[:1])
            return found[0]

    lost = asyncio.run(damage())
    assert lost in home("verify").stdout
    assert home("verify", "--repair").returncode == 0
    home.good("verify")


def test_everything_is_judged_anew_and_nothing_changes(home: Home) -> None:
    assert home.good("rematch") == f"{len(RECORDS)} records matched, 0 master records changed\n"


def test_a_pair_is_explained(home: Home, tmp_path: Path) -> None:
    for name, record in zip("lr", RECORDS[2:], strict=True):
        (tmp_path / name).write_bytes(record.raw)
    assert "Hai ấn phẩm khác nhau" in home.good("match", str(tmp_path / "l"), str(tmp_path / "r"))
    english = home.good("match", str(tmp_path / "l"), str(tmp_path / "r"), "--language", "en")
    assert "Two different publications" in english
    decision = json.loads(home.good("match", str(tmp_path / "l"), str(tmp_path / "r"), "--json"))
    assert decision["decision"] == "different"
    assert all(evidence["reason"] for evidence in decision["evidence"])


def test_labelled_pairs_are_evaluated(home: Home, tmp_path: Path) -> None:
    sides = [json.loads(record.raw) for record in RECORDS]
    pairs = [
        {"id": "p1", "expected": "same", "left": sides[0], "right": sides[1]},
        {"id": "p2", "expected": "different", "left": sides[2], "right": sides[3]},
    ]
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(json.dumps(pair, ensure_ascii=False) for pair in pairs), encoding="utf-8")
    assert "GỘP SAI" not in home.good("evaluate", str(file), "--fail-on-false-merge", "--language", "vi")
    result = json.loads(home.good("evaluate", str(file), "--json"))
    assert [pair["decision"] for pair in result["pairs"]] == ["same", "different"]
    file.write_text('{"id": "x", "expected": "maybe"}', encoding="utf-8")
    assert "line 1" in home.refused("evaluate", str(file))


def test_a_process_that_answers_is_replaced_when_it_dies_and_none_is_left_at_the_end(home: Home) -> None:
    environment = {**home.environment, "UNIONCAT_SERVERS": "2"}
    with subprocess.Popen(
        [UNIONCAT, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://[0-9.:]+/", server.stdout.readline())
        assert address is not None
        [first] = eventually_some(lambda: answering(server.pid))
        os.kill(first, signal.SIGKILL)
        [second] = eventually_some(lambda: answering(server.pid) - {first})
        assert urllib.request.urlopen(f"{address[0]}api/v1/health").status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) in (0, 130)
    assert not Path(f"/proc/{second}").exists()


def answering(parent: int) -> set[int]:
    """The living processes that answer beside this one."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {int(child) for child in children if b"\0answer\0" in Path(f"/proc/{child}/cmdline").read_bytes()}


def eventually_some(look: Callable[[], set[int]]) -> set[int]:
    deadline = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def test_the_catalogue_is_served_on_any_free_port_until_it_is_stopped(home: Home) -> None:
    server = subprocess.Popen(
        [UNIONCAT, "serve", "--port", "0"], env=home.environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = re.search(r"http://[0-9.:]+/", server.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(f"{address[0]}api/v1/search?q=co+so+van+hoa") as answer:
            found = json.load(answer)
        assert (found["total"], len(found["records"][0]["libraries"])) == (1, 2)
        with urllib.request.urlopen(f"{address[0]}records/{found['records'][0]['id']}") as page:
            assert "Kho A" in page.read().decode()
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) in (0, 130)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "no-such-file.mrc", "--library", "VN-TEST1"), "no-such-file.mrc"),
        (("import", __file__, "--library", "VN-TEST1"), "no format"),
        (("import", __file__, "--library", "VN-NOBODY"), "VN-NOBODY"),
        (("import", __file__, "--library", "nobody"), "ISIL"),
        (("import", __file__, "--library", "VN-TEST1", "--profile", "nonsense"), "nonsense"),
        (("harvest", "99"), "99"),
        (("harvest", "1"), "unioncat import"),
        (("source", "add", "VN-NOBODY", "http://127.0.0.1:9/oai"), "VN-NOBODY"),
        (("match", "no-left.mrc", "no-right.mrc"), "no-left.mrc"),
        (("evaluate", "no-pairs.jsonl"), "no-pairs.jsonl"),
        (("serve", "--port", "99999"), "99999"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(home: Home, arguments: tuple[str, ...], said: str) -> None:
    assert said in home.refused(*arguments)


def test_what_was_refused_left_nothing_behind(home: Home) -> None:
    assert json.loads(home.good("stats", "--json"))["live_records"] == len(RECORDS)


def test_a_port_that_is_taken_is_named(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in home.refused("serve", "--port", port)


def test_a_database_that_does_not_answer_is_named(home: Home) -> None:
    said = home.refused("stats", UNIONCAT_DATABASE_URL="postgresql://u@127.0.0.1:9/cat")
    assert "UNIONCAT_DATABASE_URL" in said


def test_a_database_that_is_named_is_used_instead(home: Home) -> None:
    with embedded_postgres(home.folder / "postgres") as server:
        asyncio.run(ensure_database(server, "another"))
        url = database_url(server, "another")
        counts = home("stats", "--json", UNIONCAT_DATABASE_URL=url, UNIONCAT_HOME=str(home.folder / "other"))
    assert json.loads(counts.stdout)["libraries"] == 0, counts.stderr
    assert not (home.folder / "other" / "postgres").exists()


def test_a_feed_that_does_not_answer_is_named_and_kept_as_failed(home: Home) -> None:
    saved = home.good("source", "add", "VN-TEST1", "http://127.0.0.1:9/oai", "--accept")
    number = re.search(r"Source (\d+)", saved)
    assert number is not None
    said = home.refused("harvest", number[1])
    assert "private address 127.0.0.1" in said
    assert "UNIONCAT_ALLOWED_NETWORKS" in said
    assert "127.0.0.1:9" in home.refused("harvest", number[1], UNIONCAT_ALLOWED_NETWORKS="127.0.0.0/8")
    sources = json.loads(home.good("source", "list", "--json"))
    assert [s["last_harvest"] for s in sources if s["id"] == int(number[1])] == ["failed"]


def test_what_belongs_to_a_record_is_told(home: Home, tmp_path: Path) -> None:
    newer = a_delivery("e", year="2019", edition="Tái bản lần thứ 4")
    (tmp_path / "newer.json").write_bytes(newer.raw)
    home.good("import", str(tmp_path / "newer.json"), "--library", "VN-TEST2")
    ids = {row.split("\t")[1]: row.split("\t")[2] for row in home.good("export", "clusters").splitlines()}
    assert home.good("related", ids["a"]).splitlines() == [
        "other-edition",
        f"  {ids['e']}  Cơ sở văn hoá Việt Nam (2019, Tái bản lần thứ 4, book, vie, 1 library)",
    ]
    (told,) = json.loads(home.good("related", ids["e"], "--json"))
    assert (told["kind"], told["master_id"], told["libraries"]) == ("other-edition", ids["a"], 2)
    assert "u0000" in home.refused("related", "u0000")
