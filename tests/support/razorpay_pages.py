# tests/support/razorpay_pages.py — what Razorpay's stand-in shows inside a merchant's page: a script with checkout.js's shape
# (new Razorpay (options).open (), .on ("payment.failed"), handler or callback_url) and the frame that it opens.
import json

from stand_in_wire import Answer
from stand_in_pages import button, document, field, form

CHECKOUT_JS = """// A stand-in of checkout.js: the same shape, a frame with a plain form.
(() => {
  const base = new URL (document.currentScript.src).origin;
  class Razorpay {
    constructor (options) {
      for (const name of ["key", "order_id", "amount", "currency", "name"])
        if (options[name] === undefined || options[name] === "") throw new Error (`checkout.js: ${name} is missing`);
      this.options = options;
      this.listeners = {};
    }
    on (event, listener) { this.listeners[event] = listener; return this; }
    open () {
      const query = new URLSearchParams ({ key_id: this.options.key, order_id: this.options.order_id,
                                           amount: String (this.options.amount), currency: this.options.currency });
      const frame = document.createElement ("iframe");
      frame.className = "razorpay-checkout-frame";
      frame.title = "Razorpay Checkout";
      frame.src = `${base}/v1/checkout/frame?${query}`;
      frame.width = "100%";
      frame.height = "400";
      this.heard = event => { if (event.origin === base && event.source === frame.contentWindow) this.hear (event.data); };
      window.addEventListener ("message", this.heard);
      document.body.append (frame);
      this.frame = frame;
    }
    close () {
      window.removeEventListener ("message", this.heard);
      this.frame?.remove ();
    }
    hear ({ what, fields }) {
      if (what === "paid") {
        this.close ();
        if (this.options.callback_url) this.post (fields); else this.options.handler (fields);
      } else if (what === "failed") {
        this.listeners["payment.failed"]?.({ error: fields });
        if (this.options.callback_url && this.options.redirect)
          this.post ({ "error[code]": fields.code, "error[description]": fields.description, "error[source]": fields.source,
                       "error[step]": fields.step, "error[reason]": fields.reason,
                       "error[metadata]": JSON.stringify (fields.metadata) });
      } else {
        this.close ();
        this.options.modal?.ondismiss?.();
      }
    }
    post (fields) {
      const form = document.createElement ("form");
      form.method = "post";
      form.action = this.options.callback_url;
      for (const [name, value] of Object.entries (fields)) {
        const input = document.createElement ("input");
        input.type = "hidden";
        input.name = name;
        input.value = value;
        form.append (input);
      }
      document.body.append (form);
      form.submit ();
    }
  }
  window.Razorpay = Razorpay;
})();
"""


def hidden(name, value):
    return f"<input type=hidden name='{name}' value='{value}'>"


def tell(what, fields):
    """A script that tells the page around the frame what happened."""
    said = json.dumps({"what": what, "fields": fields}).replace("<", "\\u003c")
    return f"<script>parent.postMessage({said}, '*')</script>"


def frame_page(order, key_id, message="", asks=None, failed=None):
    """The form in the frame; @asks: a payment that waits for the bank's question; @failed: why the last try failed, which the
    page around is told, too: the payer may try again."""
    names = hidden("order_id", order["id"]) + hidden("key_id", key_id)
    if asks:
        return document("Your bank asks", form("/v1/checkout/frame", names + hidden("payment", asks),
                                               button("Approve", "answer") + button("Refuse", "answer")))
    message = failed["description"] if failed else message
    note = (f"<p role=alert>{message}" if message else "") + (tell("failed", failed) if failed else "")
    fields = names + field("Card number", "number") + field("Expiry", "expiry") + field("CVC", "cvc")
    return document(f"Pay {order['currency']} {order['amount']}",
                    note + form("/v1/checkout/frame", fields, button("Pay") + button("Cancel")))


def sent_page(what, fields):
    """The end: the page around the frame goes on."""
    words = {"paid": "Paid", "dismissed": "Closed"}[what]
    return Answer(200, f"<!doctype html><html lang=en><meta charset=utf-8><title>{words}</title><h1>{words}</h1>{tell(what, fields)}",
                  media="text/html; charset=utf-8")
