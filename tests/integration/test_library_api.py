"""The registry of libraries over HTTP: who may do what, and what comes back."""

from collections.abc import AsyncIterator

import pytest
from fake_catalogue import services_on, with_libraries
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from unioncat.core.identifiers import Isil
from unioncat.core.membership.admission import Role
from unioncat.core.membership.statement import Statement
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.libraries import save_library
from unioncat.pipeline.services import Services
from unioncat.store.engine import PostgresStore

A, B = "VN-A", "VN-B"
HANOI = {"name": "Thư viện Hà Nội", "province": "Hà Tây", "commune": "Ba Đình", "kind": "provincial"}


@pytest.fixture
async def client(store: PostgresStore) -> AsyncIterator[AsyncClient]:
    """A client without a key; VN-A and VN-B are registered."""
    for isil in (A, B):
        await save_library(store, Isil(isil), Statement(name=f"Thư viện {isil}", province="Huế"))
    fakes = await services_on(with_libraries([]))
    app = create_app(Services(fakes.catalogue, fakes.search, "vi", store))
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://catalogue.example/api/v1") as client:
        yield client


@pytest.fixture
async def operator(store: PostgresStore) -> dict[str, str]:
    """The header of the operator."""
    return _header((await add_key(store, Role.OPERATOR))[1])


@pytest.fixture
async def library(store: PostgresStore, client: AsyncClient) -> dict[str, str]:
    """The header of VN-A."""
    return _header((await add_key(store, Role.LIBRARY, Isil(A)))[1])


def _header(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


GUARDED = [
    ("POST", "/libraries", {"isil": "VN-C", "name": "C"}),
    ("PUT", "/libraries/VN-A", {"name": "C"}),
    ("POST", "/libraries/VN-A/events", {"kind": "closed", "day": "2025-07-01"}),
    ("GET", "/library-duplicates", None),
    ("POST", "/library-lists", None),
    ("PUT", "/library-groups/dong-bac", {"type": "geo", "name": "Đông Bắc"}),
    ("PUT", "/library-groups/dong-bac/libraries/VN-A", None),
    ("DELETE", "/library-groups/dong-bac/libraries/VN-A", None),
    ("POST", "/invitations", {}),
    ("GET", "/registrations", None),
    ("POST", "/registrations/1/approval", {"approve": True}),
]


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
async def test_only_the_operator_may(
    client: AsyncClient, library: dict[str, str], method: str, path: str, body: dict[str, object] | None
) -> None:
    for headers, status, kind in (
        ({}, 401, "unauthorised"),
        (_header("uk_guessed"), 401, "unauthorised"),
        (_header("x"), 401, "unauthorised"),
        ({"Authorization": "Basic dTpw"}, 401, "unauthorised"),
        (library, 403, "forbidden"),
    ):
        answer = await client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/docs#{kind}")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (await client.get("/libraries/VN-A")).json()["status"] == "active"


async def test_a_revoked_key_opens_nothing(client: AsyncClient, store: PostgresStore) -> None:
    key, secret = await add_key(store, Role.OPERATOR)
    assert (await client.get("/registrations", headers=_header(secret))).status_code == 200
    async with store.work() as work:
        await work.keys.revoke(key.id)
        await work.commit()
    assert (await client.get("/registrations", headers=_header(secret))).status_code == 401


async def test_contacts_are_for_the_library_and_the_operator(
    client: AsyncClient, library: dict[str, str], operator: dict[str, str]
) -> None:
    secret = {"role": "Nghiệp vụ", "email": "thuvien@example.org", "phone": None}
    for isil in (A, B):
        body = {"name": isil, "contacts": [secret]}
        assert (await client.put(f"/libraries/{isil}", json=body, headers=operator)).status_code == 200
    for path in ("/libraries", "/libraries/VN-A"):
        assert "thuvien@example.org" not in (await client.get(path)).text
    contacts = "/libraries/vn-a/contacts"
    assert (await client.get(contacts)).status_code == 401
    assert (await client.get(contacts, headers=library)).json() == {"contacts": [secret]}
    assert (await client.get("/libraries/VN-B/contacts", headers=library)).status_code == 403
    assert (await client.get("/libraries/VN-B/contacts", headers=operator)).status_code == 200


async def test_a_library_is_added_shown_and_stated_anew(
    client: AsyncClient, operator: dict[str, str]
) -> None:
    added = await client.post("/libraries", json={"isil": "VN-HN/1", **HANOI}, headers=operator)
    assert added.status_code == 201
    shown = (await client.get("/libraries/VN-HN/1")).json()
    assert shown.items() >= added.json().items()
    assert shown["province"] == "Hà Nội"
    assert (shown["province_code"], shown["commune_code"]) == ("01", "00004")
    assert shown["former_province_names"] == ["Hà Tây"]
    assert shown["provisional"] is True
    again = await client.post("/libraries", json={"isil": "vn-hn/1", **HANOI}, headers=operator)
    assert (again.status_code, again.json()["type"]) == (409, "/docs#conflict")
    put = await client.put("/libraries/VN-HN/1", json={"name": "Mới", "confirmed": True}, headers=operator)
    assert (put.json()["name"], put.json()["kind"], put.json()["provisional"]) == ("Mới", None, False)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"province": "Xứ Lạng"}, "Xứ Lạng"),
        ({"kind": "hiệu sách"}, "national"),
        ({"latitude": 21.0}, "together"),
        ({"isil": "VN HN"}, "ISIL"),
        ({"name": "\x00"}, "printed"),
        ({"colour": "red"}, "colour"),
        ({"rank": 10_000}, "rank"),
    ],
)
async def test_what_cannot_be_used_is_a_problem_that_names_it(
    client: AsyncClient, operator: dict[str, str], change: dict[str, object], named: str
) -> None:
    answer = await client.post("/libraries", json={"isil": "VN-HN", **HANOI, **change}, headers=operator)
    assert answer.status_code == 400
    assert named in answer.json()["detail"]


