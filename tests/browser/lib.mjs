// What the browser tests share: TAP, a browser, the gallery's server with the real headers, a relay of one's own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axeSource = fs.readFileSync (createRequire (import.meta.url).resolve ('axe-core/axe.min.js'), 'utf8');

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const NARROW = { viewport: { width: 320, height: 640 } };

// ── TAP ──────────────────────────────────────────────────────────────────────────────────────────
const cases = [];
export const test = (name, run) => cases.push ({ name, run });

export function assert (truth, message) {
  if (!truth) throw new Error (message);
}

export function assertEqual (actual, expected, message) {
  const [a, e] = [actual, expected].map (value => JSON.stringify (value));
  assert (a === e, `${message}: ${a} instead of ${e}`);
}

// Runs every test one after the other; the exit code says whether all of them passed.
export async function main (after) {
  let failed = 0;
  console.log (`1..${cases.length}`);
  for (const [i, { name, run }] of cases.entries ()) {
    try {
      await run ();
      console.log (`ok ${i + 1} ${name}`);
    } catch (error) {
      failed++;
      console.log (`not ok ${i + 1} ${name}`);
      console.log (String (error.stack ?? error).replace (/^/gm, '# '));
    }
  }
  await after?.();
  process.exit (failed ? 1 : 0);
}

// ── Browser ──────────────────────────────────────────────────────────────────────────────────────
export const launch = () => chromium.launch ({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});

// A page that remembers everything it complained about. A 4xx or 5xx of the page itself is no complaint.
export async function newPage (context) {
  const page = await context.newPage ();
  page.complaints = [];
  page.on ('console', message => {
    if (message.type () === 'error' && !/Failed to load resource: the server responded with a status of/.test (message.text ()))
      page.complaints.push (message.text ());
  });
  page.on ('pageerror', error => page.complaints.push (String (error)));
  page.on ('dialog', dialog => {
    page.complaints.push (`dialog: ${dialog.message ()}`);
    dialog.dismiss ();
  });
  return page;
}

export async function withPage (browser, options, run) {
  const context = await browser.newContext (options);
  try {
    const page = await newPage (context);
    await run (page, context);
    assertEqual (page.complaints, [], 'the browser complains');
  } finally {
    await context.close ();
  }
}

