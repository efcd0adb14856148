# tests/support/admin.py — a relay with an admin listener, and who asks it.
import http.client
import os
import socket

import exposition
from relay import Relay


class Admin(http.client.HTTPConnection):
    """The admin listener, over its unix socket."""

    def __init__(self, relay):
        super().__init__("localhost")
        self.path = os.path.join(relay.folder, "admin.sock")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def ask(self, path, accept=None):
        self.request("GET", path, headers={"Accept": accept} if accept else {})
        response = self.getresponse()
        return response.status, response.getheader("Content-Type"), response.read().decode("utf-8")

    def page(self):
        status, _, text = self.ask("/metrics")
        assert status == 200, text
        return exposition.Page(text)


def with_admin(**settings):
    relay = Relay(**settings)
    relay.settings["admin-listen"] = f"unix:{relay.folder}/admin.sock"
    return relay
