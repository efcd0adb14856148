// Razorpay's checkout opens over the page. What its handler is given proves nothing here: the relay asks Razorpay.
if (!embed.data.secret) embed.ready ();
else if (!window.Razorpay) embed.fail ();
else {
  const { key, secret, amount, currency, seller, about } = embed.data;
  const value = name => embed.form.elements[name]?.value || undefined;
  const checkout = new Razorpay ({
    key, amount, currency, order_id: secret, name: seller, description: about,
    prefill: { name: value ('name'), email: value ('email'), contact: value ('phone') },
    handler: () => embed.leave (),
    modal: { ondismiss: () => embed.done () },
  });
  checkout.on ('payment.failed', answer => {
    embed.say (answer.error?.description || embed.data.refused);
    embed.done ();
  });
  embed.ready ();
  embed.form.addEventListener ('submit', event => {
    event.preventDefault ();
    if (embed.press ()) checkout.open ();
  });
}
