// tests/judges/stripe-vectors.mjs — thousands of Stripe-Signature headers, good and bad, each with the verdict of Stripe's own library,
// for tests/relay/providers/test-stripe-signature.c. With --write it makes tests/data/stripe-signatures.txt anew; without, it
// holds the stored file against the library. Where we refuse what the library accepts, on purpose, the line says why.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import { assert, assertEqual, main, test } from './lib.mjs';

const target = path.join (path.dirname (fileURLToPath (import.meta.url)), '..', 'data', 'stripe-signatures.txt');
const NOW = 1796119200;
const ROUNDS = 60;
// What the library accepts and we do not; relay/providers/stripe/README.md has the reasons.
const STRICTER = new Set (['future', 'two-times', 'odd-time', 'second-equals', 'short-secret', 'many']);

// The same numbers every time (mulberry32).
let state = 20261121;
function dice (n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul (state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul (t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = list => list[dice (list.length)];

const SECRETS = ['whsec_test_secret', 'whsec_Tm90IGJhc2U2NC1kZWNvZGVk', 'whsec_naïve_ключ_密鑰_0123', 'a secret with blanks in it', ' whsec_blank_around_it ',
                 'short', 'fifteen_bytes_x', '', '   ', '                     '];
const GOOD = [0, 1, 2, 3, 4];
const BODIES = [
  '{\n  "id": "evt_1Vector",\n  "object": "event",\n  "type": "payment_intent.succeeded",\n  "data": {"object": {"id": "pi_1", "amount": 8250, "currency": "aud", "description": "café €"}}\n}',
  '{}', '{"id":"evt_2","object":"event","livemode":false}', '{"id":"evt_3"}\n', ' ', '\r\n{"id":"evt_4"}\r\n', 'not json at all', '{"name":"Zoë ✓ 東京 🍞"}',
  '1.2.3', '.', '{"padding":"' + 'x'.repeat (300) + '"}',
];
const mac = (secret, t, body) => crypto.createHmac ('sha256', secret).update (`${t}.${body}`).digest ('hex');

function library (secret, body, header) {
  try {
    return Stripe.webhooks.signature.verifyHeader (Buffer.from (body), header, secret, 300, undefined, NOW * 1000);
  } catch {
    return false;
  }
}

// ── The vectors: each adds [name, secrets, body, header] ─────────────────────────────────────────
const vectors = [];
const add = (name, secrets, body, header) => vectors.push ({ name, secrets: [secrets].flat (), body, header });
const other = (list, not) => { let one; do one = pick (list); while (one === not); return one; };
const flip = hex => { const at = dice (64); return hex.slice (0, at) + ((parseInt (hex[at], 16) + 1 + dice (15)) % 16).toString (16) + hex.slice (at + 1); };
const upper = hex => { const at = hex.search (/[a-f]/); return hex.slice (0, at) + hex[at].toUpperCase () + hex.slice (at + 1); };
const noise = () => pick (['v0=' + '0'.repeat (64), 'v2=abc', 'foo', 'foo=bar', '', '=', 'v1x=1', 'T=5', 'V1=' + '1'.repeat (64)]);

function ordinary () {
  const s = pick (GOOD), b = dice (BODIES.length), [secret, body] = [SECRETS[s], BODIES[b]];
  const t = NOW - dice (301), good = mac (secret, t, body);
  add ('good', s, b, `t=${t},v1=${good}`);
  add ('good', s, b, `v1=${good},t=${t}`);
  add ('good', s, b, `t=${NOW + dice (301)},v1=X`.replace (/t=(\d+),v1=X/, (_, at) => `t=${at},v1=${mac (secret, at, body)}`));
  add ('noise', s, b, `${noise ()},t=${t},${noise ()},v1=${good},${noise ()}`);
  add ('rolled', s, b, `t=${t},v1=${flip (good)},v1=${good}`);
  add ('rolled', s, b, `t=${t},v1=${good},v1=${mac (SECRETS[other (GOOD, s)], t, body)}`);
  add ('two-secrets', [other (GOOD, s), s], b, `t=${t},v1=${good}`);
  add ('two-secrets', [s, other (GOOD, s), 8], b, `t=${t},v1=${good}`);
  add ('other-secret', other (GOOD, s), b, `t=${t},v1=${good}`);
  add ('other-body', s, (b + 1) % BODIES.length, `t=${t},v1=${good}`);
  add ('other-time', s, b, `t=${t - 1},v1=${good}`);
  add ('flipped', s, b, `t=${t},v1=${flip (good)}`);
  add ('upper', s, b, `t=${t},v1=${good.toUpperCase ()}`);
  add ('upper', s, b, `t=${t},v1=${upper (good)}`);
  add ('length', s, b, `t=${t},v1=${good.slice (0, dice (64))}`);
  add ('length', s, b, `t=${t},v1=${good}${pick ('0123456789abcdef'.split (''))}`);
  add ('blank', s, b, `t=${t}, v1=${good}`);
  add ('blank', s, b, `t=${t},v1=${good}${pick ([' ', '\t', '\n'])}`);
  add ('blank', s, b, `t=${t},v1= ${good}`);
  add ('blank', s, b, ` t=${t},v1=${good}`);
  add ('twice', s, b, `t=${t},v1=${good}, t=${t},v1=${flip (good)}`);
  add ('scheme', s, b, `t=${t},v0=${good}`);
  add ('scheme', s, b, `t=${t},V1=${good}`);
  add ('scheme', s, b, `t=${t},v1:${good}`);
  add ('no-time', s, b, `v1=${good}`);
  add ('no-time', s, b, `T=${t},v1=${good}`);
  add ('no-signature', s, b, `t=${t}`);
  add ('empty', s, b, pick (['', ',', '=', 't=', 'v1=', 't=,v1=', `t=,v1=${good}`]));
  add ('bare-secret', s, b, `t=${t},v1=${mac (secret.replace (/^whsec_/, '') + '-', t, body)}`);
  add ('base64', s, b, `t=${t},v1=${Buffer.from (good, 'hex').toString ('base64')}`);
}

function old () {
  const s = pick (GOOD), b = dice (BODIES.length), t = NOW - pick ([301, 302, 303, 600, 3600, 86400, 259200, NOW - 1]) - dice (2);
  add ('old', s, b, `t=${t},v1=${mac (SECRETS[s], t, BODIES[b])}`);
}

function stricter () {
  const s = pick (GOOD), b = dice (BODIES.length), [secret, body] = [SECRETS[s], BODIES[b]];
  const t = NOW - dice (301), good = mac (secret, t, body), late = NOW + 301 + pick ([0, 1, 299, 3600, 86400, 31536000]);
  add ('future', s, b, `t=${late},v1=${mac (secret, late, body)}`);
  add ('two-times', s, b, `t=${t - dice (3)},t=${t},v1=${good}`);
  add ('two-times', s, b, `t=${t},v1=${good},t=${t}`);
  add ('odd-time', s, b, `t=${pick ([' ', '+', '0', '000', '\t'])}${t},v1=${good}`);
  add ('odd-time', s, b, `t=${t}${pick (['abc', ' ', '.5', 'e0', '=7', '_000', 'n'])},v1=${good}`);
  add ('second-equals', s, b, `t=${t},v1=${good}=${pick (['', 'x', good])}`);
  add ('short-secret', 5 + dice (2), b, `t=${t},v1=${mac (SECRETS[5], t, body)}`);
  const short = vectors.at (-1);
  short.header = `t=${t},v1=${mac (SECRETS[short.secrets[0]], t, body)}`;
  add ('many', s, b, `t=${t},${'v1=x,'.repeat (16 + dice (3))}v1=${good}`);
  add ('sixteen', s, b, `t=${t},${'v1=x,'.repeat (15)}v1=${good}`);
  add ('blank-secret', pick ([7, 8, 9]), b, `t=${t},v1=${mac (pick (['', '   ', '                     ']), t, body)}`);
}

for (let round = 0; round < ROUNDS; round++) {
  ordinary ();
  for (let i = 0; i < 6; i++) old ();
  stricter ();
  stricter ();
}
for (let age = 295; age <= 305; age++) {
  add (age <= 300 ? 'edge' : 'old', 0, 0, `t=${NOW - age},v1=${mac (SECRETS[0], NOW - age, BODIES[0])}`);
  add (age <= 300 ? 'edge' : 'future', 0, 0, `t=${NOW + age},v1=${mac (SECRETS[0], NOW + age, BODIES[0])}`);
}
const whole = mac (SECRETS[0], NOW, BODIES[0]);
for (let at = 0; at < 64; at++) /* every digit counts */
  add ('digit', 0, 0, `t=${NOW},v1=${whole.slice (0, at)}${whole[at] === '0' ? '1' : '0'}${whole.slice (at + 1)}`);

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────
// Printable ASCII as it is; backslash and other bytes as \ooo.
const escape = text => [...Buffer.from (text)].map (byte => byte < 32 || byte > 126 || byte === 92 ? `\\${byte.toString (8).padStart (3, '0')}` : String.fromCharCode (byte)).join ('');

const differences = new Set ();
const lines = vectors.map (({ name, secrets, body, header }) => {
  const theirs = secrets.some (secret => library (SECRETS[secret], BODIES[body], header));
  const ours = theirs && !STRICTER.has (name);
  if (theirs !== ours) differences.add (name);
  return `V\t${name}\t${theirs ? 'accept' : 'refuse'}\t${ours ? 'accept' : 'refuse'}\t${secrets.join ()}\t${body}\t${escape (header)}`;
});
const text = [
  '# Made by tests/judges/stripe-vectors.mjs with npm stripe 23.1.0. V: name, its library says, we say, secrets, body, header.',
  `N\t${NOW}`, ...SECRETS.map (secret => `S\t${escape (secret)}`), ...BODIES.map (body => `B\t${escape (body)}`), ...lines, '',
].join ('\n');

if (process.argv[2] === '--write') {
  fs.writeFileSync (target, text);
  console.log (`${lines.length} vectors, ${lines.filter (line => line.split ('\t')[3] === 'accept').length} of them accepted`);
} else {
  test ('the stored vectors are what the library says', () => {
    assertEqual (fs.readFileSync (target, 'utf8') === text, true, 'run stripe-vectors.mjs --write');
    assert (lines.length >= 2000, 'thousands');
  });
  test ('every difference on purpose is one: the library accepts it', () => {
    assertEqual ([...differences].sort (), [...STRICTER].sort (), 'differences');
  });
  await main ();
}
