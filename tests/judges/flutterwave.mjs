// Flutterwave's own SDK (flutterwave-node-v3) against our stand-in: verifying, tokens, refunds, lists. What an SDK with a schema of
// its own sends and reads must be what the stand-in takes and gives. It calls home when it is made: it does not get there.
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { StandIn, test, assert, assertEqual, fence, main } from './lib.mjs';

const require = createRequire (import.meta.url);
process.env.FLW_SDK_STATE_PATH = path.join (os.devNull, 'none'); // it keeps a file of its own; not here
const stopped = fence ();
const Flutterwave = require ('flutterwave-node-v3');

const standIn = await StandIn.start ('flutterwave');
const account = await standIn.control ('add_account');
const sdk = new Flutterwave ('FLWPUBK_TEST-SANDBOXDEMOKEY-X', account.settings['secret-key'], `${standIn.url}/`);
const key = account.settings['secret-key'];
const reference = n => `pay_01hzy3x8c2v4m6n7p9q0r1s2${String (n).padStart (2, '0')}.0123456789abcdef0123456789`;

// The SDK has no call for hosted payments: as the documents say, by hand.
async function makeLink (n, amount = 82.5) {
  await sdk.Transaction.verify_by_tx ({ tx_ref: reference (n) });
  const answer = await fetch (`${standIn.url}/v3/payments`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify ({ tx_ref: reference (n), amount, currency: 'NGN', redirect_url: 'https://shop.example/back',
                            customer: { email: 'ada@example.com', name: 'Ada' }, customizations: { title: 'A hat' } }),
  });
  return (await answer.json ()).data.link;
}

test ('what is not there is an error that says so', async () => {
  const answer = await sdk.Transaction.verify_by_tx ({ tx_ref: reference (0) });
  assertEqual ([answer.status, answer.message], ['error', 'No transaction was found for this id'], 'envelope');
});

test ('a wrong key is refused', async () => {
  const other = new Flutterwave ('FLWPUBK_TEST-X', `FLWSECK_TEST-${'0'.repeat (32)}-X`, `${standIn.url}/`);
  const answer = await other.Transaction.verify ({ id: 5 });
  assertEqual ([answer.status, answer.message], ['error', 'Invalid authorization key'], 'envelope');
});

test ('paid on the hosted page, verified by number and by tx_ref', async () => {
  assert ((await makeLink (1)).startsWith (`${standIn.url}/v3/hosted/pay/`), 'a page to go to');
  await standIn.control ('pay', { reference: reference (1) });
  const found = await sdk.Transaction.verify_by_tx ({ tx_ref: reference (1) });
  assertEqual ([found.status, found.data.status, found.data.amount, found.data.currency], ['success', 'successful', 82.5, 'NGN'], 'by tx_ref');
  const again = await sdk.Transaction.verify ({ id: found.data.id });
  assertEqual (again.data.flw_ref, found.data.flw_ref, 'by number');
  assert (again.data.charged_amount > again.data.amount, 'charged_amount has fees in it');
});

test ('failed, then paid: two transactions of one tx_ref, and the older one is what verify_by_reference shows', async () => {
  await makeLink (2);
  await standIn.control ('pay', { reference: reference (2), card: 'declines' });
  await standIn.control ('pay', { reference: reference (2) });
  assertEqual ((await sdk.Transaction.verify_by_tx ({ tx_ref: reference (2) })).data.status, 'failed', 'by tx_ref');
  const today = new Date ().toISOString ().slice (0, 10);
  const list = await sdk.Transaction.fetch ({ from: '2020-01-01', to: today, page: '1', tx_ref: reference (2) });
  assertEqual (list.data.map (one => one.status), ['successful', 'failed'], 'newest first');
  assertEqual (list.meta.page_info, { total: 2, current_page: 1, total_pages: 1 }, 'page_info');
});

test ('a charge by token, by the SDK’s schema', async () => {
  const token = await standIn.control ('new_token', { account: account.id, email: 'ada@example.com' });
  await sdk.Transaction.verify_by_tx ({ tx_ref: reference (3) });
  const payload = { token, currency: 'NGN', country: 'NG', amount: 20, email: 'ada@example.com', full_name: 'Ada Obi',
                    narration: 'A hat', tx_ref: reference (3), redirect_url: 'https://shop.example/back' };
  const answer = await sdk.Tokenized.charge (payload);
  assertEqual ([answer.status, answer.data.status, answer.data.tx_ref], ['success', 'successful', reference (3)], 'charged');
  const wrong = await (async () => {
    await sdk.Transaction.verify_by_tx ({ tx_ref: reference (4) });
    return sdk.Tokenized.charge ({ ...payload, tx_ref: reference (4), email: 'eve@example.com' });
  }) ();
  assertEqual (wrong.status, 'error', 'a token belongs to an address');
});

test ('a card that asks for its holder', async () => {
  const token = await standIn.control ('new_token', { account: account.id, email: 'ada@example.com', card: 'asks' });
  await sdk.Transaction.verify_by_tx ({ tx_ref: reference (5) });
  const answer = await sdk.Tokenized.charge ({ token, currency: 'NGN', country: 'NG', amount: 20, email: 'ada@example.com',
                                               narration: 'A hat', tx_ref: reference (5) });
  assertEqual ([answer.data.status, answer.meta.authorization.mode], ['pending', 'redirect'], 'to the bank');
});

test ('refunds: part, too much, and what lists say', async () => {
  const { data } = await sdk.Transaction.verify_by_tx ({ tx_ref: reference (1) });
  const look = () => fetch (`${standIn.url}/v3/refunds?from=2020-01-01&to=2099-01-01&page=1`, { headers: { Authorization: `Bearer ${key}` } });
  await look ();
  const sdkRefund = amount => {
    // The SDK sends id in the body, too, which the documents do not know: our stand-in is the documents'.
    return sdk.Transaction.refund ({ id: String (data.id), amount });
  };
  await standIn.control ('excuse', { pattern: 'refund: .*member id is unknown' });
  const made = await sdkRefund (20);
  assertEqual ([made.status, made.data.tx_id, made.data.amount_refunded, made.data.status], ['success', data.id, 20, 'completed'], 'refunded');
  await look ();
  assertEqual ((await sdkRefund (80)).status, 'error', 'more than is left');
  const list = await (await look ()).json ();
  assertEqual (list.data.map (one => [one.TransactionId, one.AmountRefunded]), [[data.id, 20]], 'the other spelling');
});

test ('the list has pages', async () => {
  for (let n = 10; n < 22; n++) {
    await makeLink (n);
    await standIn.control ('pay', { reference: reference (n) });
  }
  const today = new Date ().toISOString ().slice (0, 10);
  const first = await sdk.Transaction.fetch ({ from: '2020-01-01', to: today, page: '1' });
  const second = await sdk.Transaction.fetch ({ from: '2020-01-01', to: today, page: '2' });
  assertEqual ([first.data.length, first.meta.page_info.current_page], [10, 1], 'ten on a page');
  assert (second.data.every (one => Number (one.id) < Number (first.data[9].id)), 'older on the second');
});

test ('the SDK wanted to call home, and did not get there', async () => {
  assert (stopped.length > 0, 'it no longer calls home: say so in the sheet');
  assert (stopped.every (host => !host.startsWith ('127.')), 'loopback is not stopped');
});

await main (standIn);
