/* src/core/cobro-matter.h — what a merchant has to look at, and what can be done about it. Derived from what is in the
 * books; of it all only the merchant's decisions are ever stored.
 * Layer: core. Values; same sharing rule as cobro-link.h. */
#pragma once
#include "cobro-payment.h"

/* In the order of what must be looked at first. The numbers are stored with decisions and never change. */
typedef enum
{
  COBRO_MATTER_DISPUTE,       /* the payer's bank takes the money back unless it is answered in time */
  COBRO_MATTER_DISPUTE_LOST,  /* the money is gone */
  COBRO_MATTER_SECOND_CHARGE, /* a payment that has its money was charged once more: in no sum, at the provider */
  COBRO_MATTER_MISMATCH,      /* money came that is not what was asked: in no sum yet */
  COBRO_MATTER_SET_ASIDE,     /* a provider's message that fits nothing */
  COBRO_MATTER_REFUND,        /* a refund that came to nothing */
  COBRO_MATTER_DUPLICATE,     /* paid again after everything was there */
  COBRO_MATTER_LATE,          /* paid after the link was closed */
  COBRO_MATTER_OVER,          /* more than the total is there */
  COBRO_MATTER_PARTIAL,       /* less than the total is there */
  COBRO_MATTER_MAIL,          /* a mail that nobody got */
  COBRO_MATTER_COMMAND,       /* a mail or a recorded payment that the relay would not take */
  COBRO_MATTER_ENDPOINT,      /* a webhook endpoint that the relay switched off */
  COBRO_MATTER_DELIVERY,      /* a webhook message that was given up */
  COBRO_MATTER_CONFLICT,      /* changed here and on another computer */
  COBRO_MATTER_REJECTED,      /* a record that the relay refused */
} CobroMatterKind;
#define COBRO_MATTER_N_KINDS (COBRO_MATTER_REJECTED + 1)

/* What can be done about it. The numbers are stored. */
typedef enum
{
  COBRO_WAY_DISMISS,  /* it needs nobody any more, as it stands now */
  COBRO_WAY_REFUND,   /* the amount goes back to whoever paid it */
  COBRO_WAY_KEEP,     /* the money is kept */
  COBRO_WAY_CREDIT,   /* it stays as the customer's credit for later invoices */
  COBRO_WAY_ACCEPT,   /* the relay takes what came as paid */
  COBRO_WAY_RETURN,   /* the relay gives back what came */
  COBRO_WAY_RELEASE,  /* it was settled elsewhere: the relay lets go of it */
  COBRO_WAY_ANSWERED, /* the dispute was answered at the provider */
  COBRO_WAY_CLOSE,    /* no more is asked; what came is kept */
  COBRO_WAY_REMIND,   /* the buyer is asked for the rest */
  COBRO_WAY_COPY,     /* the link's address, to be sent again */
  COBRO_WAY_SEND,     /* the mail again, to an address that is typed */
  COBRO_WAY_REPLAY,   /* the message again */
  COBRO_WAY_ENABLE,   /* the endpoint on again, and what it missed */
  COBRO_WAY_MINE,     /* a conflict: stays as it is now */
  COBRO_WAY_THEIRS,   /* a conflict: the value that was put aside */
  COBRO_WAY_AGAIN,    /* the refund once more */
} CobroMatterWay;
#define COBRO_WAY_BIT(way) (1u << (way))

typedef struct
{
  gint ref_count; /* private */
  CobroMatterKind kind;
  char *subject; /* the id of what it is about: (kind, subject) is unique */
  char *mark;    /* how it stands: a decision counts while this stays the same */
  CobroId payment_id, link_id, invoice_id;
  char *title;       /* the link's title, the invoice's number, the record's name; "" */
  char *who;         /* who paid or should pay; "" */
  CobroMoney amount; /* what it is about: the money too much, the rest that lacks, the charge; unset: none */
  CobroMoney total;  /* what was asked; unset: nothing certain */
  CobroTime since;   /* when it came up */
  CobroTime due;     /* by when something must be done; 0: no date */
  char *reason;      /* somebody else's words: the relay's, the provider's, the mail server's; "" */
  char *where;       /* mail address, endpoint's URL, or the field that is in conflict; "" */
  char *other;       /* conflict: the value that was put aside, JSON; or the copy's id; "" */
  char *problem;     /* why what was chosen before came to nothing; "" */
  gint64 count;      /* messages that an endpoint missed */
  gboolean by_hand;  /* the money came another way, and goes back another way */
  gboolean may_remind, has_customer, is_unclear;
} CobroMatter;

/* (transfer full) one with every text "". */
CobroMatter *cobro_matter_new (CobroMatterKind kind, const char *subject);
CobroMatter *cobro_matter_ref (CobroMatter *self);
void cobro_matter_unref (CobroMatter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroMatter, cobro_matter_unref)

/* What is known of one payment. */
typedef struct
{
  CobroPaymentState state;
  guint flags;     /* CobroFlags */
  CobroMoney rest; /* what may still go back: received − what went or is on its way − lost; unset: nothing came */
  CobroMoney lost; /* unset or zero: nothing */
  gboolean is_charge; /* what was set aside about it is money that came */
} CobroMatterPaid;
/* What it raises: COBRO_MATTER_… as bits. What was given back whole raises nothing any more. */
guint cobro_matter_of_payment (const CobroMatterPaid *paid);

/* What is known of one link or invoice. All in its currency. */
typedef struct
{
  CobroMoney asked;   /* unset: the payer decided */
  CobroMoney net;     /* what is there: paid − refunded − lost */
  CobroMoney paid;    /* what ever came */
  CobroMoney leaving; /* refunds on their way */
  CobroMoney apart;   /* what duplicate payments still hold: they are rows of their own */
} CobroMatterSum;
/* OVER or PARTIAL with the difference; FALSE: it is as it should be. What was given back by decision lacks nothing. */
gboolean cobro_matter_of_sum (const CobroMatterSum *sum, CobroMatterKind *out_kind, CobroMoney *out_amount);

/* Takes @amount out of @rests (of @n payments, the newest first): @out_parts adds up to it, none is above its rest. The
 * first one that covers it alone gives it all. FALSE: there is not that much. */
gboolean cobro_matter_spread (CobroMoney amount, const CobroMoney *rests, gsize n, CobroMoney *out_parts);

/* What can be done about it: COBRO_WAY_BIT()s. */
guint cobro_matter_ways (const CobroMatter *self);
/* Whether the relay must be asked for it, and whether it can be taken back for a while. */
gboolean cobro_matter_way_asks_relay (CobroMatterWay way);
/* Whether the merchant should hear of it wherever they are, and not only when they look: not what they did themselves a
 * moment ago, nor what is a usual state of affairs. */
gboolean cobro_matter_calls (const CobroMatter *self);
/* (transfer full) one word for (kind, subject): "0:pay_…". */
char *cobro_matter_dup_key (const CobroMatter *self);
/* Whether they say the same. */
gboolean cobro_matter_equal (const CobroMatter *a, const CobroMatter *b);
/* What has a date comes first, the earliest date first; then by kind; then the newest. For sorting. */
int cobro_matter_compare (const CobroMatter *a, const CobroMatter *b);
