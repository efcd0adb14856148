/* src/view/dialogs/cobro-provider-dialog.c — one payment provider.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-provider-dialog.h"

#include <glib/gi18n.h>
#include <string.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-mode-banner.h"
#include "cobro-note.h"
#include "cobro-provider-form.h"
#include "cobro-provider-text.h"
#include "cobro-rules-group.h"
#include "cobro-status-label.h"

#define SECRET_PATH "webhookSecret"

struct _CobroProviderDialog
{
  AdwWindow parent_instance;
  GtkWidget *close_button;
  GtkWidget *save_button;
  GtkSpinner *save_spinner;
  AdwToastOverlay *toasts;
  GtkScrolledWindow *scroller;
  CobroModeBanner *mode_banner;
  CobroStatusLabel *status_label;
  GtkLabel *reason_label;
  GtkLabel *problem_label;
  GtkWidget *notice_group;
  AdwActionRow *notice_row;
  CobroProviderForm *form;
  GtkWidget *keys_button;
  GtkSwitch *enabled_switch;
  CobroRulesGroup *rules_group;
  GtkWidget *test_group;
  AdwActionRow *test_row;
  GtkSpinner *test_spinner;
  GtkButton *test_button;
  AdwPreferencesGroup *hooks_group;
  GtkWidget *hooks_button;
  AdwActionRow *url_row;
  AdwActionRow *user_row;
  GtkWidget *secret_row;
  GtkLabel *secret_note; /* under secret_row */
  AdwActionRow *make_row;
  GtkButton *make_button;
  GtkWidget *copy_secret_button;
  GtkWidget *remove_button;
  CobroProviders *providers;
  CobroProviderItem *item;
  GCancellable *cancellable;
  GCancellable *trial;  /* (nullable) the test under way */
  char *made_secret;    /* (nullable) shown until the window closes */
  char *secret_refused; /* (nullable) */
  gboolean busy;
  gboolean showing;
  gboolean touched; /* the switch was moved by a person */
};

G_DEFINE_FINAL_TYPE (CobroProviderDialog, cobro_provider_dialog, ADW_TYPE_WINDOW)

static const CobroProvider *
get_provider (CobroProviderDialog *self)
{
  return cobro_provider_item_get_provider (self->item);
}

static void
toast (CobroProviderDialog *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1); /* a toast's title is markup */

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
copy (CobroProviderDialog *self, const char *text, const char *done)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  toast (self, done);
}

static void
show_problem (CobroProviderDialog *self, const char *text)
{
  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *text != '\0');
  if (*text)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/* ── What may be saved ── */

static char *
dup_secret (CobroProviderDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->secret_row))));
}

/* (transfer full) (nullable) */
static char *
dup_secret_problem (CobroProviderDialog *self)
{
  g_autofree char *secret = dup_secret (self);
  const CobroProvider *provider = get_provider (self);
  const char *owner = NULL;
  CobroKeyProblem found;

  if (self->secret_refused)
    return g_strdup (self->secret_refused);
  if (!*secret)
    return NULL;
  found = cobro_key_check (provider->name, provider->livemode, COBRO_KEY_FIELD_HOOK, secret, &owner);
  return cobro_view_key_problem (provider, found, owner);
}

static CobroProviderChange *
collect (CobroProviderDialog *self, gboolean *out_any)
{
  CobroProviderChange *change = cobro_provider_change_new ();
  gboolean enabled = gtk_switch_get_active (self->enabled_switch);
  g_autofree char *secret = dup_secret (self);
  gboolean any = cobro_provider_form_collect (self->form, change);
  GPtrArray *rules = cobro_rules_group_get_changed (self->rules_group);

  if (*secret)
    change->webhook_secret = g_steal_pointer (&secret);
  if (enabled != get_provider (self)->enabled)
    change->enabled = enabled;
  if (rules)
    change->rules = g_ptr_array_ref (rules);
  *out_any = any || change->webhook_secret || change->enabled >= 0 || rules;
  return change;
}

