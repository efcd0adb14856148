/* src/app/cobro-notifier.c — what arrived, as notifications.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-notifier.h"

#include <glib/gi18n.h>
#include <string.h>

#define GATHER_MS  600 /* what comes together is told together */
#define LINES_MAX  4   /* of the text of one that is about several */
#define ALL_ACTION "app.show-place"

/* What is said of several: so many at once become one notification, whose id is the place that it leads to. */
static const struct
{
  const char *id;
  const char *label;
  guint several;
} all[] = {
  [COBRO_ARRIVAL_MONEY] = { "payments", N_ ("Show Payments"), 4 },
  [COBRO_ARRIVAL_MATTER] = { "attention", N_ ("Needs Attention"), 2 },
};

typedef struct
{
  CobroArrivalKind kind;
  char *id;
  char *action;
  char *target;
  char *label;
  char *heading;
  char *body;
} Arrival;

struct _CobroNotifier
{
  GObject parent_instance;
  GApplication *application; /* weak */
  GPtrArray *arrivals;       /* (element-type Arrival) not told yet */
  GHashTable *unseen;        /* (element-type utf8 uint) what is shown, by id: how many payments */
  guint gather_id;
};

G_DEFINE_FINAL_TYPE (CobroNotifier, cobro_notifier, G_TYPE_OBJECT)

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;

  g_free (arrival->id);
  g_free (arrival->action);
  g_free (arrival->target);
  g_free (arrival->label);
  g_free (arrival->heading);
  g_free (arrival->body);
  g_free (arrival);
}

/* (transfer full) */
static char *
count_text (CobroArrivalKind kind, guint n)
{
  switch (kind)
    {
    case COBRO_ARRIVAL_MATTER:
      return g_strdup_printf (ngettext ("%u Thing Needs Your Attention", "%u Things Need Your Attention", n), n);
    case COBRO_ARRIVAL_MONEY:
      break;
    }
  return g_strdup_printf (ngettext ("%u Payment Received", "%u Payments Received", n), n);
}

static guint
add_unseen (CobroNotifier *self, const char *id, guint n)
{
  n += GPOINTER_TO_UINT (g_hash_table_lookup (self->unseen, id));
  g_hash_table_insert (self->unseen, g_strdup (id), GUINT_TO_POINTER (n));
  return n;
}

static void
send (CobroNotifier *self, const char *id, const char *heading, const char *body, const char *action,
      const char *target, const char *label)
{
  g_autoptr (GNotification) notification = g_notification_new (heading);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, action, "s", target);
  g_notification_add_button_with_target (notification, label, action, "s", target);
  g_application_send_notification (self->application, id, notification);
}

/* (transfer full) the place, in the books that @arrival is of. */
static char *
dup_place (const char *place, const Arrival *arrival)
{
  const char *whose = strchr (arrival->target, '@');

  return g_strconcat (place, whose, NULL);
}

static void
tell_all (CobroNotifier *self, CobroArrivalKind kind, GPtrArray *arrivals)
{
  guint n = add_unseen (self, all[kind].id, arrivals->len);
  g_autofree char *heading = count_text (kind, n);
  g_autofree char *place = dup_place (all[kind].id, arrivals->pdata[arrivals->len - 1]);
  g_autoptr (GString) body = g_string_new (NULL);

  for (guint i = 0; i < MIN (arrivals->len, LINES_MAX); i++)
    {
      const Arrival *arrival = arrivals->pdata[i];

      g_string_append_printf (body, "%s%s · %s", i > 0 ? "\n" : "", arrival->heading, arrival->body);
    }
  send (self, all[kind].id, heading, body->str, ALL_ACTION, place, _ (all[kind].label));
}

/* The second payment for the same thing takes the place of the first and counts it. So does a second thing that needs
 * attention; then the notification leads to all of them. */
