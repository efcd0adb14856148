// Before anybody else's script runs: which addresses scripts may be loaded from, and what the providers' parts share.
// Card numbers are in the provider's frames, or in fields without names that only the provider's script reads.
const embed = (() => {
  const form = document.getElementById ('embed');
  const [wrong, loading, button, card] = ['wrong', 'loading', 'go', 'card'].map (id => document.getElementById (id));
  const sources = form.dataset.sources.split (' ');
  const covers = (source, { origin, hostname, protocol }) => source === origin ||
    (source.startsWith ('https://*.') && protocol === 'https:' && hostname.endsWith (source.slice (9)));
  const may = address => {
    const url = new URL (address, location.href);
    return url.origin === location.origin || sources.some (source => covers (source, url));
  };
  if (window.trustedTypes)
    trustedTypes.createPolicy ('default', {
      createHTML: html => html, // frames and fields of theirs; what is in it cannot run: the policy has no inline scripts
      createScriptURL: address => may (address) ? address : null,
    });

  const done = () => { delete form.dataset.sent; if (button) button.removeAttribute ('aria-disabled'); };
  return {
    form,
    data: form.dataset,
    // The form is there: it may be pressed.
    ready () {
      if (loading) loading.style.visibility = 'hidden'; // its place stays: nothing moves under a thumb
      if (button) button.disabled = false;
    },
    // Words for the buyer; none takes them away.
    say (words) {
      wrong.textContent = words ?? '';
      wrong.hidden = !words;
      if (words) wrong.scrollIntoView ({ block: 'nearest' });
    },
    fail () {
      this.say (form.dataset.failed);
      for (const part of [loading, button, card]) if (part) part.hidden = true;
    },
    // One press is one press: FALSE while one is under way.
    press () {
      if (form.dataset.sent) return false;
      form.dataset.sent = 1;
      button.setAttribute ('aria-disabled', 'true');
      this.say ();
      return true;
    },
    done,
    // The relay asks the provider how it went; nothing that this page says counts.
    leave () { location.replace (form.dataset.back); },
  };
}) ();
addEventListener ('pageshow', event => { if (event.persisted) location.reload (); });
