"""What is published of a draw: downloaded, replayed alone, at its page, by the worker."""

import html
import subprocess
import sys

import pytest

from guichet.appointments import actions
from guichet.appointments.draws import drawing, running
from guichet.appointments.models import Draw, DrawFile, DrawRegistration
from tests.appointments.draw_world import after, ids, register, run
from tests.typography import keyboard

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("light_check")]


def test_what_is_downloaded_replays_alone_on_somebody_s_machine(draw, somebody, tmp_path):
    rows = [register(draw, ids(draw)[:2]) for _ in range(5)]
    run(draw)
    for page, name in (("liste.jsonl", "liste.jsonl"), ("resultat.jsonl", "resultat.jsonl")):
        response = somebody.get(page)
        assert "attachment" in response["Content-Disposition"]
        (tmp_path / name).write_bytes(response.content)
    script = somebody.browser.get("/rdv/tirage.py")
    assert "attachment" in script["Content-Disposition"]
    (tmp_path / "tirage.py").write_bytes(script.content)
    command = ["tirage.py", "liste.jsonl", "resultat.jsonl", "--empreinte", draw.list_hash, "--graine", draw.seed]
    done = subprocess.run(
        [sys.executable, "-I", "-S", *command, "--code", rows[0].public_id],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == drawing.lines(actions.replay_draw(draw), code=rows[0].public_id)


def test_whoever_has_a_file_already_is_not_sent_it_again(draw, somebody, django_assert_max_num_queries):
    url = f"{somebody.base}liste.jsonl"
    assert somebody.browser.get(url, headers={"If-None-Match": '""'}).status_code == 404
    register(draw, ids(draw)[:1])
    run(draw)
    etag = somebody.browser.get(url)["ETag"]
    with django_assert_max_num_queries(3):
        again = somebody.browser.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert somebody.browser.get(url, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_replay_is_asked_at_the_page(draw, somebody, monkeypatch):
    register(draw, ids(draw)[:1])
    assert somebody.get("rejouer/").url == somebody.base
    assert somebody.post("rejouer/").url == somebody.base  # nothing to replay yet
    run(draw)
    page = keyboard(somebody.post("rejouer/").content.decode())
    assert "le résultat publié est exactement celui de la règle" in page
    assert f'action="{somebody.base}"' in page, "a code is looked for at the page of the draw, not at that of its replay"
    lie = drawing.check(*lied(draw))
    monkeypatch.setattr("guichet.appointments.actions.replay_draw", lambda draw: lie)
    page = html.unescape(keyboard(somebody.post("rejouer/").content.decode()))
    assert "n'est pas celui de la règle" in page and "L'ordre n'est pas celui de la règle." in page


def lied(draw):
    texts = dict(DrawFile.objects.filter(draw=draw).values_list("kind", "text"))
    code = DrawRegistration.objects.get(draw=draw).public_id
    return texts["list"], texts["outcome"].replace(code, "AAAA-AAAA-AAAA")


def test_a_large_draw_is_replayed_by_the_worker(draw, somebody, monkeypatch):
    register(draw, ids(draw)[:1])
    run(draw)
    monkeypatch.setattr("guichet.web.booking.draws.REPLAYED_AT_ONCE", 0)
    with after(draw.drawn_at):
        running.replay_due()
        assert "Dernier contrôle automatique" in somebody.text()
    with after(Draw.objects.get().replayed_at):
        assert somebody.post("rejouer/").url == somebody.base
        assert running.replay_due() == 1


def test_replays_are_not_asked_for_ever(draw, somebody):
    run(draw)
    answers = [somebody.post("rejouer/").status_code for _ in range(14)]
    assert answers[:12] == [200] * 12 and answers[-1] == 302
