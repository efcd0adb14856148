// What stands for the providers' scripts where only our own part of a page is looked at: each draws as much as it takes
// for the page to be whole. The scripts that can pay are those of the stand-ins (tests/support).
const stripe = `window.Stripe = () => ({ elements: () => ({ create: () => ({
  on (name, call) { if (name === 'ready') this.ready = call; },
  mount (where) {
    const box = document.createElement ('div');
    box.style.height = '15rem';
    box.textContent = '▭▭▭▭ ▭▭▭▭ ▭▭▭▭ ▭▭▭▭';
    document.querySelector (where).append (box);
    this.ready ();
  } }) }) });`;
const openpay = `window.OpenPay = { setId () {}, setApiKey () {}, setSandboxMode () {}, token: {} };`;
const openpayData = `OpenPay.deviceData = { setup: () => 'device' };`;
const razorpay = `window.Razorpay = function () { this.on = () => {}; this.open = () => {}; };`;

const scripts = {
  'https://js.stripe.com/endive/stripe.js': stripe,
  'https://js.openpay.mx/openpay.v1.min.js': openpay,
  'https://js.openpay.mx/openpay-data.v1.min.js': openpayData,
  'https://checkout.razorpay.com/v1/checkout.js': razorpay,
};

// Answers for the providers in @context; nothing else of the outside world is there.
export const fakeProviders = context => context.route (/^https:/, route => {
  const body = scripts[route.request ().url ()];
  return body ? route.fulfill ({ contentType: 'text/javascript', body }) : route.abort ();
});
