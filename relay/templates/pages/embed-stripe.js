// Stripe's Payment Element: card fields in Stripe's frames; 3-D Secure in one, or at the bank and back.
if (!embed.data.secret) embed.ready ();
else if (!window.Stripe) embed.fail ();
else {
  const { key, secret, account, back } = embed.data;
  const dark = matchMedia ('(prefers-color-scheme: dark)').matches;
  const stripe = Stripe (key, { ...(account && { stripeAccount: account }), locale: document.documentElement.lang });
  const elements = stripe.elements ({ clientSecret: secret, appearance: { theme: dark ? 'night' : 'stripe' } });
  const payment = elements.create ('payment');
  payment.on ('ready', () => embed.ready ());
  payment.on ('loaderror', () => embed.fail ());
  payment.mount ('#element');

  const confirm = async () => {
    const confirmParams = { return_url: new URL (back, location.href).href };
    const { error } = await stripe.confirmPayment ({ elements, confirmParams, redirect: 'if_required' });
    const state = error?.payment_intent?.status;
    if (!error || ['succeeded', 'processing', 'canceled'].includes (state)) return embed.leave (); // over, or under way
    embed.say (error.message || embed.data.refused);
    embed.done ();
  };
  embed.form.addEventListener ('submit', event => {
    event.preventDefault ();
    if (embed.press ()) confirm ().catch (() => { embed.say (embed.data.refused); embed.done (); });
  });
}
