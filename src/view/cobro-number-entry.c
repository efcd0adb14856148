/* src/view/cobro-number-entry.c — quantities, prices per unit and discounts, by locale.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-number-entry.h"

#include <glib/gi18n.h>
#include <string.h>
#include "cobro-error.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

/* "1.234" is a quantity with three decimals where the point is the decimal sign; a price has two. */
#define QUANTITY_PLACES 6
#define PERCENT_PLACES  6

typedef struct
{
  CobroDecimal quantity;
  CobroUnitPrice price;
  CobroDiscount discount;
  CobroMoney amount;
} Value;

struct _CobroNumberEntry
{
  GtkEntry parent_instance;
  CobroNumberKind kind;
  CobroCurrency currency;
  Value value;
  gboolean valid;
};

G_DEFINE_FINAL_TYPE (CobroNumberEntry, cobro_number_entry, GTK_TYPE_ENTRY)

enum
{
  CHANGED_NUMBER,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static Value
no_value (void)
{
  return (Value){ .quantity = COBRO_DECIMAL_ONE, .discount = COBRO_DISCOUNT_OFF, .amount = COBRO_MONEY_NONE };
}

/* ── Reading ── */

static gboolean
read_percent (const char *text, Value *out_value, GError **error)
{
  g_autofree char *typed = g_strstrip (g_strdup (text));
  g_autofree char *decimal = NULL;
  CobroDecimal percent;

  typed[strlen (typed) - 1] = '\0'; /* the sign itself */
  decimal = cobro_typed_decimal (typed, PERCENT_PLACES, cobro_view_locale (), NULL, error);
  if (!decimal || !cobro_decimal_from_text (decimal, &percent, error))
    return FALSE;
  if (percent < 0 || percent > 100 * COBRO_DECIMAL_ONE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount", "is between 0 and 100 percent");

  if (percent > 0)
    out_value->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_PERCENT, .percent = percent };
  return TRUE;
}

static gboolean
read_amount (CobroNumberEntry *self, const char *text, CobroMoney *out_money, GError **error)
{
  return cobro_money_from_text (text, self->currency, cobro_view_locale (), out_money, NULL, error);
}

static gboolean
read_discount (CobroNumberEntry *self, const char *text, Value *out_value, GError **error)
{
  CobroMoney amount;

  if (strchr (text, '%'))
    return read_percent (text, out_value, error);
  if (!read_amount (self, text, &amount, error))
    return FALSE;

  if (!cobro_money_is_zero (amount))
    out_value->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_AMOUNT, .amount = amount };
  return TRUE;
}

static gboolean
read_value (CobroNumberEntry *self, const char *text, Value *out_value, GError **error)
{
  g_autofree char *decimal = NULL;
  gboolean price = self->kind == COBRO_NUMBER_PRICE;
  guint places = price ? cobro_currency_exponent (self->currency) : QUANTITY_PLACES;

  if (self->kind == COBRO_NUMBER_DISCOUNT)
    return read_discount (self, text, out_value, error);
  if (self->kind == COBRO_NUMBER_AMOUNT)
    return read_amount (self, text, &out_value->amount, error);

  decimal = cobro_typed_decimal (text, places, cobro_view_locale (), NULL, error);
  if (!decimal)
    return FALSE;
  return price ? cobro_unit_price_from_decimal (decimal, self->currency, &out_value->price, error)
               : cobro_decimal_from_text (decimal, &out_value->quantity, error);
}

static void
show_problem (CobroNumberEntry *self, const char *problem)
{
  if (problem)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), problem);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_INVALID,
                               problem ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
read_text (CobroNumberEntry *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  Value value = no_value ();

  self->valid = cobro_number_entry_get_is_empty (self) ||
                read_value (self, gtk_editable_get_text (GTK_EDITABLE (self)), &value, &error);
  self->value = self->valid ? value : no_value ();
  problem = self->valid ? NULL : cobro_view_error (error);
  show_problem (self, problem);
  g_signal_emit (self, signals[CHANGED_NUMBER], 0);
}

/* ── Writing ── */

static char *
discount_text (CobroDiscount discount)
{
  g_autofree char *percent = NULL;
  g_autofree char *text = NULL;

  switch (discount.kind)
    {
    case COBRO_DISCOUNT_NONE:
      return g_strdup ("");
    case COBRO_DISCOUNT_AMOUNT:
      return cobro_money_text_number (discount.amount, cobro_view_locale ());
    case COBRO_DISCOUNT_PERCENT:
      break;
    }
  percent = cobro_decimal_to_text (discount.percent);
  text = cobro_decimal_entry_text (percent, cobro_view_locale ());
  return g_strconcat (text, " %", NULL);
}

/* (transfer full) the value as it is written in the entry. */
static char *
value_text (CobroNumberEntry *self)
{
  g_autofree char *decimal = NULL;

  if (self->kind == COBRO_NUMBER_DISCOUNT)
    return discount_text (self->value.discount);
  if (self->kind == COBRO_NUMBER_AMOUNT)
    return cobro_money_text_number (self->value.amount, cobro_view_locale ());

  decimal = self->kind == COBRO_NUMBER_PRICE ? cobro_unit_price_to_decimal (self->value.price, self->currency)
                                             : cobro_decimal_to_text (self->value.quantity);
  return cobro_decimal_entry_text (decimal, cobro_view_locale ());
}

