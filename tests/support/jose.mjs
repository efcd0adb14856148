// jose.mjs: what a page that uses the card-and-link API does with npm's jose and jsonwebtoken, one command a line:
//   {"do": "encrypt", "jwk", "text", "header"?} → {"jwe"};  {"do": "sign", "claims", "secret", "options"?} → {"token"};
//   {"do": "read", "token"} → {"header", "claims"}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import readline from 'node:readline';

const require = createRequire (new URL ('../judges/lib.mjs', import.meta.url));
const jose = await import (require.resolve ('jose').replace (/^\//, 'file:///'));
const jsonwebtoken = require ('jsonwebtoken');

const commands = {
  async encrypt ({ jwk, text, header }) {
    const key = await jose.importJWK (jwk, 'ECDH-ES');
    const made = new jose.CompactEncrypt (new TextEncoder ().encode (text));
    return { jwe: await made.setProtectedHeader ({ alg: 'ECDH-ES', enc: 'A256GCM', ...header }).encrypt (key) };
  },
  sign: ({ claims, secret, options }) => ({ token: jsonwebtoken.sign (claims, secret, options) }),
  read: ({ token }) => ({ header: jose.decodeProtectedHeader (token), claims: jose.decodeJwt (token) }),
};

for await (const line of readline.createInterface ({ input: process.stdin })) {
  const command = JSON.parse (line);
  fs.writeSync (1, JSON.stringify (await commands[command.do] (command)) + '\n');
}