// Playwright's own way to add a script is a script element, which our policy refuses; evaluating the text is not. @rules: only these.
export async function axe (page, rules) {
  await page.evaluate (axeSource);
  const found = await page.evaluate (only => axe.run (document, { runOnly: only, resultTypes: ['violations'] }),
    rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  return found.violations.map (v => `${v.id} (${v.impact}): ${v.nodes.map (node => node.html.slice (0, 120)).join (' | ')}`);
}

// What can be pressed or filled in and is smaller than a thumb; links inside sentences are exempt.
export const smallTargets = page => page.evaluate (() =>
  [...document.querySelectorAll ('a, button, input:not([type=hidden]), textarea, select, summary')]
    .map (element => element.matches ('[type=radio], [type=checkbox]') ? element.closest ('label') ?? element : element)
    .filter (element => { const box = element.getBoundingClientRect (); return box.width && (box.height < 44 || box.width < 24); })
    .map (element => element.outerHTML.slice (0, 100)));

export const overflows = page => page.evaluate (() =>
  document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? [...document.querySelectorAll ('body *')].filter (e => e.getBoundingClientRect ().right > innerWidth + 1)
        .map (e => e.outerHTML.slice (0, 80)).slice (0, 3)
    : []);

// ── Pictures ─────────────────────────────────────────────────────────────────────────────────────
const pictures = process.env.COBRO_PICTURES;
export async function picture (page, name) {
  if (!pictures) return;
  fs.mkdirSync (pictures, { recursive: true });
  await page.screenshot ({ path: path.join (pictures, `${name}.png`), fullPage: true });
}

// ── The gallery's server ─────────────────────────────────────────────────────────────────────────
// Serves the files of page-gallery: /<file>, with ?bare=1 without the policy.
// (`?drip`: as a slow network brings it, the body element by element, so that the browser paints halves)
export async function serveGallery (folder) {
  const { pages } = JSON.parse (fs.readFileSync (path.join (folder, 'pages.json'), 'utf8'));
  const server = http.createServer ((request, response) => {
    const url = new URL (request.url, 'http://x');
    const name = path.basename (url.pathname);
    const page = pages.find (one => one.file === name);
    const file = path.join (folder, name);
    const headers = {};
    if (page) {
      headers['Content-Type'] = 'text/html; charset=utf-8';
      if (!url.searchParams.has ('bare')) headers['Content-Security-Policy'] = page.policy;
    } else if (name.endsWith ('.js'))
      headers['Content-Type'] = 'text/javascript; charset=utf-8';
    if (!name || !fs.existsSync (file)) {
      response.writeHead (404);
      return response.end ();
    }
    response.writeHead (200, headers);
    if (page && url.searchParams.has ('drip')) return drip (response, fs.readFileSync (file, 'utf8'));
    response.end (fs.readFileSync (file));
  });
  await new Promise (resolve => server.listen (0, '127.0.0.1', resolve));
  return { pages, base: `http://127.0.0.1:${server.address ().port}`, close: () => server.close () };
}

// Sends @html so that the browser has to paint it piece by piece: its head at once, then every few tags with a pause.
async function drip (response, html) {
  const body = html.indexOf ('<body');
  const pieces = html.slice (body).split (/(?<=>)(?=[^<])|(?=<button|<p|<div|<dd|<footer)/);
  const group = Math.ceil (pieces.length / 12);
  response.write (html.slice (0, body));
  for (let i = 0; i < pieces.length; i += group) {
    response.write (pieces.slice (i, i + group).join (''));
    await new Promise (resolve => setTimeout (resolve, 16));
  }
  response.end ();
}

// ── A relay of one's own ─────────────────────────────────────────────────────────────────────────
export class Relay {
  // Starts `cobro-relay demo` on a free port in a folder of its own, with @settings as in relay.conf.
  static async start (settings = {}) {
    const self = new Relay ();
    self.folder = fs.mkdtempSync (path.join (os.tmpdir (), 'cobro-browser-'));
    const data = path.join (self.folder, 'data'), config = path.join (self.folder, 'relay.conf');
    fs.mkdirSync (data, { mode: 0o700 });
    fs.writeFileSync (config, Object.entries ({ 'rate-limits': 'off', ...settings }).map (pair => pair.join (' = ') + '\n').join (''));
    self.process = spawn (process.env.COBRO_RELAY, ['demo', '--config', config, '--listen', '127.0.0.1:0', '--data', data],
                          { stdio: ['ignore', 'pipe', 'pipe'] });
    self.said = '';
    self.process.stderr.on ('data', data => { self.said += data; });
    const lines = {};
    let rest = '';
    await new Promise ((resolve, reject) => {
      const patience = setTimeout (() => reject (new Error (`the relay is not ready: ${self.said}`)), 60000);
      self.process.on ('exit', code => reject (new Error (`the relay ended with ${code}: ${self.said}`)));
      self.process.stdout.on ('data', data => {
        rest += data;
        for (let end; (end = rest.indexOf ('\n')) >= 0; rest = rest.slice (end + 1)) {
          const [, name, value] = /^([a-z ]+): (.*)$/.exec (rest.slice (0, end)) ?? [];
          if (name) lines[name] = value;
          if (name === 'ready') {
            clearTimeout (patience);
            resolve ();
          }
        }
      });
    });
    self.process.removeAllListeners ('exit');
    self.url = lines.ready;
    self.key = lines['api key'];
    self.link = lines.link;
    return self;
  }

  async call (method, target, body) {
    const answer = await fetch (this.url + target, {
      method,
      headers: { 'Authorization': `Bearer ${this.key}`, 'Content-Type': 'application/json',
                 'Idempotency-Key': crypto.randomUUID () },
      body: body && JSON.stringify (body),
    });
    const json = await answer.json ();
    if (!json.success) throw new Error (`${method} ${target}: ${answer.status} ${JSON.stringify (json)}`);
    return json.data;
  }

  // A link as the API makes it; `amount` in minor units.
  createLink (fields = {}) {
    return this.call ('POST', '/v1/links', { title: 'Coffee beans', currency: 'EUR', amount: 1250, ...fields });
  }

  getLink (link) {
    return this.call ('GET', `/v1/links/${link.id}`);
  }

  // Waits until the link's payment status is @status.
  async waitForPaid (link, status = 'paid') {
    const until = Date.now () + 30000;
    let now;
    do {
      now = await this.getLink (link);
      if (now.paymentStatus === status) return now;
      await new Promise (resolve => setTimeout (resolve, 50));
    } while (Date.now () < until);
    throw new Error (`the link is ${now.paymentStatus}, not ${status}`);
  }

  async stop () {
    const ended = new Promise (resolve => this.process.on ('exit', resolve));
    this.process.kill ('SIGTERM');
    const code = await ended;
    fs.rmSync (this.folder, { recursive: true, force: true });
    return code;
  }
}

// ── A buyer's hands ──────────────────────────────────────────────────────────────────────────────
export const CARDS = { pays: '4242 4242 4242 4242', declines: '4000 0000 0000 0002', asks: '4000 0025 0000 3155' };

export async function typeCard (page, number) {
  await page.getByLabel ('Card number').fill (number);
  await page.getByLabel ('Expiry').fill ('12 / 34');
  await page.getByLabel ('CVC').fill ('123');
  await page.getByRole ('button', { name: /^Pay/ }).click ();
}

export const heading = page => page.getByRole ('heading', { level: 1 });
export const shows = (page, words) => page.getByText (words).first ().waitFor ({ timeout: 30000 });