static void
update_save (CobroProviderDialog *self)
{
  gboolean any = FALSE;
  g_autoptr (CobroProviderChange) change = collect (self, &any);
  g_autofree char *problem = dup_secret_problem (self);
  gboolean complete = cobro_provider_form_is_complete (self->form) || change->enabled == 0 ||
                      (!get_provider (self)->enabled && change->enabled < 0);

  gtk_widget_set_sensitive (self->save_button,
                            any && !problem && complete && !self->busy && cobro_provider_form_is_fine (self->form));
}

static void
on_changed_cb (CobroProviderDialog *self)
{
  if (self->showing || !self->item)
    return;
  show_problem (self, "");
  update_save (self);
}

/* ── Showing ── */

static void
show_secret_note (CobroProviderDialog *self)
{
  g_autofree char *problem = dup_secret_problem (self);
  const CobroProvider *provider = get_provider (self);
  const char *help = provider->secret_is_set ? _ ("Is set and never shown again. Paste another one to replace it; the "
                                                  "old one goes on working for a day.")
                                             : _ ("Begins with whsec_ at Stripe");

  cobro_note_set (self->secret_row, self->secret_note, help, problem);
}

static void
show_webhook (CobroProviderDialog *self)
{
  const CobroProvider *provider = get_provider (self);
  CobroProviderGuide guide = cobro_view_provider_guide (provider);
  gboolean ready = provider->webhook_url != NULL;
  g_autofree char *when =
    provider->secret_set_at ? cobro_date_time_text (provider->secret_set_at, cobro_view_locale ()) : NULL;
  g_autofree char *set = when ? g_strdup_printf (_ ("Made %s and never shown again. A new one replaces it; the old one "
                                                    "goes on working for a day."),
                                                 when)
                              : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->hooks_group), ready && !provider->test_only);
  adw_preferences_group_set_description (self->hooks_group, guide.hooks_steps);
  gtk_widget_set_visible (self->hooks_button, *guide.hooks_url != '\0');
  adw_action_row_set_subtitle (self->url_row, ready ? provider->webhook_url : "");
  adw_action_row_set_subtitle (self->user_row, guide.hooks_user);
  gtk_widget_set_visible (GTK_WIDGET (self->user_row), *guide.hooks_user != '\0');
  gtk_widget_set_visible (self->secret_row, guide.makes_secret);
  gtk_widget_set_visible (GTK_WIDGET (self->make_row), !guide.makes_secret);
  adw_action_row_set_subtitle (self->make_row, self->made_secret ? self->made_secret
                                               : provider->secret_is_set
                                                 ? (set ? set : _ ("Is set and never shown again"))
                                                 : _ ("None yet: make one and enter it at the provider"));
  gtk_button_set_label (self->make_button, provider->secret_is_set ? _ ("_Replace…") : _ ("_Make a Secret"));
  gtk_widget_set_visible (GTK_WIDGET (self->make_button), self->made_secret == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->make_button), cobro_providers_can_ask (self->providers));
  gtk_widget_set_visible (self->copy_secret_button, self->made_secret != NULL);
  show_secret_note (self);
}

static void
show_test (CobroProviderDialog *self)
{
  gboolean can = cobro_providers_can_ask (self->providers) && cobro_provider_is_complete (get_provider (self)) &&
                 get_provider (self)->account && !cobro_provider_item_get_waiting (self->item);

  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button), can || self->trial);
  gtk_button_set_label (self->test_button, self->trial ? _ ("_Cancel") : _ ("_Test"));
  gtk_spinner_set_spinning (self->test_spinner, self->trial != NULL);
}

static void
update (CobroProviderDialog *self)
{
  const CobroProvider *provider = get_provider (self);
  CobroProviderGuide guide = cobro_view_provider_guide (provider);
  CobroProviderState state = cobro_provider_item_get_state (self->item);
  g_autofree char *reason = cobro_view_provider_reason (self->item);

  self->showing = TRUE;
  gtk_window_set_title (GTK_WINDOW (self), cobro_view_provider_name (provider));
  cobro_mode_banner_set_livemode (self->mode_banner, provider->livemode);
  cobro_status_label_set_status (self->status_label, cobro_view_provider_status (state));
  gtk_label_set_text (self->reason_label, reason);
  adw_action_row_set_subtitle (self->notice_row, provider->notice ? provider->notice : "");
  gtk_widget_set_visible (self->notice_group, provider->notice && *provider->notice);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->form), guide.keys_steps);
  gtk_widget_set_visible (self->keys_button, *guide.keys_url != '\0');
  cobro_provider_form_set_provider (self->form, (CobroProvider *)provider);
  cobro_rules_group_set_provider (self->rules_group, (CobroProvider *)provider, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->rules_group), cobro_provider_has_keys (provider) || provider->enabled);
  if (!self->touched)
    gtk_switch_set_active (self->enabled_switch, provider->enabled || state == COBRO_PROVIDER_STATE_NOT_SET_UP);
  gtk_widget_set_visible (self->remove_button,
                          cobro_provider_has_keys (provider) || cobro_provider_item_get_waiting (self->item));
  show_webhook (self);
  show_test (self);
  self->showing = FALSE;
  update_save (self);
}

