"""A headless Chromium, driven by the DevTools protocol: what a person does, and all that the browser says to it."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

PATIENCE = 30.0

FLAGS = (
    "--headless=new",
    # The tests run as root too, in containers without user namespaces.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # No name but loopback's is ever found.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    "--remote-debugging-port=0",
)

MODIFIERS = {"alt": 1, "ctrl": 2, "meta": 4, "shift": 8}

NAMED_KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "Backspace": ("Backspace", 8, ""),
    " ": ("Space", 32, " "),
}


def find_chromium() -> str | None:
    """Find a Chromium, if there is one."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


class Browser:
    """A Chromium of its own, with an empty profile."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="undertone-review-", ignore_cleanup_errors=True)
        self._sockets = ExitStack()
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        end = time.monotonic() + PATIENCE
        while not (port_file.exists() and port_file.read_text().count("\n")):
            if time.monotonic() > end or self._process.poll() is not None:
                self.close()
                raise RuntimeError("Chromium did not start")
            time.sleep(0.05)
        self._port = int(port_file.read_text().splitlines()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and forget its profile."""
        self._sockets.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._profile.cleanup()

    def open(self, address: str, width: int = 1280, height: int = 800, *, dark: bool = False) -> Tab:
        """Open a page in a tab of its own."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            target = json.load(answer)
        socket = connect(target["webSocketDebuggerUrl"], max_size=None, open_timeout=PATIENCE)
        return Tab(self._sockets.enter_context(socket), address, width, height, dark)


class Tab:
    """A page, as a person has it before them."""

    def __init__(self, socket: ClientConnection, address: str, width: int, height: int, dark: bool) -> None:
        self._socket = socket
        self._number = 0
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Network", "Log", "Audits", "DOM"):
            self.send(f"{domain}.enable")
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        # The page is the one that has the focus, whatever other tabs there are.
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and wait for its result; events meanwhile are kept."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=PATIENCE))
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def look(self, expression: str) -> Any:  # noqa: ANN401 (whatever the page has)
        """Read the value of an expression in the page."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until an expression holds in the page."""
        end = time.monotonic() + PATIENCE
        while not self.look(expression):
            if time.monotonic() > end:
                text = self.look("document.body.innerText")
                raise AssertionError(f"never so: {expression}\nThe page says:\n{text}")
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """Read the text of an element as it is shown."""
        return self.look(f"document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector: str) -> None:
        """Click the middle of an element with the mouse; it must be there to be clicked."""
        x, y, hit = self.look(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({ block: 'nearest' }); const r = e.getBoundingClientRect();"
            "const x = r.left + r.width / 2, y = r.top + r.height / 2;"
            "const hit = document.elementFromPoint(x, y);"
            "return [x, y, e === hit || e.contains(hit)]; })()"
        )
        assert hit, f"{selector} is covered or not shown"
        place = {"x": x, "y": y, "button": "left", "clickCount": 1}
        self.send("Input.dispatchMouseEvent", type="mousePressed", **place)
        self.send("Input.dispatchMouseEvent", type="mouseReleased", **place)

    def press(self, key: str, *held: str) -> None:
        """Press a key: a character, or the name of a key."""
        code, number, text = NAMED_KEYS.get(key, (f"Key{key.upper()}", ord(key[0].upper()), key))
        modifiers = sum(MODIFIERS[name] for name in held)
        if key.isupper() and len(key) == 1:
            modifiers |= MODIFIERS["shift"]
        event = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        down = {"text": text} if text and not held else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **event, **down)
        self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    def write(self, text: str) -> None:
        """Write text where the focus is."""
        self.send("Input.insertText", text=text)

    def picture(self, path: Path) -> None:
        """Take a picture of what is seen."""
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot")["data"]))

    @property
    def requests(self) -> list[str]:
        """Addresses that the page asked for."""
        self.look("0")
        sent = [event["params"] for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [event["request"]["url"] for event in sent]

    @property
    def complaints(self) -> list[str]:
        """All that the browser found wrong: its log, the console, exceptions, violated policies."""
        self.look("0")
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded")
        return [json.dumps(event["params"]) for event in self.events if event["method"] in kinds]
