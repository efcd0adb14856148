/* relay/providers/mock/relay-mock-pages.c — the company's two pages: card form and challenge. They work without
 * scripts. Layer: relay/providers (mock). Compiled at start; any thread may render. */
#include "relay-mock-private.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "relay-html.h"
#include "relay-language.h"
#include "relay-mock-resources.h"

#define FOLDER        "/app/cobro/relay/mock/pages"
#define LANGUAGES_MAX 8

typedef enum
{
  NAME_LANG,
  NAME_DIR,
  NAME_TITLE,
  NAME_ID,
  NAME_AMOUNT,
  NAME_DESCRIPTION,
  NAME_LAST4,
  NAME_RETURN_URL,
  NAME_NUMBER_ERROR,
  NAME_EXPIRY_ERROR,
  NAME_CVC_ERROR,
  N_NAMES
} Name;

static const char *const names[N_NAMES + 1] = {
  "lang",  "dir",        "title",        "id",           "amount",    "description",
  "last4", "return_url", "number_error", "expiry_error", "cvc_error", NULL,
};

/* The fields' labels and the buttons are part of the contract with people's tests (relay-http.md). */
static const RelayText texts[] = {
  { "mock-test", N_ ("TEST: no real money moves") },
  { "mock-card-title", N_ ("Test card payment") },
  { "mock-card-number", N_ ("Card number") },
  { "mock-card-expiry", N_ ("Expiry") },
  { "mock-card-expiry-shape", N_ ("MM / YY") },
  { "mock-card-cvc", N_ ("CVC") },
  { "mock-pay", N_ ("Pay {amount}") },
  { "mock-leave", N_ ("Cancel and go back") },
  { "mock-cards", N_ ("Cards to try") },
  { "mock-cards-pays", N_ ("pays") },
  { "mock-cards-declines", N_ ("is declined") },
  { "mock-cards-asks", N_ ("asks you to confirm (3-D Secure)") },
  { "mock-cards-rest", N_ ("Any expiry date in the future, any CVC.") },
  { "mock-challenge-title", N_ ("Is this you?") },
  { "mock-challenge-body", N_ ("The bank of the card ending in {last4} asks you to approve this test payment.") },
  { "mock-approve", N_ ("Approve") },
  { "mock-decline", N_ ("Decline") },
  { "mock-walk-away", N_ ("Leave without answering") },
  { "card-number-missing", N_ ("Enter the card number.") },
  { "card-number-wrong", N_ ("This is not a card number. Check the digits.") },
  { "card-not-a-test-card", N_ ("Only test cards work here. Never enter a real card; try 4242 4242 4242 4242.") },
  { "card-expiry-missing", N_ ("Enter the expiry date.") },
  { "card-expiry-wrong", N_ ("Enter month and year, such as 12 / 34.") },
  { "card-expiry-past", N_ ("This card has expired.") },
  { "card-cvc-missing", N_ ("Enter the CVC.") },
  { "card-cvc-wrong", N_ ("Enter the 3 or 4 digits of the CVC.") },
  { NULL, NULL },
};

typedef struct
{
  RelayCatalogue *catalogue;
  RelayTemplate *card, *challenge;
} Language;

struct _RelayMockPages
{
  Language languages[LANGUAGES_MAX]; /* in the order of relay_languages */
  char *style_source;
};

void
relay_mock_pages_free (RelayMockPages *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LANGUAGES_MAX; i++)
    {
      relay_template_free (self->languages[i].card);
      relay_template_free (self->languages[i].challenge);
      relay_catalogue_free (self->languages[i].catalogue);
    }
  g_free (self->style_source);
  g_free (self);
}

