"""The process map's views, of the operation's own records and of an uploaded log."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gemba.app import actions
from gemba.app.actions.event_logs import LARGEST, LIFE, MOST_LOGS, UNPACKED, upload_log
from gemba.app.store.models import PlaceScope, UploadedLog
from gemba.app.web.mining import _readable
from gemba.exchange.event_log import read_xes
from gemba.operation import Place
from tests.app.learning_facts import slow_shop
from tests.execute.orders.facts import shop

pytestmark = pytest.mark.django_db
AT = "/operations/Shop/process-map/"
#: Two cases as Make chair has it, one that paints and cuts again; a line without a time.
LOG = """case,activity,start,end,resource
a,Cut,2026-03-02 08:00,2026-03-02 09:00,Ann
a,Assemble,2026-03-02 12:00,2026-03-02 13:00,Bob
b,Cut,2026-03-02 09:00,2026-03-02 10:00,Ann
b,Assemble,2026-03-02 14:00,2026-03-02 15:00,Bob
c,Cut,2026-03-03 08:00,2026-03-03 09:00,Ann
c,Paint,2026-03-03 09:00,2026-03-03 10:00,Ann
c,Cut,2026-03-03 10:30,2026-03-03 11:00,Bob
d,Cut,,,Ann
"""


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def file(content: str | bytes = LOG, name: str = "log.csv") -> Any:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


@pytest.fixture
def stored(planner: Any, client: Any) -> Any:
    client.force_login(planner)
    return slow_shop(planner)


@pytest.fixture
def source(planner: Any, client: Any, stored: Any) -> str:
    client.post(f"{AT}upload/", {"file": file()})
    return f"{AT}?source={UploadedLog.objects.get().pk}"


def test_without_records_the_page_says_what_to_do(client: Any, planner: Any) -> None:
    client.force_login(planner)
    actions.import_operation(planner, shop())
    for view in ("map", "variants", "times", "bottlenecks", "people", "rework", "conformance", "cases"):
        assert "No work has been reported yet" in text(client.get(f"{AT}?view={view}"))


def test_the_own_records_are_a_map_with_frequencies_and_times(client: Any, stored: Any) -> None:
    said = text(client.get(AT))
    assert "own records, 10 cases, 10 activities" in said
    assert "10 times · works 22 min" in said  # 600 s of set-up and 750 s of cutting
    assert "No work has been reported that fits the filter" in text(client.get(f"{AT}?place=Elsewhere"))


@pytest.mark.parametrize("view", ["variants", "times", "bottlenecks", "people", "rework", "conformance", "cases"])
def test_every_view_opens_exports_and_leads_on(client: Any, source: str, view: str) -> None:
    page = client.get(f"{source}&view={view}&process=Make+chair")
    assert page.status_code == 200
    assert client.get(f"{source}&view={view}&process=Make+chair&export=xlsx")["Content-Type"].endswith("sheet")
    links = {
        link.replace("&amp;", "&")
        for link in re.findall(r'href="(/operations/Shop/process-map/[^"]*)"', page.content.decode())
    }
    assert links
    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


def test_a_bottleneck_has_a_shape_besides_its_colour(client: Any, source: str) -> None:
    page = client.get(f"{source}&arcs=100").content.decode()
    assert "▲ 2 · 3.5 h" in page  # three and four hours of waiting after Cut
    assert 'class="edge worst"' in page


def test_variants_say_how_they_conform_and_lead_to_their_cases(client: Any, source: str) -> None:
    said = text(client.get(f"{source}&view=variants&process=Make+chair"))
    # c: Cut, Paint, Cut against Cut, Assemble: two events and one step have no partner, so 1 - 3 / (3 + 2)
    assert "1 Cut Assemble 2 66.7 % 66.7 % 5.5 h follows 2 Cut Paint Cut 1 33.3 % 100 % 3 h 40 %" in said
    said = text(client.get(f"{source}&view=cases&process=Make+chair&variant=2"))
    assert "c Tue 03 Mar 08:00 Tue 03 Mar 11:00 3 h 3 40 % missing Assemble, undefined Paint, repeated Cut" in said
    assert "1 row" in said


def test_deviations_are_ranked_and_lead_to_their_cases(client: Any, source: str) -> None:
    said = text(client.get(f"{source}&view=conformance&process=Make+chair"))
    assert "Cases that follow Make chair 2 of 3" in said
    page = client.get(f"{source}&view=cases&process=Make+chair&kind=repeated&activity=Cut")
    assert "with repeated Cut" in text(page)
    assert "1 row" in text(page)
    assert "Choose a process above" in text(client.get(f"{source}&view=conformance"))


def test_cases_of_an_arc_and_of_an_activity(client: Any, source: str) -> None:
    assert "2 rows" in text(client.get(f"{source}&view=cases&before=Cut&activity=Assemble"))
    assert "1 row" in text(client.get(f"{source}&view=cases&activity=Paint"))


def test_cases_of_a_hand_over_of_a_person_and_of_a_throughput_time(client: Any, source: str) -> None:
    assert "that Bob has from Ann" in text(client.get(f"{source}&view=cases&giver=Ann&taker=Bob"))
    assert "3 rows" in text(client.get(f"{source}&view=cases&giver=Ann&taker=Bob"))
    assert "1 row" in text(client.get(f"{source}&view=cases&giver=Ann&taker=Ann"))
    assert "3 rows" in text(client.get(f"{source}&view=cases&taker=Bob"))
    assert "1 row" in text(client.get(f"{source}&view=cases&most=10800"))  # three hours
    assert client.get(f"{source}&view=cases&most=soon").status_code == 404


def test_the_bars_of_the_histogram_lead_to_as_many_cases_as_they_say(client: Any, source: str) -> None:
    page = client.get(f"{source}&view=times").content.decode()
    for url, bar in re.findall(r'<a href="([^"]*view=cases[^"]*)"[^>]*>(<title>.*?)</a>', page):
        count = int(re.findall(r": (\d+)</title>", bar)[0])
        if count:
            word = "row" if count == 1 else "rows"
            assert f"{count} {word}" in text(client.get(url.replace("&amp;", "&")))


def test_hand_overs_stand_in_a_matrix(client: Any, source: str) -> None:
    said = text(client.get(f"{source}&view=people"))
    assert "3 times work passes on, 1 times it stays" in said
    assert "does not say by which person" in text(client.get(f"{source}&view=people&by=person"))


def test_the_median_and_the_histogram_have_every_case(client: Any, source: str) -> None:
    page = client.get(f"{source}&view=times").content.decode()
    assert sum(map(int, re.findall(r"<text x=\"[\d.]+\" y=\"[\d.]+\">(\d+)</text>", page))) == 3


def test_what_could_not_be_used_is_said(client: Any, planner: Any, source: str) -> None:
    said = text(client.get(source))
    assert "1 row could not be used" in said
    assert "row 9" in said
    assert "7 of 8 rows can be used" in text(client.post(f"{AT}upload/", {"file": file()}, follow=True))


def test_the_log_goes_out_as_csv_and_xes(client: Any, source: str, tmp_path: Any) -> None:
    csv = client.get(f"{source}&log=csv").content.decode().splitlines()
    assert (csv[0][:31], len(csv)) == ("case,activity,queued,start,end,", 8)
    (tmp_path / "log.xes").write_bytes(client.get(f"{source}&log=xes").content)
    assert len(read_xes(tmp_path / "log.xes").log) == 7
    assert client.get(f"{source}&log=exe").status_code == 404


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (file("x" * 10, "log.exe"), "must end in .csv"),
        (file("case,activity,end\na,Cut,never\n"), "No row of log.csv can be used"),
        (file("a,b\n1,2\n"), "a column of the file"),
        (file(gzip.compress(b"no xml"), "log.xes.gz"), "Choose|must be|XES"),
        (file(b" " * (LARGEST + 1)), "larger than 8 MB"),
        (
            file(gzip.compress(b"case,activity,end\n" + b" " * (UNPACKED + 1), 1), "log.csv.gz"),
            "unpacks to more than 64 MB",
        ),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_the_reason(client: Any, stored: Any, upload: Any, says: str) -> None:
    assert re.search(says, text(client.post(f"{AT}upload/", {"file": upload}, follow=True)))
    assert not UploadedLog.objects.exists()


def test_an_uploaded_log_is_its_uploaders_alone(client: Any, viewer: Any, source: str) -> None:
    client.force_login(viewer)
    assert client.get(source).status_code == 404
    client.post(f"{AT}discard/", {"source": str(UploadedLog.objects.get().pk)})
    assert UploadedLog.objects.exists()


def test_uploaded_logs_expire_and_are_discarded(client: Any, planner: Any, source: str) -> None:
    UploadedLog.objects.update(created_at=timezone.now() - LIFE - timedelta(minutes=1))
    assert client.get(source).status_code == 404
    for _ in range(MOST_LOGS + 2):
        upload_log(planner, [file()])
    assert UploadedLog.objects.count() == MOST_LOGS
    number = UploadedLog.objects.first().pk  # type: ignore[union-attr]
    client.post(f"{AT}discard/", {"source": str(number)})
    assert not UploadedLog.objects.filter(pk=number).exists()


def test_work_of_other_places_is_not_seen(client: Any, planner: Any, make_user: Any) -> None:
    slow_shop(planner, places=(Place(name="Shop"), Place(name="Yard")))
    other = make_user("planner", "yard")
    PlaceScope.objects.create(user=other, operation="Shop", place="Yard")
    client.force_login(other)
    assert "No work has been reported" in text(client.get(AT))


def test_an_address_that_cannot_be_is_not_found(client: Any, source: str) -> None:
    for wrong in (
        "view=dance",
        "arcs=101",
        "activities=x",
        "process=Nothing",
        "view=cases&variant=x",
        "view=people&by=luck",
    ):
        assert client.get(f"{source}&{wrong}").status_code == 404, wrong
    assert client.get(f"{AT}?source=abc").status_code == 404
    assert client.get(f"{AT}?days=-1").status_code == 404


def test_names_are_shown_as_text(client: Any, planner: Any, stored: Any) -> None:
    client.post(f"{AT}upload/", {"file": file("case,activity,end\na,<script>x</script>,2026-03-02\n")})
    page = client.get(f"{AT}?source={UploadedLog.objects.get().pk}").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_map_of_many_arcs_begins_with_those_that_can_be_read() -> None:
    assert [_readable(n) for n in (0, 3, 25, 50, 115, 5000)] == [100, 100, 100, 50, 20, 5]
