// dyn-judge.mjs: what npm's jsonwebtoken and jose say to an access token or an encrypted payload of the card-and-link API, and the
// keys of the vectors.
import crypto from 'node:crypto';

import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';

export const keys = { main: 'access-token-secret-at-least-32-bytes!!', other: 'another-secret-that-is-long-enough-too!!',
  exact: '32-bytes-are-just-enough-for-us!', short31: '31-bytes-are-one-too-few-for-us', short5: '12345' };
const base64url = bytes => Buffer.from (bytes).toString ('base64url');

// "aa", "ar", "ra", "rr": jsonwebtoken and jose accept or refuse. @now: seconds.
export async function judgeToken (token, key, now) {
  const secret = keys[key];
  let verdicts = '';
  try {
    jsonwebtoken.verify (token, secret, { algorithms: ['HS256'], clockTimestamp: now });
    verdicts += 'a';
  } catch { verdicts += 'r'; }
  try {
    await jose.jwtVerify (token, new TextEncoder ().encode (secret), { algorithms: ['HS256'], currentDate: new Date (now * 1000) });
    verdicts += 'a';
  } catch { verdicts += 'r'; }
  return verdicts;
}
// The key of tests/wire/test-wire-jwe.c, from the same seed: the remainder, and one.
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const seed = Buffer.from (Array.from ({ length: 64 }, (_, i) => (i * 7 + 3) & 255));

function ownKey () {
  const d = BigInt ('0x' + seed.toString ('hex')) % (ORDER - 1n) + 1n;
  const agreement = crypto.createECDH ('prime256v1');
  agreement.setPrivateKey (Buffer.from (d.toString (16).padStart (64, '0'), 'hex'));
  const point = agreement.getPublicKey ();
  return { kty: 'EC', crv: 'P-256', x: base64url (point.subarray (1, 33)), y: base64url (point.subarray (33)), d: base64url (agreement.getPrivateKey ()) };
}
export const own = ownKey ();
export const { d: _, ...publicOwn } = own;
const privateKey = await jose.importJWK (own, 'ECDH-ES');

// { v: "a", p: SHA-256 of the content } or { v: "r" }.
export async function judgePayload (text) {
  try {
    const { plaintext } = await jose.compactDecrypt (text, privateKey, { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] });
    return { v: 'a', p: crypto.createHash ('sha256').update (plaintext).digest ('hex') };
  } catch {
    return { v: 'r' };
  }
}
