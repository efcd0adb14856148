/* src/app/cobro-notifier.h — money that arrived, as notifications: one for each link or invoice, several at once
 * gathered into one; and what needs attention, in one of its own. Each is taken back when somebody has looked.
 * Layer: app. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_NOTIFIER (cobro_notifier_get_type ())
G_DECLARE_FINAL_TYPE (CobroNotifier, cobro_notifier, COBRO, NOTIFIER, GObject)

/* What it is that arrived. */
typedef enum
{
  COBRO_ARRIVAL_MONEY,
  COBRO_ARRIVAL_MATTER, /* its id is "attention", whatever it is about */
} CobroArrivalKind;

/* What arrived, in words; copied. */
typedef struct
{
  CobroArrivalKind kind;
  const char *id;      /* of the link or invoice; of the payment where there is neither */
  const char *action;  /* "app.show-link" …: opens it, also when the program was closed */
  const char *target;  /* what it is told */
  const char *label;   /* of the button that does */
  const char *heading; /* "€12.00 Received" */
  const char *body;    /* "Paid: Coffee" */
} CobroArrival;

/* @application: not kept alive. */
CobroNotifier *cobro_notifier_new (GApplication *application);
void cobro_notifier_add (CobroNotifier *self, const CobroArrival *arrival);
/* Somebody looks at the link or invoice @id; or at all payments: "payments"; or at what needs
 * attention: "attention". */
void cobro_notifier_seen (CobroNotifier *self, const char *id);

G_END_DECLS
