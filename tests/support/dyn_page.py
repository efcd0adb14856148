# tests/support/dyn_page.py — a page of somebody's shop that uses the card-and-link API, for stories in Python.
from relay import Client


class DynPage:
    """A page of somebody's shop: it has a link's reference and nothing else."""

    def __init__(self, shop, jose, **link):
        self.jose = jose
        self.client = Client(shop.port)
        self.made = make_link(shop, **link)
        self.ref = self.made["payment_link"].split("?d=")[1]
        self.data = self.get_data()

    def call(self, name, body, token=None, **headers):
        sent = dict(headers)
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return self.client.post(f"/api/pay/{name}", body, sent)

    def get_data(self):
        reply = self.call("getData", {"data": self.ref})
        assert reply.status == 200, reply
        return reply.json["data"]

    def seal(self, payload=None, **header):
        return self.jose.encrypt(self.data["public_key"], {} if payload is None else payload, header or None)

    def add(self, payload=None, token=None, jwe=None, **headers):
        return self.call("addPayment", {"data": jwe or self.seal(payload)}, token or self.data["token"], **headers)

    def verify(self, reference, token=None):
        return self.call("verifyPayment", {"transaction_reference": reference}, token or self.data["token"])


def make_link(shop, **link):
    reply = shop.post("/api/pay/createPaymentLink", link)
    assert reply.status == 200, reply
    assert set(reply.json) == {"message", "data"}, reply
    return reply.json["data"]


def refused(reply, status, path=None, words=None):
    """The shape of a refusal: message, code, correlationId, and the path of what was wrong."""
    assert reply.status == status, reply
    body = reply.json
    assert body["message"] and body["code"] and body["correlationId"] and "data" not in body, reply
    if path is not None:
        assert [one["path"] for one in body["details"]] == [path], f"{path}: {reply}"
    if words is not None:
        assert words in body["message"], f"{words}: {reply}"
    return reply
