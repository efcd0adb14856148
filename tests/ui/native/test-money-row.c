/* tests/ui/native/test-money-row.c — typed amounts, by locale and currency: what is meant is what is taken, and it is
 * shown back. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-money-row.h"
#include "cobro-money-text.h"
#include "cobro-test.h"

typedef struct
{
  const char *locale;
  const char *currency;
  const char *typed;
  gint64 wanted; /* minor units; BAD: no amount */
} Typed;

#define BAD G_MININT64

static const Typed typed[] = {
  { "en-US", "USD", "12.34", 1234 },
  { "en-US", "USD", "12,34", 1234 },
  { "en-US", "USD", "1,234.50", 123450 },
  { "en-US", "USD", "1.234,50", 123450 },
  { "en-US", "USD", "1,234", 123400 },
  { "en-US", "USD", "$12.34", 1234 },
  { "en-US", "USD", " 12 ", 1200 },
  { "es-ES", "EUR", "1.234,50", 123450 },
  { "es-ES", "EUR", "1,234.50", 123450 },
  { "es-ES", "EUR", "12,34", 1234 },
  { "es-ES", "EUR", "12.34", 1234 },
  { "es-ES", "EUR", "1.234", 123400 },
  { "es-ES", "EUR", "12,5", 1250 },
  { "es-ES", "EUR", "12 €", 1200 },
  { "de-CH", "CHF", "1'234.50", 123450 },
  { "fr-FR", "EUR", "1 234,50", 123450 },
  { "fr-FR", "EUR", "1\u202f234,50", 123450 },
  { "ar-EG", "EGP", "١٢٫٣٤", 1234 },
  { "ar-EG", "EGP", "١٬٢٣٤٫٥٠", 123450 },
  { "ar-EG", "EGP", "12.34", 1234 },
  { "ja-JP", "JPY", "1,234", 1234 },
  { "ja-JP", "JPY", "500", 500 },
  { "en-US", "JPY", "12.34", BAD },
  { "en-US", "KWD", "1.234", 1234 },
  { "en-US", "USD", "12.345", 1234500 }, /* shown back, and not dimmed */
  { "en-US", "USD", "abc", BAD },
  { "en-US", "USD", "12..34", BAD },
  { "en-US", "USD", "-5", BAD },
  { "en-US", "USD", "1e5", BAD },
  { "en-US", "USD", "99999999999999999999", BAD },
};

static CobroCurrency
currency_of (const char *code)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code (code, &currency, NULL));
  return currency;
}

static CobroMoneyRow *
make_row (const char *locale_tag, CobroCurrency currency)
{
  g_autoptr (CobroLocale) locale = cobro_locale_new (locale_tag, NULL);
  CobroMoneyRow *row = g_object_ref_sink (g_object_new (COBRO_TYPE_MONEY_ROW, NULL));

  cobro_money_row_set_locale (row, locale);
  cobro_money_row_set_currency (row, currency);
  return row;
}

static void
test_typed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (CobroMoneyRow) row = make_row (typed[i].locale, currency_of (typed[i].currency));
      CobroMoney money = COBRO_MONEY_NONE;
      gboolean valid;

      gtk_editable_set_text (GTK_EDITABLE (row), typed[i].typed);
      valid = cobro_money_row_get_money (row, &money);
      if (typed[i].wanted == BAD ? valid : !valid || cobro_money_minor (money) != typed[i].wanted)
        g_error ("%s %s “%s” was read as %" G_GINT64_FORMAT, typed[i].locale, typed[i].currency, typed[i].typed,
                 valid ? cobro_money_minor (money) : BAD);
      g_assert_cmpint (typed[i].wanted == BAD, ==, *cobro_money_row_get_problem (row) != '\0');
    }
}

static void
test_shown_back (void)
{
  g_autoptr (CobroMoneyRow) row = make_row ("es-ES", currency_of ("EUR"));
  g_autoptr (CobroLocale) locale = cobro_locale_new ("es-ES", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *text = cobro_money_text (cobro_money (123400, currency_of ("EUR")), locale);
  GtkWidget *readback = ui_id (row, "readback");

  gtk_editable_set_text (GTK_EDITABLE (row), "1.234");
  expected = g_strdup_printf ("= %s", text);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (readback)), ==, expected);
  g_assert_false (
    gtk_widget_has_css_class (readback, "dim-label")); /* it could have been meant otherwise: it stands out */

  gtk_editable_set_text (GTK_EDITABLE (row), "12,34");
  g_assert_true (gtk_widget_has_css_class (readback, "dim-label"));
  gtk_editable_set_text (GTK_EDITABLE (row), "abc");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (readback)), ==, "");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "error"));
  gtk_editable_set_text (GTK_EDITABLE (row), "");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (row), "error")); /* nothing typed yet is no mistake */
  g_assert_true (cobro_money_row_get_is_empty (row));
}

