// The page works without this: it keeps the status live, and keeps one press of the button one press.
(() => {
  const { page, status, version, state, wait, seen } = document.body.dataset;
  let leaving = false; // the buyer is on the way elsewhere: news must not call them back
  const again = () => { if (!leaving) location.replace (page); };
  // A form that somebody may be filling in goes only when it is another page: a success that comes late, say.
  const look = said => { if (state ? said.state !== state : String (said.version) !== version) again (); };

  document.addEventListener ('submit', event => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault ();
    form.dataset.sent = 1;
    leaving = true;
    if (event.submitter) event.submitter.setAttribute ('aria-disabled', 'true');
  });
  document.addEventListener ('click', event => { if (event.target.closest ('a[href]')) leaving = true; });
  addEventListener ('pageshow', event => {
    if (!event.persisted) return;
    leaving = false;
    if (status) return again ();
    for (const form of document.forms) {
      delete form.dataset.sent;
      for (const button of form.elements) button.removeAttribute ('aria-disabled');
    }
  });

  for (const button of document.querySelectorAll ('[data-copy], [data-print]'))
    button.addEventListener ('click', async () => {
      if (!button.dataset.copy) return print ();
      await navigator.clipboard.writeText (button.dataset.copy);
      button.textContent = button.dataset.done;
    });

  // The seller is told that somebody looked: somebody with eyes, not what fetches a preview.
  const tell = () => fetch (seen, { method: 'POST', keepalive: true }).catch (() => {});
  if (seen && document.hidden) document.addEventListener ('visibilitychange', tell, { once: true });
  else if (seen) tell ();

  // A page that may ask the provider does so behind the scenes; the status tells what came of it.
  if (wait && page.endsWith ('?back=1')) setInterval (() => fetch (page).catch (() => {}), wait * 1000);
  else if (wait) setTimeout (again, wait * 1000);
  if (!status) return;

  const poll = () => fetch (status, { headers: { Accept: 'application/json' }, cache: 'no-store' })
    .then (answer => answer.ok ? answer.json () : null)
    .then (said => { if (said) look (said); })
    .catch (() => {})
    .finally (() => setTimeout (poll, 3000));
  if (!window.EventSource) return poll ();

  const source = new EventSource (status);
  let failures = 0;
  source.onmessage = message => { failures = 0; look (JSON.parse (message.data)); };
  source.onerror = () => {
    if (++failures < 3 && source.readyState !== EventSource.CLOSED) return;
    source.close ();
    poll ();
  };
}) ();
