/* relay/templates/relay-templates-texts.c — every word that buyers read, in one place. English here; other languages in
 * relay/po. Short, calm, and always clear about the money.
 * Layer: relay/templates. Constant; any thread. */
#include "relay-templates-texts.h"

#include <glib/gi18n.h>
#include <string.h>

const RelayText relay_templates_texts[] = {
  /* every page */
  { "test", N_ ("TEST: no real money moves") },
  { "by", N_ ("Payment page by Cobro") },
  { "website", N_ ("Website") },

  /* what is paid */
  { "total", N_ ("Total") },
  { "paid-so-far", N_ ("Paid so far") },
  { "still-due", N_ ("Still due") },
  { "reference", N_ ("Reference: {reference_text}") },
  { "customer", N_ ("For {customer}") },
  { "expires", N_ ("Can be paid until {expires}") },
  { "page-title", N_ ("{title}, {seller}") },

  /* an invoice */
  { "invoice-due", N_ ("Due on {date}") },
  { "invoice-late", N_ ("Was due on {date}") },
  { "show-invoice", N_ ("Show the invoice") },
  { "from", N_ ("From") },
  { "to", N_ ("To") },
  { "more-items", N_ ("More items ({more_count})") },
  { "items-left", N_ ("More items in the PDF: {items_left}") },
  { "credited", N_ ("Credited") },
  { "download-pdf", N_ ("Download the invoice (PDF)") },
  { "part-paid", N_ ("Paid") },
  { "part-late", N_ ("Overdue") },
  { "part-left", N_ ("{amount} of it is left") },
  { "pay-part", N_ ("Pay this part: {pay_amount}") },
  { "pay-all", N_ ("Pay all: {all_amount}") },

  /* how to pay */
  { "quantity-of", N_ ("Quantity of {line_name}") },
  { "update-total", N_ ("Update total") },
  { "amount", N_ ("Amount") },
  { "amount-between", N_ ("From {minimum} to {maximum}.") },
  { "amount-from", N_ ("At least {minimum}.") },
  { "amount-to", N_ ("At most {maximum}.") },
  { "name", N_ ("Name") },
  { "email", N_ ("E-mail") },
  { "phone", N_ ("Phone") },
  { "address", N_ ("Address") },
  { "optional", N_ ("(optional)") },
  { "how-to-pay", N_ ("How would you like to pay?") },
  { "way-card", N_ ("Card") },
  { "way-crypto", N_ ("Crypto") },
  { "way-bank", N_ ("Bank transfer") },
  { "way-wallet", N_ ("Wallet") },
  { "way-store", N_ ("Cash in a store") },
  { "way-down", N_ ("Not available at the moment") },
  { "pay-amount", N_ ("Pay {pay_amount}") },
  { "continue-to-payment", N_ ("Continue to payment") },
  { "safe", N_ ("Your payment details go straight to the payment provider. They never pass through this page.") },
  { "on-your-phone", N_ ("Pay on your phone instead") },
  { "qr", N_ ("QR code of this page") },

  /* what is wrong with a field */
  { "wrong-amount", N_ ("Enter an amount that can be paid here.") },
  { "wrong-name", N_ ("Enter your name.") },
  { "wrong-email", N_ ("Enter an e-mail address, such as ana@example.com.") },
  { "wrong-phone", N_ ("Enter a phone number.") },
  { "wrong-address", N_ ("Enter your address.") },
  { "wrong-field", N_ ("Please answer this in one line.") },
  { "wrong-quantity", N_ ("Choose a quantity from 1 to {maximum}.") },
  { "wrong-way", N_ ("Choose how to pay.") },
  { "confirm-again",
    N_ ("To protect against card fraud, please wait five seconds, then press the button again. Nothing was charged "
        "yet.") },
  { "wrong-form", N_ ("Something is missing. Please check what you entered.") },

  /* states */
  { "continue-title", N_ ("Your payment is not finished") },
  { "continue-words", N_ ("Go on where you left off, or start over. You will not be charged twice.") },
  { "go-on", N_ ("Continue the payment") },
  { "start-over", N_ ("Start over") },
  { "processing-title", N_ ("Waiting for your bank") },
  { "processing-words",
    N_ ("This can take a moment. The page updates by itself. You can also close it: the payment goes on.") },
  { "paid-title", N_ ("Payment received") },
  { "paid-words", N_ ("Thank you. {seller} has your payment.") },
  { "part-title", N_ ("Part of the payment received") },
  { "part-words", N_ ("Thank you. {due} is still due.") },
  { "pay-rest", N_ ("Pay the rest") },
  { "pay-again", N_ ("Pay again") },
  { "already-title", N_ ("This has already been paid") },
  { "already-words", N_ ("Nothing more is due here.") },
  { "back-to-seller", N_ ("Continue") },
  { "declined-title", N_ ("Payment declined") },
  { "declined-words", N_ ("Your bank declined the payment. Nothing was charged.") },
  { "declined-funds", N_ ("Your bank declined the payment: the card does not cover it. Nothing was charged.") },
  { "declined-expired", N_ ("Your bank declined the payment: the card has expired. Nothing was charged.") },
  { "declined-error", N_ ("Your bank could not process the payment. Nothing was charged.") },
  { "refused-title", N_ ("Payment not accepted") },
  { "refused-words", N_ ("The payment service did not accept this payment. Nothing was charged.") },
  { "unconfirmed-title", N_ ("Payment not confirmed") },
  { "unconfirmed-words", N_ ("The payment was not confirmed with your bank. Nothing was charged.") },
  { "given-up-title", N_ ("Payment cancelled") },
  { "given-up-words", N_ ("The payment was cancelled. Nothing was charged.") },
  { "ran-out-title", N_ ("The time to pay ran out") },
  { "ran-out-words", N_ ("The payment was not finished in time. Nothing was charged.") },
  { "try-again-below", N_ ("You can try again, or use another card.") },
  { "busy-title", N_ ("Somebody else is paying right now") },
  { "busy-words", N_ ("Only one person at a time can pay this. Nothing was charged. Try again in {time}.") },
  { "busy-minutes",
    N_ ("Only one person at a time can pay this. Nothing was charged. Try again in {time} at the latest; this page "
        "tells you when it is free.") },
  { "unavailable-title", N_ ("Payment is not possible right now") },
  { "unavailable-words",
    N_ ("The payment service does not answer. Nothing was charged. Please try again in a moment.") },
  { "try-again", N_ ("Try again") },
  { "scheduled-title", N_ ("Not open yet") },
  { "scheduled-words", N_ ("You can pay from {date}.") },
  { "paused-title", N_ ("Payments are paused") },
  { "paused-words", N_ ("{seller} has paused this link. Please try again later.") },
  { "expired-title", N_ ("This link has expired") },
  { "expired-words", N_ ("It could be paid until {date}. Please ask {seller} for a new one.") },
  { "used-title", N_ ("This link has been used") },
  { "used-words", N_ ("All the payments it was made for have been made.") },
  { "cancelled-title", N_ ("This link was cancelled") },
  { "cancelled-words", N_ ("{seller} has cancelled it. Nothing can be paid here.") },
  { "void-title", N_ ("This invoice was cancelled") },
  { "void-words", N_ ("{seller} has withdrawn it. Nothing is due, and nothing can be paid here.") },
  { "settled-title", N_ ("This invoice has been paid") },
  { "settled-words", N_ ("Nothing more is due.") },
  { "given-back-words", N_ ("Part of the money was given back. If something is missing, please ask {seller}.") },
  { "credit-words", N_ ("More came than was due: {seller} keeps {credit} to your credit.") },
  { "replaced-title", N_ ("This link was replaced") },
  { "replaced-words", N_ ("Please ask {seller} for the new one. Nothing can be paid here.") },
  { "refunded-title", N_ ("Payment refunded") },
  { "refunded-words", N_ ("The money was given back. It can take a few days until your bank shows it.") },
  { "unknown-title", N_ ("We do not know this link") },
  { "unknown-words", N_ ("Check that the address is complete, or ask the seller to send it again.") },

  /* by transfer, or in a shop */
  { "transfer-title", N_ ("Pay by bank transfer") },
  { "transfer-words",
    N_ (
      "Transfer exactly this amount, and write the reference as it stands here. This page tells you when the money has "
      "arrived. You can close it and come back.") },
  { "store-title", N_ ("Pay in a store") },
  { "store-words",
    N_ ("Show this code at the till and pay in cash. This page tells you when the money has arrived. You can close it "
        "and come back.") },
  { "slip-amount", N_ ("Amount to pay") },
  { "slip-clabe", N_ ("CLABE") },
  { "slip-iban", N_ ("IBAN") },
  { "slip-account", N_ ("Account") },
  { "slip-bank", N_ ("Bank") },
  { "slip-agreement", N_ ("Agreement (CIE)") },
  { "slip-name", N_ ("In favour of") },
  { "slip-reference", N_ ("Reference") },
  { "slip-due", N_ ("Pay until") },
  { "copy", N_ ("Copy") },
  { "copied", N_ ("Copied") },
  { "copy-of", N_ ("Copy: {slip_label}") },
  { "print", N_ ("Print") },
  { "barcode", N_ ("Bar code of the reference {barcode_text}") },
  { "voucher", N_ ("Open the payment slip") },
  { "other-way", N_ ("Choose another way to pay") },

  /* with the provider's script */
  { "embed-loading", N_ ("Loading the card form…") },
  { "embed-failed",
    N_ ("The card form did not load. Nothing was charged. Try again, or pay on the page of {embed_title}.") },
  { "embed-noscript",
    N_ ("The card form needs JavaScript, which is off in this browser. Nothing was charged. You can pay on the page of "
        "{embed_title} instead.") },
  { "embed-refused", N_ ("The payment did not go through. Check what you entered, or use another card.") },
  { "embed-hosted", N_ ("Pay on the page of {embed_title}") },
  { "embed-safe",
    N_ ("Your card number goes straight from this browser to {embed_title}. It is never sent to our server.") },
  { "card-holder", N_ ("Name on the card") },
  { "card-number", N_ ("Card number") },
  { "card-expiry", N_ ("Expiry") },
  { "card-expiry-form", N_ ("MM / YY") },
  { "card-cvc", N_ ("CVC") },

  /* receipt */
  { "receipt-amount", N_ ("Amount") },
  { "receipt-to", N_ ("Paid to") },
  { "receipt-for", N_ ("For") },
  { "receipt-date", N_ ("Date") },
  { "receipt-method", N_ ("Paid with") },
  { "receipt-refunded", N_ ("Given back") },
  { "receipt-reference", N_ ("Reference") },
  { "receipt-number", N_ ("Receipt number") },

  /* errors */
  { "error-400-title", N_ ("That did not work") },
  { "error-400-words", N_ ("The request was not understood. Go back, check what you entered, and try again.") },
  { "error-403-title", N_ ("Not allowed") },
  { "error-403-words", N_ ("This page is not open to you.") },
  { "error-404-title", N_ ("Page not found") },
  { "error-404-words", N_ ("Check that the address is complete.") },
  { "error-413-title", N_ ("Too much at once") },
  { "error-413-words", N_ ("What was sent is too large. Go back and try again with less.") },
  { "error-429-title", N_ ("Too many attempts") },
  { "error-429-words", N_ ("Please wait a minute, then try again. Nothing was charged.") },
  { "error-500-title", N_ ("Something went wrong on our side") },
  { "error-500-words",
    N_ ("We are looking into it. If you were paying, look at the link again before you try once more.") },
  { "error-503-title", N_ ("We will be right back") },
  { "error-503-words", N_ ("The payment page is not available at the moment. Please try again in a few minutes.") },
  { "request-id", N_ ("If you ask for help, name this: {request_id}") },
  { NULL, NULL },
};

static const char *
find_value (va_list pairs, const char *name, gsize length)
{
  const char *pair;

  while ((pair = va_arg (pairs, const char *)) != NULL)
    {
      const char *value = va_arg (pairs, const char *);

      if (strlen (pair) == length && strncmp (pair, name, length) == 0)
        return value;
    }
  return NULL;
}

char *
relay_templates_fill (const char *text, ...)
{
  GString *out = g_string_sized_new (strlen (text) + 64);

  while (*text != '\0')
    {
      gsize plain = strcspn (text, "{"), length;
      const char *value;
      va_list pairs;

      g_string_append_len (out, text, (gssize)plain);
      text += plain;
      length = strcspn (text, "}");
      if (*text == '\0' || text[length] == '\0')
        break;
      va_start (pairs, text);
      value = find_value (pairs, text + 1, length - 1);
      va_end (pairs);
      g_string_append_printf (out, "\u2068%s\u2069", value != NULL ? value : "");
      text += length + 1;
    }
  return g_string_free (out, FALSE);
}
