// tests/judges/razorpay-vectors.mjs — thousands of Razorpay's signatures, good and bad, each with the verdict of Razorpay's own library,
// for tests/relay/providers/test-razorpay-vectors.c: webhooks (W), what checkout.js (O) and payment links (L) bring back with the
// browser. With --write it makes tests/data/razorpay-signatures.txt anew; without, it holds the stored file against the library.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, assertEqual, main, test } from './lib.mjs';

const { validateWebhookSignature, validatePaymentVerification } = createRequire (import.meta.url) ('razorpay/dist/utils/razorpay-utils');
const target = path.join (path.dirname (fileURLToPath (import.meta.url)), '..', 'data', 'razorpay-signatures.txt');
const ROUNDS = 50;
// Where we say something else than the library, on purpose.
const DIFFERENT = {
  'short-secret': 'a webhook secret of fewer than 16 bytes, even none at all, is one to the library',
  'raw-bytes': 'bytes that are no UTF-8 are signed as they are; the library makes text of them first and refuses',
  'another-order': 'the browser may bring another order of the same merchant; only the one in our books counts',
  'another-link': 'the same with payment links',
  'another-reference': 'a link that bears another reference than the payment is not its link',
  'missing-reference': 'the library signs the word "undefined" where a field is missing',
  'shifted': 'a | may move between fields without changing what is signed',
  'odd-id': 'what is no id of Razorpay is not taken for one',
};

