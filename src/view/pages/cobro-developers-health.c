/* src/view/pages/cobro-developers-health.c — Developers: how the relay is doing.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developers-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include "cobro-date-text.h"
#include "cobro-developer-text.h"
#include "cobro-money-text.h"
#include "cobro-provider-text.h"

#define CLOCK_FINE (5 * COBRO_SECOND)
#define VALUE_KEY  "cobro-value"

static const CobroAskedSight sight = {
  .name = N_ ("Relay health"),
  .icon = "network-server-symbolic",
  .empty_title = N_ ("Nothing to Tell"),
  .empty_text = N_ ("The relay says nothing about itself."),
};

/* One line; it is made once and then only says something else, so that who reads it keeps the place. */
static AdwActionRow *
get_row (GtkWidget *group, const char *key, const char *title)
{
  AdwActionRow *row = g_object_get_data (G_OBJECT (group), key);

  if (row)
    return row;
  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, NULL);
  g_object_set_data (G_OBJECT (group), key, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (row));
  return row;
}

static void
put (GtkWidget *group, const char *title, const char *value)
{
  AdwActionRow *row = get_row (group, title, title);
  GtkWidget *label = g_object_get_data (G_OBJECT (row), VALUE_KEY);
  g_autofree char *name = g_strdup_printf ("%s: %s", title, value);

  if (!label)
    {
      label = gtk_label_new (NULL);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
      gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
      gtk_widget_add_css_class (label, "dim-label");
      g_object_set_data (G_OBJECT (row), VALUE_KEY, label);
      adw_action_row_add_suffix (row, label);
    }
  if (g_str_equal (gtk_label_get_text (GTK_LABEL (label)), value))
    return;
  gtk_label_set_text (GTK_LABEL (label), value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
get_group (GtkWidget *box, const char *title)
{
  GtkWidget *group = g_object_get_data (G_OBJECT (box), title);

  if (group)
    return group;
  group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", title, NULL);
  g_object_set_data (G_OBJECT (box), title, group);
  gtk_box_append (GTK_BOX (box), group);
  return group;
}

/* (transfer full) how far the two clocks are apart. */
static char *
clock_text (const CobroRelayState *state, CobroTime as_of)
{
  gint64 difference = state->timestamp - as_of;
  g_autofree char *length = cobro_view_seconds (llabs (difference) / COBRO_SECOND);

  if (llabs (difference) < CLOCK_FINE)
    return g_strdup (_ ("The same as this computer's"));
  /* Translators: %s is a length of time, such as "2 minutes". */
  return g_strdup_printf (difference > 0 ? _ ("%s ahead of this computer's") : _ ("%s behind this computer's"), length);
}

static char *
backup_text (const CobroRelayState *state)
{
  if (state->last_backup_at != 0)
    return cobro_date_time_text (state->last_backup_at, cobro_view_locale ());
  if (g_str_equal (state->database, "postgresql"))
    return g_strdup (_ ("Made by the database's own tools"));
  return g_strdup (_ ("None yet: run “cobro-relay backup” every day"));
}

static void
show_relay (GtkWidget *box, const CobroRelayState *state, CobroTime as_of)
{
  GtkWidget *group = get_group (box, _ ("Relay"));
  g_autofree char *uptime = cobro_view_seconds (state->uptime);
  g_autofree char *clock = clock_text (state, as_of);
  g_autofree char *backup = backup_text (state);

  put (group, _ ("Version"), state->version);
  put (group, _ ("Running For"), uptime);
  put (group, _ ("Clock"), clock);
  put (group, _ ("Database"), g_str_equal (state->database, "postgresql") ? "PostgreSQL" : "SQLite");
  put (group, _ ("Last Backup"), backup);
}

static void
show_queues (GtkWidget *box, const CobroRelayState *state)
{
  const struct
  {
    const char *title;
    gint64 n;
  } queues[] = {
    { _ ("Webhooks on Their Way"), state->deliveries },
    { _ ("Dead Letters"), state->dead_letters },
    { _ ("Mails"), state->mails },
    { _ ("Payments Asked About"), state->payments },
    { _ ("Refunds Tried Again"), state->refunds },
    { _ ("Messages Not Understood Yet"), state->inbox },
  };
  GtkWidget *group = get_group (box, _ ("Waiting"));

  for (gsize i = 0; i < G_N_ELEMENTS (queues); i++)
    {
      g_autofree char *number = cobro_number_text (queues[i].n, cobro_view_locale ());

      put (group, queues[i].title, number);
    }
}

static void
show_providers (GtkWidget *box, const CobroRelayState *state)
{
  GtkWidget *group = get_group (box, _ ("Payment Providers"));

  if (state->providers->len == 0)
    put (group, _ ("None set up yet"), _ ("Preferences → Payments"));
  for (guint i = 0; i < state->providers->len; i++)
    {
      const CobroRelayProvider *provider = state->providers->pdata[i];
      AdwActionRow *row = get_row (group, provider->name, cobro_view_gateway_name (provider->name));
      g_autofree char *when =
        provider->retry_at != 0 ? cobro_time_of_day_text (provider->retry_at, cobro_view_locale ()) : NULL;
      /* Translators: %s is a time of day. */
      g_autofree char *text = when ? g_strdup_printf (_ ("It does not answer; tried again at %s"), when) : NULL;

      adw_action_row_set_subtitle (row, text ? text : "");
      cobro_developers_add_status (row);
      cobro_developers_set_status (row, cobro_view_breaker (provider));
    }
}

static void
on_state_changed_cb (CobroAsked *asked, CobroDevelopersPage *self)
{
  g_autoptr (CobroAskedItem) item = g_list_model_get_item (cobro_asked_get_list (asked), 0);
  const CobroRelayState *state = item ? cobro_asked_item_get_record (item) : NULL;

  if (!state)
    return;
  show_relay (self->health, state, cobro_asked_get_as_of (asked));
  show_queues (self->health, state);
  show_providers (self->health, state);
}

GtkWidget *
cobro_developers_create_health (CobroDevelopersPage *self)
{
  CobroAsked *asked = cobro_developers_get_state (self->developers);
  CobroAskedView *view = cobro_asked_view_new (&sight, asked, self);

  self->health = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  cobro_asked_view_set_content (view, self->health);
  g_signal_connect_object (asked, "changed", G_CALLBACK (on_state_changed_cb), self, 0);
  on_state_changed_cb (asked, self);
  return GTK_WIDGET (view);
}