async def test_lists_are_narrowed_and_paged(client: AsyncClient, operator: dict[str, str]) -> None:
    await client.post("/libraries", json={"isil": "VN-HN", **HANOI}, headers=operator)

    async def isils(query: str) -> list[str]:
        return [one["isil"] for one in (await client.get(f"/libraries?{query}")).json()["libraries"]]

    assert await isils("") == ["VN-HN", A, B]
    assert (
        await isils("province=ha tay")
        == await isils("kind=công cộng cấp tỉnh")
        == await isils("q=HA NO")
        == ["VN-HN"]
    )
    assert await isils("status=closed") == []
    first = (await client.get("/libraries?limit=2")).json()
    assert (first["total"], first["next_after"]) == (3, A)
    rest = (await client.get(f"/libraries?limit=2&after={first['next_after']}")).json()
    assert [one["isil"] for one in rest["libraries"]] == [B]
    assert rest["next_after"] is None
    for query in ("province=nix", "kind=nix", "status=nix", "limit=0", "after=%00", "group=%00"):
        assert (await client.get(f"/libraries?{query}")).status_code == 400, query
    for query in ("group=nix", "after=VN-NIX"):
        assert (await client.get(f"/libraries?{query}")).status_code == 404, query


async def test_a_merged_library_leads_to_its_successor(client: AsyncClient, operator: dict[str, str]) -> None:
    event = {"kind": "merged-into", "day": "2025-07-01", "document": "12/QĐ-UBND", "successors": ["vn-b"]}
    done = await client.post("/libraries/VN-A/events", json=event, headers=operator)
    assert (done.status_code, done.json()["successors"]) == (201, [B])
    gone, heir = [(await client.get(f"/libraries/{isil}")).json() for isil in (A, B)]
    assert gone["status"] == "closed"
    assert gone["events"] == heir["formed_from"] == [done.json()]
    page = (await client.get("http://catalogue.example/libraries/VN-A?lang=vi")).text
    assert "không còn hoạt động" in page
    assert 'href="/libraries/VN-B' in page
    again = await client.post("/libraries/VN-A/events", json={**event, "day": "2026-01-01"}, headers=operator)
    assert again.status_code == 409
    unfit = await client.post("/libraries/VN-B/events", json={**event, "successors": []}, headers=operator)
    assert unfit.status_code == 400


async def test_groups_have_libraries(client: AsyncClient, operator: dict[str, str]) -> None:
    group = {"type": "geo", "name": "Liên hiệp Đông Bắc", "coordinator": "vn-b"}
    assert (await client.put("/library-groups/dong-bac", json=group, headers=operator)).status_code == 200
    joined = await client.put(
        "/library-groups/dong-bac/libraries/vn-a", json={"starts": "2026-01-01"}, headers=operator
    )
    assert joined.json() == {"isil": A, "starts": "2026-01-01", "ends": None}
    shown = (await client.get("/library-groups/dong-bac")).json()
    assert (shown["coordinator"], shown["libraries"], shown["members"]) == (B, 1, [joined.json()])
    assert (await client.get("/library-groups")).json()["groups"][0]["code"] == "dong-bac"
    assert (await client.get("/libraries?group=dong-bac")).json()["total"] == 1
    assert (await client.get("/libraries/VN-A")).json()["groups"][0]["name"] == group["name"]
    gone = await client.delete("/library-groups/dong-bac/libraries/VN-A", headers=operator)
    assert (gone.status_code, gone.content) == (204, b"")
    again = await client.delete("/library-groups/dong-bac/libraries/VN-A", headers=operator)
    assert (again.status_code, again.json()["type"]) == (404, "/docs#unknown-entry")
    assert (await client.get("/library-groups/nix")).status_code == 404


