"""Chromium without a window, driven through its debugging pipe: what a person does in a page, and what the page holds then.

No package is needed. Chromium reads commands from file descriptor 3 and writes answers and events to 4, JSON with a zero byte behind each.
"""

import base64
import json
import os
import select
import subprocess
import time


class Browser:
    """A browser with one page, in a profile of its own."""

    def __init__(self, profile):
        commands, self._write = os.pipe()
        self._read, answers = os.pipe()

        def pass_on():
            # The numbers may be taken: copies above them first.
            source, target = os.dup(commands), os.dup(answers)
            high = [os.dup2(source, 100), os.dup2(target, 101)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self._process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=pass_on, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self._buffer = b""
        self._number = 0
        self._session = None
        self.messages = []
        self.requests = []
        page = next(target for target in self._call("Target.getTargets")["targetInfos"] if target["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self._call(f"{domain}.enable")

    def close(self):
        try:
            self._session = None
            self._call("Browser.close")
        except (OSError, EOFError):
            pass
        self._process.wait(timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _call(self, method, **parameters):
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _receive(self, patience=60):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], patience)[0]:
                raise TimeoutError("Chromium doesn't answer")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise EOFError("Chromium has ended")
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(line)
        self._note(message)
        return message

    def _note(self, message):
        kind, about = message.get("method"), message.get("params", {})
        if kind == "Runtime.consoleAPICalled":
            self.messages.append(f"console: {[argument.get('value') for argument in about['args']]}")
        elif kind == "Runtime.exceptionThrown":
            self.messages.append(f"exception: {about['exceptionDetails'].get('exception', about['exceptionDetails'])}")
        elif kind == "Log.entryAdded":
            self.messages.append(f"{about['entry']['level']}: {about['entry']['text']} {about['entry'].get('url', '')}")
        elif kind == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif kind == "Page.javascriptDialogOpening":
            self.messages.append(f"dialog: {about['message']}")

    # What a person does.

    def size(self, width, height, scale=1):
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def theme(self, name):
        self._call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def open(self, path, patience=60):
        """Opens a file, and waits until its script says that it is ready. Returns the milliseconds that it took."""
        self.messages, self.requests = [], []
        self._call("Page.navigate", url=f"file://{path}")
        return int(self.wait("document.documentElement?.dataset.ready", patience))

    def value(self, expression):
        result = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']['exception']['description']}")
        return result["result"].get("value")

    def wait(self, expression, patience=30):
        """Waits until an expression is true, and returns its value."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = self.value(expression)
            if value:
                return value
            time.sleep(0.02)
        raise TimeoutError(f"never true: {expression}")

    def settle(self):
        """Waits for two frames: what was asked for is drawn."""
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")

    def click(self, x, y):
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"]:
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left" if kind != "mouseMoved" else "none",
                       buttons=1 if kind == "mousePressed" else 0, clickCount=0 if kind == "mouseMoved" else 1)
        self.settle()

    def click_on(self, selector):
        box = self.value(f"(() => {{ const element = document.querySelector({json.dumps(selector)}); "
                         "element.scrollIntoView({ block: 'nearest' }); const box = element.getBoundingClientRect(); "
                         "return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        self.click(*box)

    def drag(self, x0, y0, x1, y1):
        def event(kind, x, y, buttons):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=buttons, clickCount=1)

        event("mousePressed", x0, y0, 1)
        for part in range(1, 6):
            event("mouseMoved", x0 + (x1 - x0) * part / 5, y0 + (y1 - y0) * part / 5, 1)
        event("mouseReleased", x1, y1, 0)
        self.settle()

    def press(self, key, shift=False):
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
                 "Home": 36, "End": 35, "PageUp": 33, "PageDown": 34, "Backspace": 8}
        event = {"key": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0]) if len(key) == 1 else 0), "modifiers": 8 if shift else 0}
        if len(key) == 1:
            event["text"] = key
        elif key == "Enter":
            event["text"] = "\r"
        self._call("Input.dispatchKeyEvent", type="keyDown", **event)
        self._call("Input.dispatchKeyEvent", type="keyUp", **event)
        self.settle()

    def type(self, text):
        self._call("Input.insertText", text=text)
        self.settle()

    def screenshot(self, path, whole=False):
        self.settle()
        parameters = {"format": "png"}
        if whole:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            parameters["captureBeyondViewport"] = True
            parameters["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("Page.captureScreenshot", **parameters)["data"]))
