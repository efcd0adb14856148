// tests/judges/razorpay.mjs — Razorpay's own SDK against the stand-in: what it sends must be taken, and what it reads must be there.
import Razorpay from 'razorpay';
import { assert, assertEqual, fence, main, refusal, StandIn, test } from './lib.mjs';

const stopped = fence ();
const company = await StandIn.start ('razorpay');
const account = await company.control ('add_account');
const secret = account.settings['key-secret'];
const reference = name => `pay_01jdc00000000000000000${name}.0123456789abcdef0123456789`;

function sdk (settings = account.settings) {
  const razorpay = new Razorpay ({ key_id: settings['key-id'], key_secret: settings['key-secret'] });
  razorpay.api.rq.defaults.baseURL = company.url;
  return razorpay;
}
const razorpay = sdk ();

const makeLink = (name, more = {}) => razorpay.paymentLink.create ({
  amount: 125000, currency: 'INR', accept_partial: false, description: 'Tea', reference_id: `ref-${name}`,
  customer: { name: 'Gaurav', email: 'g@example.com', contact: '+919876543210' }, notify: { sms: false, email: false },
  reminder_enable: false, notes: { cobro_reference: reference (name) }, callback_url: 'https://pay.example/back?a=1', callback_method: 'get',
  ...more,
});

// A payer at the hosted page, without a browser; where the browser is sent in the end.
async function payAt (url, number) {
  const page = await fetch (url);
  assert ((await page.text ()).includes ('Card number'), 'a form for a card');
  const answer = await fetch (url, { method: 'POST', redirect: 'manual', body: new URLSearchParams ({ number, expiry: '12/30', cvc: '123', do: 'pay' }) });
  return answer.headers.get ('location') ?? await answer.text ();
}

test ('an order, paid through its frame, verified as the documentation says', async () => {
  const order = await razorpay.orders.create ({ amount: 50000, currency: 'INR', receipt: 'r1', notes: { cobro_reference: reference ('aa001') } });
  assertEqual ([order.entity, order.status, order.amount_due, order.receipt, order.attempts], ['order', 'created', 50000, 'r1', 0], 'order');
  const id = await company.control ('pay', { reference: reference ('aa001') });
  const payments = await razorpay.orders.fetchPayments (order.id);
  assertEqual ([payments.entity, payments.count, payments.items[0].id, payments.items[0].status, payments.items[0].captured],
               ['collection', 1, id, 'captured', true], 'payments');
  assertEqual ((await razorpay.orders.fetch (order.id)).status, 'paid', 'the order is paid');
  assertEqual ((await razorpay.payments.fetch (id)).order_id, order.id, 'of this order');
  assertEqual (payments.items[0].notes, [], 'empty notes are a list');
});

test ('orders are found by receipt', async () => {
  await razorpay.orders.create ({ amount: 100, currency: 'INR', receipt: 'twice' });
  await razorpay.orders.create ({ amount: 100, currency: 'INR', receipt: 'twice' });
  const found = await razorpay.orders.all ({ receipt: 'twice' });
  assertEqual ([found.count, found.items.map (one => one.receipt), found.items[0].notes], [2, ['twice', 'twice'], []], 'orders');
});

test ('a payment link, paid on its page; the library knows the signature that comes back', async () => {
  const link = await makeLink ('bb001');
  assertEqual ([link.status, link.amount_paid, link.payments], ['created', 0, null], 'link');
  const url = new URL (await payAt (link.short_url, '4100 2800 0000 1007'));
  const brought = Object.fromEntries (url.searchParams);
  assertEqual (brought.a, '1', 'what was in the address stays');
  const { validatePaymentVerification } = await import ('razorpay/dist/utils/razorpay-utils.js').then (m => m.default);
  assert (validatePaymentVerification ({ payment_link_id: link.id, payment_link_reference_id: 'ref-bb001',
    payment_link_status: brought.razorpay_payment_link_status, payment_id: brought.razorpay_payment_id }, brought.razorpay_signature, secret), 'signed');
  const paid = await razorpay.paymentLink.fetch (link.id);
  assertEqual ([paid.status, paid.payments[0].payment_id], ['paid', brought.razorpay_payment_id], 'paid');
  const payment = await razorpay.payments.fetch (brought.razorpay_payment_id);
  assertEqual ([payment.notes.cobro_reference, payment.description], [reference ('bb001'), `#${link.id.slice (6)}`], 'the link’s notes and id');
});

