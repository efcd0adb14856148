/* src/view/dialogs/cobro-customer-dialog.c — a customer: written down, or changed.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-customer-dialog.h"

#include <glib/gi18n.h>
#include "cobro-country-row.h"
#include "cobro-language-row.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-note.h"
#include "cobro-tax.h"
#include "cobro-text-row.h"
#include "cobro-view-text.h"

struct _CobroCustomerDialog
{
  AdwWindow parent_instance;
  GtkWidget *save_button;
  GtkWidget *name_row;
  GtkSwitch *company_switch;
  GtkWidget *contact_row;
  GtkWidget *email_row;
  GtkWidget *phone_row;
  CobroCountryRow *country_row;
  GtkWidget *street_row;
  GtkWidget *postal_code_row;
  GtkWidget *city_row;
  GtkWidget *region_row;
  AdwExpanderRow *delivery_row;
  GtkWidget *delivery_street_row;
  GtkWidget *delivery_postal_code_row;
  GtkWidget *delivery_city_row;
  GtkWidget *delivery_region_row;
  CobroCountryRow *delivery_country_row;
  GtkWidget *tax_id_row;
  GtkLabel *tax_note;
  GtkWidget *registration_row;
  CobroLanguageRow *locale_row;
  CobroTextRow *notes_row;
  GtkLabel *problem_label;
  CobroCustomers *customers;
  CobroCustomer *customer; /* as it was */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroCustomerDialog, cobro_customer_dialog, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

#define ROW(name)    G_STRUCT_OFFSET (CobroCustomerDialog, name)
#define MEMBER(name) G_STRUCT_OFFSET (CobroCustomer, name)

/* Which entry stands for which member, and what it is called in errors. */
static const struct
{
  gsize row;
  gsize member;
  const char *path;
} fields[] = {
  { ROW (name_row), MEMBER (party.name), "name" },
  { ROW (contact_row), MEMBER (party.contact), "contact" },
  { ROW (email_row), MEMBER (party.email), "email" },
  { ROW (phone_row), MEMBER (party.phone), "phone" },
  { ROW (street_row), MEMBER (party.address.street), "address.street" },
  { ROW (postal_code_row), MEMBER (party.address.postal_code), "address.postalCode" },
  { ROW (city_row), MEMBER (party.address.city), "address.city" },
  { ROW (region_row), MEMBER (party.address.region), "address.region" },
  { ROW (tax_id_row), MEMBER (party.tax_id), "taxId" },
  { ROW (registration_row), MEMBER (party.registration), "registration" },
  { ROW (delivery_street_row), MEMBER (delivery.street), "delivery.street" },
  { ROW (delivery_postal_code_row), MEMBER (delivery.postal_code), "delivery.postalCode" },
  { ROW (delivery_city_row), MEMBER (delivery.city), "delivery.city" },
  { ROW (delivery_region_row), MEMBER (delivery.region), "delivery.region" },
};

static GtkWidget *
row_at (CobroCustomerDialog *self, gsize i)
{
  return G_STRUCT_MEMBER (GtkWidget *, self, fields[i].row);
}

/* ── Reading and showing ── */

/* (transfer full) what the form says. */
static CobroCustomer *
read_form (CobroCustomerDialog *self)
{
  CobroCustomer *customer = cobro_customer_copy (self->customer);
  g_autofree char *notes = cobro_text_row_dup_text (self->notes_row);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char **member = &G_STRUCT_MEMBER (char *, customer, fields[i].member);
      g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row_at (self, i)))));

      /* An entry of one line shows what has several; it is written only where somebody changed it. */
      if (!strchr (*member, '\n') || strlen (text) != strlen (*member))
        cobro_link_set_text (member, text);
    }
  customer->is_company = gtk_switch_get_active (self->company_switch);
  cobro_link_set_text (&customer->party.address.country, cobro_country_row_get_code (self->country_row));
  cobro_link_set_text (&customer->delivery.country, cobro_country_row_get_code (self->delivery_country_row));
  cobro_link_set_text (&customer->locale, cobro_language_row_get_tag (self->locale_row));
  cobro_link_set_text (&customer->notes, notes);
  return customer;
}

