// tests/judges/stripe.mjs — Stripe's own SDK drives the stand-in: what it sends is accepted by the stand-in's strict checks, what the
// stand-in answers is what it expects, and its webhooks are genuine to it.
// proves: OPF-3, INV-6, OPL-9
import fs from 'node:fs';
import http from 'node:http';
import Stripe from 'stripe';
import { StandIn, assert, assertEqual, fence, main, refusal, test } from './lib.mjs';
import { extract, target } from './stripe-document.mjs';

const standIn = await StandIn.start ('stripe');
const merchant = await standIn.control ('add_account');
const platform = await standIn.control ('add_platform');
const { hostname, port } = new URL (standIn.url);
const sdk = (account, options = {}) => new Stripe (account.settings['secret-key'],
                                                   { host: hostname, port, protocol: 'http', maxNetworkRetries: 2, telemetry: false, ...options });
const stripe = sdk (merchant);
const reference = n => `pay_${String (n).padStart (26, '0')}.${'a'.repeat (26)}`;

const heard = [];
const hook = http.createServer ((request, response) => {
  const parts = [];
  request.on ('data', part => parts.push (part));
  request.on ('end', () => {
    heard.push ({ signature: request.headers['stripe-signature'], body: Buffer.concat (parts) });
    response.end ();
  });
});
await new Promise (resolve => hook.listen (0, '127.0.0.1', resolve));
hook.unref ();
fence ();
for (const account of [merchant, platform])
  await standIn.control ('connect', { account: account.id, url: `http://127.0.0.1:${hook.address ().port}/` });

const intentOf = n => ({ amount: 1250, currency: 'eur', automatic_payment_methods: { enabled: true }, metadata: { cobro_reference: reference (n) } });
const sessionOf = n => ({
  mode: 'payment', success_url: 'https://pay.example/done', cancel_url: 'https://pay.example/back', client_reference_id: reference (n),
  line_items: [{ price_data: { currency: 'eur', unit_amount: 4200, product_data: { name: 'Bread' } }, quantity: 1 }],
  metadata: { cobro_reference: reference (n) }, payment_intent_data: { metadata: { cobro_reference: reference (n), cobro_object: 'session' } },
});
const returnUrl = { return_url: 'https://pay.example/done' };

test ('the extract is Stripe’s document', () => {
  assertEqual (JSON.parse (fs.readFileSync (target, 'utf8')), JSON.parse (JSON.stringify (extract ())), 'run stripe-document.mjs --write');
});

test ('an intent is made, confirmed and paid', async () => {
  const intent = await stripe.paymentIntents.create (intentOf (1));
  assertEqual ([intent.status, intent.livemode], ['requires_payment_method', false], 'state');
  assert (intent.client_secret.startsWith (`${intent.id}_secret_`), 'the client secret');
  const paid = await stripe.paymentIntents.confirm (intent.id, { payment_method: 'pm_card_visa', ...returnUrl });
  assertEqual ([paid.status, paid.amount_received], ['succeeded', 1250], 'paid');
  const again = await stripe.paymentIntents.retrieve (intent.id, { expand: ['latest_charge'] });
  assertEqual (again.latest_charge.payment_method_details.card.last4, '4242', 'the card');
});

test ('a declined card is a card error, and the intent stays open', async () => {
  const intent = await stripe.paymentIntents.create (intentOf (2));
  const error = await refusal (stripe.paymentIntents.confirm (intent.id, { payment_method: 'pm_card_chargeDeclined', ...returnUrl }));
  assertEqual ([error.type, error.code, error.decline_code], ['StripeCardError', 'card_declined', 'generic_decline'], 'the error');
  assertEqual (error.payment_intent.status, 'requires_payment_method', 'the intent');
});

test ('3-D Secure asks for a redirect', async () => {
  const intent = await stripe.paymentIntents.create (intentOf (3));
  const asked = await stripe.paymentIntents.confirm (intent.id, { payment_method: 'pm_card_authenticationRequired', ...returnUrl });
  assertEqual ([asked.status, asked.next_action.type], ['requires_action', 'redirect_to_url'], 'asked');
  const answer = await fetch (asked.next_action.redirect_to_url.url, {
    method: 'POST', body: new URLSearchParams ({ answer: 'approve' }), redirect: 'manual',
  });
  assert (answer.headers.get ('location').startsWith ('https://pay.example/done?payment_intent=pi_'), 'the way back');
  assertEqual ((await stripe.paymentIntents.retrieve (intent.id)).status, 'succeeded', 'then');
});

test ('a session is made, paid on its page, found by its reference, and cannot be expired any more', async () => {
  const session = await stripe.checkout.sessions.create (sessionOf (4));
  assertEqual ([session.status, session.payment_status, session.payment_intent], ['open', 'unpaid', null], 'made');
  const declined = await fetch (session.url, { method: 'POST', body: new URLSearchParams ({ number: '4000 0000 0000 0002', do: 'pay' }) });
  assert ((await declined.text ()).includes ('Your card was declined.'), 'the page says why');
  const paid = await fetch (session.url, {
    method: 'POST', body: new URLSearchParams ({ number: '4242 4242 4242 4242', do: 'pay' }), redirect: 'manual',
  });
  assertEqual (paid.headers.get ('location'), 'https://pay.example/done', 'the way back');
  const list = await stripe.checkout.sessions.list ({ created: { gte: session.created - 60 }, expand: ['data.payment_intent.latest_charge'] });
  const found = list.data.find (one => one.metadata.cobro_reference === reference (4));
  assertEqual ([found.status, found.payment_status, found.payment_intent.status], ['complete', 'paid', 'succeeded'], 'found');
  const error = await refusal (stripe.checkout.sessions.expire (session.id));
  assertEqual ([error.type, error.statusCode], ['StripeInvalidRequestError', 400], 'too late');
});

