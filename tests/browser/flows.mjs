// Buyers in front of the real relay: paying, being declined, confirming, walking away, racing; with and without scripts.
// Usage: COBRO_RELAY=… node flows.mjs [--screenshot FILE]
import fs from 'node:fs';
import path from 'node:path';
import { CARDS, DESKTOP, PHONE, Relay, assert, assertEqual, axe, heading, launch, main, newPage, overflows, picture, shows,
         smallTargets, test, typeCard, withPage } from './lib.mjs';

const relay = await Relay.start ();
const browser = await launch ();
const pay = page => page.getByRole ('button', { name: /^(Pay|Continue to payment)/ }).click ();
const token = link => new URL (link.url).pathname.split ('/').pop ();

async function isHeaded (page, words) {
  await page.getByRole ('heading', { level: 1, name: words }).waitFor ({ timeout: 30000 });
}

// Small, whole and readable, as the pages of the gallery; here with the headers of the relay itself.
async function isSound (page) {
  assertEqual ([...await axe (page), ...await smallTargets (page), ...await overflows (page)], [], 'the page');
}

async function paymentsOf (link) {
  const payments = await relay.call ('GET', '/v1/payments?limit=100');
  return payments.filter (payment => payment.linkId === link.id);
}

// proves: OPL-3 OPL-5
test ('a phone pays by card, and the page stays paid', async () => {
  const link = await relay.createLink ({ metadata: { order: '17' } });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await isHeaded (page, 'Coffee beans');
    await isSound (page);
    await picture (page, 'flow/1-open');
    await pay (page);
    await isSound (page);
    await picture (page, 'flow/2-card');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
    await isSound (page);
    await picture (page, 'flow/3-paid');
    await shows (page, 'Visa •••• 4242');
    assert (page.url ().startsWith (link.url), 'the buyer came back to the link');
    const paid = await relay.waitForPaid (link);
    assertEqual ([paid.amountPaid, paid.status, paid.metadata.order], [1250, 'used_up', '17'], 'the link');
    await page.goto (link.url);
    await isHeaded (page, 'Payment received');
    assertEqual (await page.getByRole ('button').count (), 0, 'nothing asks again');
  });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await isHeaded (page, 'This has already been paid');
    assertEqual (await page.getByText ('4242').count (), 0, 'a stranger sees no receipt');
  });
});

// proves: OPL-4
test ('a declined card costs nothing, and another one pays', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.declines);
    await isHeaded (page, 'Payment declined');
    await shows (page, 'Your bank declined the payment. Nothing was charged.');
    await picture (page, 'flow/4-declined');
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  await relay.waitForPaid (link);
  assertEqual ((await paymentsOf (link)).map (payment => payment.status).sort (), ['failed', 'succeeded'], 'payments');
  for (const folder of [relay.folder, path.join (relay.folder, 'data')])
    for (const file of fs.readdirSync (folder, { withFileTypes: true }).filter (entry => entry.isFile ())) {
      const bytes = fs.readFileSync (path.join (folder, file.name));
      for (const card of Object.values (CARDS))
        for (const form of [card, card.replaceAll (' ', ''), card.replaceAll (' ', '+')])
          assert (!bytes.includes (form), `${file.name} holds a card number`);
    }
  for (const card of Object.values (CARDS))
    assert (!relay.said.includes (card.replaceAll (' ', '')), 'the log holds a card number');
});

test ('3-D Secure: approved', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.asks);
    await page.getByRole ('button', { name: 'Approve' }).waitFor ();
    await isSound (page);
    await page.getByRole ('button', { name: 'Approve' }).click ();
    await isHeaded (page, 'Payment received');
  });
  await relay.waitForPaid (link);
});

test ('3-D Secure: declined', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.asks);
    await page.getByRole ('button', { name: 'Decline' }).click ();
    await isHeaded (page, 'Payment not confirmed');
    await shows (page, 'Nothing was charged.');
    await pay (page);
    await page.getByLabel ('Card number').waitFor ();
  });
});

test ('3-D Secure: walked away, came back, approved', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.asks);
    await page.getByRole ('link', { name: 'Leave without answering' }).click ();
    await isHeaded (page, 'Your payment is not finished');
    await isSound (page);
    await picture (page, 'flow/5-continue');
    await page.getByRole ('link', { name: 'Continue the payment' }).click ();
    await page.getByRole ('button', { name: 'Approve' }).click ();
    await isHeaded (page, 'Payment received');
  });
  await relay.waitForPaid (link);
  assertEqual ((await paymentsOf (link)).length, 1, 'one payment');
});

