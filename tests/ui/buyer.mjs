// buyer.mjs: the hands and eyes of a buyer. Chromium on a phone-sized screen, told by JSON lines on stdin what to do, one
// answer per line on stdout: {"ok": true, "value": …, "at": milliseconds} or {"ok": false, "error": "…"}.
// The browser profile is new and gone at the end. Only loopback is reachable: a request to anywhere else fails the test.
// Options: --no-scripts  --desktop  --dark  --language es-ES
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(resolve(here, '../browser/package.json'))('playwright-core');
const has = (name) => process.argv.includes(name);
const option = (name, otherwise) => (has(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);

const browser = await chromium.launch({
  executablePath: process.env.COBRO_CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
});
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const context = await browser.newContext({
  ...(has('--desktop') ? { viewport: { width: 1280, height: 800 } } : phone),
  javaScriptEnabled: !has('--no-scripts'),
  colorScheme: has('--dark') ? 'dark' : 'light',
  locale: option('--language', 'en-US'),
});
const page = await context.newPage();
page.setDefaultTimeout(30000 * Number(process.env.COBRO_UI_PATIENCE || 1));

const strangers = [];          // requests to hosts that are not loopback
const errors = [];             // what the page's console complained about
const held = [];               // requests that wait for release
let hold = null;
// Every request, also each hop of a redirect, passes here (page.route() does not see redirects).
const wire = await context.newCDPSession(page);
const pass = ({ requestId }) => wire.send('Fetch.continueRequest', { requestId }).catch(() => {});
const refuse = ({ requestId }) => wire.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionFailed' }).catch(() => {});
wire.on('Fetch.requestPaused', (paused) => {
  const url = new URL(paused.request.url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) && url.protocol !== 'data:') {
    strangers.push(url.href);
    refuse(paused);
  } else if (hold && paused.resourceType === 'Document' && hold.test(url.pathname + url.search)) {
    held.push(paused);
  } else {
    pass(paused);
  }
});
await wire.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
page.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} ${message.location().url}`));
page.on('pageerror', (error) => errors.push(String(error)));

const button = (name) => page.getByRole('button', { name: new RegExp(name, 'i') }).first();
const field = (label) => page.getByLabel(new RegExp(label, 'i')).first();
const hands = {
  asks: async ({ label }) => (await page.getByLabel(new RegExp(label, 'i')).count()) > 0,
  open: async ({ url }) => { const answer = await page.goto(url, { waitUntil: 'load' }); return answer ? answer.status() : null; },
  fill: async ({ label, text }) => field(label).fill(text),
  choose: async ({ label }) => field(label).check(),
  press: async ({ name, leave }) => {
    // leave: true waits until the browser has arrived on the next page, "no": only sends
    if (leave === 'no') { button(name).click({ noWaitAfter: true }).catch(() => {}); return null; }
    await button(name).click();
    return page.waitForLoadState('load').then(() => page.url());
  },
  follow: async ({ name }) => {
    await page.getByRole('link', { name: new RegExp(name, 'i') }).first().click();
    return page.waitForLoadState('load').then(() => page.url());
  },
  reads: async ({ text }) => { await page.getByText(new RegExp(text, 'i')).first().waitFor({ state: 'visible' }); return true; },
  text: async () => page.innerText('body'),
  url: async () => page.url(),
  reload: async () => { await page.reload(); return page.url(); },
  shot: async ({ path }) => { mkdirSync(dirname(path), { recursive: true }); await page.screenshot({ path, fullPage: false }); return path; },
  hold: async ({ pattern }) => { hold = new RegExp(pattern); return null; },
  held: async () => held.length,
  release: async () => { hold = null; while (held.length) await pass(held.shift()); return null; },
  drop: async () => { hold = null; while (held.length) await refuse(held.shift()); return null; },
  complaints: async () => ({ strangers, errors }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  let answer;
  try {
    answer = { ok: true, value: (await hands[order.do](order)) ?? null, at: Date.now() };
  } catch (error) {
    answer = { ok: false, error: `${order.do}: ${error.message}`, url: page.url(), at: Date.now() };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
