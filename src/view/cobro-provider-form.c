/* src/view/cobro-provider-form.c — the fields of a provider's settings.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-provider-form.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-note.h"
#include "cobro-provider-text.h"

/* The one setting that the window knows by name: where the customer types the card. */
#define CHECKOUT "checkout"
#define REDIRECT "redirect"
#define EMBEDDED "embedded"

typedef struct
{
  char *name;
  CobroSettingKind kind;
  GtkWidget *row;  /* an entry row, or for CHECKOUT a combo row */
  GtkLabel *label; /* of the note under it */
  char *help;
  char *shown;   /* what stood there before anybody typed */
  char *refused; /* (nullable) what the relay said about what stands there */
} Field;

struct _CobroProviderForm
{
  AdwPreferencesGroup parent_instance;
  CobroProvider *provider;
  GPtrArray *fields;    /* (element-type Field) */
  AdwExpanderRow *more; /* (nullable) for what hardly anybody sets */
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (CobroProviderForm, cobro_provider_form, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
field_free (gpointer data)
{
  Field *field = data;

  g_free (field->name);
  g_free (field->help);
  g_free (field->shown);
  g_free (field->refused);
  g_free (field);
}

/* ── One field ── */

static gboolean
is_choice (const Field *field)
{
  return g_str_equal (field->name, CHECKOUT);
}

static char *
dup_text (const Field *field)
{
  if (is_choice (field))
    return g_strdup (adw_combo_row_get_selected (ADW_COMBO_ROW (field->row)) == 1 ? EMBEDDED : REDIRECT);
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (field->row))));
}

static void
set_text (Field *field, const char *text)
{
  if (is_choice (field))
    adw_combo_row_set_selected (ADW_COMBO_ROW (field->row), g_strcmp0 (text, EMBEDDED) == 0 ? 1 : 0);
  else
    gtk_editable_set_text (GTK_EDITABLE (field->row), text);
}

static gboolean
is_changed (const Field *field)
{
  g_autofree char *text = dup_text (field);

  return !g_str_equal (text, field->shown);
}

/* (transfer full) (nullable) what speaks against what stands there. */
static char *
dup_problem (CobroProviderForm *self, const Field *field)
{
  g_autofree char *text = dup_text (field);
  const char *owner = NULL;
  CobroKeyProblem found;
  CobroKeyField place = field->kind == COBRO_SETTING_SECRET ? COBRO_KEY_FIELD_SECRET : COBRO_KEY_FIELD_TEXT;

  if (field->refused)
    return g_strdup (field->refused);
  if (!*text || is_choice (field) || !is_changed (field))
    return NULL;
  found = cobro_key_check (self->provider->name, self->provider->livemode, place, text, &owner);
  return cobro_view_key_problem (self->provider, found, owner);
}

static char *
dup_help (CobroProviderForm *self, const Field *field)
{
  const CobroSetting *setting = cobro_provider_find_setting (self->provider, field->name);

  if (is_choice (field))
    return g_strdup (
      adw_combo_row_get_selected (ADW_COMBO_ROW (field->row)) == 1
        ? _ ("The card is typed on your payment page, into fields of the provider's script, which then runs there.")
        : _ ("The customer goes to the provider's page to pay and comes back. No foreign script runs on your page."));
  if (field->kind == COBRO_SETTING_SECRET && setting && setting->is_set)
    {
      g_autofree char *when =
        setting->set_at ? cobro_date_time_text (setting->set_at, cobro_view_locale ()) : g_strdup ("");

      /* Translators: %s is a date and time. */
      return *when
               ? g_strdup_printf (_ ("Is set since %s and never shown again. Paste another one to replace it."), when)
               : g_strdup (_ ("Is set and never shown again. Paste another one to replace it."));
    }
  if (setting && setting->initial && *setting->initial && field->kind != COBRO_SETTING_SECRET)
    /* Translators: the first %s is a sentence, the second what holds while nothing is typed. */
    return g_strdup_printf (_ ("%s. If empty: %s"), field->help, setting->initial);
  return g_strdup (field->help);
}

static void
show_note (CobroProviderForm *self, Field *field)
{
  g_autofree char *problem = dup_problem (self, field);
  g_autofree char *help = dup_help (self, field);

  cobro_note_set (field->row, field->label, help, problem);
}

static void
on_field_changed_cb (GtkWidget *row, gpointer unused, CobroProviderForm *self)
{
  if (self->showing)
    return;
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = self->fields->pdata[i];

      if (field->row == row)
        {
          g_clear_pointer (&field->refused, g_free);
          show_note (self, field);
        }
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_text_changed_cb (GtkWidget *row, CobroProviderForm *self)
{
  on_field_changed_cb (row, NULL, self);
}

/* ── Building ── */

static GtkWidget *
make_row (CobroProviderForm *self, const CobroSetting *setting)
{
  const char *choices[] = { _ ("On the Provider's Page"), _ ("On Your Payment Page"), NULL };
  GtkWidget *row;

  if (g_str_equal (setting->name, CHECKOUT))
    {
      g_autoptr (GtkStringList) list = gtk_string_list_new (choices);

      row = g_object_new (ADW_TYPE_COMBO_ROW, "model", list, NULL);
      g_signal_connect (row, "notify::selected", G_CALLBACK (on_field_changed_cb), self);
    }
  else
    {
      row = setting->kind == COBRO_SETTING_SECRET ? adw_password_entry_row_new () : adw_entry_row_new ();
      g_signal_connect (row, "changed", G_CALLBACK (on_text_changed_cb), self);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), g_str_equal (setting->name, CHECKOUT)
                                                              ? _ ("Where Customers Type the Card")
                                                              : setting->title);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  gtk_widget_set_name (row, setting->name);
  return row;
}

