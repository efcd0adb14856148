// tests/webhooks/judge.mjs — the receivers' own library says whether a message is genuine. One JSON line in
// ({secret, headers, body}), one JSON line out ({ok, error}).
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  let verdict;
  try {
    new Webhook(secret).verify(body, headers);
    verdict = { ok: true };
  } catch (error) {
    verdict = { ok: false, error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(verdict) + "\n");
}
