// Buyers who type their card on a page of the relay's, into the provider's script (account setting "checkout" = "embedded"),
// in a real browser: the scripts are those of the provider's stand-in, the policy is the relay's own.
// Usage: COBRO_RELAY=… node embedded.mjs stripe|openpay|razorpay
// proves: OPL-4 INV-4 INV-5 INV-6
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { StandIn } from '../judges/lib.mjs';
import { DESKTOP, PHONE, Relay, assert, assertEqual, axe, launch, main, overflows, picture, shows, smallTargets, test,
         withPage } from './lib.mjs';

const name = process.argv[2];
const { currency, collect, title, extra } = {
  stripe: { currency: 'USD', collect: [], title: 'Stripe', extra: {} },
  openpay: { currency: 'MXN', collect: ['email'], title: 'Openpay', extra: { 'use-3d-secure': 'risk' } },
  razorpay: { currency: 'INR', collect: [], title: 'Razorpay', extra: {} },
}[name];
const company = await StandIn.start (name);
const relay = await Relay.start ({ 'provider-base': `${name}=${company.url}` });
const browser = await launch ();
// Stripe: on a connected account, as a platform has them.
const account = await company.control (name === 'stripe' ? 'add_platform' : 'add_account');
const cards = await company.control ('cards');
const provider = await relay.call ('PUT', `/v1/providers/${name}`, {
  enabled: true, settings: { ...account.settings, checkout: 'embedded', ...extra }, webhookSecret: account.webhookSecret ?? undefined });
await company.control ('connect', { account: account.id, url: provider.webhookUrl });

const createLink = (fields = {}) => relay.createLink ({ currency, amount: 12500, collect, gateways: [name], ...fields });
const isHeaded = (page, words) => page.getByRole ('heading', { level: 1, name: words }).waitFor ({ timeout: 30000 });
const press = (page, words) => page.getByRole ('button', { name: words, exact: true }).click ();
const payButton = page => page.getByRole ('button', { name: /^Pay (?!on )/ });
const seen = []; // every card number that was typed

// Ends on the page with the card form.
async function begin (page, link) {
  await page.goto (link.url);
  await fill (page);
}

async function fill (page) {
  if (await page.getByLabel ('E-mail').count ()) await page.getByLabel ('E-mail').fill ('ana@example.com');
  await page.getByRole ('button', { name: /^(Pay|Continue to payment|Start over)/ }).first ().click ();
}

// Where the card is typed: a frame of the provider's, or fields without names on our page.
const cardForm = page => ({
  stripe: page.frameLocator ('iframe[title="Secure payment input frame"]'),
  openpay: page,
  razorpay: page.frameLocator ('iframe[title="Razorpay Checkout"]'),
}[name]);

async function typeCard (page, number) {
  seen.push (number);
  if (name === 'razorpay' && !await page.locator ('iframe[title="Razorpay Checkout"]').count ()) await payButton (page).click ();
  const form = cardForm (page);
  if (name === 'openpay') await page.getByLabel ('Name on the card').fill ('Ana Perez');
  await form.getByLabel ('Card number').fill (number);
  await form.getByLabel ('Expiry').fill ('12/34');
  await form.getByLabel ('CVC').fill ('123');
  if (name === 'razorpay') await form.getByRole ('button', { name: 'Pay', exact: true }).click ();
  else await payButton (page).click ();
}

// The bank's question: on a page of the provider's, or in its frame.
const answer = async (page, word) => {
  const where = name === 'razorpay' ? cardForm (page) : page;
  await where.getByRole ('button', { name: word, exact: true }).click ();
};

// That a try failed stands on our page, whoever found out.
const isTold = page => page.locator ('main').getByText (/declined|refused|not confirmed|did not go through|fail/i).first ().waitFor ();

const paymentsOf = async link => (await relay.call ('GET', '/v1/payments?limit=100')).filter (one => one.linkId === link.id);

