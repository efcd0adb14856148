// The page /docs of the real relay: sound in every size and colour, whole without scripts, searched, and a request tried out.
// Usage: COBRO_RELAY=… node docs.mjs
import { DESKTOP, PHONE, Relay, assert, assertEqual, axe, launch, main, test, withPage } from './lib.mjs';

const relay = await Relay.start ();
const browser = await launch ();
const docs = relay.url + '/docs';

// proves: OPF-14
for (const [name, options] of [['desktop', DESKTOP], ['dark', { ...DESKTOP, colorScheme: 'dark' }], ['phone', PHONE], ['small phone', { ...PHONE, viewport: { width: 360, height: 640 } }]]) {
  test (`sound: ${name}`, () => withPage (browser, options, async page => {
    await page.goto (docs);
    assertEqual (await axe (page), [], 'the page');
    assertEqual (await page.evaluate (() => document.documentElement.scrollWidth - innerWidth), 0, 'sideways');
  }));
}

test ('whole without scripts', () => withPage (browser, { ...DESKTOP, javaScriptEnabled: false }, async page => {
  await page.goto (docs + '#createLink');
  assert (await page.getByRole ('heading', { name: 'Publish a link' }).isVisible (), 'an operation');
  assert (await page.locator ('#createLink').getByText ('curl -X POST').isVisible (), 'its example');
}));

test ('searched by keyboard', () => withPage (browser, DESKTOP, async page => {
  await page.goto (docs);
  await page.keyboard.press ('/');
  await page.keyboard.type ('publish a link');
  assert (!await page.locator ('#listPayments').isVisible (), 'others are hidden');
  await page.keyboard.press ('Enter');
  assertEqual (await page.evaluate (() => document.activeElement.textContent), 'Publish a link', 'the first is focused');
}));

test ('a request tried out', () => withPage (browser, DESKTOP, async page => {
  await page.goto (docs);
  const health = page.locator ('#getHealth');
  await health.getByText ('Try it').click ();
  await health.getByRole ('button', { name: 'Send' }).click ();
  await health.getByText ('200 OK').waitFor ({ timeout: 30000 });
}));

await main (async () => { await browser.close (); await relay.stop (); });