static void
write_value (CobroNumberEntry *self)
{
  g_autofree char *text = value_text (self);

  if (!g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
    gtk_editable_set_text (GTK_EDITABLE (self), text);
}

/* What is left stands there the way it was understood. */
static void
on_focus_left_cb (CobroNumberEntry *self)
{
  if (self->valid && !cobro_number_entry_get_is_empty (self))
    write_value (self);
}

static gboolean
on_key_pressed_cb (CobroNumberEntry *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  g_autofree char *half = NULL;
  g_autofree char *sign = NULL;
  int position;

  if (keyval != GDK_KEY_KP_Decimal && keyval != GDK_KEY_KP_Separator)
    return GDK_EVENT_PROPAGATE;

  half = cobro_decimal_entry_text ("0.5", cobro_view_locale ());
  sign = g_strndup (half + 1, strlen (half) - 2);
  gtk_editable_delete_selection (GTK_EDITABLE (self));
  position = gtk_editable_get_position (GTK_EDITABLE (self));
  gtk_editable_insert_text (GTK_EDITABLE (self), sign, -1, &position);
  gtk_editable_set_position (GTK_EDITABLE (self), position);
  return GDK_EVENT_STOP;
}

/* ── The widget ── */

static void
cobro_number_entry_class_init (CobroNumberEntryClass *klass)
{
  signals[CHANGED_NUMBER] =
    g_signal_new ("changed-number", COBRO_TYPE_NUMBER_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_number_entry_init (CobroNumberEntry *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->value = no_value ();
  self->valid = TRUE;
  self->currency = 1;
  gtk_entry_set_alignment (GTK_ENTRY (self), 1);
  gtk_entry_set_input_purpose (GTK_ENTRY (self), GTK_INPUT_PURPOSE_NUMBER);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect (self, "changed", G_CALLBACK (read_text), NULL);
}

void
cobro_number_entry_set_kind (CobroNumberEntry *self, CobroNumberKind kind)
{
  g_return_if_fail (COBRO_IS_NUMBER_ENTRY (self));

  self->kind = kind;
  read_text (self);
}

void
cobro_number_entry_set_currency (CobroNumberEntry *self, CobroCurrency currency)
{
  g_return_if_fail (COBRO_IS_NUMBER_ENTRY (self));

  if (self->currency == currency || currency == COBRO_CURRENCY_NONE)
    return;

  self->currency = currency;
  read_text (self);
}

gboolean
cobro_number_entry_get_is_empty (CobroNumberEntry *self)
{
  const char *text;

  g_return_val_if_fail (COBRO_IS_NUMBER_ENTRY (self), TRUE);

  text = gtk_editable_get_text (GTK_EDITABLE (self));
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

gboolean
cobro_number_entry_get_valid (CobroNumberEntry *self)
{
  g_return_val_if_fail (COBRO_IS_NUMBER_ENTRY (self), FALSE);

  return self->valid;
}

CobroDecimal
cobro_number_entry_get_quantity (CobroNumberEntry *self)
{
  g_return_val_if_fail (COBRO_IS_NUMBER_ENTRY (self), COBRO_DECIMAL_ONE);

  return self->value.quantity;
}

CobroUnitPrice
cobro_number_entry_get_price (CobroNumberEntry *self)
{
  g_return_val_if_fail (COBRO_IS_NUMBER_ENTRY (self), 0);

  return self->value.price;
}

CobroDiscount
cobro_number_entry_get_discount (CobroNumberEntry *self)
{
  g_return_val_if_fail (COBRO_IS_NUMBER_ENTRY (self), COBRO_DISCOUNT_OFF);

  return self->value.discount;
}

CobroMoney
cobro_number_entry_get_amount (CobroNumberEntry *self)
{
  g_return_val_if_fail (COBRO_IS_NUMBER_ENTRY (self), COBRO_MONEY_NONE);

  return self->value.amount;
}

void
cobro_number_entry_set_quantity (CobroNumberEntry *self, CobroDecimal quantity)
{
  g_return_if_fail (COBRO_IS_NUMBER_ENTRY (self));

  self->value.quantity = quantity;
  write_value (self);
}

void
cobro_number_entry_set_price (CobroNumberEntry *self, CobroUnitPrice price)
{
  g_return_if_fail (COBRO_IS_NUMBER_ENTRY (self));

  self->value.price = price;
  write_value (self);
}

void
cobro_number_entry_set_discount (CobroNumberEntry *self, CobroDiscount discount)
{
  g_return_if_fail (COBRO_IS_NUMBER_ENTRY (self));

  self->value.discount = discount;
  write_value (self);
}

void
cobro_number_entry_set_amount (CobroNumberEntry *self, CobroMoney amount)
{
  g_return_if_fail (COBRO_IS_NUMBER_ENTRY (self));

  self->value.amount = amount;
  write_value (self);
}