/* ── Saving ── */

static void
show_failure (CobroProviderDialog *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  const char *path = cobro_error_get_path (error);
  g_autofree char *text = NULL;

  if (cobro_provider_form_show_problem (self->form, path, sentence))
    return;
  if (g_strcmp0 (path, SECRET_PATH) == 0)
    {
      g_free (self->secret_refused);
      self->secret_refused = g_strdup (sentence);
      show_secret_note (self);
      gtk_widget_grab_focus (self->secret_row);
      return update_save (self);
    }
  /* Translators: %s is a sentence that says what is wrong. */
  text = g_strdup_printf (_ ("%s Nothing was saved; what you typed is still here."), sentence);
  show_problem (self, text);
}

static void
set_busy (CobroProviderDialog *self, gboolean busy)
{
  self->busy = busy;
  gtk_spinner_set_spinning (self->save_spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form), !busy);
  update_save (self);
}

/* What had the keyboard may be insensitive by now, or gone: GTK would drop every key. */
static void
keep_keyboard (CobroProviderDialog *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!focus || !gtk_widget_is_sensitive (focus) || !gtk_widget_get_mapped (focus))
    gtk_widget_grab_focus (self->close_button);
}

static void
forget_typed (CobroProviderDialog *self)
{
  self->touched = FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->secret_row), "");
  cobro_provider_form_reset (self->form);
  cobro_rules_group_set_provider (self->rules_group, (CobroProvider *)get_provider (self), TRUE);
  update (self);
  keep_keyboard (self);
}

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProviderDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean sent = FALSE;
  gboolean ok = cobro_providers_save_finish (COBRO_PROVIDERS (source), result, &sent, &error);

  if (!self->item || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_busy (self, FALSE);
  if (!ok)
    return show_failure (self, error);
  forget_typed (self);
  toast (self,
         sent ? _ ("Saved: the relay has it") : _ ("Kept in the keyring; sent as soon as the relay can be reached"));
}

static void
save (gpointer data)
{
  CobroProviderDialog *self = data;
  gboolean any;
  g_autoptr (CobroProviderChange) change = collect (self, &any);

  if (self->busy)
    return;
  set_busy (self, TRUE);
  cobro_providers_save_async (self->providers, get_provider (self)->name, change, self->cancellable, on_saved_cb,
                              g_object_ref (self));
}

static void
on_save_clicked_cb (CobroProviderDialog *self)
{
  const CobroProvider *provider = get_provider (self);
  g_autofree char *heading = NULL;

  if (!provider->livemode || provider->enabled || !gtk_switch_get_active (self->enabled_switch))
    return save (self);
  /* Translators: %s is a provider, such as Stripe. */
  heading = g_strdup_printf (_ ("Take Real Money With %s?"), cobro_view_provider_name (provider));
  cobro_dialogs_confirm (GTK_WINDOW (self), heading,
                         _ ("As soon as it is saved, customers can pay with it, and their cards are really charged."),
                         _ ("_Take Real Money"), TRUE, save, g_object_ref (self), g_object_unref);
}

static void
on_secret_changed_cb (CobroProviderDialog *self)
{
  if (self->showing || !self->item)
    return;
  g_clear_pointer (&self->secret_refused, g_free);
  show_secret_note (self);
  on_changed_cb (self);
}

/* ── Trying it out ── */