RelayMockPages *
relay_mock_pages_new (GError **error)
{
  g_autoptr (RelayMockPages) self = g_new0 (RelayMockPages, 1);
  GResource *resource = relay_mock_get_resource ();
  g_autofree char *css = relay_template_read (resource, FOLDER, "mock.css", error);

  if (css == NULL)
    return NULL;
  self->style_source = relay_html_style_source (css);
  for (guint i = 0; relay_languages[i] != NULL && i < LANGUAGES_MAX; i++)
    {
      Language *language = &self->languages[i];

      if (!relay_catalogue_load (relay_languages[i], &language->catalogue, error))
        return NULL;
      language->card = relay_template_load (resource, FOLDER, "card.html", names, texts, language->catalogue, error);
      if (language->card == NULL)
        return NULL;
      language->challenge =
        relay_template_load (resource, FOLDER, "challenge.html", names, texts, language->catalogue, error);
      if (language->challenge == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

static guint
language_number (const char *language)
{
  guint i = 0;

  while (relay_languages[i + 1] != NULL && relay_languages[i] != language)
    i++;
  return i;
}

/* What both pages show. */
static void
fill (RelayValues *values, const RelayMockPayment *payment, const char *title, const char *language, const char *locale)
{
  g_autoptr (CobroLocale) reader = cobro_locale_new (locale, NULL);

  relay_values_set (values, NAME_LANG, language);
  relay_values_set (values, NAME_DIR, relay_language_direction (language));
  relay_values_set (values, NAME_TITLE, title);
  relay_values_set (values, NAME_ID, payment->id);
  relay_values_take (values, NAME_AMOUNT, cobro_money_text_with_code (payment->amount, reader));
  relay_values_set (values, NAME_DESCRIPTION, payment->description);
  relay_values_set (values, NAME_LAST4, payment->last4);
  relay_values_set (values, NAME_RETURN_URL, payment->return_url);
}

/* The seller's origin: browsers hold the redirect after a form against form-action. */
static char *
origin_of (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return g_strdup ("");
  if (g_uri_get_port (uri) > 0)
    return g_strdup_printf ("%s://%s:%d", g_uri_get_scheme (uri), g_uri_get_host (uri), g_uri_get_port (uri));
  return g_strdup_printf ("%s://%s", g_uri_get_scheme (uri), g_uri_get_host (uri));
}

static RelayVisitAnswer *
render (RelayMockPages *self, const RelayTemplate *template, const RelayValues *values, const RelayMockPayment *payment,
        guint status)
{
  RelayVisitAnswer *answer = g_new0 (RelayVisitAnswer, 1);
  GString *html = g_string_sized_new (8192);

  relay_template_render (template, values, html);
  answer->status = status;
  answer->html = g_string_free (html, FALSE);
  answer->style_sources = g_strdup (self->style_source);
  answer->form_hosts = origin_of (payment->return_url);
  return answer;
}

RelayVisitAnswer *
relay_mock_pages_card (RelayMockPages *self, const RelayMockPayment *payment, const RelayMockCardErrors *errors,
                       const char *accept_language)
{
  const char *language = relay_language_choose (payment->language, accept_language, NULL, relay_languages);
  g_autofree char *locale = relay_language_locale (payment->language, accept_language, NULL, language);
  const Language *in = &self->languages[language_number (language)];
  g_autoptr (RelayValues) values = relay_values_new (N_NAMES);
  gboolean wrong = errors->number != NULL || errors->expiry != NULL || errors->cvc != NULL;

  fill (values, payment, relay_text (texts, in->catalogue, "mock-card-title"), language, locale);
  if (errors->number != NULL)
    relay_values_set (values, NAME_NUMBER_ERROR, relay_text (texts, in->catalogue, errors->number));
  if (errors->expiry != NULL)
    relay_values_set (values, NAME_EXPIRY_ERROR, relay_text (texts, in->catalogue, errors->expiry));
  if (errors->cvc != NULL)
    relay_values_set (values, NAME_CVC_ERROR, relay_text (texts, in->catalogue, errors->cvc));
  return render (self, in->card, values, payment, wrong ? 422 : 200);
}

RelayVisitAnswer *
relay_mock_pages_challenge (RelayMockPages *self, const RelayMockPayment *payment, const char *accept_language)
{
  const char *language = relay_language_choose (payment->language, accept_language, NULL, relay_languages);
  g_autofree char *locale = relay_language_locale (payment->language, accept_language, NULL, language);
  const Language *in = &self->languages[language_number (language)];
  g_autoptr (RelayValues) values = relay_values_new (N_NAMES);

  fill (values, payment, relay_text (texts, in->catalogue, "mock-challenge-title"), language, locale);
  return render (self, in->challenge, values, payment, 200);
}