// What both sides have in the end: one success, and nothing that was not asked.
async function isPaidOnce (link) {
  const paid = await relay.waitForPaid (link);
  assertEqual ([paid.amountPaid, paid.flags, paid.uses], [12500, [], 1], 'the link');
  const [one, ...more] = (await paymentsOf (link)).filter (payment => payment.status === 'succeeded');
  assertEqual (more, [], 'one success');
  const references = (await company.control ('references')).filter (reference => reference.startsWith (one.id));
  const theirs = await company.control ('find', { reference: references[0] });
  assertEqual ([theirs.captured, theirs.refunded, theirs.currency], [12500, 0, currency], 'the provider');
}

test (`${name}: the card is typed on our page, and the default page asks nobody else`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    const asked = [];
    page.on ('request', request => asked.push (request.url ()));
    await page.goto (link.url, { waitUntil: 'networkidle' });
    assertEqual (asked.filter (url => !url.startsWith (relay.url)), [], 'the default page asks others');
    await fill (page);
    await page.waitForURL (/\/with\/|\/pay\//);
    if (name !== 'razorpay') await cardForm (page).getByLabel ('Card number').waitFor ();
    await payButton (page).waitFor ();
    assertEqual ([...await axe (page), ...await smallTargets (page), ...await overflows (page)], [], 'the page');
    await picture (page, `embedded-${name}/1-card`);
    await typeCard (page, cards.pays);
    await isHeaded (page, 'Payment received');
    assertEqual (page.url (), link.url, 'the address is clean');
    await picture (page, `embedded-${name}/2-paid`);
    assert (asked.every (url => [relay.url, company.url].some (base => url.startsWith (base))), `asked ${asked}`);
  });
  await isPaidOnce (link);
});

test (`${name}: declined, then paid`, async () => {
  const link = await createLink ();
  await withPage (browser, DESKTOP, async page => {
    await begin (page, link);
    await typeCard (page, cards.declines);
    await isTold (page);
    await picture (page, `embedded-${name}/3-declined`);
    if (name === 'razorpay') await page.reload (); // its frame shows what happened
    assertEqual ((await relay.getLink (link)).amountPaid, 0, 'nothing was charged');
    if (name === 'openpay') await fill (page); // a token is used up: the form, then the card again
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
    await answer (page, 'Approve');
    await isHeaded (page, 'Payment received');
    assertEqual (page.url (), link.url, 'the address is clean');
  });
  await isPaidOnce (link);
});

test (`${name}: 3-D Secure refused, then paid`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await typeCard (page, cards.asks);
    await answer (page, 'Refuse');
    await isTold (page);
    await picture (page, `embedded-${name}/4-refused`);
    if (name === 'stripe') await page.getByRole ('link', { name: 'Continue the payment' }).click ();
    else if (name === 'openpay') await fill (page);
    else await page.reload ();
    assertEqual ((await relay.getLink (link)).amountPaid, 0, 'nothing was charged');
    await typeCard (page, cards.pays);
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: scripts off: the provider's own page instead`, async () => {
  const link = await createLink ();
  await withPage (browser, { ...PHONE, javaScriptEnabled: false }, async page => {
    await begin (page, link);
    await shows (page, /card form needs JavaScript/);
    await picture (page, `embedded-${name}/5-without-scripts`);
    await press (page, `Pay on the page of ${title}`);
    await page.getByLabel ('Card number').waitFor ();
    assert (page.url ().startsWith (company.url), `at ${page.url ()}`);
    await page.getByLabel ('Card number').fill (cards.pays);
    await page.getByLabel ('Expiry').fill ('12/34');
    await page.getByLabel ('CVC').fill ('123');
    await press (page, 'Pay');
    await isHeaded (page, 'Payment received');
  });
  await isPaidOnce (link);
});

test (`${name}: the provider's script does not come: said, and paid elsewhere`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async (page, context) => {
    await context.route (/\.js$/, route => (route.request ().url ().startsWith (company.url) ? route.abort () : route.continue ()));
    await begin (page, link);
    await shows (page, /card form did not load. Nothing was charged/);
    assertEqual (await payButton (page).count (), 0, 'nothing to press in vain');
    page.complaints.length = 0; // that the script did not come
    await press (page, `Pay on the page of ${title}`);
    await page.getByLabel ('Card number').waitFor ();
    assert (page.url ().startsWith (company.url), `at ${page.url ()}`);
  });
});

