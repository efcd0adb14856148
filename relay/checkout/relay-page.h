/* relay/checkout/relay-page.h — what a buyer is shown, as plain values without HTML.
 * Layer: relay/checkout. Built by the checkout from one snapshot; turned into HTML by relay/templates. */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-link-status.h"
#include "cobro-merchant.h"
#include "cobro-payment.h"

/* Which page it is. */
typedef enum
{
  RELAY_PAGE_OPEN,         /* can be paid (fixed, open amount, lines, the rest of a partly paid link) */
  RELAY_PAGE_CONTINUE,     /* this payer's own attempt waits for them at the provider: go on there, or give it up */
  RELAY_PAGE_INSTRUCTIONS, /* this payer pays by transfer or in a shop: what to write, what to show there: details */
  RELAY_PAGE_EMBEDDED,     /* the provider's script takes the card on a page of ours: embed */
  RELAY_PAGE_PROCESSING,   /* at the provider, outcome not known yet */
  RELAY_PAGE_PAID,         /* this payer paid (receipt), or the link is paid in full */
  RELAY_PAGE_DECLINED,     /* this payer's attempt failed; nothing was charged; the form again where it can be paid */
  RELAY_PAGE_BUSY,         /* somebody else is paying right now: wait_seconds */
  RELAY_PAGE_UNAVAILABLE,  /* no way to pay answers at the moment; nothing was charged; the link stays payable */
  RELAY_PAGE_SCHEDULED,
  RELAY_PAGE_PAUSED,
  RELAY_PAGE_EXPIRED,
  RELAY_PAGE_USED_UP,
  RELAY_PAGE_CANCELLED,
  RELAY_PAGE_REPLACED, /* the token was regenerated: only merchant is set, no link */
  RELAY_PAGE_REFUNDED, /* paid and given back */
  RELAY_PAGE_UNKNOWN,  /* no such link (or a draft); no other field is set */
} RelayPageState;
const char *relay_page_state_name (RelayPageState state); /* "open", "continue", … for status JSON */

/* One way to pay that is offered. */
typedef struct
{
  guint method;       /* CobroMethods, one */
  char *gateway;      /* "mock" */
  char *title;        /* provider's title for buyers, "Test card" */
  gboolean available; /* FALSE: does not answer; "try again in a moment" */
  gboolean embedded;  /* the merchant wants the card on a page of ours, with the provider's script */
  gboolean by_token;  /* and that script makes a token before anything begins */
  guint needs;        /* CobroCollect: what the provider must know of the payer */
} RelayPageWay;
void relay_page_way_free (RelayPageWay *way);

/* What the provider's script on a page of ours needs. Nothing of it is secret from this payer; other texts than that
 * never get here. */
typedef struct
{
  char *gateway;
  char *title;       /* the provider's, for buyers */
  gboolean by_token; /* the script makes a token of the card first, and the form brings it here; otherwise the
                        payment has begun, and the script goes on with it */
  gboolean is_begun; /* the payment of this payer is there; otherwise the page offers to begin */
  char *secret;      /* of this payment at the provider: "pi_…_secret_…", "order_…"; "" */
  char *key;         /* the merchant's key for browsers */
  char *account;     /* connected account, or the merchant's id there; "" */
  char *amount;      /* in the provider's own unit; "" where it takes no such number */
  char *back;        /* path of ours that asks how it went, also from another browser; "" */
} RelayPageEmbed;
RelayPageEmbed *relay_page_embed_new (const char *gateway, const char *title);
void relay_page_embed_free (RelayPageEmbed *embed);

/* One page. */
typedef struct
{
  gint ref_count; /* private */
  RelayPageState state;
  guint status; /* HTTP: 200; 404 unknown; 410 replaced, expired, cancelled */
  CobroTime now;
  char *token;       /* as in the URL: forms post to /pay/<token>; "" for unknown ones */
  gboolean livemode; /* FALSE: TEST banner */
  CobroLink *link;   /* (nullable) the decisions: title, description, lines, collect, fields, messages, locale … */
  CobroInvoice *invoice; /* (nullable) the document that the link is the way to pay of */
  CobroInvoiceTally invoice_tally;
  CobroInvoiceView invoice_view; /* with @invoice */
  CobroMerchant *merchant;       /* (nullable) */
  CobroLinkTally tally;
  CobroLinkView view;

  CobroMoney total;                    /* what one use costs; unset: OPEN pricing */
  CobroMoney paid;                     /* towards the present use */
  CobroMoney due;                      /* what is asked now: of a plan its next part; unset: OPEN pricing */
  CobroMoney rest;                     /* of one use in part payments: all that is left; else as @due */
  CobroMoney minimum, maximum, preset; /* of the amount field, when choose_amount; unset: none */
  gboolean choose_amount;              /* show the amount field */
  gboolean choose_quantities;          /* some line's quantity may be changed */
  gboolean can_pay;                    /* show the form (OPEN, and DECLINED where the link is still free) */
  GPtrArray *ways;                     /* (element-type RelayPageWay) allowed methods only; never NULL */

  GHashTable *values; /* (element-type utf8 utf8) what the payer had typed, by form name; never NULL */
  GHashTable *errors; /* (element-type utf8 utf8) form name → English reason; "" is the whole form; never NULL */

  char *continue_url;    /* CONTINUE: the provider's page, or ours with its script ("/pay/<token>/with/<gateway>") */
  GHashTable *details;   /* (nullable) (element-type utf8 utf8) INSTRUCTIONS: as RelayBegun.details */
  RelayPageEmbed *embed; /* (nullable) EMBEDDED */
  gint64 wait_seconds;   /* BUSY, UNAVAILABLE; ≥ 1 */
  char *failure_code;    /* DECLINED, and CONTINUE after a try that failed: "card_declined", "authentication_failed",
                            "insufficient_funds" … or "" */

  CobroPayment *payment; /* (nullable) PAID, PROCESSING, DECLINED, CONTINUE: this payer's own */
  CobroTime paid_at;     /* of that payment */
  char *next_url;        /* after.redirectUrl once this payer has paid; "" if none */
  char *form_hosts;      /* provider origins for CSP form-action, space separated; "" if all is 'self' */
  guint64 version;       /* changes when anything shown may have changed: status polling and ETag */
} RelayPage;

/* A page that shows nothing yet; reference counted. */
RelayPage *relay_page_new (RelayPageState state);
RelayPage *relay_page_ref (RelayPage *page);
void relay_page_unref (RelayPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPage, relay_page_unref)

/* Form names: amount (decimal text in major units, "12.50" or "12,50"; of a plan the buttons carry it), quantity_<line
 * index from 0>, name, email, phone, address, field_<key>, way ("card:mock"), give_up=1 (CONTINUE: cancel my attempt
 * and start over), leave=1 (cancel it and show the ways to pay), hosted=1 (on the provider's own page, not with its
 * script on ours), token and device (EMBEDDED by token). */
