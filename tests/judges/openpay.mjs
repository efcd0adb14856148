// tests/judges/openpay.mjs — Openpay's own Node SDK (npm openpay) against its stand-in: what the SDK sends is accepted, what it gets is
// what it hands on; and what the documents forbid is refused in their shapes.
// proves: OPL-8
import { createRequire } from 'node:module';
import { StandIn, assert, assertEqual, fence, main, test } from './lib.mjs';

const Openpay = createRequire (import.meta.url) ('openpay');
const stopped = fence ();
const company = await StandIn.start ('openpay');
Openpay.SANDBOX_URL = company.url;
const account = await company.control ('add_account');
const sdk = new Openpay (account.settings['merchant-id'], account.settings['private-key'], false);

// The SDK's callbacks as promises; it hands a refusal's body on as the error.
const call = (group, name, ...args) => new Promise ((resolve, reject) =>
  group[name] (...args, (error, body, response) => error ? reject (Object.assign (new Error (error.description ?? error), { body: error, status: response?.statusCode }))
                                                         : resolve (body)));
async function refused (code, status, group, name, ...args) {
  try {
    await call (group, name, ...args);
  } catch (error) {
    assertEqual ([error.body.error_code, error.body.http_code, error.status], [code, status, status], 'the refusal');
    assert (error.body.category && error.body.description && error.body.request_id, `the refusal is not whole: ${JSON.stringify (error.body)}`);
    return error;
  }
  throw new Error (`${name} was not refused`);
}
const customer = { name: 'Juan', last_name: 'Vazquez Juarez', phone_number: '4423456723', email: 'juan.vazquez@empresa.com.mx' };
let orders = 0;
const order = () => `oid-${++orders}`;
const base = () => ({ description: 'Cargo inicial a mi cuenta', order_id: order (), customer });
const token = card => company.control ('tokenize', { account: account.id, card });

test ('a charge with a token', async () => {
  const sent = { ...base (), method: 'card', source_id: await token ('pays'), amount: 82.5, currency: 'MXN', device_session_id: 'kR1MiQhz2otdIuUlQkbEyitIqVMiI16f' };
  const charge = await call (sdk.charges, 'create', sent);
  assertEqual ([charge.status, charge.amount, charge.currency, charge.order_id, charge.method, charge.transaction_type, charge.operation_type],
               ['completed', 82.5, 'MXN', sent.order_id, 'card', 'charge', 'in'], 'the charge');
  assert (/^\d{6}XXXXXX\d{4}$/.test (charge.card.card_number) && charge.authorization, 'a masked card and an authorization');
  assertEqual ((await call (sdk.charges, 'get', charge.id)).status, 'completed', 'the charge read again');
  await refused (1006, 409, sdk.charges, 'create', { ...sent, source_id: await token ('pays') });
  await refused (1005, 404, sdk.charges, 'create', { ...sent, order_id: order () }); // the token was used
});

test ('a charge with a redirect', async () => {
  const charge = await call (sdk.charges, 'create', { ...base (), method: 'card', amount: 716, currency: 'MXN', send_email: false, confirm: false,
                                                      redirect_url: 'http://www.openpay.mx/index.html' });
  assertEqual ([charge.status, charge.payment_method.type], ['charge_pending', 'redirect'], 'the charge');
  assert (charge.payment_method.url.endsWith (`/charges/${charge.id}/card_capture`), charge.payment_method.url);
  const form = await fetch (charge.payment_method.url);
  assert ((await form.text ()).includes ('Card number'), 'the hosted form');
  const typed = await fetch (charge.payment_method.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams ({ number: '4111 1111 1111 1111', do: 'pay' }) });
  assertEqual ([typed.status, typed.headers.get ('location')], [303, `http://www.openpay.mx/index.html?id=${charge.id}`], 'the way back');
  assertEqual ((await call (sdk.charges, 'get', charge.id)).status, 'completed', 'the charge read again');
});

test ('3-D Secure', async () => {
  const source = await token ('4000000000000044');
  const sent = { ...base (), method: 'card', source_id: source, amount: 100, device_session_id: 'd' };
  await refused (3005, 402, sdk.charges, 'create', sent);
  const charge = await call (sdk.charges, 'create', { ...sent, use_3d_secure: true, redirect_url: 'https://shop.example/back' });
  assertEqual ([charge.status, charge.payment_method.type], ['charge_pending', 'redirect'], 'the charge');
  assert (charge.payment_method.url.endsWith (`/charges/${charge.id}/redirect/`), charge.payment_method.url);
  await fetch (charge.payment_method.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams ({ answer: 'approve' }) });
  assertEqual ((await call (sdk.charges, 'get', charge.id)).status, 'completed', 'the charge read again');
});

test ('cards that decline', async () => {
  for (const [card, code, status] of [['4222222222222220', 3001, 402], ['4000000000000069', 3002, 402], ['4444444444444448', 3003, 402], ['4000000000000119', 3004, 402]])
    await refused (code, status, sdk.charges, 'create', { ...base (), method: 'card', source_id: await token (card), amount: 10, device_session_id: 'd' });
});