/* One separator and three digits may be thousands or a slip of the pen: what was understood stands out, in every
 * language. */
static void
test_in_doubt (void)
{
  static const char *const locales[] = { "en-US", "es-ES", "de-DE", "fr-FR", "pt-PT", "ar-EG" };
  static const char *const doubtful[] = { "7,505", "7.505", "٧،٥٠٥" };

  for (gsize l = 0; l < G_N_ELEMENTS (locales); l++)
    for (gsize i = 0; i < G_N_ELEMENTS (doubtful); i++)
      {
        g_autoptr (CobroMoneyRow) row = make_row (locales[l], currency_of ("EUR"));
        g_autoptr (CobroLocale) locale = cobro_locale_new (locales[l], NULL);
        g_autofree char *text = cobro_money_text (cobro_money (750500, currency_of ("EUR")), locale);
        g_autofree char *expected = g_strdup_printf ("= %s", text);
        GtkWidget *readback = ui_id (row, "readback");

        gtk_editable_set_text (GTK_EDITABLE (row), doubtful[i]);
        g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (readback)), ==, expected);
        g_assert_false (gtk_widget_has_css_class (readback, "dim-label"));
      }
}

/* What is shown in a field is read back as the same amount, everywhere. */
static void
test_round_trip (void)
{
  static const char *const locales[] = { "en-US", "es-ES", "es-MX", "de-DE", "de-CH", "fr-FR",
                                         "pt-BR", "ar-EG", "hi-IN", "ja-JP", "sv-SE", "fa-IR" };
  static const char *const currencies[] = { "EUR", "JPY", "KWD", "CLF", "USD" };
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (gsize l = 0; l < G_N_ELEMENTS (locales); l++)
    for (guint n = 0; n < 60; n++)
      {
        CobroCurrency currency = currency_of (currencies[cobro_random_below (random, G_N_ELEMENTS (currencies))]);
        gint64 minor = 1 + (gint64)cobro_random_below (random, n % 2 ? 100000 : (guint64)COBRO_MONEY_LIMIT);
        g_autoptr (CobroMoneyRow) row = make_row (locales[l], currency);
        CobroMoney money = COBRO_MONEY_NONE;

        cobro_money_row_set_money (row, cobro_money (minor, currency));
        if (!cobro_money_row_get_money (row, &money) || cobro_money_minor (money) != minor)
          g_error ("%s %s %" G_GINT64_FORMAT " is shown as “%s”, which is read otherwise", locales[l],
                   cobro_currency_code (currency), minor, gtk_editable_get_text (GTK_EDITABLE (row)));
      }
}

static gboolean
press (CobroMoneyRow *row, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (row));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) && !handled)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }
  return handled;
}

/* The keypad's key writes what the locale writes, whatever is printed on it. */
static void
test_keypad (void)
{
  g_autoptr (CobroMoneyRow) spanish = make_row ("es-ES", currency_of ("EUR"));
  g_autoptr (CobroMoneyRow) english = make_row ("en-US", currency_of ("USD"));

  gtk_editable_set_text (GTK_EDITABLE (spanish), "12");
  gtk_editable_set_position (GTK_EDITABLE (spanish), -1);
  g_assert_true (press (spanish, GDK_KEY_KP_Decimal));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spanish)), ==, "12,");
  gtk_editable_set_text (GTK_EDITABLE (english), "12");
  gtk_editable_set_position (GTK_EDITABLE (english), -1);
  g_assert_true (press (english, GDK_KEY_KP_Separator));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (english)), ==, "12.");
  g_assert_false (press (english, GDK_KEY_a));
}

static void
test_currency (void)
{
  g_autoptr (CobroMoneyRow) row = make_row ("en-US", currency_of ("USD"));
  CobroMoney money = COBRO_MONEY_NONE;

  gtk_editable_set_text (GTK_EDITABLE (row), "12.34");
  g_assert_true (cobro_money_row_get_money (row, &money));
  cobro_money_row_set_currency (row, currency_of ("JPY")); /* the yen has no decimals: what was right is wrong now */
  g_assert_false (cobro_money_row_get_money (row, &money));
  g_assert_cmpstr (cobro_money_row_get_problem (row), !=, "");
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  g_test_add_func ("/money-row/typed", test_typed);
  g_test_add_func ("/money-row/shown-back", test_shown_back);
  g_test_add_func ("/money-row/in-doubt", test_in_doubt);
  g_test_add_func ("/money-row/round-trip", test_round_trip);
  g_test_add_func ("/money-row/keypad", test_keypad);
  g_test_add_func ("/money-row/currency", test_currency);
  return g_test_run ();
}