static void
on_tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProviderDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  g_autofree char *answer = NULL;
  gboolean ok = FALSE;

  if (!cobro_providers_test_finish (COBRO_PROVIDERS (source), result, &ok, &words, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    answer = g_strdup (_ ("Cancelled: nothing was found out"));
  else if (error)
    {
      g_autofree char *sentence = cobro_view_error (error);

      /* Translators: %s is a sentence. */
      answer = g_strdup_printf (_ ("✗ The relay could not be asked. %s"), sentence);
    }
  else
    /* Translators: %s is what the provider answered, in the relay's words. */
    answer = g_strdup_printf (ok ? _ ("✓ It works: %s") : _ ("✗ It does not work: %s"), words);
  if (!self->item)
    return;
  g_clear_object (&self->trial);
  adw_action_row_set_subtitle (self->test_row, answer);
  show_test (self);
}

static void
on_test_clicked_cb (CobroProviderDialog *self)
{
  if (self->trial)
    return g_cancellable_cancel (self->trial);
  self->trial = g_cancellable_new ();
  adw_action_row_set_subtitle (self->test_row, _ ("Asking the provider…"));
  cobro_providers_test_async (self->providers, get_provider (self)->name, self->trial, on_tested_cb,
                              g_object_ref (self));
  show_test (self);
}

/* ── The webhook's secret ── */

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProviderDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  char *secret = cobro_providers_new_secret_finish (COBRO_PROVIDERS (source), result, &error);

  if (!secret)
    {
      g_autofree char *sentence = cobro_view_error (error);

      if (self->item && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_problem (self, sentence);
      return;
    }
  g_clear_pointer (&self->made_secret, g_free);
  self->made_secret = secret;
  if (self->item)
    show_webhook (self);
}

static void
make_secret (gpointer data)
{
  CobroProviderDialog *self = data;

  gtk_widget_set_sensitive (GTK_WIDGET (self->make_button), FALSE);
  cobro_providers_new_secret_async (self->providers, get_provider (self)->name, self->cancellable, on_made_cb,
                                    g_object_ref (self));
}

static void
on_make_clicked_cb (CobroProviderDialog *self)
{
  if (!get_provider (self)->secret_is_set)
    return make_secret (self);
  cobro_dialogs_confirm (GTK_WINDOW (self), _ ("Make a New Secret?"),
                         _ ("Enter the new one at the provider within a day: until then both work, afterwards only the "
                            "new one, and webhooks with the old one are refused."),
                         _ ("_Make a New One"), FALSE, make_secret, g_object_ref (self), g_object_unref);
}

/* ── Taking it away ── */

static void
on_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProviderDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean sent = FALSE;
  gboolean ok = cobro_providers_save_finish (COBRO_PROVIDERS (source), result, &sent, &error);

  if (!self->item)
    return;
  set_busy (self, FALSE);
  if (!ok)
    return show_failure (self, error);
  forget_typed (self);
  toast (self, sent ? _ ("Removed, here and at the relay") : _ ("Removed as soon as the relay can be reached"));
}

static void
remove_it (gpointer data)
{
  CobroProviderDialog *self = data;

  if (self->busy)
    return;
  set_busy (self, TRUE);
  cobro_providers_remove_async (self->providers, get_provider (self)->name, self->cancellable, on_removed_cb,
                                g_object_ref (self));
}

static void
on_links_counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProviderDialog) self = user_data;
  gint64 n = cobro_providers_count_links_finish (COBRO_PROVIDERS (source), result, NULL);
  g_autofree char *links = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  if (!self->item)
    return;
  links = n > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d open link can be paid with nothing else.",
                                                "%d open links can be paid with nothing else.", (gulong)n),
                                   (int)n)
                : g_strdup (_ ("No open link depends on it alone."));
  heading = g_strdup_printf (_ ("Remove %s?"), cobro_view_provider_name (get_provider (self)));
  /* Translators: %s says how many links depend on the provider. */
  body =
    g_strdup_printf (_ ("%s Its keys are deleted, here and at the relay. Payments that are under way can no longer "
                        "be asked about, and earlier ones no longer be refunded from here, until the keys are "
                        "entered again. To only stop offering it, switch it off instead."),
                     links);
  cobro_dialogs_confirm (GTK_WINDOW (self), heading, body, _ ("_Remove"), TRUE, remove_it, g_object_ref (self),
                         g_object_unref);
}