test ('walked away from the card form, started over', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await page.getByRole ('link', { name: 'Cancel and go back' }).click ();
    await isHeaded (page, 'Your payment is not finished');
    await page.getByRole ('button', { name: 'Start over' }).click ();
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  await relay.waitForPaid (link);
  assertEqual ((await paymentsOf (link)).map (payment => payment.status).sort (), ['cancelled', 'succeeded'], 'payments');
});

test ('scripts off: paid at once, and after some processing', async () => {
  for (const amount of [1250, 1219]) {
    const link = await relay.createLink ({ amount });
    await withPage (browser, { ...PHONE, javaScriptEnabled: false }, async page => {
      await page.goto (link.url);
      await pay (page);
      await typeCard (page, CARDS.pays);
      await isHeaded (page, 'Payment received'); // the second waits and refreshes by itself
      assertEqual (await page.locator ('script').count () > 0, true, 'there is a script that did not run');
    });
    await relay.waitForPaid (link);
  }
});

test ('scripts on: the page turns to paid by itself', async () => {
  const link = await relay.createLink ({ amount: 1219 });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, /Waiting for your bank|Payment received/);
    await isHeaded (page, 'Payment received');
  });
});

test ('no webhook ever comes: who returns makes the relay ask', async () => {
  const link = await relay.createLink ({ amount: 1288 });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  assertEqual ((await relay.getLink (link)).paymentStatus, 'paid', 'the link');
});

for (const [amount, what] of [[1227, 'lost answers'], [1241, 'too many requests'], [1255, 'two server errors'],
                              [1269, 'every webhook twice'], [1277, 'webhooks before answers']])
  test (`the provider misbehaves (${what}): paid once all the same`, async () => {
    const link = await relay.createLink ({ amount });
    await withPage (browser, PHONE, async page => {
      await page.goto (link.url);
      await pay (page);
      await typeCard (page, CARDS.pays);
      await isHeaded (page, 'Payment received');
    });
    const paid = await relay.waitForPaid (link);
    assertEqual ([paid.amountPaid, paid.flags], [amount, []], 'the link');
    assertEqual ((await paymentsOf (link)).length, 1, 'one payment');
  });

test ('declined, then paid after all: the success is not lost', async () => {
  const link = await relay.createLink ({ amount: 1295 });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment declined');
  });
  assertEqual ((await relay.waitForPaid (link)).amountPaid, 1295, 'paid');
});

test ('two browsers race for a single-use link: one pays, the other is told why', async () => {
  const link = await relay.createLink ();
  const contexts = await Promise.all ([browser.newContext (PHONE), browser.newContext (DESKTOP)]);
  const pages = await Promise.all (contexts.map (newPage));
  await Promise.all (pages.map (page => page.goto (link.url)));
  await Promise.all (pages.map (pay));
  await Promise.all (pages.map (page => page.getByText (/^Card number$|^Somebody else is paying right now$/).first ().waitFor ()));
  const atCard = await Promise.all (pages.map (page => page.getByLabel ('Card number').count ()));
  assertEqual (atCard.toSorted (), [0, 1], 'one of them has the card form');
  const winner = pages[atCard.indexOf (1)], loser = pages[atCard.indexOf (0)];
  await isHeaded (loser, 'Somebody else is paying right now');
  await shows (loser, /Nothing was charged. Try again in .?\d+.? (seconds|minutes)/);
  await isSound (loser);
  await picture (loser, 'flow/6-busy');
  await typeCard (winner, CARDS.pays);
  await isHeaded (winner, 'Payment received');
  await isHeaded (loser, 'This has already been paid'); // by itself
  assertEqual ((await paymentsOf (link)).length, 1, 'one payment');
  assertEqual (pages.flatMap (page => page.complaints), [], 'the browsers complain');
  await Promise.all (contexts.map (context => context.close ()));
});

test ('a double press begins one payment', async () => {
  const link = await relay.createLink ({ usage: { type: 'unlimited' } });
  await withPage (browser, DESKTOP, async page => {
    await page.goto (link.url);
    await page.getByRole ('button', { name: /^Pay/ }).dblclick ();
    await page.getByLabel ('Card number').waitFor ();
  });
  assertEqual ((await paymentsOf (link)).length, 1, 'one payment');
});