test ('a transfer, and a store', async () => {
  const due = new Date (Date.now () + 86400000).toISOString ().replace (/\.\d+Z/, 'Z');
  const spei = await call (sdk.charges, 'create', { ...base (), method: 'bank_account', amount: 100.25, due_date: due });
  assertEqual ([spei.status, spei.payment_method.type], ['in_progress', 'bank_transfer'], 'the transfer');
  assert (/^\d{18}$/.test (spei.payment_method.clabe) && spei.payment_method.bank && spei.payment_method.agreement && spei.payment_method.name, 'what to pay with');
  const store = await call (sdk.charges, 'create', { ...base (), method: 'store', amount: 100, due_date: due });
  assertEqual ([store.status, store.payment_method.type, Date.parse (store.due_date)], ['in_progress', 'store', Date.parse (due)], 'the store');
  assert (store.payment_method.reference && store.payment_method.barcode_url.includes (store.payment_method.reference), 'reference and bar code');
  await company.control ('pay', { reference: store.order_id });
  assertEqual ((await call (sdk.charges, 'get', store.id)).status, 'completed', 'the store after the payment');
  await refused (3006, 412, sdk.charges, 'refund', store.id, { description: 'devolucion' });
});

test ('refunds, in part and the rest', async () => {
  const charge = await call (sdk.charges, 'create', { ...base (), method: 'card', source_id: await token ('pays'), amount: 100, device_session_id: 'd' });
  const part = await call (sdk.charges, 'refund', charge.id, { description: 'devolución', amount: 40.5 });
  assertEqual ([part.status, part.refund.amount, part.refund.status, part.refund.transaction_type, part.refund.operation_type, part.refund.description],
               ['completed', 40.5, 'completed', 'refund', 'out', 'devolución'], 'a refunded charge still says completed');
  await refused (1003, 422, sdk.charges, 'refund', charge.id, { amount: 60 });
  const rest = await call (sdk.charges, 'refund', charge.id, {});
  assertEqual ([rest.refund.amount, rest.status], [59.5, 'completed'], 'the rest');
});

test ('lists', async () => {
  const today = new Date (Date.now () - 86400000).toISOString ().slice (0, 10);
  const first = await call (sdk.charges, 'list', { 'creation[gte]': today, limit: 2 });
  const second = await call (sdk.charges, 'list', { 'creation[gte]': today, limit: 2, offset: 2 });
  assertEqual ([first.length, second.length, new Set ([...first, ...second].map (charge => charge.id)).size], [2, 2, 4], 'two pages');
  const one = await call (sdk.charges, 'list', { order_id: first[0].order_id });
  assertEqual (one.map (charge => charge.id), [first[0].id], 'by order');
  assertEqual (await call (sdk.charges, 'list', { order_id: 'nobody' }), [], 'nobody\'s order');
  const failed = await call (sdk.charges, 'list', { status: 'FAILED', limit: 100 });
  assert (failed.length === 5 && failed.every (charge => charge.status === 'failed'), 'by status, which objects write in lower case');
});

test ('webhooks', async () => {
  const webhook = await call (sdk.webhooks, 'create', { url: 'http://127.0.0.1:9/', user: 'cobro', password: 'a password of the hook', event_types: ['charge.succeeded'] });
  assertEqual ([webhook.status, webhook.user, webhook.password], ['unverified', 'cobro', undefined], 'the webhook');
  const sent = (await company.control ('deliveries_now')).at (-1);
  const body = JSON.parse (sent.body);
  assert (sent.type === 'verification' && body.verification_code && body.id, sent.body);
  await call (sdk.webhooks, 'verify', webhook.id, body.verification_code);
  assertEqual ((await call (sdk.webhooks, 'get', webhook.id)).status, 'verified', 'the webhook');
  await call (sdk.webhooks, 'delete', webhook.id);
});

test ('keys', async () => {
  const other = key => new Openpay (account.settings['merchant-id'], key, false);
  await refused (1010, 403, other (account.settings['public-key']).charges, 'list');
  await refused (1002, 401, other ('sk_nobody').charges, 'list');
  await refused (1005, 404, new Openpay ('mnobody', account.settings['private-key'], false).charges, 'list');
});

// What is wrong is refused, and complained about: an adapter that sends it fails its tests.
test ('what the documents forbid', async () => {
  assertEqual (await company.control ('complaints_now'), [], 'complaints about the SDK');
  await company.control ('excuse', { pattern: '.' });
  const good = { ...base (), method: 'card', source_id: await token ('pays'), amount: 10, device_session_id: 'd' };
  const wrong = { 'no device session': { device_session_id: undefined }, 'an unknown member': { idempotency_key: 'k' }, 'three decimals': { amount: 10.005 },
                  'an amount as text': { amount: '10.00' }, 'nothing': { amount: 0 }, 'another country\'s currency': { currency: 'COP' },
                  'no description': { description: undefined }, 'a long description': { description: 'x'.repeat (251) }, 'no customer': { customer: undefined },
                  'a customer without e-mail': { customer: { name: 'Juan' } }, 'a long order': { order_id: 'x'.repeat (101) },
                  '3-D Secure without a way back': { use_3d_secure: true }, 'confirm beside a token': { confirm: false } };
  for (const [name, change] of Object.entries (wrong)) {
    const before = (await company.control ('requests_now')).length;
    const error = await refused (1001, 400, sdk.charges, 'create', { ...good, order_id: order (), ...change }).catch (failure => { throw new Error (`${name}: ${failure.message}`); });
    assert (error.message && (await company.control ('requests_now')).length === before + 1, name);
  }
  await refused (1001, 400, sdk.charges, 'create', { ...base (), method: 'card', amount: 10, confirm: false }); // no redirect_url
  await refused (1001, 400, sdk.charges, 'create', { ...base (), method: 'store', amount: 10, due_date: '2020-01-01T00:00:00Z' });
});

test ('nothing left this machine', () => assertEqual (stopped, [], 'strangers that were called'));

await main (company);
