// Our mails as a mail program that knows HTML shows them: every kind, on a phone and a desktop, light and dark; and pictures of every
// document (pdftoppm). mails.mjs PICTURES-PROGRAM: tests/document/document-pictures.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DESKTOP, NARROW, PHONE, assert, assertEqual, axe, launch, main, overflows, picture, test, withPage } from './lib.mjs';

const folder = fs.mkdtempSync (path.join (os.tmpdir (), 'cobro-mails-'));
execFileSync (process.argv[2], [folder]);
const files = fs.readdirSync (folder);
const mails = files.filter (name => name.endsWith ('.html')).map (name => name.slice (0, -5));
const browser = await launch ();

// Opens a mail as a mail program does: no scripts, and nothing is fetched.
async function open (page, context, name) {
  const asked = [];
  await context.route ('**/*', route => {
    asked.push (route.request ().url ());
    return route.request ().url ().startsWith ('file:') ? route.continue () : route.abort ();
  });
  await page.goto ('file://' + path.join (folder, name + '.html'));
  assertEqual (asked.length, 1, `${name} asks for more than itself: ${asked}`);
}

// The other languages differ in their words alone, which tests/document reads: two mails each are looked at.
const looked = name => /-(en|es)$/.test (name) || (/^mail-(invoice|reminder)-/.test (name));

for (const name of mails.filter (looked))
  for (const [size, options] of name.includes ('invoice') ? [['phone', PHONE], ['desktop', DESKTOP]] : [['phone', PHONE]])
    for (const colorScheme of /-(en|es)$/.test (name) ? ['light', 'dark'] : ['light'])
      test (`${name}, ${size}, ${colorScheme}`, () => withPage (browser, { ...options, colorScheme }, async (page, context) => {
        await open (page, context, name);
        assertEqual (await overflows (page), [], 'wider than the screen');
        if (size === 'phone')
          assertEqual (await axe (page, ['wcag2a', 'wcag2aa']), [], 'axe');
        await picture (page, `${name}-${size}-${colorScheme}`);
      }));

test ('the dark look is dark, and the button keeps the colour of the shop', () =>
  withPage (browser, { ...PHONE, colorScheme: 'dark' }, async (page, context) => {
    const colour = (selector, what) => page.locator (selector).first ().evaluate ((e, w) => getComputedStyle (e)[w], what);
    await open (page, context, 'mail-invoice-es');
    assertEqual (await colour ('.card', 'backgroundColor'), 'rgb(31, 36, 44)', 'the card');
    assertEqual (await colour ('.big', 'color'), 'rgb(242, 244, 247)', 'the amount');
    assertEqual (await colour ('.btn a', 'backgroundColor'), 'rgb(179, 38, 30)', 'the button');
  }));

test ('the smallest telephone, and the text at twice its size', () => withPage (browser, NARROW, async (page, context) => {
  await open (page, context, 'mail-receipt-en');
  assertEqual (await overflows (page), [], 'wider than 320 px');
}));

test ('what is said in HTML is said in plain text, too', () => withPage (browser, DESKTOP, async (page, context) => {
  for (const name of mails) {
    await open (page, context, name);
    const plain = fs.readFileSync (path.join (folder, name + '.txt'), 'utf8').replace (/\s+/g, ' ');
    const cells = await page.locator ('td > bdi, p').allInnerTexts ();
    assert (cells.length > 3, `${name} says nothing`);
    for (const said of cells.flatMap (text => text.split ('\n')).filter (text => !/^(Or open|O abra|Oder öffnen|Ou ouvrez|Ou abra|أو افتحوا)/.test (text)))
      assert (plain.includes (said.replace (/\s+/g, ' ').trim ()), `${name}: the plain text lacks "${said}"`);
    await context.unroute ('**/*');
  }
}));

test ('every document can be drawn by another program', () => {
  const out = process.env.COBRO_PICTURES ?? folder;
  fs.mkdirSync (out, { recursive: true });
  for (const name of files.filter (file => file.endsWith ('.pdf'))) {
    const done = spawnSync ('pdftoppm', ['-r', '80', '-png', path.join (folder, name), path.join (out, name.slice (0, -4))]);
    assertEqual ([done.status, String (done.stderr)], [0, ''], name);
  }
});

await main (async () => {
  await browser.close ();
  fs.rmSync (folder, { recursive: true });
});
