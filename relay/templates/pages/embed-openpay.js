// Openpay's token: its script reads the card from fields that have no names, and gives a token that can be charged once.
if (!document.getElementById ('card')) embed.ready ();
else if (!window.OpenPay?.token || !OpenPay.deviceData) embed.fail ();
else {
  const { key, account, test } = embed.data;
  const put = (name, value) => {
    let field = embed.form.elements[name];
    if (!field) {
      field = Object.assign (document.createElement ('input'), { type: 'hidden', name });
      embed.form.append (field);
    }
    field.value = value;
  };
  // Openpay wants month and year apart.
  const expiry = document.getElementById ('expiry');
  const parts = ['month', 'year'].map (part => {
    const field = Object.assign (document.createElement ('input'), { type: 'hidden' });
    field.dataset.openpayCard = `expiration_${part}`;
    embed.form.append (field);
    return field;
  });
  OpenPay.setId (account);
  OpenPay.setApiKey (key);
  OpenPay.setSandboxMode (test === '1');
  put ('device', OpenPay.deviceData.setup ('embed', 'device'));
  embed.ready ();

  embed.form.addEventListener ('submit', event => {
    event.preventDefault ();
    if (!embed.press ()) return;
    const [month = '', year = ''] = expiry.value.split ('/').map (part => part.replace (/\D/g, ''));
    parts[0].value = month.padStart (2, '0');
    parts[1].value = year.slice (-2);
    OpenPay.token.extractFormAndCreate ('embed', answer => {
      put ('token', answer.data.id);
      embed.form.submit ();
    }, () => { embed.say (embed.data.refused); embed.done (); });
  });
}