if (name !== 'openpay')
  test (`${name}: left the page, came back, went on`, async () => {
    const link = await createLink ();
    await withPage (browser, PHONE, async page => {
      await begin (page, link);
      await payButton (page).waitFor ();
      await page.goto (link.url);
      await isHeaded (page, 'Your payment is not finished');
      await picture (page, `embedded-${name}/6-continue`);
      await page.getByRole ('link', { name: 'Continue the payment' }).click ();
      await typeCard (page, cards.pays);
      await isHeaded (page, 'Payment received');
    });
    assertEqual ((await paymentsOf (link)).length, 1, 'one payment');
    await isPaidOnce (link);
  });

test (`${name}: scripts only from the provider, and no eval`, async () => {
  const link = await createLink ();
  await withPage (browser, PHONE, async page => {
    await begin (page, link);
    await payButton (page).waitFor ();
    const tried = await page.evaluate (origin => {
      const attempt = run => { try { run (); return 'done'; } catch (error) { return error.constructor.name; } };
      const script = address => attempt (() => { document.createElement ('script').src = address; });
      return [script ('https://evil.example/x.js'), script (`${origin}/other.js`), script ('data:text/javascript,1'),
              attempt (() => { document.createElement ('script').text = 'window.ran = 1'; }), window.ran];
    }, company.url);
    assertEqual (tried, ['TypeError', 'done', 'TypeError', 'TypeError', null], 'what may be loaded');
    page.complaints.length = 0; // that was refused
  });
});

test (`${name}: watch-page knows the page as it is`, async () => {
  const link = await createLink ();
  // With a stand-in the page is not the one that the manifest describes: exactly that is found, and nothing else.
  let said = '';
  try {
    execFileSync (process.env.COBRO_RELAY, ['watch-page', '--quiet', link.url], { encoding: 'utf8' });
    throw new Error ('a stand-in is not in the manifest');
  } catch (error) {
    said = error.stdout;
    assertEqual (error.status, 1, said || error.message);
  }
  const strangers = said.trim ().split ('\n').filter (line => !line.includes (company.url) && !/lacks \S+ https:/.test (line));
  assertEqual (strangers, [], 'found besides');
  assert (said.includes (`script ${company.url}`), said);
});

if (name === 'openpay')
  for (const [method, way, heading] of [['bank_transfer', 'Bank transfer', 'Pay by bank transfer'], ['store', 'Cash in a store', 'Pay in a store']])
    test (`${name}: ${method}: what to write or to show, until the money has come`, async () => {
      const link = await createLink ({ methods: ['card', method] });
      await withPage (browser, PHONE, async (page, context) => {
        await context.grantPermissions (['clipboard-read', 'clipboard-write']);
        const asked = [];
        page.on ('request', request => asked.push (request.url ()));
        await page.goto (link.url);
        await page.getByLabel (way).check ();
        await fill (page);
        await isHeaded (page, heading);
        assertEqual (page.url (), link.url, 'the address can be kept');
        assertEqual ([...await axe (page), ...await smallTargets (page), ...await overflows (page)], [], 'the page');
        await picture (page, `embedded-${name}/7-${method}`);
        await shows (page, '$125.00');
        await page.getByRole ('button', { name: /Copy: .*Reference/ }).click ();
        const copied = await page.evaluate (() => navigator.clipboard.readText ());
        assert (copied.length > 5 && (await page.getByText (copied).count ()) > 0, `copied ${copied}`);
        if (method === 'store') {
          const file = path.join (relay.folder, 'bars.png');
          await page.locator ('svg.bars').screenshot ({ path: file, scale: 'device' });
          const read = execFileSync ('zbarimg', ['-q', '--nodbus', '--raw', '-Sdisable', '-Scode128.enable', file], { encoding: 'utf8' });
          assertEqual (read.trim (), copied, 'what a till reads');
          fs.rmSync (file);
        }
        assertEqual (asked.filter (url => !url.startsWith (relay.url)), [], 'the page asks others');
        await page.reload ();
        await isHeaded (page, heading);
        const [payment] = await paymentsOf (link);
        const reference = (await company.control ('references')).find (one => one.startsWith (payment.id));
        await company.control ('pay', { reference });
        await isHeaded (page, 'Payment received'); // by itself
      });
      await isPaidOnce (link);
    });

