/* src/view/cobro-merchant-form.c — rows that show and change the merchant's profile.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-merchant-form.h"

#include <glib/gi18n.h>
#include "cobro-link.h"
#include "cobro-note.h"
#include "cobro-text-row.h"
#include "cobro-view-text.h"

/* Belongs to its row, and keeps the form for as long as the page is there. */
typedef struct
{
  CobroMerchantForm *form;
  GtkWidget *row; /* NULL: the page is gone */
  gsize offset;   /* used where there is no @get */
  CobroMerchantGet get;
  CobroMerchantSet set;
  CobroMerchantHelp help;
  GtkLabel *note;
} Field;

struct _CobroMerchantForm
{
  GObject parent_instance;
  CobroBusiness *business;
  GtkWidget *page;   /* weak: whose window says what is wrong */
  GPtrArray *fields; /* (element-type Field) */
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (CobroMerchantForm, cobro_merchant_form, G_TYPE_OBJECT)

enum
{
  SHOWN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── One field ── */

static char *
dup_kept (const Field *field)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (field->form);

  if (field->get)
    return field->get (merchant);
  return g_strdup (*(char *const *)(gconstpointer)((const char *)merchant + field->offset));
}

static gboolean
put (const Field *field, CobroMerchant *merchant, const char *text, GError **error)
{
  if (field->set)
    return field->set (merchant, text, error);
  cobro_link_set_text ((char **)(gpointer)((char *)merchant + field->offset), text);
  return TRUE;
}

static char *
dup_text (const Field *field)
{
  if (COBRO_IS_TEXT_ROW (field->row))
    return cobro_text_row_dup_text (COBRO_TEXT_ROW (field->row));
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (field->row))));
}

static gboolean
is_changed (const Field *field)
{
  g_autofree char *text = dup_text (field);
  g_autofree char *kept = dup_kept (field);

  return !g_str_equal (text, kept);
}

/* (transfer full) the profile, fit to be looked at before anybody gave it a name. */
static CobroMerchant *
dup_named (CobroMerchantForm *self)
{
  CobroMerchant *merchant = cobro_business_dup_merchant (self->business);

  if (!*merchant->name)
    cobro_link_set_text (&merchant->name, "-");
  return merchant;
}

/* (transfer full) (nullable) what speaks against what stands there, and with @out_help what is said otherwise. */
static char *
dup_problem (const Field *field, char **out_help)
{
  g_autoptr (CobroMerchant) merchant = dup_named (field->form);
  g_autofree char *text = dup_text (field);
  g_autoptr (GError) error = NULL;

  if (is_changed (field) && (!put (field, merchant, text, &error) || !cobro_merchant_validate (merchant, &error)))
    return cobro_view_error (error);
  *out_help = field->help ? field->help (merchant, field->form->page) : NULL;
  return NULL;
}

/* Says what is to be said; FALSE: something speaks against it. */
static gboolean
look_at (const Field *field)
{
  g_autofree char *help = NULL;
  g_autofree char *problem = dup_problem (field, &help);

  cobro_note_set (field->row, field->note, help, problem);
  return problem == NULL;
}

static void
show_field (const Field *field)
{
  g_autofree char *kept = dup_kept (field);

  field->form->showing = TRUE;
  if (COBRO_IS_TEXT_ROW (field->row))
    cobro_text_row_set_text (COBRO_TEXT_ROW (field->row), kept);
  else if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (field->row)), kept))
    gtk_editable_set_text (GTK_EDITABLE (field->row), kept);
  field->form->showing = FALSE;
  look_at (field);
}

/* ── What somebody does ── */

static void
on_text_changed_cb (GtkWidget *row, gpointer data)
{
  const Field *field = data;

  if (field->row && !field->form->showing)
    look_at (field);
}

static void
on_left_cb (gpointer unused, gpointer data)
{
  const Field *field = data;

  if (field->row)
    cobro_merchant_form_commit (field->form);
}

static void
say (CobroMerchantForm *self, const GError *error)
{
  GtkRoot *window = self->page ? gtk_widget_get_root (self->page) : NULL;
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1); /* a toast's title is markup */

  if (ADW_IS_PREFERENCES_WINDOW (window))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (window), adw_toast_new (escaped));
}

void
cobro_merchant_form_commit (CobroMerchantForm *self)
{
  g_autoptr (CobroMerchant) merchant = NULL;
  g_autoptr (GError) error = NULL;
  gboolean any = FALSE;

  g_return_if_fail (COBRO_IS_MERCHANT_FORM (self));

  merchant = cobro_business_dup_merchant (self->business);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = self->fields->pdata[i];

      if (is_changed (field) && look_at (field))
        {
          g_autofree char *text = dup_text (field);

          any |= put (field, merchant, text, NULL);
        }
    }
  if (any && !cobro_business_set_merchant (self->business, merchant, &error))
    say (self, error);
}

