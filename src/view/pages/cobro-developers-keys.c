/* src/view/pages/cobro-developers-keys.c — Developers: who may use the relay: programs of the merchant's by their keys,
 * and paired computers.
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

/* What can be revoked: a key or a computer. */
typedef struct
{
  const char *(*get_name) (gconstpointer record);
  const char *body; /* what it means */
  const char *done; /* said afterwards */
  void (*revoke_async) (CobroDevelopers *developers, const char *id, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
} Holder;

static const char *
key_name (gconstpointer record)
{
  return ((const CobroApiKey *)record)->name;
}

static const char *
device_name (gconstpointer record)
{
  return ((const CobroDevice *)record)->name;
}

static const Holder key_holder = {
  .get_name = key_name,
  .body = N_ ("The program that uses it is refused from then on. This cannot be taken back; a new key can "
              "be made at any time."),
  .done = N_ ("The key is revoked: it opens nothing any more"),
  .revoke_async = cobro_developers_revoke_key_async,
};
static const Holder device_holder = {
  .get_name = device_name,
  .body =
    N_ ("That computer is refused from then on: it uploads nothing and hears of nothing any more. What it has not "
        "uploaded yet stays there. It can be paired anew at any time."),
  .done = N_ ("The computer is not paired any more"),
  .revoke_async = cobro_developers_revoke_device_async,
};

/* Which one is to end. */
typedef struct
{
  CobroDevelopersPage *page;
  const Holder *holder;
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
finish_revoking (CobroDevelopersPage *self, const Holder *holder, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (self->developers, result, &error);

  cobro_developers_say (self, _ (holder->done), error);
}

static void
on_key_revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDevelopersPage) self = user_data;

  finish_revoking (self, &key_holder, result);
}

static void
on_device_revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDevelopersPage) self = user_data;

  finish_revoking (self, &device_holder, result);
}

static void
end_access (gpointer data)
{
  Revoking *revoking = data;

  revoking->holder->revoke_async (revoking->page->developers, revoking->id, NULL,
                                  revoking->holder == &key_holder ? on_key_revoked_cb : on_device_revoked_cb,
                                  g_object_ref (revoking->page));
}

static void
ask_to_revoke (GtkButton *button, CobroDevelopersPage *self, const Holder *holder)
{
  CobroAskedItem *item = g_object_get_data (G_OBJECT (button), ITEM_KEY);
  /* Translators: %s is the name of a key or a computer. */
  g_autofree char *heading =
    g_strdup_printf (_ ("Revoke “%s”?"), holder->get_name (cobro_asked_item_get_record (item)));
  Revoking *revoking = g_new (Revoking, 1);

  *revoking =
    (Revoking){ .page = g_object_ref (self), .holder = holder, .id = g_strdup (cobro_asked_item_get_id (item)) };
  cobro_dialogs_confirm (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, _ (holder->body), _ ("_Revoke"),
                         TRUE, end_access, revoking, revoking_free);
}

static void
on_revoke_key_cb (GtkButton *button, CobroDevelopersPage *self)
{
  ask_to_revoke (button, self, &key_holder);
}

static void
on_revoke_device_cb (GtkButton *button, CobroDevelopersPage *self)
{
  ask_to_revoke (button, self, &device_holder);
}

static void
fill (AdwActionRow *row, CobroAskedItem *item, CobroDevelopersPage *page, const Holder *holder, GCallback revoke_cb)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Revoke…"));
  /* Translators: %s is the name of a key or a computer. */
  g_autofree char *name = g_strdup_printf (_ ("Revoke %s"), holder->get_name (cobro_asked_item_get_record (item)));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), ITEM_KEY, g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (row), REVOKE_KEY, button);
  g_signal_connect_object (button, "clicked", revoke_cb, page, 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  cobro_developers_add_status (row);
  adw_action_row_add_suffix (row, button);
}

static void
fill_key (AdwActionRow *row, CobroAskedItem *item, gpointer data)
{
  fill (row, item, data, &key_holder, G_CALLBACK (on_revoke_key_cb));
}

static void
fill_device (AdwActionRow *row, CobroAskedItem *item, gpointer data)
{
  fill (row, item, data, &device_holder, G_CALLBACK (on_revoke_device_cb));
}

/* ── Keys ── */

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

/* ── Computers ── */

static void
show_device (AdwActionRow *row, CobroAskedItem *item)
{
  const CobroDevice *device = cobro_asked_item_get_record (item);
  g_autofree char *paired = cobro_date_text (device->paired_at, cobro_view_locale ());
  g_autofree char *used =
    *device->last_used_on ? cobro_civil_date_text (device->last_used_on, cobro_view_locale ()) : NULL;
  /* Translators: %s is a date. */
  g_autofree char *when = g_strdup_printf (used ? _ ("Last used %s") : _ ("Never used"), used);
  /* Translators: %s is a date. */
  g_autofree char *since = g_strdup_printf (_ ("Paired %s"), paired);
  g_autofree char *text = g_strdup_printf ("%s · %s", since, when);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), device->name);
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), REVOKE_KEY), device->revoked_at == 0 && !device->current);
  cobro_developers_set_status (row, cobro_view_device_status (device));
}

static const CobroAskedSight devices = {
  .name = N_ ("Computers"),
  .icon = "computer-symbolic",
  .empty_title = N_ ("No Computers"),
  .empty_text = N_ ("Every computer that is paired with the relay for these books is listed here."),
  .show = show_device,
  .fill = fill_device,
};

GtkWidget *
cobro_developers_create_devices (CobroDevelopersPage *self)
{
  CobroAskedView *view = cobro_asked_view_new (&devices, cobro_developers_get_devices (self->developers), self);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Add Another Computer…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.add-computer");
  cobro_asked_view_add_control (view, button, FALSE);
  return GTK_WIDGET (view);
}
