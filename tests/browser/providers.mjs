// Buyers who are sent to a real provider's hosted page and come back, in a real browser: paying, declined, 3-D Secure, cancelled,
// walked away. The provider's stand-in (tests/support) shows its page and judges every request.
// Usage: COBRO_RELAY=… node providers.mjs stripe|openpay|razorpay|flutterwave
// proves: OPF-3 OPL-4
import { StandIn } from '../judges/lib.mjs';
import { PHONE, Relay, assert, assertEqual, launch, main, newPage, picture, test, withPage } from './lib.mjs';

const name = process.argv[2];
const { currency, collect } = {
  stripe: { currency: 'USD', collect: [] },
  openpay: { currency: 'MXN', collect: ['name', 'email'] },
  razorpay: { currency: 'INR', collect: [] },
  flutterwave: { currency: 'NGN', collect: ['email'] },
}[name];
const patience = 1000 * Number (process.env.COBRO_TEST_PATIENCE ?? 30);
const company = await StandIn.start (name);
const relay = await Relay.start ({ 'provider-base': `${name}=${company.url}` });
const browser = await launch ();
const account = await company.control ('add_account');
const cards = await company.control ('cards');
const provider = await relay.call ('PUT', `/v1/providers/${name}`,
                                   { enabled: true, settings: account.settings, webhookSecret: account.webhookSecret ?? undefined });
await company.control ('connect', { account: account.id, url: provider.webhookUrl });

const createLink = () => relay.createLink ({ currency, amount: 12500, collect, gateways: [name] });
const isHeaded = (page, words) => page.getByRole ('heading', { level: 1, name: words }).waitFor ({ timeout: patience });
const press = (page, words) => page.getByRole ('button', { name: words, exact: true }).click ();

// Opens the link, fills in what is asked, presses Pay: ends on the provider's page.
async function begin (page, link) {
  await page.goto (link.url);
  await fill (page);
}

async function fill (page) {
  if (await page.getByLabel ('Name').count ()) await page.getByLabel ('Name').fill ('Ana Pérez');
  if (await page.getByLabel ('E-mail').count ()) await page.getByLabel ('E-mail').fill ('ana@example.com');
  await page.getByRole ('button', { name: /^(Pay|Continue to payment|Start over)/ }).click ();
  await page.getByLabel ('Card number').waitFor ({ timeout: patience });
  assert (page.url ().startsWith (company.url), `at ${page.url ()}`);
}

async function typeCard (page, number) {
  await page.getByLabel ('Card number').fill (number);
  await page.getByLabel ('Expiry').fill ('12/34');
  await page.getByLabel ('CVC').fill ('123');
  await press (page, 'Pay');
}

// What both sides have in the end: one success, and nothing that was not asked.
async function isPaidOnce (link) {
  const paid = await relay.waitForPaid (link);
  assertEqual ([paid.amountPaid, paid.flags, paid.uses], [12500, [], 1], 'the link');
  const payments = (await relay.call ('GET', '/v1/payments?limit=100')).filter (one => one.linkId === link.id);
  const [one] = payments.filter (payment => payment.status === 'succeeded');
  const references = (await company.control ('references')).filter (reference => reference.startsWith (one.id));
  const theirs = await company.control ('find', { reference: references[0] });
  assertEqual ([theirs.captured, theirs.refunded, theirs.currency], [12500, 0, currency], 'the provider');
}

test (`${name}: paid, and the page stays paid`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await picture (page, `${name}/1-provider`);
    await typeCard (page, cards.pays);
    await isHeaded (page, 'Payment received');
    await picture (page, `${name}/2-paid`);
    assert (page.url ().startsWith (link.url), `came back to ${page.url ()}`);
    await page.goto (link.url);
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: scripts off`, async () => {
  const link = await createLink ();
  await withPage (browser, { ...PHONE, javaScriptEnabled: false }, async page => {
    await begin (page, link);
    await typeCard (page, cards.pays);
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: declined, then paid`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await typeCard (page, cards.declines);
    await page.getByText (/declin|not accept|refus|fail|try again/i).first ().waitFor ({ timeout: patience });
    await picture (page, `${name}/3-declined`);
    if (!page.url ().startsWith (company.url)) await fill (page);
    await typeCard (page, cards.pays);
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: 3-D Secure approved`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await typeCard (page, cards.asks);
    await press (page, 'Approve');
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: 3-D Secure refused, then approved`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await typeCard (page, cards.asks);
    await press (page, 'Refuse');
    await page.getByText (/declin|not confirm|refus|fail|authenticat|try again/i).first ().waitFor ({ timeout: patience });
    await picture (page, `${name}/4-refused`);
    assertEqual ((await relay.getLink (link)).amountPaid, 0, 'nothing was charged');
    if (!page.url ().startsWith (company.url)) await fill (page);
    await typeCard (page, cards.asks);
    await press (page, 'Approve');
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: cancelled there, and begun anew`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await press (page, 'Cancel');
    await page.waitForLoadState ();
    if (!page.url ().startsWith (relay.url)) await page.goto (link.url); // the provider's page says good-bye
    await page.getByText (/Nothing was charged|not finished/).first ().waitFor ({ timeout: patience });
    await picture (page, `${name}/5-cancelled`);
    assertEqual ((await relay.getLink (link)).amountPaid, 0, 'nothing was charged');
    await fill (page);
    await typeCard (page, cards.pays);
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: walked away, and somebody else sees that it is busy`, async () => {
  const link = await createLink ();
  const context = await browser.newContext (PHONE);
  const page = await newPage (context);
  await begin (page, link);
  await page.goto (link.url);
  await isHeaded (page, 'Your payment is not finished');
  await picture (page, `${name}/6-continue`);
  await withPage (browser, PHONE, async other => {
    await other.goto (link.url);
    await isHeaded (other, 'Somebody else is paying right now');
  });
  await page.getByRole ('link', { name: 'Continue the payment' }).click ();
  await typeCard (page, cards.pays);
  await isHeaded (page, 'Payment received');
  assertEqual (page.complaints, [], 'the browser complains');
  await context.close ();
  await isPaidOnce (link);
});

await main (async () => {
  await browser.close ();
  const code = await relay.stop ();
  const complaints = await company.stop ();
  if (complaints || code) {
    console.log (`not ok ${name} has no complaint\n${complaints.replace (/^/gm, '# ')}# the relay ended with ${code}`);
    process.exit (1);
  }
});