test ('a reference is taken once; the link is found by it', async () => {
  const link = await makeLink ('cc001');
  const again = await refusal (makeLink ('cc001'));
  assertEqual ([again.statusCode, again.error.code, again.error.source], [400, 'BAD_REQUEST_ERROR', 'NA'], 'refused');
  assert (again.error.description.includes ('reference ID already attempted'), again.error.description);
  const found = await razorpay.paymentLink.all ({ reference_id: 'ref-cc001' });
  assertEqual (found.payment_links.map (one => one.id), [link.id], 'found');
});

test ('a declined card, then another one on the same page', async () => {
  const link = await makeLink ('dd001');
  const page = await payAt (link.short_url, '4100 2800 0006 0003');
  assert (page.includes ('declined by the bank'), 'the page says why');
  const order = (await razorpay.paymentLink.fetch (link.id)).order_id;
  const [failed] = (await razorpay.orders.fetchPayments (order)).items;
  assertEqual ([failed.status, failed.error_reason, failed.captured], ['failed', 'card_declined', false], 'failed');
  await payAt (link.short_url, '5500 6700 0000 1002').then (bank => fetch (company.url + bank, { method: 'POST', redirect: 'manual', body: new URLSearchParams ({ answer: 'approve' }) }));
  assertEqual ((await razorpay.paymentLink.fetch (link.id)).status, 'paid', 'paid after all');
});

test ('late: failed, and captured days later', async () => {
  await makeLink ('ee001');
  await company.control ('pay', { reference: reference ('ee001'), card: 'declines' });
  const id = await company.control ('late_success', { reference: reference ('ee001') });
  assertEqual ((await razorpay.payments.fetch (id)).status, 'captured', 'the same payment');
});

test ('cancelled, and too late to cancel; expired', async () => {
  const link = await makeLink ('ff001');
  assertEqual ((await razorpay.paymentLink.cancel (link.id)).status, 'cancelled', 'cancelled');
  assertEqual ((await refusal (razorpay.paymentLink.cancel (link.id))).statusCode, 400, 'once');
  const other = await makeLink ('ff002', { expire_by: Math.floor (Date.now () / 1000) + 1200 });
  assertEqual ((await refusal (makeLink ('ff003', { expire_by: Math.floor (Date.now () / 1000) + 60 }))).error.description,
               'timestamp must be atleast 15 minutes in future', 'no sooner');
  await company.control ('advance', { seconds: 1300 });
  assertEqual ((await razorpay.paymentLink.fetch (other.id)).status, 'expired', 'expired');
  await company.control ('advance', { seconds: -1300 });
});

test ('captured by hand, for exactly what was authorised', async () => {
  await company.control ('set_capture', { manual: true });
  await razorpay.orders.create ({ amount: 70000, currency: 'INR', notes: { cobro_reference: reference ('gg001') } });
  const id = await company.control ('pay', { reference: reference ('gg001') });
  assertEqual ((await razorpay.payments.fetch (id)).status, 'authorized', 'authorised');
  assertEqual ((await refusal (razorpay.payments.capture (id, 69999, 'INR'))).error.description,
               'Capture amount must be equal to the amount authorized.', 'another amount');
  assertEqual ((await razorpay.payments.capture (id, 70000, 'INR')).status, 'captured', 'captured');
  await company.control ('set_capture', { manual: false });
});