test ('an amount of the buyer’s own: kept within its bounds', async () => {
  const link = await relay.createLink ({ amount: undefined, title: 'Support our choir',
                                         pricing: { type: 'open', minimum: 500, maximum: 100000, preset: 2000 } });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    const amount = page.getByLabel ('Amount');
    assertEqual (await amount.inputValue (), '20.00', 'preset');
    for (const wrong of ['4.99', '1000.01', 'ten', '-5', '12.345', '1e3']) {
      await amount.fill (wrong);
      await pay (page);
      await shows (page, 'Enter an amount that can be paid here.');
      assertEqual (await amount.inputValue (), wrong, 'what was typed stays');
    }
    await isSound (page);
    await amount.fill ('37.50');
    await pay (page);
    await shows (page, 'Pay EUR 37.50');
    await typeCard (page, CARDS.pays);
    await shows (page, '€37.50');
  });
  assertEqual ((await relay.waitForPaid (link)).amountPaid, 3750, 'paid');
});

test ('quantities: the total is the server’s', async () => {
  const lines = [{ name: 'House blend', unitAmount: 1250, quantity: 1, maximumQuantity: 5 },
                 { name: 'Delivery', unitAmount: 395, quantity: 1 }];
  const link = await relay.createLink ({ amount: undefined, pricing: { type: 'lines', lines } });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await shows (page, '€16.45');
    await page.getByLabel ('Quantity of House blend').fill ('3');
    await page.getByRole ('button', { name: 'Update total' }).click ();
    await shows (page, '€41.45');
    await isSound (page);
    await pay (page);
    await shows (page, 'Pay EUR 41.45');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  assertEqual ((await relay.waitForPaid (link)).amountPaid, 4145, 'paid');
});

// proves: OPL-7
test ('what the seller asks for: checked by the server, kept, stored with the payment', async () => {
  const link = await relay.createLink ({ collect: ['name', 'email'], fields: [{ key: 'size', label: 'T-shirt size', required: true }] });
  await withPage (browser, { ...PHONE, javaScriptEnabled: false }, async page => {
    await page.goto (link.url);
    await page.getByLabel ('Name').fill ('Luis Pérez');
    await page.getByLabel ('E-mail').fill ('luis@invalid'.repeat (1) + '..');
    await page.getByLabel ('T-shirt size').fill ('M');
    await page.locator ('form').evaluate (form => { form.noValidate = true; });
    await pay (page);
    await shows (page, 'Enter an e-mail address');
    assertEqual (await page.getByLabel ('Name').inputValue (), 'Luis Pérez', 'the name stays');
    await page.getByLabel ('E-mail').fill ('luis@example.com');
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  await relay.waitForPaid (link);
  const [payment] = await paymentsOf (link);
  assertEqual ([payment.payer.name, payment.payer.email, payment.payer.fields.size], ['Luis Pérez', 'luis@example.com', 'M'], 'payer');
});

// proves: INV-7 INV-9 INV-13
test ('closed links say why, and cannot be paid', async () => {
  const closed = {
    'Payments are paused': link => relay.call ('POST', `/v1/links/${link.id}/pause`),
    'This link was cancelled': link => relay.call ('DELETE', `/v1/links/${link.id}`),
    'This link was replaced': link => relay.call ('POST', `/v1/links/${link.id}/token`),
  };
  for (const [words, close] of Object.entries (closed)) {
    const link = await relay.createLink ();
    await withPage (browser, PHONE, async page => {
      await page.goto (link.url);
      await close (link);
      await pay (page); // a page that was open before
      await isHeaded (page, words);
      await page.goto (link.url);
      await isHeaded (page, words);
      await isSound (page);
      assertEqual (await page.getByRole ('button').count (), 0, 'nothing to press');
    });
    assertEqual ((await paymentsOf (link)).length, 0, 'no payment');
  }
  const expiresAt = new Date (Date.now () + 1500).toISOString ();
  const soon = await relay.createLink ({ expiresAt });
  const later = await relay.createLink ({ notBefore: new Date (Date.now () + 86400000).toISOString () });
  await withPage (browser, PHONE, async page => {
    await page.goto (later.url);
    await isHeaded (page, 'Not open yet');
    while (new Date () < new Date (expiresAt)) await page.waitForTimeout (100);
    await page.goto (soon.url);
    await isHeaded (page, 'This link has expired');
    await page.goto (`${relay.url}/pay/${'0'.repeat (64)}`);
    await isHeaded (page, 'We do not know this link');
    await isSound (page);
    await page.goto (`${relay.url}/nowhere`);
    await isHeaded (page, /.+/);
  });
});

// proves: DYN-2
test ('/pay?d= opens the same checkout', async () => {
  const link = await relay.createLink ({ token: Array.from (crypto.getRandomValues (new Uint8Array (24)),
                                                            byte => byte.toString (16).padStart (2, '0')).join ('') });
  await withPage (browser, PHONE, async page => {
    await page.goto (`${relay.url}/pay?d=${token (link)}`);
    await isHeaded (page, 'Coffee beans');
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
    await page.goto (`${relay.url}/pay?d=${token (link)}`);
    await isHeaded (page, 'Payment received');
  });
  await relay.waitForPaid (link);
});

test ('opened under another name of the relay: the form still gets through', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url.replace ('127.0.0.1', 'localhost'));
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
});