static void
show_customer (CobroCustomerDialog *self)
{
  const CobroCustomer *customer = self->customer;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *text = g_strdelimit (g_strdup (G_STRUCT_MEMBER (char *, customer, fields[i].member)), "\n", ' ');

      gtk_editable_set_text (GTK_EDITABLE (row_at (self, i)), text);
    }
  gtk_switch_set_active (self->company_switch, customer->is_company);
  cobro_country_row_set_code (self->country_row, customer->party.address.country);
  cobro_country_row_set_code (self->delivery_country_row, customer->delivery.country);
  adw_expander_row_set_expanded (self->delivery_row, !cobro_address_is_empty (&customer->delivery));
  cobro_language_row_set_tag (self->locale_row, customer->locale);
  cobro_text_row_set_text (self->notes_row, customer->notes);
}

/* ── Looking while it is typed ── */

static void
look_at_tax_id (CobroCustomerDialog *self)
{
  const char *country = cobro_country_row_get_code (self->country_row);
  const CobroTaxCountry *usual = cobro_tax_country (country);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->tax_id_row))));
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;

  if (!cobro_tax_id_check (country, text, "taxId", &error))
    problem = cobro_view_error (error);
  cobro_note_set (self->tax_id_row, self->tax_note, *text && usual ? _ ("It is well formed.") : NULL, problem);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->tax_id_row),
                                 usual && usual->tax_id_name ? usual->tax_id_name : _ ("Tax Number"));
}

static void
on_changed_cb (CobroCustomerDialog *self)
{
  g_autofree char *name = NULL;

  if (!self->customer)
    return;
  name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  look_at_tax_id (self);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (row_at (self, i) != self->tax_id_row)
      gtk_widget_remove_css_class (row_at (self, i), "error");
  gtk_widget_set_visible (self->contact_row, gtk_switch_get_active (self->company_switch));
  gtk_widget_set_visible (self->registration_row, gtk_switch_get_active (self->company_switch));
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  gtk_widget_set_sensitive (self->save_button, *name && !gtk_widget_has_css_class (self->tax_id_row, "error"));
}

/* ── Saving ── */

static void
show_problem (CobroCustomerDialog *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_strcmp0 (fields[i].path, cobro_error_get_path (error)) == 0)
      {
        gtk_widget_add_css_class (row_at (self, i), "error");
        gtk_widget_grab_focus (row_at (self, i));
      }
  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroCustomerDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroCustomer) stored = cobro_customers_put_finish (COBRO_CUSTOMERS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (self->save_button, TRUE);
  if (!stored)
    return show_problem (self, error);
  g_signal_emit (self, signals[SAVED], 0, stored->id.text);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
on_save_clicked_cb (CobroCustomerDialog *self)
{
  g_autoptr (CobroCustomer) customer = read_form (self);

  gtk_widget_set_sensitive (self->save_button, FALSE);
  cobro_customers_put_async (self->customers, customer, self->cancellable, on_put_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_customer_dialog_dispose (GObject *object)
{
  CobroCustomerDialog *self = COBRO_CUSTOMER_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->customers);
  g_clear_pointer (&self->customer, cobro_customer_unref);
  G_OBJECT_CLASS (cobro_customer_dialog_parent_class)->dispose (object);
}

static void
cobro_customer_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_CUSTOMER_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_customer_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-customer-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, company_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, contact_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, email_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, phone_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, country_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, street_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, postal_code_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, city_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, region_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, delivery_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, delivery_street_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, delivery_postal_code_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, delivery_city_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, delivery_region_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, delivery_country_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, tax_id_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, registration_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, locale_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, notes_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
cobro_customer_dialog_class_init (CobroCustomerDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_COUNTRY_ROW);
  g_type_ensure (COBRO_TYPE_LANGUAGE_ROW);
  g_type_ensure (COBRO_TYPE_TEXT_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_customer_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_customer_dialog_finalize;
  signals[SAVED] = g_signal_new ("saved", COBRO_TYPE_CUSTOMER_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  bind_template (widget_class);
}

static void
cobro_customer_dialog_init (CobroCustomerDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->tax_note = cobro_note_put_below (self->tax_id_row);
}

CobroCustomerDialog *
cobro_customer_dialog_new (GtkWindow *parent, CobroCustomers *customers, const CobroCustomer *customer,
                           const char *country)
{
  CobroCustomerDialog *self = g_object_new (COBRO_TYPE_CUSTOMER_DIALOG, "transient-for", parent, NULL);
  CobroCustomer *shown = customer ? cobro_customer_copy (customer) : cobro_customer_new ();

  if (!customer)
    cobro_link_set_text (&shown->party.address.country, country);
  else
    gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Customer"));
  self->customers = g_object_ref (customers);
  self->customer = shown;
  show_customer (self);
  on_changed_cb (self);
  gtk_widget_grab_focus (self->name_row);
  return self;
}