test ('refunds: in part, the rest, no more; listed', async () => {
  await razorpay.orders.create ({ amount: 70000, currency: 'INR', notes: { cobro_reference: reference ('hh001') } });
  const id = await company.control ('pay', { reference: reference ('hh001') });
  const part = await razorpay.payments.refund (id, { amount: 20000, speed: 'normal', receipt: 'refund-1', notes: { why: 'broken' } });
  assertEqual ([part.entity, part.status, part.amount, part.payment_id, part.receipt], ['refund', 'processed', 20000, id, 'refund-1'], 'part');
  assertEqual ((await razorpay.payments.fetch (id)).refund_status, 'partial', 'partial');
  await razorpay.payments.refund (id);
  const payment = await razorpay.payments.fetch (id);
  assertEqual ([payment.status, payment.refund_status, payment.captured, payment.amount_refunded], ['refunded', 'full', true, 70000], 'full');
  assertEqual ((await refusal (razorpay.payments.refund (id))).error.description, 'The payment has been fully refunded already', 'no more');
  assertEqual ((await razorpay.payments.fetchMultipleRefund (id, { count: 10 })).count, 2, 'two');
  assertEqual ((await razorpay.payments.fetchRefund (id, part.id)).id, part.id, 'one');
  assertEqual ((await razorpay.refunds.fetch (part.id)).id, part.id, 'by its id');
  assert ((await razorpay.refunds.all ({ count: 100 })).items.length >= 2, 'all');
});

test ('disputes and lists', async () => {
  await razorpay.orders.create ({ amount: 70000, currency: 'INR', notes: { cobro_reference: reference ('jj001') } });
  const id = await company.control ('pay', { reference: reference ('jj001') });
  await company.control ('dispute', { reference: reference ('jj001'), state: 'opened' });
  const open = (await razorpay.disputes.all ({ count: 100 })).items.find (one => one.payment_id === id);
  assertEqual ([open.entity, open.status, open.amount_deducted], ['dispute', 'open', 0], 'open');
  await company.control ('dispute', { reference: reference ('jj001'), state: 'lost' });
  assertEqual ((await razorpay.disputes.fetch (open.id)).amount_deducted, 70000, 'lost');
  const payments = await razorpay.payments.all ({ count: 2, skip: 1 });
  assertEqual ([payments.items.length, payments.items[0].created_at >= payments.items[1].created_at], [2, true], 'newest first');
  /* The SDK writes expand as "expand[expand[]]", which the documentation does not know. */
  const orders = await fetch (`${company.url}/v1/orders?count=1&expand%5B%5D=payments`, { headers: {
    Authorization: `Basic ${Buffer.from (`${account.settings['key-id']}:${secret}`).toString ('base64')}` } });
  assertEqual ((await orders.json ()).items[0].payments.items[0].id, id, 'with its payments');
});

test ('other keys open nothing', async () => {
  const wrong = sdk ({ ...account.settings, 'key-secret': 'wrong' });
  const error = await refusal (wrong.payments.all ({ count: 1 }));
  assertEqual ([error.statusCode, error.error.description], [401, 'Authentication failed'], 'refused');
  const other = await company.control ('add_account');
  const order = await razorpay.orders.create ({ amount: 100, currency: 'INR' });
  assertEqual ((await refusal (sdk (other.settings).orders.fetch (order.id))).error.description, 'The id provided does not exist', 'not theirs');
});

test ('strict: what does not belong there is a complaint', async () => {
  const before = (await company.control ('complaints_now')).length;
  await razorpay.orders.create ({ amount: 100, currency: 'INR', colour: 'red' });
  await razorpay.orders.create ({ amount: 10001, currency: 'KWD', receipt: 'x'.repeat (41) });
  await fetch (`${company.url}/v1/orders`, { headers: { Authorization: `basic ${Buffer.from ('a:b').toString ('base64')}` } });
  const lines = (await company.control ('complaints_now')).slice (before);
  for (const words of [/member colour is unknown/, /does not end in 0/, /receipt has 41 characters/, /the scheme is “basic”/])
    assert (lines.some (line => words.test (line)), `${words} is not among ${lines}`);
  await company.control ('excuse', { pattern: 'member colour|does not end in 0|receipt has 41|the scheme is' });
});

test ('nothing else was called', () => assertEqual (stopped, [], 'calls outside'));

await main (company);