test ('back after paying: the page is as things are now', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
    await page.goBack (); // the card form has nothing more to ask: it sends the buyer on
    await isHeaded (page, 'Payment received');
  });
  assertEqual ((await paymentsOf (link)).length, 1, 'one payment');
});

test ('a link with uses left can be paid again by the same buyer', async () => {
  const link = await relay.createLink ({ usage: { type: 'limited', limit: 2 } });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    for (const again of [true, false]) {
      await pay (page);
      await typeCard (page, CARDS.pays);
      await isHeaded (page, 'Payment received');
      assertEqual (await page.getByRole ('link', { name: 'Pay again' }).count (), again ? 1 : 0, 'pay again');
      if (again) await page.getByRole ('link', { name: 'Pay again' }).click ();
    }
  });
  assertEqual ((await relay.waitForPaid (link)).uses, 2, 'uses');
});

test ('the QR code of the page is there for a phone', async () => {
  const link = await relay.createLink ();
  await withPage (browser, DESKTOP, async page => {
    await page.goto (link.url);
    await page.getByText ('Pay on your phone instead').click ();
    await page.waitForFunction (() => document.querySelector ('img').naturalWidth > 0);
    await picture (page, 'flow/7-qr');
  });
});

// proves: INV-15
test ('paid in two parts', async () => {
  const link = await relay.createLink ({ amount: 12000, partial: { type: 'on', minimumFirst: 5000 } });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await page.getByLabel ('Amount').fill ('50.00');
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Part of the payment received');
    await picture (page, 'flow/8-part');
    await page.getByRole ('link', { name: 'Pay the rest' }).click ();
    await shows (page, 'Still due');
    await isSound (page);
    await picture (page, 'flow/9-rest');
    await pay (page);
    await shows (page, 'Pay EUR 70.00');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  assertEqual ((await relay.waitForPaid (link)).amountPaid, 12000, 'paid');
});

// proves: DYN-4
test ('one allowed method is selected by itself; none that is not allowed is offered', async () => {
  const link = await relay.createLink ({ methods: ['card'] });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    assertEqual (await page.getByRole ('radio').count (), 0, 'nothing to choose');
    assertEqual (await page.locator ('input[name=way]').inputValue (), 'card:mock', 'way');
  });
  const crypto = await relay.createLink ({ methods: ['crypto'] });
  await withPage (browser, PHONE, async page => {
    await page.goto (crypto.url);
    assertEqual (await page.locator ('input[name=way]').count (), 0, 'no card where only crypto is allowed');
    await isHeaded (page, 'Payment is not possible right now');
  });
});

test ('languages: the browser’s, the link’s before it', async () => {
  const link = await relay.createLink (), spanish = await relay.createLink ({ locale: 'es' });
  for (const [locale, lang, dir, words, url] of [
    ['es-MX', 'es', 'ltr', /^Pagar/, link.url], ['ar-EG', 'ar', 'rtl', /^ادفع/, link.url], ['de-AT', 'de', 'ltr', /bezahlen$/, link.url],
    ['fr-FR', 'fr', 'ltr', /^Payer/, link.url], ['pt-BR', 'pt', 'ltr', /^Pagar/, link.url], ['it-IT', 'en', 'ltr', /^Pay/, link.url],
    ['en-US', 'es', 'ltr', /^Pagar/, spanish.url]])
    await withPage (browser, { ...PHONE, locale }, async page => {
      await page.goto (url);
      assertEqual ([await page.locator ('html').getAttribute ('lang'), await page.locator ('html').getAttribute ('dir')], [lang, dir],
                   locale);
      await page.getByRole ('button', { name: words }).waitFor ();
      await picture (page, `flow/language-${locale}-${lang}`);
    });
});

