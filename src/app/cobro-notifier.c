/* src/app/cobro-notifier.c — money that arrived, as notifications.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-notifier.h"

#include <glib/gi18n.h>

#define GATHER_MS  600 /* what comes together is told together */
#define SEVERAL    4   /* so many become one notification */
#define LINES_MAX  4   /* of its text */
#define ALL        "payments"
#define ALL_ACTION "app.show-place"

typedef struct
{
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
count_text (guint n)
{
  return g_strdup_printf (ngettext ("%u Payment Received", "%u Payments Received", n), n);
}

static guint
add_unseen (CobroNotifier *self, const char *id, guint n)
{
  n += GPOINTER_TO_UINT (g_hash_table_lookup (self->unseen, id));
  g_hash_table_insert (self->unseen, g_strdup (id), GUINT_TO_POINTER (n));
  return n;
}

/* The second payment for the same thing takes the place of the first and counts it. */
static void
tell_one (CobroNotifier *self, const Arrival *arrival)
{
  guint n = add_unseen (self, arrival->id, 1);
  g_autofree char *counted = count_text (n);
  g_autoptr (GNotification) notification = g_notification_new (n > 1 ? counted : arrival->heading);

  g_notification_set_body (notification, arrival->body);
  g_notification_set_default_action_and_target (notification, arrival->action, "s", arrival->target);
  g_notification_add_button_with_target (notification, arrival->label, arrival->action, "s", arrival->target);
  g_application_send_notification (self->application, arrival->id, notification);
}

static void
tell_all (CobroNotifier *self)
{
  guint n = add_unseen (self, ALL, self->arrivals->len);
  g_autofree char *heading = count_text (n);
  g_autoptr (GNotification) notification = g_notification_new (heading);
  g_autoptr (GString) body = g_string_new (NULL);

  for (guint i = 0; i < MIN (self->arrivals->len, LINES_MAX); i++)
    {
      const Arrival *arrival = self->arrivals->pdata[i];

      g_string_append_printf (body, "%s%s · %s", i > 0 ? "\n" : "", arrival->heading, arrival->body);
    }
  g_notification_set_body (notification, body->str);
  g_notification_set_default_action_and_target (notification, ALL_ACTION, "s", ALL);
  g_notification_add_button_with_target (notification, _ ("Show Payments"), ALL_ACTION, "s", ALL);
  g_application_send_notification (self->application, ALL, notification);
}

static gboolean
on_gathered_cb (gpointer data)
{
  CobroNotifier *self = data;

  self->gather_id = 0;
  if (self->application && self->arrivals->len >= SEVERAL)
    tell_all (self);
  else
    for (guint i = 0; self->application && i < self->arrivals->len; i++)
      tell_one (self, self->arrivals->pdata[i]);
  g_ptr_array_set_size (self->arrivals, 0);
  return G_SOURCE_REMOVE;
}

void
cobro_notifier_add (CobroNotifier *self, const CobroArrival *arrival)
{
  Arrival *copy;

  g_return_if_fail (COBRO_IS_NOTIFIER (self));

  copy = g_new0 (Arrival, 1);
  *copy = (Arrival){ .id = g_strdup (arrival->id),
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