if (name === 'stripe') {
  // What a program of one's own does: its page, our relay, Stripe's script.
  const publicApi = async (method, target, body) => {
    const reply = await fetch (relay.url + target, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify (body) });
    return { status: reply.status, json: await reply.json () };
  };
  const confirmBy = (secret, card) => fetch (`${company.url}/v1/payment_intents/${secret.split ('_secret_')[0]}/confirm`, {
    method: 'POST',
    body: new URLSearchParams ({ client_secret: secret, key: account.settings['publishable-key'], _stripe_account: account.id,
                                 'payment_method_data[type]': 'card', 'payment_method_data[card][number]': card,
                                 'payment_method_data[card][cvc]': '123', return_url: 'https://shop.example/back' }),
  });

  for (const [what, card, success] of [['success', cards.pays, true], ['decline', cards.declines, false], ['3-D Secure', cards.asks, false]])
    test (`INV-4 to INV-6 on a connected account: ${what}`, async () => {
      const link = await createLink ();
      const target = `/api/public/pay/${link.token}`;
      const { status, json } = await publicApi ('POST', `${target}/create-payment`);
      assertEqual (status, 200, JSON.stringify (json));
      assert (/^pi_\w+_secret_\w+$/.test (json.clientSecret), json.clientSecret);
      assertEqual ([json.publishableKey, json.stripeAccount, json.amount, json.currency],
                   [account.settings['publishable-key'], account.id, 12500, 'usd'], 'create-payment');
      seen.push (card);
      const intent = json.clientSecret.split ('_secret_')[0];
      const before = await publicApi ('POST', `${target}/confirm-payment`, { paymentIntentId: intent });
      assertEqual ([before.status, before.json.success, before.json.invoice_id], [200, false, link.id], 'nobody paid yet');
      await confirmBy (json.clientSecret, card);
      const sure = async () => (await publicApi ('POST', `${target}/confirm-payment`, { paymentIntentId: intent })).json;
      let said = await sure ();
      for (let i = 0; success && !said.success && i < 100; i++) { // asked once in two seconds at most
        await new Promise (resolve => setTimeout (resolve, 100));
        said = await sure ();
      }
      assertEqual ([said.success, said.invoice_id], [success, link.id], said.message);
      const foreign = await publicApi ('POST', `${target}/confirm-payment`, { paymentIntentId: 'pi_of_somebody_else' });
      assertEqual (foreign.status, 404, 'another intent');
      if (success) await isPaidOnce (link);
      else assertEqual ((await relay.getLink (link)).amountPaid, 0, 'not paid');
      const asked = (await company.control ('requests_now')).filter (one => one.body.includes ('automatic_payment_methods'));
      assert (asked.length > 0, 'no intent was made');
    });
}

test (`${name}: no card number, token or key rests anywhere`, async () => {
  const secrets = [...seen, ...Object.entries (account.settings).filter (([key]) => /secret|private/.test (key)).map (pair => pair[1])];
  for (const folder of [relay.folder, path.join (relay.folder, 'data')])
    for (const entry of fs.readdirSync (folder, { withFileTypes: true }).filter (one => one.isFile ())) {
      const bytes = fs.readFileSync (path.join (folder, entry.name));
      for (const secret of secrets) assert (!bytes.includes (secret), `${entry.name} holds ${secret.slice (0, 4)}…`);
    }
  for (const secret of secrets) assert (!relay.said.includes (secret), 'the log holds a secret');
  assert (!/_secret_|tok_|"token"/.test (relay.said), 'the log holds a client secret');
});

await main (async () => {
  await browser.close ();
  const code = await relay.stop ();
  await company.control ('excuse', { pattern: 'favicon' }); // browsers ask for it where a page has none
  const complaints = await company.stop ();
  if (complaints || code) {
    console.log (`not ok ${name} has no complaint\n${complaints.replace (/^/gm, '# ')}# the relay ended with ${code}`);
    process.exit (1);
  }
});
