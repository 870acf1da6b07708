"""Review a page to its end in a real browser, by clicks and keys; every item that holds a word is rejected.

python click_through.py http://127.0.0.1:40123/TOKEN/ [WORD]
"""

from __future__ import annotations

import sys

from browser import Browser, Tab, find_chromium


def review(tab: Tab, word: str | None) -> dict[str, int]:
    """Decide about every item, by clicks and keys in turn, and finish; how often each was decided."""
    tab.wait("!document.getElementById('bar').hidden")
    items = tab.look("fetch('sheet').then((answer) => answer.json()).then((sheet) => sheet.items.length)")
    counts = {"fine": 0, "reject": 0}
    for index in range(items):
        decision = "reject" if word and word in tab.text("#text") else "fine"
        if index % 2 == 0:
            tab.click(f"#{decision}")
        else:
            tab.press(decision[0])
        tab.wait(f"document.getElementById('decision').textContent.includes('{decision}')")
        counts[decision] += 1
        tab.press(" ")
    tab.press("F")
    tab.wait("document.getElementById('finish-dialog').open")
    tab.click("#closing")
    tab.write("looked at all of it")
    tab.click("#finish-now")
    tab.wait("!document.getElementById('end').hidden")
    assert tab.complaints == [], tab.complaints
    return counts


def main() -> None:
    """Open the page and review it."""
    program = find_chromium()
    if program is None:
        sys.exit("there is no chromium on this machine")
    with Browser(program) as browser:
        counts = review(browser.open(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    print(counts["fine"], "fine,", counts["reject"], "to reject")


if __name__ == "__main__":
    main()
