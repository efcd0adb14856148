/* src/view/pages/cobro-developers-retry.c — Developers: dead letters, and sending them again.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developers-private.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"

#define ID_KEY         "cobro-id"
#define REPLAY_TICK_MS 100

static const char *
id_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), ID_KEY);
}

static void
set_id (gpointer widget, const char *id)
{
  g_object_set_data_full (G_OBJECT (widget), ID_KEY, g_strdup (id), g_free);
}

/* While many are sent again, the button counts them and stops it. */
static void
show_replay (CobroDevelopersPage *self)
{
  guint done = (guint)g_atomic_int_get (&self->replay.done);
  g_autofree char *text = g_strdup_printf (_ ("_Cancel (%u of %u)"), done, self->replaying);

  gtk_button_set_label (GTK_BUTTON (self->marked_button), text);
  gtk_widget_set_sensitive (self->marked_button, !g_atomic_int_get (&self->replay.stop));
  gtk_widget_set_sensitive (self->all_button, FALSE);
}

static void
update_marked (CobroDevelopersPage *self)
{
  guint n = g_hash_table_size (self->marked);
  g_autofree char *text = n == 0 ? g_strdup (_ ("Replay _Selected")) : g_strdup_printf (_ ("Replay _Selected (%u)"), n);

  if (self->replaying > 0)
    return show_replay (self);
  gtk_button_set_label (GTK_BUTTON (self->marked_button), text);
  gtk_widget_set_sensitive (self->marked_button, n > 0);
  gtk_widget_set_sensitive (self->all_button, TRUE);
}

/* ── Sending again ── */

static void
say_replayed (CobroDevelopersPage *self, const CobroDeveloperAnswer *answer)
{
  gulong n = (gulong)answer->n, refused = (gulong)answer->refused;
  g_autofree char *sent = g_strdup_printf (ngettext ("%lu is sent again", "%lu are sent again", n), n);
  g_autofree char *left = NULL;
  g_autofree char *text = NULL;

  if (refused == 0)
    return cobro_developers_say (self, sent, NULL);
  left = g_strdup_printf (
    ngettext ("%lu cannot be: its endpoint is off or gone", "%lu cannot be: their endpoint is off or gone", refused),
    refused);
  text = g_strdup_printf ("%s; %s", sent, left);
  cobro_developers_say (self, text, NULL);
}

static void
on_replayed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDevelopersPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  if (!answer)
    return cobro_developers_say (self, "", error);
  say_replayed (self, answer);
}

static void
on_replay_one_cb (GtkButton *button, CobroDevelopersPage *self)
{
  const char *ids[] = { id_of (button), NULL };

  cobro_developers_retry_async (self->developers, ids, NULL, NULL, on_replayed_cb, g_object_ref (self));
}

static void
on_many_replayed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroDevelopersPage *self = user_data;

  g_clear_handle_id (&self->replay_id, g_source_remove);
  self->replaying = 0;
  update_marked (self);
  on_replayed_cb (source, result, self);
}

static gboolean
on_replay_tick_cb (gpointer self)
{
  update_marked (self);
  return G_SOURCE_CONTINUE;
}

static void
replay_many (CobroDevelopersPage *self, char **ids)
{
  self->replay = (CobroReplay){ 0 };
  self->replaying = g_strv_length (ids);
  self->replay_id = g_timeout_add (REPLAY_TICK_MS, on_replay_tick_cb, self);
  update_marked (self);
  cobro_developers_retry_async (self->developers, (const char *const *)ids, &self->replay, NULL, on_many_replayed_cb,
                                g_object_ref (self));
}

static void
on_replay_marked_cb (CobroDevelopersPage *self)
{
  g_autofree char **ids = (char **)g_hash_table_get_keys_as_array (self->marked, NULL);

  if (self->replaying == 0)
    return replay_many (self, ids);
  g_atomic_int_set (&self->replay.stop, TRUE);
  update_marked (self);
}

/* ── All of them ── */

/* Which ones were asked about. */
typedef struct
{
  CobroDevelopersPage *page;
  GStrv ids;
} All;

static void
all_free (gpointer data)
{
  All *all = data;

  g_object_unref (all->page);
  g_strfreev (all->ids);
  g_free (all);
}

