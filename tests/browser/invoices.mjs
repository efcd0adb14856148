// Buyers in front of an invoice of the real relay: looked at, saved as PDF, paid at once, in parts and by plan, withdrawn.
// Usage: COBRO_RELAY=… node invoices.mjs
import fs from 'node:fs';
import { CARDS, DESKTOP, PHONE, Relay, assert, assertEqual, axe, launch, main, overflows, picture, shows, smallTargets, test,
         typeCard, withPage } from './lib.mjs';

const relay = await Relay.start ();
const browser = await launch ();
const press = (page, name) => page.getByRole ('button', { name }).click ();

async function isHeaded (page, words) {
  await page.getByRole ('heading', { level: 1, name: words }).waitFor ({ timeout: 30000 });
}

async function isSound (page) {
  assertEqual ([...await axe (page), ...await smallTargets (page), ...await overflows (page)], [], 'the page');
}

const createInvoice = (fields = {}) => relay.call ('POST', '/v1/invoices', {
  currency: 'AUD', decision: 'issued', customer: { name: 'Jane Citizen', email: 'jane@example.com' },
  lines: [{ description: 'Vacuum cleaner service', unitAmount: 7500, taxName: 'GST', taxRate: '10' }], ...fields });
const getInvoice = invoice => relay.call ('GET', `/v1/invoices/${invoice.id}`);

// Waits until @fits is true of the invoice.
async function waitFor (invoice, fits) {
  const until = Date.now () + 30000;
  let now;
  do {
    now = await getInvoice (invoice);
    if (fits (now)) return now;
    await new Promise (resolve => setTimeout (resolve, 50));
  } while (Date.now () < until);
  throw new Error (`the invoice is ${JSON.stringify (now)}`);
}

async function savePaper (page) {
  const coming = page.waitForEvent ('download');
  await page.getByRole ('link', { name: 'Download the invoice (PDF)' }).click ();
  const download = await coming;
  return { name: download.suggestedFilename (), bytes: fs.readFileSync (await download.path ()) };
}

// proves: INV-2 INV-7 INV-11
test ('an invoice is looked at, saved, paid, and stays paid', async () => {
  const invoice = await createInvoice ();
  await withPage (browser, { ...PHONE, acceptDownloads: true }, async page => {
    await page.goto (invoice.url);
    await isHeaded (page, new RegExp (invoice.number));
    await isSound (page);
    await picture (page, 'invoice/1-open');
    for (const words of ['Vacuum cleaner service', 'Jane Citizen', 'A$75.00', 'GST 10 % on A$75.00', 'A$7.50', 'Total AUD'])
      await shows (page, words);
    await waitFor (invoice, now => now.viewedAt !== null && now.status === 'viewed');
    const paper = await savePaper (page);
    assertEqual (paper.name, `Invoice ${invoice.number}.pdf`, 'file name');
    assert (paper.bytes.subarray (0, 5).toString () === '%PDF-', 'a PDF');
    await press (page, 'Pay A$82.50');
    await typeCard (page, CARDS.declines);
    await isHeaded (page, 'Payment declined');
    await press (page, 'Pay A$82.50');
    await typeCard (page, CARDS.asks);
    await press (page, 'Approve');
    await isHeaded (page, 'Payment received');
    await isSound (page);
    await picture (page, 'invoice/2-paid');
    await waitFor (invoice, now => now.status === 'paid' && now.totals.due === 0);
    assert ((await savePaper (page)).bytes.length > 1000, 'the paid invoice as a PDF');
  });
  await withPage (browser, DESKTOP, async page => {
    await page.goto (invoice.url);
    await isHeaded (page, 'This invoice has been paid');
    assertEqual (await page.getByRole ('button', { name: /Pay/ }).count (), 0, 'nothing asks again');
    await page.getByText ('Show the invoice').click ();
    await shows (page, 'Vacuum cleaner service');
    await isSound (page);
  });
});

// proves: INV-15
test ('a plan: this part, then all the rest', async () => {
  const parts = [1, 2, 3].map (month => ({ due: `2030-0${month}-01`, amount: 2750 }));
  const invoice = await createInvoice ({ partial: { type: 'plan', parts } });
  await withPage (browser, PHONE, async page => {
    await page.goto (invoice.url);
    await isSound (page);
    await picture (page, 'invoice/3-plan');
    await press (page, 'Pay this part: A$27.50');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Part of the payment received');
    await waitFor (invoice, now => now.status === 'partially_paid' && now.totals.due === 5500);
    await page.getByRole ('link', { name: 'Pay the rest' }).click ();
    await press (page, 'Pay all: A$55.00');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  await waitFor (invoice, now => now.status === 'paid');
});

// proves: INV-15
test ('part payments with a first part that is not too small', async () => {
  const invoice = await createInvoice ({ partial: { type: 'on', minimumFirst: 2000 } });
  await withPage (browser, PHONE, async page => {
    await page.goto (invoice.url);
    await page.getByLabel ('Amount').fill ('5');
    await press (page, 'Continue to payment');
    await shows (page, 'Enter an amount that can be paid here.');
    await page.getByLabel ('Amount').fill ('20');
    await press (page, 'Continue to payment');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Part of the payment received');
    await shows (page, 'A$62.50');
  });
  await waitFor (invoice, now => now.totals.paid === 2000 && now.totals.due === 6250);
});

// proves: INV-7 INV-9
test ('withdrawn under the buyer’s eyes; and an address that was replaced', async () => {
  const invoice = await createInvoice (), moved = await createInvoice ();
  await withPage (browser, PHONE, async page => {
    await page.goto (invoice.url);
    await relay.call ('POST', `/v1/invoices/${invoice.id}/void`, { reason: 'Sent twice' });
    await press (page, 'Pay A$82.50');
    await isHeaded (page, 'This invoice was cancelled');
    await shows (page, 'Sent twice');
    await isSound (page);
    await picture (page, 'invoice/4-void');
    const fresh = await relay.call ('POST', `/v1/invoices/${moved.id}/token`, {});
    await page.goto (moved.url);
    await isHeaded (page, 'This link was replaced');
    assertEqual (await page.getByText ('Vacuum').count (), 0, 'nothing of the invoice');
    await page.goto (fresh.url);
    await shows (page, 'Vacuum cleaner service');
  });
});

test ('without scripts: everything is there, and nobody has looked', async () => {
  const invoice = await createInvoice ();
  await withPage (browser, { ...PHONE, javaScriptEnabled: false }, async page => {
    await page.goto (invoice.url);
    await shows (page, 'Vacuum cleaner service');
    await press (page, 'Pay A$82.50');
    await typeCard (page, CARDS.pays);
    await isHeaded (page, 'Payment received');
  });
  const now = await waitFor (invoice, one => one.status === 'paid');
  assertEqual (now.viewedAt, null, 'viewed');
});

await main (async () => {
  await browser.close ();
  assertEqual (await relay.stop (), 0, 'the relay ends well');
});
