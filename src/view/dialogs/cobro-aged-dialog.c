/* src/view/dialogs/cobro-aged-dialog.c — who owes how much for how long.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-aged-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-plain-row.h"
#include "cobro-statement-dialog.h"
#include "cobro-view-text.h"

struct _CobroAgedDialog
{
  AdwWindow parent_instance;
  AdwWindowTitle *window_title;
  GtkWidget *empty_status;
  GtkBox *box;
  CobroCustomers *customers;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroAgedDialog, cobro_aged_dialog, ADW_TYPE_WINDOW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* (transfer full) "30.00 not due yet, 20.00 1–30 days late": reads well on a phone and aloud. */
static char *
parts_text (const CobroAgeing *ageing)
{
  const char *const *words = cobro_statement_dialog_age_words ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; words[i]; i++)
    {
      CobroMoney part = cobro_statement_dialog_age_part (ageing, i);
      g_autofree char *amount = cobro_money_text (part, cobro_view_locale ());

      if (!cobro_money_is_zero (part))
        g_string_append_printf (text, "%s%s: %s", text->len ? " · " : "", _ (words[i]), amount);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
on_row_activated_cb (GtkWidget *row, CobroAgedDialog *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), "id"));
  cobro_dialogs_close (GTK_WINDOW (self));
}

static GtkWidget *
make_row (CobroAgedDialog *self, const CobroAgedCustomer *aged)
{
  g_autofree char *parts = parts_text (&aged->ageing);
  g_autofree char *total = cobro_money_text (aged->ageing.total, cobro_view_locale ());
  gboolean known = cobro_id_is_set (&aged->customer_id);
  GtkWidget *row = cobro_plain_row_new (aged->name, parts);
  GtkWidget *label = gtk_label_new (total);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), known);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  if (known)
    {
      g_object_set_data_full (G_OBJECT (row), "id", g_strdup (aged->customer_id.text), g_free);
      g_signal_connect (row, "activated", G_CALLBACK (on_row_activated_cb), self);
    }
  return row;
}

/* Adds up what has one currency. */
static void
add_parts (CobroAgeing *sum, const CobroAgeing *part)
{
  CobroMoney *to[] = { &sum->current, &sum->days_30, &sum->days_60, &sum->days_90, &sum->older, &sum->total };
  const CobroMoney *from[] = { &part->current, &part->days_30, &part->days_60,
                               &part->days_90, &part->older,   &part->total };

  for (gsize i = 0; i < G_N_ELEMENTS (to); i++)
    {
      CobroMoney added;

      if (cobro_money_add (*to[i], *from[i], &added, NULL))
        *to[i] = added;
    }
}

static void
add_group (CobroAgedDialog *self, GPtrArray *aged, guint first, guint end)
{
  CobroCurrency currency = cobro_money_currency (((CobroAgedCustomer *)aged->pdata[first])->ageing.total);
  GtkWidget *group = adw_preferences_group_new ();
  CobroAgeing sum = cobro_ageing_new (currency);
  g_autofree char *parts = NULL;
  g_autofree char *total = NULL;
  g_autofree char *title = NULL;

  for (guint i = first; i < end; i++)
    {
      const CobroAgedCustomer *one = aged->pdata[i];

      add_parts (&sum, &one->ageing);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (self, one));
    }
  parts = parts_text (&sum);
  total = cobro_money_text (sum.total, cobro_view_locale ());
  /* Translators: the first %s is a currency's code, the second an amount. */
  title = g_strdup_printf (_ ("%s: %s Open"), cobro_currency_code (currency), total);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), parts);
  gtk_box_append (self->box, group);
}

static void
show (CobroAgedDialog *self, GPtrArray *aged)
{
  guint first = 0;

  for (guint i = 1; i <= aged->len; i++)
    if (i == aged->len || cobro_money_currency (((CobroAgedCustomer *)aged->pdata[i])->ageing.total) !=
                            cobro_money_currency (((CobroAgedCustomer *)aged->pdata[first])->ageing.total))
      {
        add_group (self, aged, first, i);
        first = i;
      }
  gtk_widget_set_visible (self->empty_status, aged->len == 0);
}

static void
on_aged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroAgedDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) aged = cobro_customers_age_finish (COBRO_CUSTOMERS (source), result, &error);
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (aged)
    return show (self, aged);
  sentence = cobro_view_error (error);
  adw_window_title_set_subtitle (self->window_title, sentence);
}

static void
cobro_aged_dialog_dispose (GObject *object)
{
  CobroAgedDialog *self = COBRO_AGED_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->customers);
  G_OBJECT_CLASS (cobro_aged_dialog_parent_class)->dispose (object);
}

static void
cobro_aged_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_AGED_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_aged_dialog_parent_class)->finalize (object);
}

static void
cobro_aged_dialog_class_init (CobroAgedDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_aged_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_aged_dialog_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", COBRO_TYPE_AGED_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-aged-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroAgedDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroAgedDialog, empty_status);
  gtk_widget_class_bind_template_child (widget_class, CobroAgedDialog, box);
}

static void
cobro_aged_dialog_init (CobroAgedDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroAgedDialog *
cobro_aged_dialog_new (GtkWindow *parent, CobroCustomers *customers)
{
  CobroAgedDialog *self = g_object_new (COBRO_TYPE_AGED_DIALOG, "transient-for", parent, NULL);

  self->customers = g_object_ref (customers);
  cobro_customers_age_async (customers, self->cancellable, on_aged_cb, g_object_ref (self));
  return self;
}