static void
tell_one (CobroNotifier *self, const Arrival *arrival)
{
  guint n = add_unseen (self, arrival->id, 1);
  g_autofree char *counted = count_text (arrival->kind, n);
  g_autofree char *place = dup_place (arrival->id, arrival);
  gboolean of_all = n > 1 && g_str_equal (arrival->id, all[arrival->kind].id);

  send (self, arrival->id, n > 1 ? counted : arrival->heading, arrival->body, of_all ? ALL_ACTION : arrival->action,
        of_all ? place : arrival->target, of_all ? _ (all[arrival->kind].label) : arrival->label);
}

static void
tell (CobroNotifier *self, CobroArrivalKind kind)
{
  g_autoptr (GPtrArray) arrivals = g_ptr_array_new ();

  for (guint i = 0; i < self->arrivals->len; i++)
    if (((Arrival *)self->arrivals->pdata[i])->kind == kind)
      g_ptr_array_add (arrivals, self->arrivals->pdata[i]);
  if (arrivals->len >= all[kind].several)
    return tell_all (self, kind, arrivals);
  for (guint i = 0; i < arrivals->len; i++)
    tell_one (self, arrivals->pdata[i]);
}

static gboolean
on_gathered_cb (gpointer data)
{
  CobroNotifier *self = data;

  self->gather_id = 0;
  for (gsize kind = 0; self->application && kind < G_N_ELEMENTS (all); kind++)
    tell (self, (CobroArrivalKind)kind);
  g_ptr_array_set_size (self->arrivals, 0);
  return G_SOURCE_REMOVE;
}

void
cobro_notifier_add (CobroNotifier *self, const CobroArrival *arrival)
{
  Arrival *copy;

  g_return_if_fail (COBRO_IS_NOTIFIER (self));

  copy = g_new0 (Arrival, 1);
  *copy = (Arrival){ .kind = arrival->kind,
                     .id = g_strdup (arrival->id),
                     .action = g_strdup (arrival->action),
                     .target = g_strdup (arrival->target),
                     .label = g_strdup (arrival->label),
                     .heading = g_strdup (arrival->heading),
                     .body = g_strdup (arrival->body) };
  g_ptr_array_add (self->arrivals, copy);
  if (!self->gather_id)
    self->gather_id = g_timeout_add (GATHER_MS, on_gathered_cb, self);
}

void
cobro_notifier_seen (CobroNotifier *self, const char *id)
{
  g_return_if_fail (COBRO_IS_NOTIFIER (self));

  /* Also what an earlier run of the program told. */
  g_hash_table_remove (self->unseen, id);
  if (self->application)
    g_application_withdraw_notification (self->application, id);
}

static void
cobro_notifier_dispose (GObject *object)
{
  CobroNotifier *self = COBRO_NOTIFIER (object);

  g_clear_handle_id (&self->gather_id, g_source_remove);
  if (self->application)
    g_object_remove_weak_pointer (G_OBJECT (self->application), (gpointer *)&self->application);
  self->application = NULL;
  G_OBJECT_CLASS (cobro_notifier_parent_class)->dispose (object);
}

static void
cobro_notifier_finalize (GObject *object)
{
  CobroNotifier *self = COBRO_NOTIFIER (object);

  g_ptr_array_unref (self->arrivals);
  g_hash_table_unref (self->unseen);
  G_OBJECT_CLASS (cobro_notifier_parent_class)->finalize (object);
}

static void
cobro_notifier_class_init (CobroNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cobro_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_notifier_finalize;
}

static void
cobro_notifier_init (CobroNotifier *self)
{
  self->arrivals = g_ptr_array_new_with_free_func (arrival_free);
  self->unseen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CobroNotifier *
cobro_notifier_new (GApplication *application)
{
  CobroNotifier *self = g_object_new (COBRO_TYPE_NOTIFIER, NULL);

  self->application = application;
  g_object_add_weak_pointer (G_OBJECT (application), (gpointer *)&self->application);
  return self;
}
