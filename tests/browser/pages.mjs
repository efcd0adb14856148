// Every page of a buyer, in every look: small, whole, readable, quiet. The pages come from page-gallery (tests/relay/templates),
// under the policy the relay sends.  Usage: node pages.mjs PAGE-GALLERY
// proves: OPL-3
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DESKTOP, NARROW, PHONE, assertEqual, assert, axe, launch, main, newPage, overflows, picture, serveGallery,
         smallTargets, test } from './lib.mjs';
import { fakeProviders } from './fakes.mjs';

const folder = fs.mkdtempSync (path.join (os.tmpdir (), 'cobro-gallery-'));
execFileSync (process.argv[2], [folder]);
const gallery = await serveGallery (folder);
const browser = await launch ();
// Pages that differ from others in some words alone, which tests/relay/templates reads: they would only take time.
const twins = /^invoice-(plan-(last|wrong)|settled|credit|given-back|refunded|processing|busy|declined|expired|replaced)$/;
gallery.pages = gallery.pages.filter (page => !twins.test (page.name));
// Other languages in a few states: all of them are read by tests/relay/templates.
const few = /^(open|quantities|fields-wrong|transfer|embedded-form|invoice-plan|busy|declined|paid|error-429|mock-card-wrong)$/;
gallery.pages = gallery.pages.filter (page => page.language === 'en' || few.test (page.name));
const inLanguage = language => gallery.pages.filter (page => page.language === language);

// Opens @pages one after the other in one tab, and asks @look what it thinks of each.
async function visit (pages, options, look, query = '') {
  const context = await browser.newContext ({ ...options, deviceScaleFactor: 1 });
  await fakeProviders (context);
  const wrong = [];
  try {
    const page = await newPage (context);
    for (const { name, file } of pages) {
      page.complaints.length = 0;
      await page.goto (`${gallery.base}/${file}${query}`, { waitUntil: 'load' });
      const found = [...(await look (page, name) ?? []), ...page.complaints];
      if (found.length) wrong.push (`${name}: ${found.join ('; ')}`);
    }
  } finally {
    await context.close ();
  }
  assertEqual (wrong, [], 'something is wrong');
}

