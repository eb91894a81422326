from pathlib import Path

import pytest

from lean_project.driver.document import Document, header
from lean_project.driver.types import Place

PATH = Path("/x/A b.lean")


def test_opening_and_changing() -> None:
    document = Document(PATH, "theorem 𝔸 : p := by\n  a\n")
    assert document.uri == "file:///x/A%20b.lean"
    assert document.opening()["textDocument"]["version"] == 1
    change = document.change("theorem 𝔸 : p := by\n  b\n")
    assert change["textDocument"] == {"uri": document.uri, "version": 2}
    assert change["contentChanges"] == [
        {"range": {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 3}}, "text": "b"}
    ]
    assert document.waiting() == {"uri": document.uri, "version": 2}


def test_only_what_is_published_for_the_current_version_counts() -> None:
    document = Document(PATH, "a")
    document.change("b")
    document.publish({"uri": document.uri, "version": 1, "diagnostics": []})
    document.publish({"uri": "file:///other", "version": 2, "diagnostics": []})
    document.publish("strange")
    assert document.diagnostics() is None
    document.publish({"uri": document.uri, "version": 2, "diagnostics": []})
    assert document.diagnostics() == ()
    document.change("c")
    assert document.diagnostics() is None
    document.publish({"uri": document.uri, "version": 3, "diagnostics": "strange"})
    assert document.diagnostics() is None


def test_places_asked_about() -> None:
    document = Document(PATH, "𝔸 sorry\nx")
    assert document.asking(Place(1, 2))["position"] == {"line": 0, "character": 3}
    assert document.asking(Place(9, 2))["position"] == {"line": 8, "character": 0}


def test_a_document_that_is_given_up() -> None:
    document = Document(PATH, "a")
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    document.progress({"textDocument": {"uri": document.uri, "version": 1}, "processing": [{"range": span, "kind": 1}]})
    document.progress({"textDocument": {"uri": "other"}, "processing": [{"range": span, "kind": 2}]})
    document.progress(None)
    assert not document.broken
    document.progress({"textDocument": {"uri": document.uri}, "processing": [{"range": span, "kind": 2}]})
    assert document.broken


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import A\n",
        "/- c\n -/ import A\n-- x\nimport B.C\n\n",
        "module\n\npublic import A\nmeta import B\n",
        "prelude\n",
    ],
)
def test_headers(text: str) -> None:
    assert header(text + "theorem a : 1 = 1 := rfl\nimport C\n") == text
