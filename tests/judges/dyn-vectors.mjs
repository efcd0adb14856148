// dyn-vectors.mjs [FOLDER]: makes tests/data/dyn/{jwt,jwe}.jsonl: access tokens and encrypted payloads, good ones and every kind of
// bad one, with what npm's jsonwebtoken and jose say to each. One line each: k kind, n the present time, s which key, t the text,
// v the verdicts (jsonwebtoken, jose: a accepts, r refuses), p (JWE) SHA-256 of the content. The same at every run, but for
// the keys and nonces that jose draws, and iat. tests/wire/test-wire-{jwt,jwe}.c hold ours against it.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';

import { judgePayload, judgeToken, keys, own, publicOwn } from './dyn-judge.mjs';

const folder = process.argv[2] ?? path.join (path.dirname (fileURLToPath (import.meta.url)), '..', 'data', 'dyn');
const NOW = 1790000000;
// ── Chance that is the same at every run ─────────────────────────────────────────────────────────
let state = 1;
function below (n) {
  state = (Math.imul (state, 1103515245) + 12345) >>> 0;
  return Math.floor ((state / 2 ** 32) * n);
}
const pick = list => list[below (list.length)];
const hex = n => Array.from ({ length: n }, () => '0123456789abcdef'[below (16)]).join ('');
const word = n => Array.from ({ length: n }, () => pick ([...'abcdefghijklmnopqrstuvwxyzåé€😀 .-'])).join ('');

// ── Base64url, also as it should not be ──────────────────────────────────────────────────────────
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const encode = data => Buffer.from (typeof data === 'string' ? data : data instanceof Uint8Array ? data : JSON.stringify (data)).toString ('base64url');

// The same bytes in another last character; undefined where there is none.
function otherTail (text) {
  const spare = { 2: 16, 3: 4 }[text.length % 4];
  if (!spare) return undefined;
  const value = ALPHABET.indexOf (text.at (-1));
  return text.slice (0, -1) + ALPHABET[value - value % spare + 1 + below (spare - 1)];
}
function changed (text, at) {
  const value = ALPHABET.indexOf (text[at]);
  return value < 0 ? text.slice (0, at) + 'A' + text.slice (at + 1) : text.slice (0, at) + ALPHABET[(value + 1 + below (63)) % 64] + text.slice (at + 1);
}

function writer (name) {
  const lines = [], counts = {};
  return {
    add (kind, line) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      lines.push (JSON.stringify ({ k: kind, ...line }));
    },
    close () {
      fs.mkdirSync (folder, { recursive: true });
      fs.writeFileSync (path.join (folder, name), lines.join ('\n') + '\n');
      console.log (`${name}: ${lines.length} vectors`, counts);
    },
  };
}

// ── JWT ──────────────────────────────────────────────────────────────────────────────────────────
const jwt = writer ('jwt.jsonl');

async function put (kind, token, key = 'main', now = NOW) {
  jwt.add (kind, { n: now, s: key, v: await judgeToken (token, key, now), t: token });
}
const mac = (text, key = 'main', hash = 'sha256') => crypto.createHmac (hash, keys[key]).update (text).digest ('base64url');
// Signs whatever it is given: parts already encoded.
const seal = (header, payload, key = 'main', hash = 'sha256') => `${header}.${payload}.${mac (`${header}.${payload}`, key, hash)}`;
const HEAD = encode ({ alg: 'HS256', typ: 'JWT' });
const claims = () => ({ email: `${word (6)}@example.com`, ref: hex (48), pathType: 'createLink', id: crypto.createHash ('md5').update (hex (8)).digest ('hex') });
const small = () => ({ ref: hex (12), exp: NOW + 1 + below (9999) });