for (const colorScheme of ['light', 'dark'])
  test (`phone, ${colorScheme}: axe finds nothing, targets are large`, () =>
    visit (inLanguage ('en'), { ...PHONE, colorScheme }, async (page, name) => {
      await picture (page, `phone-${colorScheme}/${name}`);
      // the tree is the same in both: in the dark only the contrasts are new
      const found = await axe (page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      return [...found, ...await smallTargets (page), ...await overflows (page)];
    }));

for (const colorScheme of ['light', 'dark'])
  test (`desktop, ${colorScheme}`, () =>
    visit (inLanguage ('en'), { ...DESKTOP, colorScheme }, async (page, name) => {
      await picture (page, `desktop-${colorScheme}/${name}`);
      return overflows (page);
    }));

test ('320 pixels: nothing to scroll sideways (WCAG 1.4.10)', () =>
  visit (gallery.pages, NARROW, async (page, name) => {
    if (['quantities', 'fields-wrong', 'mock-card-wrong'].includes (name)) await picture (page, `narrow/${name}`);
    return overflows (page);
  }));

test ('twice the text size: nothing is cut off (WCAG 1.4.4)', () =>
  visit (inLanguage ('en'), { ...PHONE }, async page => {
    await page.evaluate (() => { document.documentElement.style.setProperty ('font-size', '200%'); });
    return overflows (page);
  }, '?bare=1'));

test ('forced colours', () =>
  visit (inLanguage ('en'), { ...PHONE, forcedColors: 'active' }, async (page, name) => {
    await picture (page, `forced-colors/${name}`);
    return page.evaluate (() => [...document.querySelectorAll ('button, .do, input:not([type=hidden]):not([type=radio]), textarea')]
      .filter (e => e.getBoundingClientRect ().width && parseFloat (getComputedStyle (e).borderTopWidth) < 1)
      .map (e => `no border: ${e.outerHTML.slice (0, 80)}`));
  }));

for (const [language, direction] of [['es', 'ltr'], ['de', 'ltr'], ['fr', 'ltr'], ['pt', 'ltr'], ['ar', 'rtl']])
  test (`${language}: language, direction, nothing left in English`, () =>
    visit (inLanguage (language), PHONE, async (page, name) => {
      await picture (page, `${language}/${name}`);
      const html = page.locator ('html');
      assertEqual (await html.getAttribute ('lang'), language, `${name}: lang`);
      assertEqual (await html.getAttribute ('dir'), direction, `${name}: dir`);
      return page.evaluate (() => /\b(charged|please|card number|try again)\b/i.test (document.querySelector ('main').innerText
        .replace (/Support our choir|Test card/g, '')) ? ['English words'] : []);
    }));

test ('scripts off: everything is there', () =>
  visit (inLanguage ('en').filter (({ name }) => !name.startsWith ('error')), { ...PHONE, javaScriptEnabled: false },
    async (page, name) => {
      return await page.locator ('h1').count () === 1 ? [] : ['no heading'];
    }));

test ('weight: ≤ 14 KB HTML, ≤ 50 KB and ≤ 3 requests in all, nobody else is asked', () =>
  visit (inLanguage ('en').filter (({ name }) => name === 'open'), DESKTOP, async page => {
    const seen = [];
    page.on ('response', response => seen.push (response));
    await page.reload ({ waitUntil: 'networkidle' });
    const sizes = await Promise.all (seen.map (async response => (await response.body ().catch (() => '')).length));
    assert (sizes[0] <= 14 * 1024, `the page has ${sizes[0]} bytes`);
    assert (sizes.reduce ((a, b) => a + b) <= 50 * 1024, `all together has ${sizes} bytes`);
    assert (seen.length <= 3, `${seen.length} requests`);
    return seen.map (response => response.url ()).filter (url => !url.startsWith (gallery.base));
  }));

test ('nothing moves while the page loads (CLS 0)', () =>
  visit (inLanguage ('en'), PHONE, async page => {
    const shifted = await page.evaluate (() => new Promise (done => {
      let sum = 0;
      new PerformanceObserver (list => { for (const entry of list.getEntries ()) sum += entry.value; })
        .observe ({ type: 'layout-shift', buffered: true });
      requestAnimationFrame (() => requestAnimationFrame (() => setTimeout (() => done (sum))));
    }));
    return shifted === 0 ? [] : [`moved by ${shifted}`];
  }, '?drip=1'));

for (const query of ['', '?bare=1'])
  test (`hostile text is only text, ${query ? 'even without' : 'with'} the policy`, () =>
    visit (inLanguage ('en').filter (({ name }) => name === 'hostile'), DESKTOP, async page => {
      await picture (page, 'hostile');
      const found = await page.evaluate (() => ({
        scripts: document.scripts.length, images: document.images.length, styles: document.querySelectorAll ('style').length,
        bad: [...document.querySelectorAll ('*')].flatMap (e => [...e.attributes])
          .filter (a => a.name.startsWith ('on') || /^javascript:/i.test (a.value)).map (a => a.name),
        title: document.querySelector ('h1').innerText,
      }));
      assertEqual ([found.scripts, found.images, found.styles, found.bad], [1, 1, 2, []], 'elements');
      assert (found.title.includes ('<script>alert(1)</script>'), 'the title does not stand there as it is');
    }, query));

test ('the policy allows no style and no script of a stranger', () =>
  visit (inLanguage ('en').filter (({ name }) => name === 'open'), DESKTOP, async page => {
    const done = await page.evaluate (() => {
      const style = document.createElement ('style');
      style.textContent = 'body{display:none!important}';
      document.head.append (style);
      let script = 'refused';
      try {
        const element = document.createElement ('script');
        element.text = 'window.ran = 1';
        document.head.append (element);
      } catch { /* trusted types */ }
      if (window.ran) script = 'ran';
      return [getComputedStyle (document.body).display, script];
    });
    assertEqual (done, ['flex', 'refused'], 'display and script');
    page.complaints.length = 0; /* these were meant to be refused */
  }));

test ('the keyboard reaches everything, in the order of the page', () =>
  visit (inLanguage ('en').filter (({ name }) => name === 'fields'), DESKTOP, async page => {
    const order = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press ('Tab');
      const name = await page.evaluate (() => document.activeElement?.name || document.activeElement?.innerText || '');
      if (!name) break;
      order.push (name.trim ());
    }
    assertEqual (order.slice (0, 8), ['name', 'email', 'phone', 'address', 'field_size', 'field_note', 'Pay €12.50',
                                      'Pay on your phone instead'], 'order');
  }));

await main (async () => {
  await browser.close ();
  gallery.close ();
  fs.rmSync (folder, { recursive: true, force: true });
});