/* Numbers with a value of their own are for those who know why. */
static gboolean
is_rare (const CobroSetting *setting)
{
  return !setting->required && (setting->kind == COBRO_SETTING_NUMBER || setting->kind == COBRO_SETTING_RANGE);
}

static void
add_row (CobroProviderForm *self, GtkWidget *row, gboolean rare)
{
  if (!rare)
    return adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  if (!self->more)
    self->more = g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ ("More Settings"), NULL);
  adw_expander_row_add_row (self->more, row);
}

static void
add_field (CobroProviderForm *self, const CobroSetting *setting)
{
  Field *field = g_new0 (Field, 1);
  GtkWidget *note;

  field->name = g_strdup (setting->name);
  field->kind = setting->kind;
  field->help = g_strdup (setting->help);
  field->shown = g_strdup ("");
  field->row = make_row (self, setting);
  note = cobro_note_new (field->row, &field->label);
  add_row (self, field->row, is_rare (setting));
  add_row (self, note, is_rare (setting));
  g_ptr_array_add (self->fields, field);
}

static void
show_value (CobroProviderForm *self, Field *field, gboolean force)
{
  const CobroSetting *setting = cobro_provider_find_setting (self->provider, field->name);
  const char *value = setting && setting->value ? setting->value : "";

  if (is_choice (field) && !*value)
    value = setting && g_strcmp0 (setting->initial, EMBEDDED) == 0 ? EMBEDDED : REDIRECT;
  if (force || !is_changed (field))
    set_text (field, value);
  g_free (field->shown);
  field->shown = g_strdup (value);
  show_note (self, field);
}

void
cobro_provider_form_set_provider (CobroProviderForm *self, CobroProvider *provider)
{
  gboolean first = self->provider == NULL;

  g_return_if_fail (COBRO_IS_PROVIDER_FORM (self));

  cobro_provider_ref (provider);
  g_clear_pointer (&self->provider, cobro_provider_unref);
  self->provider = provider;
  self->showing = TRUE;
  for (guint i = 0; first && i < provider->settings->len; i++)
    add_field (self, provider->settings->pdata[i]);
  if (first && self->more)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->more));
  for (guint i = 0; i < self->fields->len; i++)
    show_value (self, self->fields->pdata[i], FALSE);
  self->showing = FALSE;
}

void
cobro_provider_form_reset (CobroProviderForm *self)
{
  g_return_if_fail (COBRO_IS_PROVIDER_FORM (self));

  self->showing = TRUE;
  for (guint i = 0; i < self->fields->len; i++)
    show_value (self, self->fields->pdata[i], TRUE);
  self->showing = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ── Reading ── */

gboolean
cobro_provider_form_collect (CobroProviderForm *self, CobroProviderChange *change)
{
  gboolean any = FALSE;

  g_return_val_if_fail (COBRO_IS_PROVIDER_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = self->fields->pdata[i];
      g_autofree char *text = dup_text (field);

      if (!is_changed (field))
        continue;
      cobro_provider_change_set (change, field->name, text);
      any = TRUE;
    }
  return any;
}

gboolean
cobro_provider_form_is_fine (CobroProviderForm *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    {
      g_autofree char *problem = dup_problem (self, self->fields->pdata[i]);

      if (problem)
        return FALSE;
    }
  return TRUE;
}

gboolean
cobro_provider_form_is_complete (CobroProviderForm *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = self->fields->pdata[i];
      const CobroSetting *setting = cobro_provider_find_setting (self->provider, field->name);
      g_autofree char *text = dup_text (field);

      if (setting && setting->required && !*text && (field->kind != COBRO_SETTING_SECRET || !setting->is_set))
        return FALSE;
    }
  return TRUE;
}

gboolean
cobro_provider_form_show_problem (CobroProviderForm *self, const char *path, const char *sentence)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_FORM (self), FALSE);

  for (guint i = 0; path && i < self->fields->len; i++)
    {
      Field *field = self->fields->pdata[i];

      if (!g_str_has_prefix (path, "settings.") || !g_str_equal (path + strlen ("settings."), field->name))
        continue;
      g_free (field->refused);
      field->refused = g_strdup (sentence);
      show_note (self, field);
      if (self->more && gtk_widget_is_ancestor (field->row, GTK_WIDGET (self->more)))
        adw_expander_row_set_expanded (self->more, TRUE);
      gtk_widget_grab_focus (field->row);
      g_signal_emit (self, signals[CHANGED], 0);
      return TRUE;
    }
  return FALSE;
}

gboolean
cobro_provider_form_grab_focus (CobroProviderForm *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    {
      GtkWidget *row = ((Field *)self->fields->pdata[i])->row;

      if (!self->more || !gtk_widget_is_ancestor (row, GTK_WIDGET (self->more)))
        return gtk_widget_grab_focus (row);
    }
  return FALSE;
}

/* ── The widget ── */

static void
cobro_provider_form_finalize (GObject *object)
{
  CobroProviderForm *self = COBRO_PROVIDER_FORM (object);

  g_ptr_array_unref (self->fields);
  g_clear_pointer (&self->provider, cobro_provider_unref);
  G_OBJECT_CLASS (cobro_provider_form_parent_class)->finalize (object);
}

static void
cobro_provider_form_class_init (CobroProviderFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_provider_form_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_PROVIDER_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_provider_form_init (CobroProviderForm *self)
{
  self->fields = g_ptr_array_new_with_free_func (field_free);
}