static void
replay_all (gpointer data)
{
  const All *all = data;

  if (all->page->replaying == 0 && all->page->developers)
    replay_many (all->page, all->ids);
}

static void
ask_about_all (CobroDevelopersPage *self, GStrv take_ids)
{
  gulong n = g_strv_length (take_ids);
  g_autofree char *heading =
    g_strdup_printf (ngettext ("Send %lu Dead Letter Again?", "Send All %lu Dead Letters Again?", n), n);
  All *all = g_new (All, 1);

  *all = (All){ .page = g_object_ref (self), .ids = take_ids };
  cobro_dialogs_confirm (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading,
                         _ ("Every one whose endpoint is on goes out at once, oldest first. Receivers know each event "
                            "by its id: nothing is paid twice."),
                         _ ("_Send Again"), FALSE, replay_all, all, all_free);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDevelopersPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  update_marked (self);
  if (!answer)
    return cobro_developers_say (self, "", error);
  if (!*answer->dead_letters)
    return say_replayed (self, answer); /* somebody else did it */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ask_about_all (self, g_steal_pointer (&answer->dead_letters));
}

static void
on_replay_all_cb (CobroDevelopersPage *self)
{
  gtk_widget_set_sensitive (self->all_button, FALSE);
  cobro_developers_list_dead_letters_async (self->developers, NULL, on_listed_cb, g_object_ref (self));
}

/* ── Rows ── */

static void
on_marked_cb (GtkCheckButton *check, CobroDevelopersPage *self)
{
  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->marked, g_strdup (id_of (check)));
  else
    g_hash_table_remove (self->marked, id_of (check));
  update_marked (self);
}

static void
fill_letter (AdwActionRow *row, CobroAskedItem *item, gpointer data)
{
  CobroDevelopersPage *self = data;
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("view-refresh-symbolic");
  const char *id = cobro_asked_item_get_id (item);

  set_id (check, id);
  set_id (button, id);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), g_hash_table_contains (self->marked, id));
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Select"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Replay"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Replay"), -1);
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_marked_cb), self, 0);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_replay_one_cb), self, 0);
  adw_action_row_add_prefix (row, check);
  cobro_developers_add_status (row);
  adw_action_row_add_suffix (row, button);
}

static const CobroAskedSight letters = {
  .name = N_ ("Dead letters"),
  .icon = "emblem-ok-symbolic",
  .empty_title = N_ ("No Dead Letters"),
  .empty_text =
    N_ ("What no endpoint took, after a week of tries or because it was switched off, waits here to be sent "
        "again. Nothing is lost."),
  .show = cobro_developers_show_delivery,
  .fill = fill_letter,
};

static gboolean
is_gone (gpointer id, gpointer value, gpointer asked)
{
  return cobro_asked_find (asked, id) == NULL;
}

/* What is no dead letter any more is not selected, either. */
static void
on_letters_changed_cb (CobroAsked *asked, CobroDevelopersPage *self)
{
  if (g_hash_table_foreach_remove (self->marked, is_gone, asked) > 0)
    update_marked (self);
}

GtkWidget *
cobro_developers_create_retry (CobroDevelopersPage *self)
{
  CobroAsked *asked = cobro_developers_get_dead_letters (self->developers);
  CobroAskedView *view = cobro_asked_view_new (&letters, asked, self);

  self->marked_button = gtk_button_new_with_mnemonic ("");
  self->all_button = gtk_button_new_with_mnemonic (_ ("Replay _All…"));
  update_marked (self);
  g_signal_connect_object (self->marked_button, "clicked", G_CALLBACK (on_replay_marked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->all_button, "clicked", G_CALLBACK (on_replay_all_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (asked, "changed", G_CALLBACK (on_letters_changed_cb), self, 0);
  g_signal_connect_object (view, "row-activated", G_CALLBACK (cobro_developers_open_delivery), self, G_CONNECT_SWAPPED);
  cobro_asked_view_add_control (view, self->marked_button, FALSE);
  cobro_asked_view_add_control (view, self->all_button, FALSE);
  return GTK_WIDGET (view);
}
