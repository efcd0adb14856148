/* src/view/pages/cobro-developers-keys.c — Developers: keys for programs of the merchant's.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developers-private.h"

#include <glib/gi18n.h>
#include "cobro-api-key-dialog.h"
#include "cobro-date-text.h"
#include "cobro-developer-text.h"
#include "cobro-dialogs.h"

#define REVOKE_KEY "cobro-revoke"
#define ITEM_KEY   "cobro-item"

/* Which key is to end. */
typedef struct
{
  CobroDevelopersPage *page;
  char *id;
} Revoking;

static void
revoking_free (gpointer data)
{
  Revoking *revoking = data;

  g_object_unref (revoking->page);
  g_free (revoking->id);
  g_free (revoking);
}

static void
on_revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDevelopersPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  cobro_developers_say (self, _ ("The key is revoked: it opens nothing any more"), error);
}

static void
end_key (gpointer data)
{
  Revoking *revoking = data;

  cobro_developers_revoke_key_async (revoking->page->developers, revoking->id, NULL, on_revoked_cb,
                                     g_object_ref (revoking->page));
}

static void
on_revoke_clicked_cb (GtkButton *button, CobroDevelopersPage *self)
{
  CobroAskedItem *item = g_object_get_data (G_OBJECT (button), ITEM_KEY);
  const CobroApiKey *key = cobro_asked_item_get_record (item);
  /* Translators: %s is the name of a key. */
  g_autofree char *heading = g_strdup_printf (_ ("Revoke “%s”?"), key->name);
  Revoking *revoking = g_new (Revoking, 1);

  *revoking = (Revoking){ .page = g_object_ref (self), .id = g_strdup (key->id) };
  cobro_dialogs_confirm (
    GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading,
    _ ("The program that uses it is refused from then on. This cannot be taken back; a new key can "
       "be made at any time."),
    _ ("_Revoke"), TRUE, end_key, revoking, revoking_free);
}

static void
fill_key (AdwActionRow *row, CobroAskedItem *item, gpointer data)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Revoke…"));
  const CobroApiKey *key = cobro_asked_item_get_record (item);
  /* Translators: %s is the name of a key. */
  g_autofree char *name = g_strdup_printf (_ ("Revoke %s"), key->name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), ITEM_KEY, g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (row), REVOKE_KEY, button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_revoke_clicked_cb), data, 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  cobro_developers_add_status (row);
  adw_action_row_add_suffix (row, button);
}

static char *
describe (const CobroApiKey *key)
{
  g_autofree char *scopes = cobro_view_scopes_text ((const char *const *)key->scopes);
  g_autofree char *used = *key->last_used_on ? cobro_civil_date_text (key->last_used_on, cobro_view_locale ()) : NULL;
  g_autofree char *until = key->expires_at ? cobro_date_text (key->expires_at, cobro_view_locale ()) : NULL;
  g_autoptr (GString) text = g_string_new (scopes);

  g_string_append (text, "\n");
  /* Translators: %s is a date. */
  g_string_append_printf (text, used ? _ ("Last used %s") : _ ("Never used"), used);
  if (until && key->revoked_at == 0)
    {
      g_string_append (text, " · ");
      /* Translators: %s is a date. */
      g_string_append_printf (text, _ ("until %s"), until);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_key (AdwActionRow *row, CobroAskedItem *item)
{
  const CobroApiKey *key = cobro_asked_item_get_record (item);
  g_autofree char *text = describe (key);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), key->name);
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), REVOKE_KEY), key->revoked_at == 0);
  cobro_developers_set_status (row, cobro_view_api_key_status (key));
}

static const CobroAskedSight keys = {
  .name = N_ ("API keys"),
  .icon = "dialog-password-symbolic",
  .empty_title = N_ ("No API Keys Yet"),
  .empty_text = N_ ("A program of yours, such as a shop or a cash register, needs a key to use the relay. Give each "
                    "program its own, with only what it needs."),
  .show = show_key,
  .fill = fill_key,
};

static void
on_new_key_cb (CobroDevelopersPage *self)
{
  gtk_window_present (
    GTK_WINDOW (cobro_api_key_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->developers)));
}

GtkWidget *
cobro_developers_create_keys (CobroDevelopersPage *self)
{
  CobroAskedView *view = cobro_asked_view_new (&keys, cobro_developers_get_keys (self->developers), self);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_New Key…"));

  g_signal_connect_object (button, "clicked", G_CALLBACK (on_new_key_cb), self, G_CONNECT_SWAPPED);
  cobro_asked_view_add_control (view, button, FALSE);
  return GTK_WIDGET (view);
}