static void
on_remove_clicked_cb (CobroProviderDialog *self)
{
  cobro_providers_count_links_async (self->providers, get_provider (self)->name, on_links_counted_cb,
                                     g_object_ref (self));
}

/* ── Copying and opening ── */

static void
on_copy_notice_cb (CobroProviderDialog *self)
{
  copy (self, adw_action_row_get_subtitle (self->notice_row), _ ("Copied"));
}

static void
on_copy_url_cb (CobroProviderDialog *self)
{
  copy (self, adw_action_row_get_subtitle (self->url_row), _ ("Address copied"));
}

static void
on_copy_user_cb (CobroProviderDialog *self)
{
  copy (self, adw_action_row_get_subtitle (self->user_row), _ ("User copied"));
}

static void
on_copy_secret_cb (CobroProviderDialog *self)
{
  if (self->made_secret)
    copy (self, self->made_secret, _ ("Secret copied"));
}

static void
on_open_keys_cb (CobroProviderDialog *self)
{
  cobro_dialogs_open_uri (GTK_WINDOW (self), cobro_view_provider_guide (get_provider (self)).keys_url);
}

static void
on_open_hooks_cb (CobroProviderDialog *self)
{
  cobro_dialogs_open_uri (GTK_WINDOW (self), cobro_view_provider_guide (get_provider (self)).hooks_url);
}

/* ── The object ── */

static void
cobro_provider_dialog_dispose (GObject *object)
{
  CobroProviderDialog *self = COBRO_PROVIDER_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->trial)
    g_cancellable_cancel (self->trial);
  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  if (self->providers)
    g_signal_handlers_disconnect_by_data (self->providers, self);
  g_clear_object (&self->item);
  g_clear_object (&self->providers);
  G_OBJECT_CLASS (cobro_provider_dialog_parent_class)->dispose (object);
}

static void
cobro_provider_dialog_finalize (GObject *object)
{
  CobroProviderDialog *self = COBRO_PROVIDER_DIALOG (object);

  if (self->made_secret)
    explicit_bzero (self->made_secret, strlen (self->made_secret));
  g_free (self->made_secret);
  g_free (self->secret_refused);
  g_clear_object (&self->trial);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_provider_dialog_parent_class)->finalize (object);
}

static void
bind_webhook (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, hooks_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, hooks_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, url_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, user_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, secret_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, make_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, make_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, copy_secret_button);
  gtk_widget_class_bind_template_callback (widget_class, on_secret_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_make_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_url_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_user_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_secret_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_open_hooks_cb);
}

static void
cobro_provider_dialog_class_init (CobroProviderDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MODE_BANNER);
  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  g_type_ensure (COBRO_TYPE_PROVIDER_FORM);
  g_type_ensure (COBRO_TYPE_RULES_GROUP);
  G_OBJECT_CLASS (klass)->dispose = cobro_provider_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_provider_dialog_finalize;
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-provider-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, save_spinner);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, mode_banner);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, reason_label);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, notice_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, notice_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, form);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, keys_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, enabled_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, rules_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, test_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, test_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, test_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderDialog, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_notice_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_open_keys_cb);
  bind_webhook (widget_class);
}

static void
on_switch_touched_cb (CobroProviderDialog *self)
{
  if (!self->showing)
    self->touched = TRUE;
}

static void
cobro_provider_dialog_init (CobroProviderDialog *self)
{
  GtkWidget *note;

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  note = cobro_note_new (self->secret_row, &self->secret_note);
  adw_preferences_group_add (self->hooks_group, note);
  g_signal_connect_swapped (self->enabled_switch, "notify::active", G_CALLBACK (on_switch_touched_cb), self);
}

CobroProviderDialog *
cobro_provider_dialog_new (GtkWindow *parent, CobroProviders *providers, CobroProviderItem *item)
{
  CobroProviderDialog *self = g_object_new (COBRO_TYPE_PROVIDER_DIALOG, "transient-for", parent, NULL);

  self->providers = g_object_ref (providers);
  self->item = g_object_ref (item);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (providers, "changed", G_CALLBACK (update), self);
  update (self);
  if (!cobro_provider_form_grab_focus (self->form))
    gtk_widget_grab_focus (GTK_WIDGET (self->enabled_switch));
  return self;
}
