"""A review in a real browser: every decision by a click or a key, and nothing that leaves this machine.

`UNDERTONE_REVIEW_COMMAND` is the command that shows a review of drop.jsonl and its reference control.jsonl in the
folder where it is started, as a JSON list: it prints `review page: http://127.0.0.1:PORT/TOKEN/` and ends when the
review is finished.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import urlsplit

import pytest

import drops
from browser import PATIENCE, Browser, Tab, find_chromium

CHROMIUM = find_chromium()
COMMAND = os.environ.get("UNDERTONE_REVIEW_COMMAND")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
    pytest.mark.skipif(COMMAND is None, reason="UNDERTONE_REVIEW_COMMAND names no command that shows a review"),
]


class Served:
    """A program that shows a review."""

    def __init__(self, folder: Path) -> None:
        drops.write(folder)
        self.process = subprocess.Popen(json.loads(COMMAND or "[]"), stdout=subprocess.PIPE, text=True, cwd=folder)
        self.lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            while not (line := self.lines.get(timeout=PATIENCE)).startswith("review page: "):
                pass
        except Empty:
            self.close()
            raise AssertionError("the program printed no line `review page: …`") from None
        self.address = line.removeprefix("review page: ").strip()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line)

    def close(self) -> None:
        """End the program."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(CHROMIUM or "") as browser:
        yield browser


def opened(browser: Browser, served: Served, width: int = 1280, height: int = 800, *, dark: bool = False) -> Tab:
    tab = browser.open(served.address, width, height, dark=dark)
    tab.wait("!document.getElementById('bar').hidden")
    return tab


def decided(tab: Tab, word: str) -> None:
    tab.wait(f"document.getElementById('decision').textContent.includes({json.dumps(word)})")


def state(tab: Tab) -> dict[int, dict[str, str]]:
    answers = tab.look("fetch('state').then((answer) => answer.json())")["answers"]
    return {answer["item"]: answer for answer in answers}


def in_order(tab: Tab, address: str) -> None:
    """Nothing was asked of anybody else, and the browser found nothing wrong."""
    assert {urlsplit(url).netloc for url in tab.requests} == {urlsplit(address).netloc}
    assert tab.complaints == []


def test_a_whole_review_by_clicks_and_keys(browser: Browser, served: Served):
    tab = opened(browser, served)
    items = tab.look("fetch('sheet').then((answer) => answer.json()).then((sheet) => sheet.items.length)")
    assert items >= 4, "the test needs a sheet of some items"

    tab.click("#reject")
    decided(tab, "reject")
    assert tab.text("#status").startswith("Kept")
    # Space goes on, though a button was clicked last.
    tab.press(" ")
    decided(tab, "undecided")
    tab.press("f")
    decided(tab, "fine")

    tab.press("j")
    tab.press("m")
    tab.wait("document.getElementById('rule-dialog').open")
    tab.press("a", "ctrl")
    tab.write("owls & <b>\u202e</b>")
    tab.wait("document.getElementById('phrase-shown').textContent.includes('u{202E}')")
    tab.click("#rule-make")
    decided(tab, "rule")
    tab.wait("!document.getElementById('rule-dialog').open")

    tab.press("n")
    tab.write("looks f r m odd")
    assert tab.text("#note-hint") == "not kept yet"
    tab.press("Enter", "ctrl")
    tab.wait("document.getElementById('note-hint').textContent === 'kept'")

    # A note before a decision comes with it; a decision is taken back.
    tab.press("j")
    tab.press("n")
    tab.write("first the note")
    tab.press("Escape")
    tab.press("r")
    decided(tab, "reject")
    tab.press("k")
    tab.press("k")
    tab.click("#withdraw")
    decided(tab, "undecided")

    answers = state(tab)
    assert answers[0]["decision"] == "reject"
    assert 1 not in answers
    assert answers[2] | {"item": 2} == {
        "item": 2, "decision": "rule", "phrase": "owls & <b>\u202e</b>", "note": "looks f r m odd",
    }  # fmt: skip
    assert answers[3]["note"] == "first the note"

    tab.press("F")
    tab.wait("document.getElementById('finish-dialog').open")
    tab.click("#finish-now")
    tab.wait("document.getElementById('finish-complaint').textContent !== ''")
    tab.click("#anyway")
    tab.click("#closing")
    tab.write("enough seen")
    tab.click("#finish-now")
    tab.wait("!document.getElementById('end').hidden")
    assert served.process.wait(PATIENCE) == 0
    in_order(tab, served.address)


