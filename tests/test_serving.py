"""The page for a trained model: what it answers, and whom it does not answer."""

import http.client
import json
import socket
import threading
from urllib.parse import urlencode

import pytest

from mtl_tutorial.serving import LARGEST, MOST, ModelServer
from tests.tiny import small, tiny_data

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server():
    with ModelServer(small(tiny_data(n=8)), port=0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def ask(server, method="GET", path="/", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers


def test_it_is_bound_to_this_machine_alone(server):
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


def test_the_page_answers_a_sentence(server):
    status, page, headers = ask(server)
    assert status == 200 and "<form" in page and "mood, person, ner" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    status, page, _ = ask(server, "POST", "/", urlencode({"text": "the good tea"}), **FORM)
    assert status == 200 and 'value="the good tea"' in page and "role='status'" in page


def test_the_page_speaks_chinese():
    with ModelServer(small(tiny_data(n=8)), port=0, language="zh") as other:
        assert "问问模型" in other.page() and "mood、person、ner" in other.page()


def test_what_is_typed_is_escaped(server):
    typed = '"><script>alert(1)</script>'
    _, page, _ = ask(server, "POST", "/", urlencode({"text": typed}), **FORM)
    assert "<script" not in page and "&lt;script&gt;" in page


def test_programs_get_labels_and_the_places_of_entities(server):
    body = json.dumps({"texts": ["the good tea", ["the", "boss"]]})
    status, answer, headers = ask(server, "POST", "/answers", body, **JSON)
    assert status == 200 and headers.get_content_type() == "application/json"
    first, second = json.loads(answer)
    assert first["text"] == "the good tea" and second["text"] == "the boss"
    assert first["mood"]["label"] in ("good", "bad") and 0 < first["mood"]["p"] < 1
    for entity in first["entities"]:
        assert first["text"][entity["start"] : entity["end"]] == entity["text"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "localhost:1", "", "127.0.0.1.evil.example"]
)
def test_another_name_is_not_answered(server, host):
    assert ask(server, Host=host)[0] == 421
    assert ask(server, "POST", "/", "text=a", Host=host, **FORM)[0] == 421


def test_its_own_names_are_answered(server):
    for name in ("127.0.0.1", "localhost", "LOCALHOST"):
        assert ask(server, Host=f"{name}:{server.server_port}")[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_another_page_is_not_answered(server, origin):
    assert ask(server, "POST", "/", "text=a", Origin=origin, **FORM)[0] == 403
    own = server.address.rstrip("/")
    assert ask(server, "POST", "/", "text=a", Origin=own, **FORM)[0] == 200


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/etc/passwd", "/%2e%2e/", "/?a=1", "/answers"]
)
def test_there_is_nothing_else_to_get(server, path):
    assert ask(server, "GET", path)[0] == 404


def test_other_methods_are_not_known(server):
    assert {ask(server, method)[0] for method in ("PUT", "DELETE", "OPTIONS", "TRACE")} == {501}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff", 400),
        ("", 400),
        ("[]", 400),
        ('{"texts": []}', 400),
        ('{"texts": "tea"}', 400),
        ('{"texts": [3]}', 400),
        ('{"texts": [" "]}', 400),
        ("[" * 9000, 400),
        (json.dumps({"texts": ["tea"] * (MOST + 1)}), 400),
        (json.dumps({"texts": ["a" * LARGEST]}), 413),
    ],
)
def test_a_request_of_another_shape_or_size_is_refused(server, body, status):
    found, answer, _ = ask(server, "POST", "/answers", body, **JSON)
    assert found == status and "Traceback" not in answer


def test_a_form_from_elsewhere_cannot_ask_for_json(server):
    body = json.dumps({"texts": ["tea"]})
    assert ask(server, "POST", "/answers", body, Content_Type="text/plain")[0] == 415
    assert ask(server, "POST", "/", body, **JSON)[0] == 415


@pytest.mark.parametrize("length", ["", "-1", "1e3", "²", "99999999999999999999"])
def test_a_length_that_is_none_is_refused(server, length):
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as raw:
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\nContent-Length: {length}\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(20).split()[1] == b"413"


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"model": "model.keras"}, TypeError, "model must be a MultiTaskModel"),
        ({"port": "80"}, TypeError, "port must be a whole number"),
        ({"port": 70_000}, ValueError, "port must be from 0 to 65535"),
        ({"language": "fr"}, ValueError, "unknown language 'fr'"),
    ],
)
def test_what_cannot_be_served_is_refused(server, options, error, says):
    with pytest.raises(error, match=says):
        ModelServer(**{"model": server.model, "port": 0, **options})
