// dyn.mjs: the stored vectors of the card-and-link API are what jsonwebtoken and jose say today; and the keys of the relay are such as
// they take. The vectors: dyn-vectors.mjs; what ours says to them: tests/wire/test-wire-{jwt,jwe}.c.
// proves: DYN-3, DYN-5
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { judgePayload, judgeToken, publicOwn } from './dyn-judge.mjs';
import { assert, assertEqual, main, test } from './lib.mjs';

const folder = path.join (path.dirname (fileURLToPath (import.meta.url)), '..', 'data', 'dyn');
const read = name => fs.readFileSync (path.join (folder, name), 'utf8').trim ().split ('\n').map (line => JSON.parse (line));

test ('access tokens', async () => {
  const vectors = read ('jwt.jsonl');
  for (const { k, n, s, t, v } of vectors) assertEqual (await judgeToken (t, s, n), v, `${k}: ${t}`);
  assert (vectors.length > 4000, 'too few');
});
test ('encrypted payloads', async () => {
  const vectors = read ('jwe.jsonl');
  for (const { k, t, v, p } of vectors) assertEqual (await judgePayload (t), p ? { v, p } : { v }, `${k}: ${t}`);
  assert (vectors.length > 2500, 'too few');
});
test ('the public key', () => assertEqual (read ('own.json')[0], publicOwn, 'own.json'));

await main ();