def test_two_tabs_show_the_last_answer(browser: Browser, served: Served):
    first, second = opened(browser, served), opened(browser, served)
    first.press("f")
    decided(first, "fine")
    decided(second, "fine")
    second.press("r")
    decided(second, "reject")
    decided(first, "reject")
    # Without a word between the tabs, another program's say is seen too.
    first.look(
        "fetch('decide', { method: 'POST', headers: { 'Content-Type': 'application/json' },"
        "body: JSON.stringify({ item: 0, decision: 'fine' }) }).then((answer) => answer.status)"
    )
    decided(first, "fine")
    decided(second, "fine")
    in_order(first, served.address)
    in_order(second, served.address)


def test_nothing_is_shown_as_decided_when_the_program_is_gone(browser: Browser, served: Served):
    tab = opened(browser, served)
    served.process.kill()
    served.process.wait(PATIENCE)
    tab.press("f")
    tab.wait("!document.getElementById('alarm').hidden")
    assert tab.text("#decision") == "undecided"
    assert "nothing was kept" in tab.text("#status")
    assert tab.look("document.querySelectorAll('[aria-pressed=true]').length") == 0


def test_every_item_is_shown_without_a_complaint(browser: Browser, served: Served):
    tab = opened(browser, served)
    items = tab.look("fetch('sheet').then((answer) => answer.json()).then((sheet) => sheet.items.length)")
    marks = {
        tab.look("document.getElementById('heading').textContent"),
    }
    for _ in range(items - 1):
        tab.press("j")
        tab.press("Enter")
        marks.add(tab.look("document.getElementById('heading').textContent"))
        # What is shown is text: of an item nothing becomes markup, and nothing hidden is left.
        assert tab.look("document.querySelectorAll('main img, main script, main a, main style').length") == 0
        assert not tab.look(r"/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/u.test("
                            "document.getElementById('desk').innerText)")  # fmt: skip
    assert len(marks) == items
    in_order(tab, served.address)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (320, 568)])
@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_and_reached(browser: Browser, served: Served, width: int, height: int, dark: bool):
    tab = opened(browser, served, width, height, dark=dark)
    assert tab.look("document.documentElement.scrollWidth") <= width, "the page is wider than the screen"
    poor = tab.look(CONTRASTS)
    assert poor == [], "WCAG 2.2, 1.4.3: a contrast of at least 4.5"
    nameless = tab.look(
        "Array.from(document.querySelectorAll('button, textarea, input')).filter((control) => "
        "!(control.getAttribute('aria-label') || control.labels?.length || control.innerText || "
        "control.textContent.trim())).map((control) => control.outerHTML)"
    )
    assert nameless == []
    for _ in range(4):
        tab.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert tab.look(f"document.activeElement !== document.body && {outline} !== 'none'"), "the focus is seen"
    in_order(tab, served.address)


# Text whose colour is too near to what is behind it (relative luminance as WCAG 2.2 defines it).
CONTRASTS = r"""
(() => {
  const channels = (text) => text.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let place = element; place; place = place.parentElement) {
      const colour = channels(getComputedStyle(place).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!own || !element.checkVisibility() || element.closest(":disabled")) continue;
    const [one, two] = [light(channels(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5) poor.push([element.outerHTML.slice(0, 100), contrast]);
  }
  return poor;
})()
"""