gboolean
cobro_merchant_form_change (CobroMerchantForm *self, CobroMerchantChange change, gpointer data)
{
  g_autoptr (CobroMerchant) merchant = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (COBRO_IS_MERCHANT_FORM (self), FALSE);

  if (self->showing)
    return TRUE;
  cobro_merchant_form_commit (self);
  merchant = cobro_business_dup_merchant (self->business);
  change (merchant, data);
  if (cobro_business_set_merchant (self->business, merchant, &error))
    return TRUE;
  say (self, error);
  cobro_merchant_form_refresh (self);
  return FALSE;
}

/* ── The object ── */

/* What somebody is about to write stays as it is. */
static gboolean
is_written (const Field *field)
{
  return (gtk_widget_get_state_flags (field->row) & GTK_STATE_FLAG_FOCUS_WITHIN) && is_changed (field);
}

void
cobro_merchant_form_refresh (CobroMerchantForm *self)
{
  g_return_if_fail (COBRO_IS_MERCHANT_FORM (self));

  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = self->fields->pdata[i];
      g_autofree char *help = NULL;
      g_autofree char *problem = dup_problem (field, &help);

      if (problem || is_written (field))
        cobro_note_set (field->row, field->note, help, problem);
      else
        show_field (field);
    }
  self->showing = TRUE;
  g_signal_emit (self, signals[SHOWN], 0);
  self->showing = FALSE;
}

/* Rows may outlive their page for a moment: they say nothing any more. */
static void
on_page_gone (gpointer data, GObject *page)
{
  g_autoptr (CobroMerchantForm) self = g_object_ref (COBRO_MERCHANT_FORM (data));

  self->page = NULL;
  g_signal_handlers_disconnect_by_data (self->business, self);
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = self->fields->pdata[i];

      field->row = NULL;
      g_clear_object (&field->form);
    }
  g_ptr_array_set_size (self->fields, 0);
}

static void
field_free (gpointer data)
{
  Field *field = data;

  g_clear_object (&field->form);
  g_free (field);
}

static void
add (CobroMerchantForm *self, const Field *like)
{
  Field *field = g_memdup2 (like, sizeof *like);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  field->form = g_object_ref (self);
  field->note = cobro_note_put_below (field->row);
  g_ptr_array_add (self->fields, field);
  g_object_set_data_full (G_OBJECT (field->row), "cobro-merchant-field", field, field_free);
  g_signal_connect (field->row, "changed", G_CALLBACK (on_text_changed_cb), field);
  g_signal_connect (focus, "leave", G_CALLBACK (on_left_cb), field);
  gtk_widget_add_controller (field->row, focus);
  if (ADW_IS_ENTRY_ROW (field->row))
    g_signal_connect (field->row, "entry-activated", G_CALLBACK (on_left_cb), field);
  show_field (field);
}

void
cobro_merchant_form_add (CobroMerchantForm *self, gpointer row, gsize offset, CobroMerchantHelp help)
{
  g_return_if_fail (COBRO_IS_MERCHANT_FORM (self));

  add (self, &(Field){ .row = row, .offset = offset, .help = help });
}

void
cobro_merchant_form_add_read (CobroMerchantForm *self, gpointer row, CobroMerchantGet get, CobroMerchantSet set,
                              CobroMerchantHelp help)
{
  g_return_if_fail (COBRO_IS_MERCHANT_FORM (self));

  add (self, &(Field){ .row = row, .get = get, .set = set, .help = help });
}

static void
cobro_merchant_form_finalize (GObject *object)
{
  CobroMerchantForm *self = COBRO_MERCHANT_FORM (object);

  g_ptr_array_unref (self->fields);
  if (self->page)
    g_object_weak_unref (G_OBJECT (self->page), on_page_gone, self);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_merchant_form_parent_class)->finalize (object);
}

static void
cobro_merchant_form_class_init (CobroMerchantFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_merchant_form_finalize;
  signals[SHOWN] =
    g_signal_new ("shown", COBRO_TYPE_MERCHANT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_merchant_form_init (CobroMerchantForm *self)
{
  self->fields = g_ptr_array_new ();
}

const CobroMerchant *
cobro_merchant_form_get (CobroMerchantForm *self)
{
  g_return_val_if_fail (COBRO_IS_MERCHANT_FORM (self), NULL);

  return cobro_business_get_merchant (self->business);
}

CobroMerchantForm *
cobro_merchant_form_new (CobroBusiness *business, GtkWidget *page)
{
  CobroMerchantForm *self = g_object_new (COBRO_TYPE_MERCHANT_FORM, NULL);

  self->business = g_object_ref (business);
  self->page = page;
  g_object_weak_ref (G_OBJECT (page), on_page_gone, self);
  g_signal_connect_object (business, "changed", G_CALLBACK (cobro_merchant_form_refresh), self, G_CONNECT_SWAPPED);
  return self;
}