async function jwts () {
  await put ('good', 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJlbWFpbCI6ImN1c3RvbWVyQGV4YW1wbGUuY29tIiwicmVmIjoiNGRiZDRkM2ZiMjJlMzM2MzE4MDczNTZhZmUxM2MwMTZkMjAwNTQ4YTYzNWNkOTllIiwicGF0aFR5cGUiOiJjcmVhdGVMaW5rIiwiaWQiOiJmMDI0NjFlYi0xNWIxLTQ5YTMtOWNiYy0yMGZlYWY1ZjAyNDEifQ.rdaqkbUQtKDoTl9u6SIU5L7KSejIx-52-573HaqZITw');
  for (let i = 0; i < 300; i++) {
    const key = pick (['main', 'other', 'exact']);
    const times = { exp: NOW + 1 + below (100000), iat: NOW - below (1000), ...(below (2) ? { nbf: NOW - below (1000) } : {}) };
    await put ('good', jsonwebtoken.sign ({ ...claims (), ...times }, keys[key]), key);
    const made = new jose.SignJWT ({ ...small (), text: word (below (30)), list: [below (9), null, true], deep: { a: { b: word (3) } } });
    await put ('good', await made.setProtectedHeader ({ alg: 'HS256', typ: 'JWT' }).sign (new TextEncoder ().encode (keys[key])), key);
  }
  for (let i = 0; i < 100; i++) {
    await put ('no typ', seal (encode ({ alg: 'HS256' }), encode (small ())));
    await put ('no typ', await new jose.SignJWT (small ()).setProtectedHeader ({ alg: 'HS256' }).sign (new TextEncoder ().encode (keys.main)));
    await put ('wrong key', jsonwebtoken.sign (small (), keys.main), 'other');
    const good = jsonwebtoken.sign (small (), keys.main);
    const [head, payload, tag] = good.split ('.');
    await put ('stripped', pick ([`${head}.${payload}`, `${head}.${payload}.`, `${head}.${payload}.${tag.slice (0, below (43))}`, `${good}${pick ([...ALPHABET])}`]));
    await put ('padding', pick ([`${good}=`, `${head}=.${payload}.${tag}`, `${head}.${payload}=.${tag}`, `${head}.${payload}==.${tag}=`]));
    await put ('other claims', `${head}.${encode (small ())}.${tag}`);
    await put ('parts', pick ([`${good}.${tag}`, `${good}.`, `.${good}`, head, `${head}..${tag}`, `.${payload}.${tag}`, '', '.', '..', '...', `${head}.${payload}.${tag}.x.y`]));
    await put ('blanks', pick ([` ${good}`, `${good} `, `${good}\n`, `${head} .${payload}.${tag}`, `${head}.${payload.slice (0, 5)} ${payload.slice (5)}.${tag}`, `${head}.${payload}.\t${tag}`]));
  }
  for (let i = 0; i < 800; i++) {
    const good = jsonwebtoken.sign (small (), keys.main);
    await put ('one character', changed (good, below (good.length)));
  }
  await algorithms ();
  await texts ();
  await times ();
  await shapes ();
  jwt.close ();
}

async function algorithms () {
  const hashes = { HS384: 'sha384', HS512: 'sha512' };
  for (let i = 0; i < 40; i++) {
    for (const [alg, hash] of Object.entries (hashes)) {
      await put ('alg', jsonwebtoken.sign (small (), keys.main, { algorithm: alg }));
      await put ('alg', seal (encode ({ alg }), encode (small ()), 'main', 'sha256'));
      await put ('alg', seal (HEAD, encode (small ()), 'main', hash));
    }
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS256 ', 'hs256', 'RS256', 'ES256', 'PS256', 'EdDSA', 'dir', 'HS1', null, 256, true, ['HS256'], { a: 'HS256' }])
      if (i < 8) {
        const payload = encode (small ());
        await put ('alg', `${encode ({ alg, typ: 'JWT' })}.${payload}.`);
        await put ('alg', seal (encode ({ alg, typ: 'JWT' }), payload));
      }
    await put ('alg', seal (encode ({ typ: 'JWT' }), encode (small ())));
    await put ('alg twice', seal (encode (pick (['{"alg":"none","alg":"HS256"}', '{"alg":"HS512","alg":"HS256","typ":"JWT"}', '{"alg":"HS256","alg":"HS256"}'])), encode (small ())));
    await put ('alg twice', seal (encode ('{"alg":"HS256","alg":"none"}'), encode (small ())));
    await put ('header members', seal (encode ({ alg: 'HS256', ...pick ([{ kid: '1' }, { jku: 'https://example.com' }, { cty: 'JWT' }, { x5c: [] }, { b64: true }, { jwk: {} }, { unknown: 1 }]) }), encode (small ())));
    await put ('crit', seal (encode ({ alg: 'HS256', crit: pick ([['b64'], ['exp'], [], 'exp', ['alg']]), b64: true, exp: 1 }), encode (small ())));
    await put ('typ', seal (encode ({ alg: 'HS256', typ: pick (['jwt', 'at+jwt', 'JOSE', '', 'JWT ', null, 1, ['JWT']]) }), encode (small ())));
    for (const key of ['short5', 'short31']) await put ('short secret', seal (HEAD, encode (small ()), key), key);
  }
}

async function texts () {
  for (let i = 0; i < 60; i++) {
    const payload = JSON.stringify (small ()) + ' '.repeat (below (3));
    const parts = [encode ({ alg: 'HS256', typ: 'JWT' }) , encode (payload)];
    const tails = parts.map (otherTail);
    if (tails[1]) await put ('tail of a signed part', seal (parts[0], tails[1]));
    const spaced = encode ('{"alg":"HS256"}' + ' '.repeat (below (3)));
    if (otherTail (spaced)) await put ('tail of a signed part', seal (otherTail (spaced), parts[1]));
    const good = seal (parts[0], parts[1]);
    await put ('tail of the signature', good.slice (0, -43) + otherTail (good.slice (-43)));
    const rough = Buffer.from (JSON.stringify ({ ...small (), text: '\u00ff\u00bf\u00fe?>~'.repeat (3) + word (3) })).toString ('base64');
    if (/[+/]/.test (rough)) await put ('base64 signed', seal (HEAD, rough.replace (/=+$/, '')));
    await put ('padding signed', seal (HEAD, Buffer.from (JSON.stringify (small ()) + ' '.repeat (below (3))).toString ('base64').replaceAll ('+', '-').replaceAll ('/', '_') + '='));
    await put ('blanks signed', seal (HEAD, parts[1].slice (0, 4) + pick ([' ', '\n', '\r\n', '\t']) + parts[1].slice (4)));
    await put ('claims twice', seal (HEAD, encode (pick ([`{"ref":"a","ref":"b","exp":${NOW + 9}}`, `{"exp":1,"exp":${NOW + 9}}`, `{"exp":${NOW + 9},"a":{"b":1,"b":2}}`, `{"exp":${NOW + 9},"\\u0065xp":${NOW + 10}}`]))));
    await put ('bytes', seal (HEAD, encode (Buffer.concat ([Buffer.from ('{"a":"'), pick ([Buffer.from ([0xff]), Buffer.from ([0xc0, 0x80]), Buffer.from ([0xed, 0xa0, 0x80]), Buffer.from ([0xf5, 0x80, 0x80, 0x80])]), Buffer.from (`","exp":${NOW + 9}}`)]))));
    await put ('bytes', seal (HEAD, encode (pick (['\ufeff', '']) + `{"a":"${pick (['\\ud800', '\\u0000', '\u0001', '\t'])}","exp":${NOW + 9}}`)));
    if (i < 6) await put ('too long', seal (HEAD, encode ({ exp: NOW + 9, text: 'x'.repeat (3200 + below (4000)) })));
    await put ('too deep', seal (HEAD, encode (`{"exp":${NOW + 9},"a":${'['.repeat (40)}${']'.repeat (40)}}`)));
  }
}

async function times () {
  for (let i = 0; i < 60; i++) {
    for (const [kind, exp] of [['exp past', NOW - below (100000)], ['exp past', NOW], ['exp past', 1], ['exp', NOW + 1]])
      await put (kind, seal (HEAD, encode ({ ref: hex (8), exp })));
    for (const [kind, nbf] of [['nbf future', NOW + 1 + below (100000)], ['nbf future', NOW + 1], ['nbf', NOW], ['nbf', NOW - 1 - below (1000)]])
      await put (kind, seal (HEAD, encode ({ ref: hex (8), exp: NOW + 9, nbf })));
    await put ('iat future', seal (HEAD, encode ({ exp: NOW + 9999, iat: NOW + 301 + below (9000) })));
    await put ('iat', seal (HEAD, encode ({ exp: NOW + 9, iat: NOW - 300 + below (601) })));
    const name = pick (['exp', 'nbf', 'iat']);
    await put ('time of another type', seal (HEAD, encode ({ ref: hex (8), exp: NOW + 9, [name]: pick ([`${NOW + 9}`, null, true, [NOW + 9], { a: 1 }, 'never', '']) })));
    await put ('time with a fraction', seal (HEAD, encode (`{"exp":${NOW + 9},"ref":"${hex (8)}","${pick (['nbf', 'iat'])}":${pick ([`${NOW - 9}.5`, '1.0', '1e3', '0.5'])}}`)));
    await put ('time beyond', seal (HEAD, encode (`{"ref":"${hex (8)}","exp":${pick (['9223372036854775807', '9223372036854', '4611686018427387904', '1e300', '99999999999999999999', '18446744073709551617'])}}`)));
    await put ('time of nothing', seal (HEAD, encode ({ ref: hex (8), exp: NOW + 9, [pick (['nbf', 'iat'])]: pick ([0, -1, -NOW]) })));
  }
}

async function shapes () {
  for (let i = 0; i < 20; i++)
    for (const payload of ['[]', '"text"', 'null', '7', 'true', '', 'x', '{}x', '{', "{'a':1}", '{"a":1,}', '{"a":NaN}', '{"a":01}', '[{"exp":1}]', '{}{}', '/**/{}', '{"a":1e999}'])
      await put ('payload of another shape', seal (HEAD, encode (payload)));
  for (let i = 0; i < 20; i++)
    for (const header of ['[]', '"HS256"', 'null', '', 'x', '{', '{"alg":"HS256"}x', '["alg"]'])
      await put ('header of another shape', seal (encode (header), encode (small ())));
}

// ── JWE ──────────────────────────────────────────────────────────────────────────────────────────
const jwe = writer ('jwe.jsonl');
const publicKey = await jose.importJWK (publicOwn, 'ECDH-ES');
const utf8 = text => new TextEncoder ().encode (text);

async function putJwe (kind, text) {
  jwe.add (kind, { ...await judgePayload (text), t: text });
}

async function encrypt (text, header = {}, key = publicKey, parties) {
  const made = new jose.CompactEncrypt (utf8 (text)).setProtectedHeader ({ alg: 'ECDH-ES', enc: 'A256GCM', ...header });
  if (parties) made.setKeyManagementParameters (parties);
  return made.encrypt (key);
}

// A JWE of our own making, as right or wrong as its parts: what no library would write.
function forge ({ header = {}, drop = [], epk, text = '{}', raw, ivBytes = 12, tagBytes = 16 } = {}) {
  const pair = crypto.createECDH ('prime256v1');
  pair.generateKeys ();
  const point = pair.getPublicKey ();
  const whole = { alg: 'ECDH-ES', enc: 'A256GCM', epk: epk ?? { kty: 'EC', crv: 'P-256', x: encode (point.subarray (1, 33)), y: encode (point.subarray (33)) }, ...header };
  for (const name of drop) delete whole[name];
  const head = raw ? raw (whole) : encode (whole);
  const z = pair.computeSecret (Buffer.concat ([Buffer.from ([4]), Buffer.from (own.x, 'base64url'), Buffer.from (own.y, 'base64url')]));
  const field = bytes => Buffer.concat ([Buffer.from ([0, 0, 0, bytes.length]), bytes]);
  const party = name => field (typeof whole[name] === 'string' ? Buffer.from (whole[name], 'base64url') : Buffer.alloc (0));
  const kdf = crypto.createHash ('sha256').update (Buffer.concat ([Buffer.from ([0, 0, 0, 1]), z, field (Buffer.from ('A256GCM')), party ('apu'), party ('apv'), Buffer.from ([0, 0, 1, 0])])).digest ();
  const iv = crypto.randomBytes (ivBytes);
  const cipher = crypto.createCipheriv ('aes-256-gcm', kdf, iv, { authTagLength: 16 });
  cipher.setAAD (Buffer.from (head));
  const body = Buffer.concat ([cipher.update (text), cipher.final ()]);
  return `${head}..${encode (iv)}.${encode (body)}.${encode (cipher.getAuthTag ().subarray (0, tagBytes))}`;
}

async function jwes () {
  for (let i = 0; i < 300; i++) await putJwe ('good', await encrypt (JSON.stringify ({ gateway: 'flutterwave', token: word (below (200)) })));
  for (let i = 0; i < 60; i++) {
    await putJwe ('good', await encrypt ('{}', { ...(below (2) ? { kid: 'own' } : {}), ...(below (2) ? { typ: 'JOSE' } : {}), ...(below (2) ? { cty: 'json' } : {}) }));
    await putJwe ('parties', await encrypt (word (9), {}, publicKey, { apu: utf8 (word (below (20) + 1)), apv: utf8 (word (below (20) + 1)) }));
    await putJwe ('good', await encrypt (''));
    await putJwe ('good', forge ({ text: word (20) }));
    await putJwe ('parties', forge ({ header: { apu: encode (word (3)), apv: encode (word (5)) } }));
    await putJwe ('parties', forge ({ header: { apu: '' } }));
  }
  for (let i = 0; i < 900; i++) {
    const good = await encrypt (word (30));
    const at = below (good.length);
    const other = good[at] === '.' ? good.slice (0, at) + good.slice (at + 1) : changed (good, at);
    const same = other.length === good.length && other.split ('.').every ((one, j) => Buffer.from (one, 'base64url').equals (Buffer.from (good.split ('.')[j], 'base64url')));
    await putJwe (same ? 'tail' : 'one character', other);
  }
  await otherAlgorithms ();
  await headers ();
  await points ();
  jwe.close ();
}

async function otherAlgorithms () {
  const { publicKey: rsa } = await jose.generateKeyPair ('RSA-OAEP', { extractable: true });
  const { publicKey: foreign } = await jose.generateKeyPair ('ECDH-ES', { crv: 'P-256' });
  const secret = crypto.randomBytes (32);
  for (let i = 0; i < 25; i++) {
    for (const alg of ['ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW']) await putJwe ('alg', await encrypt ('{}', { alg }));
    for (const enc of ['A128GCM', 'A192GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512']) await putJwe ('enc', await encrypt ('{}', { enc }));
    await putJwe ('alg', await encrypt ('{}', { alg: 'dir' }, secret));
    await putJwe ('alg', await encrypt ('{}', { alg: 'A256KW' }, secret));
    if (i < 5) await putJwe ('alg', await encrypt ('{}', { alg: 'RSA-OAEP' }, rsa));
    await putJwe ('wrong key', await encrypt ('{}', {}, foreign));
    for (const crv of ['P-384', 'P-521', 'X25519']) {
      const pair = await jose.generateKeyPair ('ECDH-ES', { crv });
      await putJwe ('other curve', await encrypt ('{}', {}, pair.publicKey));
    }
    await putJwe ('alg', forge ({ header: { alg: pick (['dir', 'none', 'ecdh-es', 'ECDH-ES ', null, 1, ['ECDH-ES']]) } }));
    await putJwe ('enc', forge ({ header: { enc: pick (['A256GCM ', 'a256gcm', null, 1, '', 'A256CBC-HS512']) } }));
  }
}

async function headers () {
  for (let i = 0; i < 40; i++) {
    await putJwe ('crit and zip', forge ({ header: pick ([{ zip: 'DEF' }, { crit: ['exp'], exp: 1 }, { crit: [] }, { zip: null }, { crit: null }, { zip: 'none' }]) }));
    await putJwe ('header members', forge ({ header: pick ([{ unknown: 1 }, { jku: 'https://example.com' }, { iss: 'x' }, { p2c: 1 }]) }));
    await putJwe ('member of another type', forge ({ header: pick ([{ kid: 1 }, { cty: 7 }, { typ: [] }, { apu: 1 }, { apv: [] }]) }));
    await putJwe ('missing', forge ({ drop: [pick (['alg', 'enc', 'epk'])] }));
    await putJwe ('members twice', forge ({ raw: whole => encode (JSON.stringify (whole).replace ('{', pick (['{"alg":"dir",', '{"enc":"A128GCM",', '{"epk":{},']))) }));
    await putJwe ('tail of the header', forge ({ raw: whole => { const text = JSON.stringify (whole); for (const blanks of ['', ' ', '  ']) { const tail = otherTail (encode (text + blanks)); if (tail) return tail; } return ''; } }));
    await putJwe ('header in another shape', forge ({ raw: whole => pick ([encode ([whole]), encode (JSON.stringify (whole) + 'x'), encode ('\ufeff' + JSON.stringify (whole)), Buffer.from (JSON.stringify (whole)).toString ('base64') + '=']) }));
    await putJwe ('nonce and tag', forge (pick ([{ ivBytes: 8 }, { ivBytes: 16 }, { ivBytes: 11 }, { tagBytes: 12 }, { tagBytes: 4 }, { tagBytes: 15 }])));
    const good = forge ({ text: word (3) }).split ('.');
    for (const at of [2, 3, 4]) {
      const tail = otherTail (good[at]);
      if (tail) await putJwe ('tail', good.with ? good.with (at, tail).join ('.') : good.map ((one, j) => j === at ? tail : one).join ('.'));
    }
    await putJwe ('padding', pick ([`${good.join ('.')}=`, `${good[0]}=..${good.slice (2).join ('.')}`]));
    await putJwe ('parts', pick ([good.slice (0, 4).join ('.'), `${good.join ('.')}.`, `.${good.join ('.')}`, '....', '', 'x', `${good[0]}.AAAA.${good.slice (2).join ('.')}`, `${good.join ('.')} `, ` ${good.join ('.')}`, `${good[0]}.. ${good.slice (2).join ('.')}`]));
    if (i < 6) await putJwe ('too long', forge ({ text: 'x'.repeat (8000) }));
  }
}

async function points () {
  const zero = encode (Buffer.alloc (32)), one = encode (Buffer.from (hex (64), 'hex'));
  const prime = encode (Buffer.from ('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff', 'hex'));
  for (let i = 0; i < 40; i++) {
    const pair = await jose.exportJWK ((await jose.generateKeyPair ('ECDH-ES', { crv: 'P-256', extractable: true })).publicKey);
    for (const epk of [{ ...pair, x: zero }, { ...pair, y: zero }, { ...pair, x: zero, y: zero }, { ...pair, x: one }, { ...pair, x: prime }, { ...pair, y: prime },
      { ...pair, x: pair.y, y: pair.x }, { ...pair, crv: 'P-384' }, { ...pair, crv: 'secp256k1' }, { ...pair, kty: 'OKP' }, { ...pair, x: pair.x.slice (0, 42) },
      { ...pair, x: `${pair.x}AA` }, { ...pair, x: `${pair.x}=` }, { kty: 'EC', crv: 'P-256', x: pair.x }, {}, null, 'x', [pair], { ...pair, x: 1 }])
      if (i < 12) await putJwe ('point', forge ({ epk: epk ?? undefined, header: epk === null ? { epk } : {} }));
    await putJwe ('key members', forge ({ raw: whole => encode ({ ...whole, epk: { ...whole.epk, ...pick ([{ d: one }, { use: 'enc' }, { kid: 'x' }, { alg: 'ECDH-ES' }, { ext: true }, { key_ops: [] }]) } }) }));
    await putJwe ('tail of a coordinate', forge ({ raw: whole => encode ({ ...whole, epk: { ...whole.epk, x: otherTail (whole.epk.x) } }) }));
  }
}

await jwts ();
await jwes ();
fs.writeFileSync (path.join (folder, 'own.json'), JSON.stringify (publicOwn) + '\n');
