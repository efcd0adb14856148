// Makes tests/data/flutterwave/webhooks.txt: what may and may not pass as a webhook of Flutterwave, by two implementations of HMAC
// that are not ours (node:crypto, and node-forge, which is JavaScript throughout). Flutterwave's SDK has no helper for webhooks.
//   node flutterwave-vectors.mjs          TAP: the file is what is made here
//   node flutterwave-vectors.mjs write    writes the file
//
// A line: accept|refuse|config, the case, secrets (base64, with commas), verif-hash, flutterwave-signature, body (base64; "-": no
// such header). What Flutterwave's own documents accept and we refuse on purpose begins with "differs-".
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire (import.meta.url);
const forge = require ('node-forge');
const file = fileURLToPath (new URL ('../data/flutterwave/webhooks.txt', import.meta.url));
const ROUNDS = 90;

// ── Numbers that are the same every time ─────────────────────────────────────────────────────────
let state = 0x2545f491;
function below (bound) {
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return (state >>> 0) % bound;
}
const pick = text => text[below (text.length)];
const word = (length, letters) => Array.from ({ length }, () => pick (letters)).join ('');
const SECRET_LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!$%';

// ── The reference ────────────────────────────────────────────────────────────────────────────────
function mac (secret, body, form = 'base64') {
  const native = createHmac ('sha256', secret).update (body).digest ();
  const other = forge.hmac.create ();
  other.start ('sha256', forge.util.createBuffer (Buffer.from (secret).toString ('binary')));
  other.update (body.toString ('binary'));
  if (other.digest ().toHex () !== native.toString ('hex')) throw new Error ('the two implementations disagree');
  return native.toString (form);
}

function makeBody () {
  const status = pick (['successful', 'failed', 'pending']);
  const text = pick (['', ' ', '\n', 'é€', '\\u00e9']);
  return Buffer.from (`{"event":"charge.completed","data":{"id":${below (1e9)},"status":"${status}","n":"${text}"}}`);
}

// One bit of one character, staying visible ASCII.
function bend (text) {
  const at = below (text.length);
  const other = String.fromCharCode (text.charCodeAt (at) ^ 1);
  return text.slice (0, at) + (/[!-~]/.test (other) ? other : 'x') + text.slice (at + 1);
}

const swapCase = text => text.replace (/[a-z]/i, letter => letter === letter.toUpperCase () ? letter.toLowerCase () : letter.toUpperCase ());

// ── Cases: [verdict, name, secrets, verif-hash, flutterwave-signature, body] ─────────────────────
function* cases (round) {
  const secret = word (16 + below (24), SECRET_LETTERS), other = word (16 + below (24), SECRET_LETTERS);
  const short = word (1 + below (15), SECRET_LETTERS), body = makeBody (), good = mac (secret, body);
  const longer = Buffer.concat ([body, Buffer.from (pick ([' ', '\n', '}', '\0']))]);
  yield ['accept', 'hash', [secret], secret, null, body];
  yield ['accept', 'hash-any-body', [secret], secret, null, longer];
  yield ['accept', 'signature', [secret], null, good, body];
  yield ['accept', 'both', [secret], secret, good, body];
  yield ['accept', 'hash-and-a-wrong-signature', [secret], secret, bend (good), body];
  yield ['accept', 'signature-and-a-wrong-hash', [secret], other, good, body];
  yield ['accept', 'hash-of-the-second-secret', [other, secret], secret, null, body];
  yield ['accept', 'signature-of-the-second-secret', [other, secret], null, good, body];
  yield ['accept', 'signature-of-nothing', [secret], null, mac (secret, Buffer.alloc (0)), Buffer.alloc (0)];
  yield ['refuse', 'nothing', [secret], null, null, body];
  yield ['refuse', 'empty-hash', [secret], '', null, body];
  yield ['refuse', 'empty-signature', [secret], null, '', body];
  yield ['refuse', 'hash-of-another', [secret], other, null, body];
  yield ['refuse', 'hash-bent', [secret], bend (secret), null, body];
  yield ['refuse', 'hash-in-the-other-case', [secret], swapCase (secret) === secret ? bend (secret) : swapCase (secret), null, body];
  yield ['refuse', 'hash-cut', [secret], secret.slice (0, -1), null, body];
  yield ['refuse', 'hash-longer', [secret], secret + pick ('ax '), null, body];
  yield ['refuse', 'hash-twice', [secret], `${secret}, ${secret}`, null, body];
  yield ['refuse', 'hash-after-a-space', [secret], ` ${secret}`, null, body];
  yield ['refuse', 'mac-as-hash', [secret], good, null, body];
  yield ['refuse', 'differs-secret-as-signature', [secret], null, secret, body];
  yield ['refuse', 'differs-hex-signature', [secret], null, mac (secret, body, 'hex'), body];
  yield ['refuse', 'upper-case-hex-signature', [secret], null, mac (secret, body, 'hex').toUpperCase (), body];
  yield ['refuse', 'signature-of-another-body', [secret], null, good, longer];
  yield ['refuse', 'signature-by-another', [secret], null, mac (other, body), body];
  yield ['refuse', 'signature-bent', [secret], null, bend (good), body];
  yield ['refuse', 'signature-without-padding', [secret], null, good.replace (/=+$/, ''), body];
  yield ['refuse', 'signature-with-a-space', [secret], null, `${good} `, body];
  yield ['refuse', 'signature-twice', [secret], null, `${good}, ${good}`, body];
  yield ['refuse', 'signature-with-a-scheme', [secret], null, `sha256=${good}`, body];
  yield ['config', 'short-secret', [short], short, mac (short, body), body];
  yield ['config', 'empty-secret', [''], '', createHmac ('sha256', '').update (body).digest ('base64'), body];
  yield ['config', 'no-secret', [], secret, good, body];
  yield ['refuse', 'short-secret-beside-a-good-one', [short, secret], short, mac (short, body), body];
  if (/[+/]/.test (good))
    yield ['refuse', 'signature-for-addresses', [secret], null, good.replaceAll ('+', '-').replaceAll ('/', '_'), body];
  if (round === 0) {
    const documented = Buffer.from ('{"event":"charge.completed","data":{"id":285959875,"tx_ref":"Links-616626414629","amount":100,"currency":"NGN","status":"successful"}}');
    yield ['config', 'as-documented', ['my-secret-hash'], null, 'eN2cp+cOtatpCMl6t1vNr9wIbtE3FLjQOVsdMZ2rOok=', documented];
    if (mac ('my-secret-hash', documented) !== 'eN2cp+cOtatpCMl6t1vNr9wIbtE3FLjQOVsdMZ2rOok=') throw new Error ('the known vector is not made here');
  }
}

const base64 = value => value === null ? '-' : Buffer.from (value).toString ('base64') || '=';
const lines = [];
for (let round = 0; round < ROUNDS; round++)
  for (const [verdict, name, secrets, hash, signature, body] of cases (round))
    lines.push ([verdict, name, secrets.map (base64).join (',') || '-', base64 (hash), base64 (signature), base64 (body)].join (' '));
const text = `${lines.join ('\n')}\n`;

if (process.argv[2] === 'write') {
  writeFileSync (file, text);
  console.log (`${lines.length} vectors`);
} else {
  const same = readFileSync (file, 'utf8') === text;
  console.log (`1..1\n${same ? 'ok' : 'not ok'} 1 ${lines.length} vectors are what two implementations of HMAC say`);
  process.exit (same ? 0 : 1);
}
