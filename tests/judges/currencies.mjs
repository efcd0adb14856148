// Makes tests/data/currencies.txt: in which units, and between which amounts, each provider takes each currency of ISO 4217. Not made
// from our tables: digits come from the list of the standard's maintenance agency (npm currency-codes), what a provider does
// otherwise from what it publishes.
//   node currencies.mjs          TAP: the file is what is made here
//   node currencies.mjs write    writes the file
//
// A line: provider, code, yes|no|? (taken; nobody says), digits of the provider's unit, least, most, step, each in that unit; "-": nothing is
// published, so nothing is judged.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const iso = createRequire (import.meta.url) ('currency-codes').data;
const file = fileURLToPath (new URL ('../data/currencies.txt', import.meta.url));
const words = text => text.trim ().split (/\s+/);
const among = text => { const all = new Set (words (text)); return code => all.has (code); };

// Metals, funds, baskets, tests: nobody pays with them.
const noMoney = among ('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX');

// docs.stripe.com/currencies: presentment currencies, zero-decimal, special cases, minimum and maximum charge amounts. The minimums
// are those that Stripe's own WooCommerce extension carries.
const stripe = {
  listed: among (`AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP
    CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR
    KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK
    PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STN SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
    VND VUV WST XAF XCD XOF XPF YER ZAR ZMW`),
  zero: among ('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'),
  whole: among ('ISK UGX'),                             // two digits that must be 00
  three: among ('BHD JOD KWD OMR TND'),                 // the last one must be 0
  least: { USD: 50, AED: 200, AUD: 50, BGN: 100, BRL: 50, CAD: 50, CHF: 50, CZK: 1500, DKK: 250, EUR: 50, GBP: 30, HKD: 400, HUF: 17500,
           INR: 50, JPY: 50, MXN: 1000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50, THB: 1000 },
  most: { COP: 9999999999, IDR: 999999999999, INR: 999999999 }, // others: eight digits
  rule (code) {
    const step = this.whole (code) ? 100 : this.three (code) ? 10 : 1;
    const digits = this.zero (code) ? 0 : this.three (code) ? 3 : 2;
    return [this.listed (code) ? 'yes' : '?', digits, this.least[code] ?? '-', this.most[code] ?? 99999999, step];
  },
};

// razorpay.com/docs/payments/international-payments: exponents; one rupee at least. Its list of currencies changes by account.
const razorpay = {
  zero: among ('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'),
  three: among ('BHD IQD JOD KWD OMR TND'),
  sure: among ('AED AUD CAD CHF EUR GBP INR JPY KWD MYR SGD USD ZAR'),
  rule (code) {
    const digits = this.zero (code) ? 0 : this.three (code) ? 3 : 2;
    return [this.sure (code) ? 'yes' : '?', digits, code === 'INR' ? 100 : '-', '-', this.three (code) ? 10 : 1];
  },
};

// documents.openpay.mx, .openpay.co, .openpay.pe: decimal major units with two digits at most; pesos and dollars, pesos, soles.
const openpay = {
  takes: among ('MXN USD COP PEN'),
  rule (code) { return this.takes (code) ? ['yes', 2, '-', '-', 1] : ['no', '-', '-', '-', '-']; },
};

// developer.flutterwave.com, and the list of Flutterwave's own WooCommerce extension: decimal major units with the currency's digits.
const flutterwave = {
  sure: among ('NGN GHS KES UGX TZS RWF ZAR ZMW XAF XOF EGP MWK USD EUR GBP CAD'),
  never: among ('CLF CUP IRR KPW SYP UYI UYW VES'),
  rule (code, digits) { return [this.sure (code) ? 'yes' : this.never (code) ? 'no' : '?', digits, '-', '-', 1]; },
};

const providers = { flutterwave, openpay, razorpay, stripe };
const codes = iso.filter (({ code }) => !noMoney (code)).sort ((a, b) => a.code < b.code ? -1 : 1);
const lines = Object.entries (providers).flatMap (([name, provider]) =>
  codes.map (({ code, digits }) => [name, code, ...provider.rule (code, digits)].join (' ')));
const text = `${lines.join ('\n')}\n`;

if (process.argv[2] === 'write') {
  writeFileSync (file, text);
  console.log (`${lines.length} lines`);
} else {
  const same = readFileSync (file, 'utf8') === text;
  console.log (`1..1\n${same ? 'ok' : 'not ok'} 1 ${lines.length} lines are what the standard and the providers publish`);
  process.exit (same ? 0 : 1);
}
