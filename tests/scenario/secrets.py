#!/usr/bin/python3
# tests/scenario/secrets.py [STRIDE]: a key rotation killed at every step leaves everything readable; and no secret is ever
# seen in the log, in the database's file, or among the metrics.
# proves: OPF-13
import json
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from admin import Admin, with_admin
from buyer import Buyer
from relay import PROGRAM, Client, Relay, path_of

STRIDE = int(sys.argv[1]) if len(sys.argv) > 1 else 3     # every which step is a kill
CALLS = "write,pwrite64,fsync,fdatasync,rename,link,unlink,ftruncate"


def everything_opens(relay, ana, link, token):
    """The relay starts, shows the link's address from its sealed token, and takes a payment with its sealed account."""
    relay.start()
    assert path_of(ana.link(link["id"])["url"]) == f"/pay/{token}", "the token does not open any more"
    buyer = Buyer(relay)
    buyer.pay(f"/pay/{token}")
    buyer.close()
    ana.close()
    relay.stop()


def killed_at(relay, step):
    """Rotates, killed at the process's @step-th call that changes a file; whether it was killed."""
    command = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={CALLS}",
               "-e", f"inject={CALLS}:signal=SIGKILL:when={step}", PROGRAM, "key", "rotate", "--data", relay.data]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, -signal.SIGKILL, 128 + signal.SIGKILL), done
    return done.returncode != 0


def rotation_is_cut_off():
    """Killed at the first, second, third … call that writes, until one goes through; looked at after each."""
    with Relay() as relay:
        ana = relay.add_merchant()
        link = ana.create(currency="EUR", amount=1200, title="Kept", usage={"type": "unlimited"})
        for number in range(3):
            relay.add_merchant(f"Merchant {number}")
        ana.close()
        relay.stop()
        first = status(relay)["file"]
        kills = 0
        for step in range(1, 400, STRIDE):
            if not killed_at(relay, step):
                break
            kills += 1
            everything_opens(relay, ana, link, link["token"])
        assert kills >= 20 // STRIDE, f"only {kills} kills"
        after = status(relay)
        assert after["file"] == after["wrapper"] != first, after
        assert after["elsewhere"] == 0 and after["running"] is False and after["lost"] == 0, after
        everything_opens(relay, ana, link, link["token"])
        tap.note(f"killed {kills} times")
        relay.audit()


def status(relay):
    done = relay.command("key", "status", "--json")
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def rotates_while_it_runs():
    with Relay() as relay:
        ana = relay.add_merchant()
        link = ana.create(currency="EUR", amount=1200, title="Kept", usage={"type": "unlimited"})
        before = status(relay)
        done = relay.command("key", "rotate", "--json")
        assert done.returncode == 0 and json.loads(done.stdout)["file"] != before["file"], done
        kept = [name for name in os.listdir(relay.data) if name.startswith("relay.key.old-")]
        assert kept == [f"relay.key.old-{before['file']}"], kept
        second = ana.create(currency="EUR", amount=100, title="Later")
        relay.restart()
        assert path_of(ana.link(second["id"])["url"]) == f"/pay/{second['token']}"
        relay.stop()
        everything_opens(relay, ana, link, link["token"])


def lost_for_good():
    """Without the key file: refused in words; with the command: the ledger is whole, secrets are entered again."""
    with Relay() as relay:
        ana = relay.add_merchant()
        link = ana.create(currency="EUR", amount=1200, title="Kept", usage={"type": "unlimited"})
        buyer = Buyer(relay)
        buyer.pay(path_of(link["url"]))
        buyer.close()
        ana.close()
        relay.stop()
        os.remove(f"{relay.data}/relay.key")
        refused = relay.command("key", "status")
        assert refused.returncode == 78 and "replace-lost" in refused.stderr, refused
        assert relay.command("key", "replace-lost").returncode == 64
        done = relay.command("key", "replace-lost", "--yes")
        assert done.returncode == 0, done
        relay.start()
        assert [row["status"] for row in ana.payments()] == ["succeeded"]
        # Its address is sealed away; a new one is made, and new links are as ever.
        fresh = ana.post(f"/v1/links/{link['id']}/token").data
        assert Client(relay.port).get(path_of(fresh["url"])).status == 200
        ana.create(currency="EUR", amount=100, title="Later")
        relay.audit()


def canary():
    """Everything that is secret, looked for wherever it might leak."""
    with with_admin(access_log="on") as relay:
        admin = Admin(relay)
        ana = relay.add_merchant()
        made = ana.post("/v1/api-keys", {"name": "till", "scopes": ["links:rw"]}).data
        link = ana.create(currency="EUR", amount=1200, title="Canary", metadata={"order": "17"})
        paired = Client(relay.port).post("/v1/pair", {"code": ana.pair_code, "deviceName": "Ana's desk"}).data
        for wrong in (f"Bearer {made['key']}x", f"Bearer {made['key'][:-1]}A"):
            ana.get("/v1/links", {"Authorization": wrong})
        ana.get(f"/v1/links?apiKey={made['key']}")
        Client(relay.port).get(f"/pay/{link['token']}?api_key={made['key']}")
        buyer = Buyer(relay)
        buyer.pay(path_of(link["url"]))
        buyer.close()
        with relay.books("mock") as books:
            provider = [row[0] for row in books.execute("SELECT secret FROM endpoints")]
        with open(f"{relay.data}/relay.key", encoding="ascii") as file:
            kek = file.read().strip()
        secrets = {"API key": ana.key, "second key": made["key"], "device key": paired["deviceKey"], "link token": link["token"],
                   "key-encryption key": kek, "pairing code": ana.pair_code,
                   **{f"provider secret {n}": text for n, text in enumerate(provider)}}
        assert len(provider) > 0 and all(len(text) >= 16 for text in secrets.values())
        metrics = admin.ask("/metrics")[2].encode()
        assert b"payments_total" in metrics
        relay.stop()
        places = {"the log": relay.read_log().encode(), "the metrics": metrics}
        for name in os.listdir(relay.data):
            if name.startswith("relay.sqlite"):
                with open(f"{relay.data}/{name}", "rb") as file:
                    places[name] = file.read()
        assert "relay.sqlite" in places and len(places["relay.sqlite"]) > 4096
        # The harness sees what is there: the link's title rests in clear.
        assert b"Canary" in places["relay.sqlite"]
        for what, secret in secrets.items():
            parts = [secret.encode()]
            if secret.startswith("cob_"):
                parts.append(secret[20:63].encode())         # the secret part alone
            if re.fullmatch("[0-9a-f]{64}", secret):
                parts.append(bytes.fromhex(secret))
            for place, content in places.items():
                assert not any(part in content for part in parts), f"{what} is in {place}"


if __name__ == "__main__":
    tap.run([
        ("a rotation killed at every step", rotation_is_cut_off),
        ("a rotation while the relay runs", rotates_while_it_runs),
        ("a key that is lost for good", lost_for_good),
        ("no secret is seen anywhere", canary),
    ])