// The same numbers every time (mulberry32).
let state = 20260409;
function dice (n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul (state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul (t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = list => list[dice (list.length)];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const id = prefix => prefix + Array.from ({ length: 14 }, () => pick (LETTERS)).join ('');

const SECRETS = ['rzp_webhook_secret', 'EnLs21M47BllR3X8PSFtjtbd', 'naïve_ключ_密鑰_0123', ' a secret with blanks ', 'exactly_16_bytes',
                 'fifteen_bytes_x', 'short', '', ' '];
const GOOD = [0, 1, 2, 3, 4], SHORT = [5, 6, 7, 8];
const BODIES = [
  '{"entity":"event","account_id":"acc_BFQ7uQEaa7j2z7","event":"order.paid","contains":["payment","order"],"payload":{"payment":{"entity":{"id":"pay_DESlfW9H8K9uqM","amount":100,"notes":[]}},"order":{"entity":{"id":"order_DESlLckIVRkHWj","status":"paid"}}},"created_at":1567674606}',
  '{}', '{"entity":"event"}\n', ' {"a": 1}', '\r\n{}\r\n', 'no json at all', '{"name":"Zoë ✓ 東京 🍞"}', '|', '"' + 'x'.repeat (200) + '"', '',
].map (text => Buffer.from (text));
const RAW = BODIES.push (Buffer.from ([0x7b, 0xff, 0xfe, 0x80, 0x7d]), Buffer.from ([0xc3, 0x28])) - 2;
const mac = (secret, data) => crypto.createHmac ('sha256', secret).update (data).digest ('hex');
const flip = hex => { const at = dice (64); return hex.slice (0, at) + ((parseInt (hex[at], 16) + 1 + dice (15)) % 16).toString (16) + hex.slice (at + 1); };
const upper = hex => { const at = hex.search (/[a-f]/); return hex.slice (0, at) + hex[at].toUpperCase () + hex.slice (at + 1); };
const other = (list, not) => { let one; do one = pick (list); while (one === not); return one; };

function library (check) {
  try {
    return check () === true;
  } catch {
    return false;
  }
}

// ── The vectors ──────────────────────────────────────────────────────────────────────────────────
const vectors = [];
const webhook = (name, secrets, body, header) => vectors.push ({ kind: 'W', name, secrets: [secrets].flat (), fields: [body, header],
  theirs: [secrets].flat ().some (one => library (() => validateWebhookSignature (BODIES[body], header, SECRETS[one]))) });
// What our books have, and what the browser brings; the library gets what the browser brings, as its examples do.
const order = (name, secret, ours, brought) => vectors.push ({ kind: 'O', name, secrets: [secret],
  fields: [ours, brought.order, brought.payment, brought.signature],
  theirs: library (() => validatePaymentVerification ({ order_id: brought.order, payment_id: brought.payment }, brought.signature, SECRETS[secret])) });
const link = (name, secret, ours, brought) => vectors.push ({ kind: 'L', name, secrets: [secret],
  fields: [ours.link, ours.reference, brought.link, brought.reference ?? '-', brought.status, brought.payment, brought.signature],
  theirs: library (() => validatePaymentVerification ({ payment_link_id: brought.link, payment_link_reference_id: brought.reference,
    payment_link_status: brought.status, payment_id: brought.payment }, brought.signature, SECRETS[secret])) });

// Every way in which a signature can be wrong, put in front of all three.
function spoilt (good, add) {
  add ('flipped', flip (good));
  add ('upper', good.toUpperCase ());
  add ('upper', upper (good));
  add ('length', good.slice (0, dice (64)));
  add ('length', good + pick ('0123456789abcdef'.split ('')));
  add ('blank', good + pick ([' ', '\t', '\n']));
  add ('blank', ' ' + good);
  add ('twice', `${good}, ${good}`);
  add ('twice', `${flip (good)},${good}`);
  add ('prefix', pick (['sha256=', 'v1=', '0x', '"']) + good);
  add ('base64', Buffer.from (good, 'hex').toString ('base64'));
  add ('empty', '');
}

function webhooks () {
  const s = pick (GOOD), b = dice (RAW), good = mac (SECRETS[s], BODIES[b]), short = pick (SHORT);
  webhook ('good', s, b, good);
  webhook ('rotated', [other (GOOD, s), s], b, good);
  webhook ('rotated', [s, other (GOOD, s)], b, good);
  webhook ('other-secret', other (GOOD, s), b, good);
  webhook ('other-body', s, (b + 1) % RAW, good);
  webhook ('short-secret', short, b, mac (SECRETS[short], BODIES[b]));
  webhook ('raw-bytes', s, RAW + dice (2), mac (SECRETS[s], BODIES[RAW]));
  const raw = vectors.at (-1);
  vectors.pop ();
  webhook ('raw-bytes', s, raw.fields[0], mac (SECRETS[s], BODIES[raw.fields[0]]));
  spoilt (good, (name, header) => webhook (name, s, b, header));
}

function orders () {
  const s = pick (GOOD), ours = id ('order_'), payment = id ('pay_'), good = mac (SECRETS[s], `${ours}|${payment}`);
  const brought = { order: ours, payment, signature: good }, another = id ('order_');
  order ('good', s, ours, brought);
  order ('other-secret', other (GOOD, s), ours, brought);
  order ('other-payment', s, ours, { ...brought, payment: id ('pay_') });
  order ('another-order', s, ours, { order: another, payment, signature: mac (SECRETS[s], `${another}|${payment}`) });
  order ('swapped', s, ours, { ...brought, signature: mac (SECRETS[s], `${payment}|${ours}`) });
  order ('posted-order', s, ours, { ...brought, order: another });
  const odd = pick (['', 'pay_', `${payment}|x`, `${payment} `, 'PAY_1', `order_${payment.slice (4)}`, 'pay_é']);
  order ('odd-id', s, ours, { order: ours, payment: odd, signature: mac (SECRETS[s], `${ours}|${odd}`) });
  order ('no-secret', 7, ours, { ...brought, signature: mac ('', `${ours}|${payment}`) });
  spoilt (good, (name, signature) => order (name, s, ours, { ...brought, signature }));
}

function links () {
  const s = pick (GOOD), reference = pick (['TSsd1989', `pay_01jdc${dice (1e9)}`, 'a-b.c', 'Ünïcode']), status = pick (['paid', 'partially_paid', 'created', 'expired']);
  const ours = { link: id ('plink_'), reference }, payment = id ('pay_');
  const sign = one => ({ ...one, signature: mac (SECRETS[s], `${one.link}|${one.reference}|${one.status}|${one.payment}`) });
  const brought = sign ({ ...ours, status, payment });
  link ('good', s, ours, brought);
  link ('other-secret', other (GOOD, s), ours, brought);
  link ('other-status', s, ours, { ...brought, status: other (['paid', 'partially_paid', 'created', 'expired'], status) });
  link ('other-payment', s, ours, { ...brought, payment: id ('pay_') });
  link ('another-link', s, ours, sign ({ ...brought, link: id ('plink_') }));
  link ('another-reference', s, ours, sign ({ ...brought, reference: 'another' }));
  link ('missing-reference', s, ours, sign ({ ...brought, reference: undefined }));
  link ('no-reference', s, { ...ours, reference: '' }, sign ({ ...brought, reference: '' }));
  const shift = sign ({ ...brought, status: `${status}|${pick (['x', '', 'paid'])}` });
  link ('shifted', s, ours, shift);
  link ('odd-id', s, ours, sign ({ ...brought, payment: pick (['', 'pay_', 'x|y', 'pay_1 ']) }));
  link ('no-secret', 7, ours, { ...brought, signature: mac ('', `${ours.link}|${reference}|${status}|${payment}`) });
  spoilt (brought.signature, (name, signature) => link (name, s, ours, { ...brought, signature }));
}

// Those that Razorpay's documentation and this library's own tests agree on.
order ('good', 1, 'order_IEIaMR65cu6nz3', { order: 'order_IEIaMR65cu6nz3', payment: 'pay_IH4NVgf4Dreq1l',
  signature: '0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f' });
link ('good', 1, { link: 'plink_IH3cNucfVEgV68', reference: 'TSsd1989' }, { link: 'plink_IH3cNucfVEgV68', reference: 'TSsd1989', status: 'paid',
  payment: 'pay_IH3d0ara9bSsjQ', signature: '07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b' });
webhook ('good', 0, 0, 'db5fd31e2ea9dbed511c689b6ffed47119f46b25a6f0a53a82afebda07b3a74b');
for (let round = 0; round < ROUNDS; round++) {
  webhooks ();
  orders ();
  links ();
}
const whole = mac (SECRETS[0], BODIES[0]);
for (let at = 0; at < 64; at++) /* every digit counts */
  webhook ('digit', 0, 0, `${whole.slice (0, at)}${whole[at] === '0' ? '1' : '0'}${whole.slice (at + 1)}`);

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────
// Printable ASCII as it is; backslash and other bytes as \ooo.
const escape = text => [...Buffer.from (text)].map (byte => byte < 32 || byte > 126 || byte === 92 ? `\\${byte.toString (8).padStart (3, '0')}` : String.fromCharCode (byte)).join ('');

const differences = new Set ();
const lines = vectors.map (({ kind, name, secrets, fields, theirs }) => {
  const ours = name in DIFFERENT ? name === 'raw-bytes' : theirs;
  if (theirs !== ours) differences.add (name);
  return [kind, name, theirs ? 'accept' : 'refuse', ours ? 'accept' : 'refuse', secrets.join (), ...fields.map (field => escape (String (field)))].join ('\t');
});
const text = [
  '# Made by tests/judges/razorpay-vectors.mjs with npm razorpay 2.9.8. W, O, L: name, its library says, we say, secrets, then',
  '# W: body, header. O: our order; order, payment, signature as brought. L: our link, reference; link, reference (-: none), status,',
  '# payment, signature as brought.',
  ...SECRETS.map (secret => `S\t${escape (secret)}`), ...BODIES.map (body => `B\t${escape (body)}`), ...lines, '',
].join ('\n');

if (process.argv[2] === '--write') {
  fs.writeFileSync (target, text);
  console.log (`${vectors.length} vectors, ${text.length} bytes`);
  process.exit (0);
}

test (`${vectors.length} stored vectors are what the library says`, () => {
  assert (vectors.length > 3000, 'too few');
  assert (fs.readFileSync (target, 'utf8') === text, 'the stored file differs: node tests/judges/razorpay-vectors.mjs --write');
});
test ('we differ from it where we say so, and nowhere else', () => {
  assertEqual ([...differences].sort (), Object.keys (DIFFERENT).sort (), 'differences');
});
test ('good ones are accepted, spoilt ones are not', () => {
  for (const { name, theirs } of vectors)
    if (!(name in DIFFERENT)) assertEqual (theirs, ['good', 'rotated', 'no-reference'].includes (name), name);
});
await main ();