async def test_a_list_is_imported_and_every_refused_row_is_named(
    client: AsyncClient, operator: dict[str, str]
) -> None:
    body = "Tên;Tỉnh\nSao Mai;Huế\nKim Đồng;Xứ Lạng\n".encode()
    answer = await client.post("/library-lists", content=body, headers=operator)
    assert {**answer.json(), "rows": None} == {
        "added": 1, "changed": 0, "unchanged": 0, "refused": 1, "rows": None
    }  # fmt: skip
    (row,) = answer.json()["rows"]
    assert (row["line"], row["outcome"]) == (3, "refused")
    again = await client.post("/library-lists?all=true", content=body, headers=operator)
    assert [row["outcome"] for row in again.json()["rows"]] == ["unchanged", "refused"]
    assert (await client.post("/library-lists", content=b"", headers=operator)).status_code == 400
    large = await client.post("/library-lists", content=b"x" * 32_000_001, headers=operator)
    assert (large.status_code, large.json()["type"]) == (413, "/docs#too-large")


async def test_invitation_registration_approval(client: AsyncClient, operator: dict[str, str]) -> None:
    invitation = (await client.post("/invitations", json={"note": "a@example.org"}, headers=operator)).json()
    body = {
        "token": invitation["token"],
        "library": {**HANOI, "name": "Thư viện VN A", "province": "Huế", "commune": None},
    }
    registration = await client.post("/registrations", json=body)
    assert (registration.status_code, registration.json()["status"]) == (201, "pending")
    assert (await client.post("/registrations", json=body)).status_code == 404
    (waiting,) = (await client.get("/registrations", headers=operator)).json()["registrations"]
    assert waiting["duplicates"][0]["isils"] == sorted([A, waiting["isil"]])
    approval = f"/registrations/{waiting['id']}/approval"
    assert (await client.post(approval, json={"approve": False}, headers=operator)).status_code == 400
    done = (await client.post(approval, json={"approve": True}, headers=operator)).json()
    assert done["status"] == "approved"
    own = f"/libraries/{done['isil']}/contacts"
    assert (await client.get(own, headers=_header(done["key"]))).status_code == 200
    assert (await client.post(approval, json={"approve": True}, headers=operator)).status_code == 409
    assert (await client.get("/registrations", headers=operator)).json() == {"registrations": []}


async def test_the_operator_refuses_with_a_reason(client: AsyncClient, operator: dict[str, str]) -> None:
    invitation = (await client.post("/invitations", json={"isil": B}, headers=operator)).json()
    body = {"token": invitation["token"], "library": {"name": "B", "rank": 0}}
    assert (await client.post("/registrations", json=body)).status_code == 400  # the rank is the operator's
    del body["library"]["rank"]
    number = (await client.post("/registrations", json=body)).json()["id"]
    no = {"approve": False, "reason": "Sai địa chỉ"}
    done = await client.post(f"/registrations/{number}/approval", json=no, headers=operator)
    assert done.json() == {"isil": B, "status": "refused", "key": None}
    (kept,) = (await client.get("/registrations?status=refused", headers=operator)).json()["registrations"]
    assert kept["reason"] == "Sai địa chỉ"


async def test_the_pages_page_through_the_libraries(client: AsyncClient, store: PostgresStore) -> None:
    for number in range(110):
        await save_library(
            store, Isil(f"VN-T{number}"), Statement(name=f"Trường {number:03}", province="Huế")
        )
    first = (await client.get("http://catalogue.example/libraries?words=truong")).text
    assert "110 thư viện" in first
    assert first.count('href="/libraries/VN-T') == 100
    assert 'href="/libraries?words=truong&amp;after=VN-T99"' in first
    rest = (await client.get("http://catalogue.example/libraries?words=truong&after=VN-T99")).text
    assert rest.count('href="/libraries/VN-T') == 10
    assert (await client.get("http://catalogue.example/libraries/VN-NIX")).status_code == 404