test ('refunds: part, the rest, too much', async () => {
  const intent = await stripe.paymentIntents.create (intentOf (5));
  await stripe.paymentIntents.confirm (intent.id, { payment_method: 'pm_card_visa', ...returnUrl });
  const part = await stripe.refunds.create ({ payment_intent: intent.id, amount: 250, metadata: { cobro_refund: 'k' } });
  assertEqual ([part.status, part.amount], ['succeeded', 250], 'part');
  assertEqual ((await stripe.refunds.create ({ payment_intent: intent.id })).amount, 1000, 'the rest');
  assertEqual ((await refusal (stripe.refunds.create ({ payment_intent: intent.id }))).code, 'charge_already_refunded', 'too much');
  const list = await stripe.refunds.list ({ payment_intent: intent.id, expand: ['data.payment_intent'] });
  assertEqual (list.data.map (one => one.amount), [1000, 250], 'newest first');
});

test ('the same key: the same answer; with other parameters an idempotency error', async () => {
  await standIn.control ('excuse', { pattern: 'the key once stands for another request' });
  const first = await stripe.paymentIntents.create (intentOf (6), { idempotencyKey: 'once' });
  const second = await stripe.paymentIntents.create (intentOf (6), { idempotencyKey: 'once' });
  assertEqual (second.id, first.id, 'the same');
  assertEqual (second.lastResponse.headers['idempotent-replayed'], 'true', 'said so');
  const error = await refusal (stripe.paymentIntents.create ({ ...intentOf (6), amount: 1251 }, { idempotencyKey: 'once' }));
  assertEqual (error.type, 'StripeIdempotencyError', 'other parameters');
});

test ('an answer that is lost is asked for again, and paid once', async () => {
  await standIn.control ('fault', { operation: 'begin', kind: 'lost' });
  const intent = await stripe.paymentIntents.create (intentOf (7));
  const all = await stripe.paymentIntents.list ({ limit: 100 });
  assertEqual (all.data.filter (one => one.metadata.cobro_reference === reference (7)).map (one => one.id), [intent.id], 'one');
});

test ('a connected account is another world', async () => {
  const theirs = sdk (platform, { stripeAccount: platform.id });
  const intent = await theirs.paymentIntents.create (intentOf (8));
  assertEqual ((await theirs.paymentIntents.retrieve (intent.id)).id, intent.id, 'seen with the account');
  assertEqual ((await refusal (sdk (platform).paymentIntents.retrieve (intent.id))).code, 'resource_missing', 'not seen without it');
  assertEqual ((await refusal (stripe.paymentIntents.list ({}, { stripeAccount: platform.id }))).statusCode, 403, 'nor by others');
  await theirs.paymentIntents.confirm (intent.id, { payment_method: 'pm_card_visa', ...returnUrl });
});

test ('webhooks are genuine, and none without its secret', async () => {
  await standIn.control ('settle');
  const events = heard.map (one => {
    for (const account of [merchant, platform])
      try {
        return stripe.webhooks.constructEvent (one.body, one.signature, account.webhookSecret);
      } catch { /* the other account's */ }
    throw new Error (`not genuine: ${one.body}`);
  });
  const types = new Set (events.map (event => event.type));
  for (const type of ['payment_intent.succeeded', 'payment_intent.payment_failed', 'payment_intent.requires_action', 'checkout.session.completed',
                      'refund.created', 'charge.refunded'])
    assert (types.has (type), `${type} came`);
  assertEqual ([...new Set (events.map (event => event.account))].sort (), [platform.id, undefined].sort (), 'accounts');
  const { body, signature } = heard[0];
  await refusal ((async () => stripe.webhooks.constructEvent (body, signature, 'whsec_of_somebody_else'))());
});

test ('the stand-in refuses what Stripe refuses', async () => {
  await standIn.control ('excuse', { pattern: 'parameter_|amount' });
  assertEqual ((await refusal (stripe.paymentIntents.create ({ ...intentOf (9), payment_method_types: ['card'] }))).code, 'parameter_unknown', 'since endive');
  assertEqual ((await refusal (stripe.paymentIntents.create ({ ...intentOf (9), amount: 100000000 }))).code, 'amount_too_large', 'eight digits');
  assertEqual ((await refusal (stripe.paymentIntents.create ({ ...intentOf (9), amount: 1234, currency: 'kwd' }))).code, 'parameter_invalid_integer', 'dinars');
  const soon = await refusal (stripe.checkout.sessions.create ({ ...sessionOf (9), expires_at: Math.floor (Date.now () / 1000) + 600 }));
  assertEqual (soon.param, 'expires_at', 'half an hour at least');
  const error = await refusal (new Stripe ('sk_test_nobody', { host: hostname, port, protocol: 'http' }).balance.retrieve ());
  assertEqual (error.type, 'StripeAuthenticationError', 'keys');
});

test ('disputes, events and the account', async () => {
  const intent = await stripe.paymentIntents.create (intentOf (10));
  await stripe.paymentIntents.confirm (intent.id, { payment_method: 'pm_card_visa', ...returnUrl });
  await standIn.control ('dispute', { reference: reference (10), state: 'opened' });
  assertEqual ((await stripe.disputes.list ({ payment_intent: intent.id })).data[0].status, 'needs_response', 'opened');
  await standIn.control ('dispute', { reference: reference (10), state: 'lost' });
  const events = await stripe.events.list ({ types: ['charge.dispute.closed'] });
  assertEqual (events.data[0].data.object.status, 'lost', 'lost');
  assertEqual ([(await stripe.accounts.retrieveCurrent ()).charges_enabled, (await stripe.balance.retrieve ()).livemode], [true, false], 'account');
});

await main (standIn);
