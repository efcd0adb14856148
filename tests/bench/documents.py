# tests/bench/documents.py — an invoice as PDF: ours, and headless Chromium printing the same document.
import json
import os
import resource
import statistics
import subprocess
import time

import rig as r

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]


class Chromium:
    """A browser that runs already, spoken to over its debugging pipe: printing alone is measured."""

    def __init__(self, rig, page):
        to_read, self.write = os.pipe()
        self.read, to_write = os.pipe()

        def place():
            os.sched_setaffinity(0, r.SERVER_CPUS)
            spare_read, spare_write = os.dup(to_read), os.dup(to_write)
            os.dup2(spare_read, 3)
            os.dup2(spare_write, 4)

        self.process = subprocess.Popen([r.need("chromium", "chromium"), *FLAGS, "--remote-debugging-pipe",
                                         "--user-data-dir=" + rig.path("chromium")],
                                        preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        rig.servers.append(self.process)
        os.close(to_read)
        os.close(to_write)
        self.rest, self.last, self.session = b"", 0, None
        target = self.ask("Target.createTarget", url="file://" + page)["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Runtime.evaluate", awaitPromise=True,
                 expression="new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', done))")

    def ask(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                part = os.read(self.read, 1 << 16)
                if not part:
                    raise RuntimeError("chromium went away")
                self.rest += part
            one, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(one)
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"chromium: {method}: {answer['error']}")
                return answer["result"]


def timed(work):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"ms": (time.monotonic() - start) * 1000,
            "cpu_ms": (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000}


def pdf(rig, report):
    """Warm: in a process that has made one before, printing alone. Cold: from exec to exit."""
    program = os.path.join(rig.build, "tests/bench/bench-paper")
    page, out = rig.path("invoice.html"), rig.path("out.pdf")
    subprocess.run([program, "html", page, "10"], check=True)

    def ours():
        done = subprocess.run([program, "warm", "200", "10"], stdout=subprocess.PIPE, check=True, preexec_fn=r.on(r.SERVER_CPUS))
        return json.loads(done.stdout)

    browser = Chromium(rig, page)

    def theirs():
        took = []
        before = r.cpu(browser.process)
        for _ in range(10):
            start = time.monotonic()
            browser.ask("Page.printToPDF", printBackground=True)
            took.append((time.monotonic() - start) * 1e6)
        return {"p50_us": statistics.median(took), "p95_us": max(took), "cpu_us": (r.cpu(browser.process) - before) / len(took)}

    warm = r.alternate({"cobro": ours, "chromium": theirs})
    cold = r.alternate({
        "cobro": lambda: timed(lambda: subprocess.run([program, "once", out, "10"], check=True)),
        "chromium": lambda: timed(lambda: subprocess.run(
            [r.need("chromium", "chromium"), *FLAGS, "--user-data-dir=" + rig.path("cold"), "--print-to-pdf=" + out, "file://" + page],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)),
    })
    for name in warm:
        report.say(f"{name:<10} warm p50 {warm[name]['p50_us'] / 1000:7.2f} ms  p95 {warm[name]['p95_us'] / 1000:7.2f} ms  "
                   f"CPU {warm[name]['cpu_us'] / 1000:7.2f} ms;  from exec to exit {cold[name]['ms']:7.1f} ms, "
                   f"CPU {cold[name]['cpu_ms']:7.1f} ms")
    thousand = json.loads(subprocess.run([program, "warm", "5", "1000"], stdout=subprocess.PIPE, check=True).stdout)
    report.say(f"1,000 lines: {thousand['p50_us'] / 1000:.0f} ms, {thousand['bytes'] / 1024:.0f} KiB, "
               f"at most {thousand['resident_kib'] / 1024:.0f} MiB resident")
    report.ratio("ms for a PDF of 10 lines", warm["cobro"]["p50_us"] / 1000, 50, at_most=True)
    # What a server does that has a browser print: it runs one. What the relay does: it has the fonts at hand already.
    report.ratio("time, chromium --print-to-pdf : cobro in its process", cold["chromium"]["ms"] * 1000 / warm["cobro"]["p50_us"], 20)
    report.ratio("time, both from exec to exit, chromium : cobro", cold["chromium"]["ms"] / cold["cobro"]["ms"])
    report.ratio("time, both warm, printing alone, chromium : cobro", warm["chromium"]["p50_us"] / warm["cobro"]["p50_us"])
    report.ratio("CPU, both warm, printing alone, chromium : cobro", warm["chromium"]["cpu_us"] / warm["cobro"]["cpu_us"])