test ('script tags in every text: harmless, with the relay’s own policy', async () => {
  const evil = '<script>document.title="owned"</script><img src=x onerror=alert(1)>';
  const link = await relay.createLink ({ title: evil, description: evil, reference: '"><svg onload=alert(1)>', collect: ['name'],
                                         fields: [{ key: 'size', label: evil.slice (0, 80), required: false }] });
  await withPage (browser, PHONE, async page => {
    await page.goto (link.url);
    await shows (page, evil);
    assertEqual (await page.locator ('main script, main svg[onload], main img[onerror]').count (), 0, 'elements');
    await page.getByLabel ('Name').fill (evil);
    await pay (page);
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
    assert (await page.title () !== 'owned', 'a script ran');
  });
});

test ('headers, weight and requests of the real page', async () => {
  const link = await relay.createLink ();
  await withPage (browser, PHONE, async page => {
    const responses = [];
    page.on ('response', response => responses.push (response));
    const first = await page.goto (link.url, { waitUntil: 'networkidle' });
    const headers = first.headers ();
    const expected = {
      'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow', 'content-type': 'text/html; charset=utf-8', 'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    };
    for (const [name, value] of Object.entries (expected)) assertEqual (headers[name], value, name);
    const policy = headers['content-security-policy'];
    assert (/default-src 'none'/.test (policy) && !/unsafe/.test (policy), policy);
    assert (/style-src 'self' 'sha256-[A-Za-z0-9+/=]+' 'sha256-[A-Za-z0-9+/=]+'/.test (policy), policy);
    assert (!('server' in headers), 'no Server header');
    const sizes = await Promise.all (responses.map (async response => (await response.body ()).length));
    assert (sizes[0] <= 14 * 1024 && sizes.reduce ((a, b) => a + b) <= 50 * 1024, `bytes: ${sizes}`);
    assert (responses.length <= 2, `requests: ${responses.map (response => response.url ())}`);
    assertEqual (responses.map (response => response.url ()).filter (url => !url.startsWith (relay.url)), [], 'others');
    assertEqual (await first.headerValues ('set-cookie'), [], 'a look sets no cookie');
  });
});

// proves: OPF-4
test ('chaos is configured and logged: no card pays at success-rate 0', async () => {
  const chaotic = await Relay.start ({ 'mock-seed': 4711, 'mock-success-rate': 0, 'mock-latency': '20-60' });
  try {
    const link = await chaotic.createLink ();
    await withPage (browser, PHONE, async page => {
      await page.goto (link.url);
      await pay (page);
      await typeCard (page, CARDS.pays);
      await isHeaded (page, 'Payment declined');
    });
    assert (/seed=4711 success-rate=0 latency=20-60/.test (chaotic.said), `the log says nothing of it: ${chaotic.said}`);
  } finally {
    assertEqual (await chaotic.stop (), 0, 'exit code');
  }
});

test ('the provider is down: said so, nothing charged, the link stays payable', async () => {
  const down = await Relay.start ({ 'mock-api-errors': 100 });
  try {
    const link = await down.createLink ();
    await withPage (browser, PHONE, async page => {
      await page.goto (link.url);
      for (let i = 0; i < 5 && await page.getByRole ('button', { name: /^Pay/ }).count (); i++) {
        await pay (page);
        await page.waitForURL (link.url);
        await isHeaded (page, 'Payment is not possible right now');
        await shows (page, 'The payment service does not answer. Nothing was charged.');
      }
      await page.getByRole ('link', { name: 'Try again' }).waitFor (); // by now nobody is sent to the provider any more
      await isSound (page);
      await picture (page, 'flow/10-unavailable');
    });
    assertEqual ((await down.getLink (link)).status, 'open', 'the link');
  } finally {
    assertEqual (await down.stop (), 0, 'exit code');
  }
});

// The picture for README.md: `node flows.mjs --screenshot data/screenshots/checkout.png`
async function screenshot (file) {
  const merchant = await relay.call ('GET', '/v1/merchant');
  const link = await relay.createLink ({ title: 'Coffee beans, 1 kg', reference: 'A-2026-17',
                                         description: 'House blend, roasted on Friday. Sent within two days.' });
  const context = await browser.newContext ({ ...PHONE, viewport: { width: 390, height: 640 } });
  const page = await newPage (context);
  await page.goto (link.url);
  fs.mkdirSync (path.dirname (file), { recursive: true });
  await page.screenshot ({ path: file });
  console.log (`# ${file}: the page of ${merchant.name}`);
}

const end = async () => {
  await browser.close ();
  const code = await relay.stop ();
  if (code !== 0) console.log (`# the relay ended with ${code}: ${relay.said}`);
};
const wanted = process.argv.indexOf ('--screenshot');
if (wanted > 0) {
  await screenshot (process.argv[wanted + 1]);
  await end ();
} else
  await main (end);
