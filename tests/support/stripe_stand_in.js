// tests/support/stripe_stand_in.js — a stand-in of Stripe's script for pages: as much of its interface as a payment needs. The
// card is typed into a frame of the stand-in, so it never is in our page, as with the real one.
(function () {
  const base = new URL (document.currentScript.src).origin;

  function ask (frame, message) {
    return new Promise (resolve => {
      const number = Math.random ().toString (36).slice (2);
      function hear (event) {
        if (event.source !== frame.contentWindow || event.origin !== base || event.data.number !== number) return;
        window.removeEventListener ('message', hear);
        resolve (event.data.result);
      }
      window.addEventListener ('message', hear);
      frame.contentWindow.postMessage ({ ...message, number }, base);
    });
  }

  function Element (type) {
    const listeners = {};
    const tell = name => (listeners[name] || []).forEach (listener => listener ({ elementType: type, complete: name === 'change' }));
    this.on = (name, listener) => { (listeners[name] = listeners[name] || []).push (listener); return this; };
    this.mount = where => {
      const place = typeof where === 'string' ? document.querySelector (where) : where;
      this.frame = document.createElement ('iframe');
      this.frame.title = 'Secure payment input frame';
      this.frame.src = base + '/elements/payment';
      this.frame.style.cssText = 'border: 0; width: 100%; height: 14rem';
      this.frame.addEventListener ('load', () => tell ('ready'));
      place.replaceChildren (this.frame);
    };
    this.unmount = this.destroy = () => { if (this.frame) this.frame.remove (); this.frame = null; };
    this.update = this.focus = this.blur = this.clear = this.collapse = () => {};
  }

  window.Stripe = function (key, options) {
    if (!/^pk_(test|live)_/.test (key)) throw new Error ('Please call Stripe() with your publishable key. You used an empty string.');
    const account = (options && options.stripeAccount) || '';
    return {
      elements (given) {
        const made = {};
        return {
          clientSecret: given && given.clientSecret,
          create (type) { return made[type] = new Element (type); },
          getElement: type => made[type] || null,
          submit: async () => ({}),
          fetchUpdates: async () => ({}),
          update () {},
          made,
        };
      },
      async confirmPayment ({ elements, clientSecret, confirmParams, redirect }) {
        const returnUrl = confirmParams && confirmParams.return_url;
        const secret = clientSecret || elements.clientSecret;
        if (!returnUrl && redirect !== 'if_required') throw new Error ('confirmParams.return_url is required');
        const result = await ask (elements.made.payment.frame, { do: 'confirm', key, account, secret, returnUrl });
        if (result.error) return result;
        const action = result.paymentIntent.next_action;
        if (action && action.type === 'redirect_to_url') {
          window.location.assign (action.redirect_to_url.url);
          return new Promise (() => {});
        }
        if (redirect !== 'if_required') {
          const back = new URL (returnUrl);
          back.searchParams.set ('payment_intent', result.paymentIntent.id);
          back.searchParams.set ('payment_intent_client_secret', secret);
          back.searchParams.set ('redirect_status', 'succeeded');
          window.location.assign (back.href);
          return new Promise (() => {});
        }
        return result;
      },
      async retrievePaymentIntent (secret) {
        const answer = await fetch (base + '/v1/payment_intents/' + secret.split ('_secret_')[0] + '?client_secret=' + encodeURIComponent (secret) +
                                    '&key=' + key + (account ? '&_stripe_account=' + account : ''));
        const body = await answer.json ();
        return body.error ? body : { paymentIntent: body };
      },
    };
  };
  window.Stripe.version = 'endive';
}) ();
