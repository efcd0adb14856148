// tests/judges/openpay-vectors.mjs — thousands of Authorization headers, good and bad, for tests/relay/providers/test-openpay-hooks.c. Openpay
// signs nothing, so the judges are Node's own HTTP client, which writes the good ones, and a receiver as they are usually written
// with Node: it says what it would let in. With --write it makes tests/data/openpay-basic.txt anew; without, it holds the stored
// file against both. Where we refuse what such a receiver lets in, on purpose, the name of the line says why.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, assertEqual, main, test } from './lib.mjs';

const target = path.join (path.dirname (fileURLToPath (import.meta.url)), '..', 'data', 'openpay-basic.txt');
const USER = 'cobro';
const ROUNDS = 90;
// What the usual receiver lets in and we do not; relay/providers/openpay/README.md has the reason: only the one canonical text.
const STRICTER = new Set (['unpadded', 'padded-more', 'url-alphabet', 'blank-inside', 'blanks-between', 'trailing-blank', 'leading-blank', 'odd-bits',
                           'short-secret', 'after-the-end', 'tab', 'twice', 'bad-base64']);

// The same numbers every time (mulberry32).
let state = 20261121;
function dice (n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul (state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul (t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = list => list[dice (list.length)];

const SECRETS = ['mws_0123456789abcdef0123456789abcdef', 'a secret with blanks in it', 'contraseña_con_ñ_y_密碼_0123', 'with:colons:in:it:and:more', '?>?>?>~~~~ÿÿÿÿ_0123',
                 'sixteen_bytes_xx', 'fifteen_bytes_x', 'short', '', ' '];
const GOOD = [0, 1, 2, 3, 4, 5];

// ── The judges ───────────────────────────────────────────────────────────────────────────────────
// As Node's client writes it.
function written (user, password) {
  const request = http.request ({ host: '127.0.0.1', port: 1, auth: `${user}:${password}` });
  request.on ('error', () => {});
  const header = request.getHeader ('authorization');
  request.destroy ();
  return header;
}

// As receivers usually read it: blanks around, Buffer's lenient base64, and the first colon.
function lets_in (header, secrets) {
  const found = /^\s*basic\s+(.*)$/is.exec (header ?? '');
  if (!found) return false;
  const plain = Buffer.from (found[1], 'base64').toString ();
  return secrets.some (secret => plain === `${USER}:${secret}`);
}

// ── The vectors: each adds [name, secrets, header]; null: no header ──────────────────────────────
const vectors = [];
const add = (name, secrets, header) => vectors.push ({ name, secrets: [secrets].flat (), header });
const other = (list, not) => { let one; do one = pick (list); while (one === not); return one; };
const base64 = text => Buffer.from (text).toString ('base64');
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function round () {
  const s = pick (GOOD), secret = SECRETS[s], good = written (USER, secret), token = good.slice (6), bare = token.replace (/=+$/, '');
  const at = dice (bare.length - 1);
  add ('good', s, good);
  add ('good', [s], `${pick (['basic', 'BASIC', 'bAsIc', 'Basic'])} ${token}`);
  add ('two-secrets', [other (GOOD, s), s], good);
  add ('two-secrets', [s, pick ([6, 7, 8])], good);
  add ('wrong-user', s, written (pick (['Cobro', 'cobr', 'cobroo', 'admin', '', ' cobro', 'cobro ', 'COBRO', USER + ':' + USER]), secret));
  add ('wrong-password', s, written (USER, SECRETS[other (GOOD, s)]));
  add ('wrong-password', s, written (USER, pick ([secret + 'x', secret + ' ', ' ' + secret, secret.slice (1), secret.slice (0, -1), secret.toUpperCase () + '!', ''])));
  add ('no-colon', s, 'Basic ' + base64 (USER + secret));
  add ('reversed', s, written (secret, USER));
  add ('flipped', s, 'Basic ' + token.slice (0, at) + other (letters, token[at]) + token.slice (at + 1));
  add ('cut', s, 'Basic ' + token.slice (0, dice (bare.length - 2)));
  add ('longer', s, 'Basic ' + base64 (`${USER}:${secret}${pick (['a', '\0', '\n', ' '])}`));
  add ('twice', s, `${good}, ${good}`);
  add ('twice', s, `${good},${good}`);
  add ('twice', s, `${good}, ${written ('eve', secret)}`);
  add ('twice', s, `${written ('eve', secret)}, ${good}`);
  add ('scheme', s, `${pick (['Bearer', 'Digest', 'Basi', 'Basic:', 'BasicX', '', 'Basic,'])} ${token}`);
  add ('scheme', s, `Basic${token}`);
  add ('scheme', s, token);
  add ('plain', s, `Basic ${USER}:${secret}`);
  add ('plain', s, `Basic ${base64 (base64 (`${USER}:${secret}`))}`);
  add ('hex', s, `Basic ${Buffer.from (`${USER}:${secret}`).toString ('hex')}`);
  add ('bad-base64', s, `Basic ${pick (['!', '====', '%%%', '*', '\u0000', '"' + token + '"', encodeURIComponent (token) + '%'])}`);
  add ('empty', s, pick (['', 'Basic', 'Basic ', 'Basic  ', ' ', 'basic', 'Basic =']));
  add ('missing', s, null);
  if (bare !== token) add ('unpadded', s, `Basic ${bare}`);
  add ('padded-more', s, `Basic ${token}${pick (['=', '==', '===='])}`);
  if (/[+/]/.test (token)) add ('url-alphabet', s, `Basic ${token.replaceAll ('+', '-').replaceAll ('/', '_')}`);
  add ('blank-inside', s, `Basic ${token.slice (0, at + 1)}${pick ([' ', '\t', '\r\n '])}${token.slice (at + 1)}`);
  add ('blanks-between', s, `Basic ${pick ([' ', '\t', '  '])}${token}`);
  add ('tab', s, `Basic\t${token}`);
  add ('trailing-blank', s, `${good}${pick ([' ', '\t', '\n', '\r\n'])}`);
  add ('leading-blank', s, `${pick ([' ', '\t'])}${good}`);
  add ('after-the-end', s, `${good}${pick (['.', '!', '?'])}`);
  const rest = token.length - bare.length;
  if (rest) { /* bits that the last letter carries and nobody reads */
    const last = letters.indexOf (bare.at (-1));
    add ('odd-bits', s, `Basic ${bare.slice (0, -1)}${letters[last ^ (1 + dice (rest === 2 ? 15 : 3))]}${'='.repeat (rest)}`);
  }
  const weak = pick ([6, 7, 8, 9]);
  add ('short-secret', weak, written (USER, SECRETS[weak]));
  add ('short-secret', [s, weak], written (USER, SECRETS[weak]));
}
for (let i = 0; i < ROUNDS; i++) round ();
const whole = written (USER, SECRETS[0]);
for (let at = 6; at < whole.length; at++) /* every letter counts */
  if (whole[at] !== '=') add ('letter', 0, whole.slice (0, at) + (whole[at] === 'A' ? 'Q' : 'A') + whole.slice (at + 1));

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────
const escape = text => [...Buffer.from (text)].map (byte => byte < 32 || byte > 126 || byte === 92 ? `\\${byte.toString (8).padStart (3, '0')}` : String.fromCharCode (byte)).join ('');

const differences = new Set ();
const lines = vectors.map (({ name, secrets, header }) => {
  const theirs = lets_in (header, secrets.map (secret => SECRETS[secret]));
  const ours = theirs && !STRICTER.has (name);
  if (theirs !== ours) differences.add (name);
  return `V\t${name}\t${theirs ? 'accept' : 'refuse'}\t${ours ? 'accept' : 'refuse'}\t${secrets.join ()}\t${header === null ? '-' : '=' + escape (header)}`;
});
const text = ['# Made by tests/judges/openpay-vectors.mjs. V: name, a usual receiver says, we say, secrets, header ("=" and its bytes; "-": none).',
              ...SECRETS.map (secret => `S\t${escape (secret)}`), ...lines, ''].join ('\n');

if (process.argv[2] === '--write') {
  fs.writeFileSync (target, text);
  console.log (`${lines.length} vectors`);
  process.exit (0);
}
test ('the stored vectors are these', () => assert (fs.readFileSync (target, 'utf8') === text, `${target} is another: --write makes it anew`));
test ('what Node writes is let in', () => assert (lines.filter (line => line.startsWith ('V\tgood\taccept\taccept')).length === 2 * ROUNDS, 'a good one is refused'));
test ('the differences are those on purpose', () => assertEqual ([...differences].sort (), [...STRICTER].sort (), 'differences'));
await main ();
