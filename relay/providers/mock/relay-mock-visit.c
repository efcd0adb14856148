/* relay/providers/mock/relay-mock-visit.c — a buyer in front of the company's pages: card form and challenge.
 * Layer: relay/providers (mock). On request threads. Card data goes no further than relay_mock_card_read(). */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-error.h"

typedef struct
{
  RelayMock *mock;
  RelayMockOptions options; /* as the payment's account wants them */
  RelayMockBank bank;
  const char *payment_id;
  const RelayMockCard *card; /* a card was typed */
  gboolean approved;
  CobroFactKind expected; /* acts only on a payment in this state: a second click finds another and changes nothing */

  RelayMockPayment *payment;
  gboolean acted;
} Visit;

static void
visit_clear (Visit *visit)
{
  relay_mock_payment_free (visit->payment);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Visit, visit_clear)

static RelayVisitAnswer *
redirect (char *take_url)
{
  RelayVisitAnswer *answer = g_new0 (RelayVisitAnswer, 1);

  answer->status = 303;
  answer->style_sources = g_strdup ("");
  answer->form_hosts = g_strdup ("");
  answer->redirect_url = take_url;
  return answer;
}

/* Where a payment in this state belongs: its card form, its challenge, or back to the seller. */
static char *
place_of (Visit *visit, GError **error)
{
  g_autofree char *public_url = relay_mock_dup_public_url (visit->mock, error);

  if (public_url == NULL)
    return NULL;
  if (visit->payment->state == COBRO_FACT_PENDING)
    return g_strdup_printf ("%s/" RELAY_MOCK_NAME "/pay/%s", public_url, visit->payment_id);
  if (visit->payment->state == COBRO_FACT_ACTION_NEEDED)
    return g_strdup_printf ("%s/" RELAY_MOCK_NAME "/challenge/%s", public_url, visit->payment_id);
  return g_strdup (visit->payment->return_url);
}

static RelayVisitAnswer *
redirect_to_place (Visit *visit, GError **error)
{
  char *url = place_of (visit, error);

  return url != NULL ? redirect (url) : NULL;
}

static CobroDbResult
look_command (CobroDb *db, gpointer data, GError **error)
{
  Visit *visit = data;

  visit->payment = relay_mock_books_find (db, NULL, visit->payment_id, error);
  if (visit->payment == NULL ||
      !relay_mock_bank_options (&visit->mock->options, db, visit->payment->account, &visit->options, error))
    return COBRO_DB_REFUSED;
  visit->bank.options = &visit->options;
  return COBRO_DB_OK;
}

static CobroDbResult
act_command (CobroDb *db, gpointer data, GError **error)
{
  Visit *visit = data;
  gboolean done;

  if (look_command (db, data, error) != COBRO_DB_OK)
    return COBRO_DB_REFUSED;
  if (visit->payment->state != visit->expected)
    return COBRO_DB_OK;
  visit->acted = TRUE;
  if (visit->card != NULL)
    done = relay_mock_bank_charge (&visit->bank, db, visit->payment, visit->card, error);
  else
    done = relay_mock_bank_answer (&visit->bank, db, visit->payment, visit->approved, error);
  return done ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

/* Carries out what the buyer asked for and sends them where the payment now belongs. */
static RelayVisitAnswer *
act (Visit *visit, GError **error)
{
  RelayMock *mock = visit->mock;

  if (!cobro_db_writer_run (mock->writer, act_command, visit, error))
    return NULL;
  if (visit->acted)
    {
      relay_provider_wait (&mock->parent, relay_mock_delay (&visit->options, visit->payment->number, "latency|page",
                                                            visit->options.latency_min, visit->options.latency_max));
      if (relay_mock_trigger (visit->payment->amount) == RELAY_MOCK_TRIGGER_HOOK_FIRST)
        relay_mock_send_payment (mock, visit->payment->id);
      relay_mock_wake (mock);
    }
  return redirect_to_place (visit, error);
}

static const char *
form_text (const RelayVisit *visit, const char *name)
{
  const char *text = visit->form != NULL ? g_hash_table_lookup (visit->form, name) : NULL;

  return text != NULL ? text : "";
}

static RelayVisitAnswer *
serve_card (Visit *visit, const RelayVisit *request, GError **error)
{
  RelayMockCard card;
  RelayMockCardErrors errors = { NULL, NULL, NULL };
  gboolean typed = FALSE;

  if (request->post)
    typed = relay_mock_card_read (form_text (request, "number"), form_text (request, "expiry"),
                                  form_text (request, "cvc"), visit->bank.now, &card, &errors);
  if (typed)
    {
      visit->card = &card;
      visit->expected = COBRO_FACT_PENDING;
      return act (visit, error);
    }
  if (!cobro_db_writer_run (visit->mock->writer, look_command, visit, error))
    return NULL;
  if (visit->payment->state != COBRO_FACT_PENDING)
    return redirect_to_place (visit, error);
  return relay_mock_pages_card (visit->mock->pages, visit->payment, &errors, request->accept_language);
}

static RelayVisitAnswer *
serve_challenge (Visit *visit, const RelayVisit *request, GError **error)
{
  const char *said = form_text (request, "answer");

  if (request->post && (strcmp (said, "approve") == 0 || strcmp (said, "decline") == 0))
    {
      visit->approved = strcmp (said, "approve") == 0;
      visit->expected = COBRO_FACT_ACTION_NEEDED;
      return act (visit, error);
    }
  if (!cobro_db_writer_run (visit->mock->writer, look_command, visit, error))
    return NULL;
  if (visit->payment->state != COBRO_FACT_ACTION_NEEDED)
    return redirect_to_place (visit, error);
  return relay_mock_pages_challenge (visit->mock->pages, visit->payment, request->accept_language);
}

RelayVisitAnswer *
relay_mock_visit_serve (RelayProvider *provider, const RelayVisit *request, GError **error)
{
  RelayMock *mock = (RelayMock *)provider;
  g_auto (Visit) visit = {
    .mock = mock,
    .bank = { &mock->options, provider->random, cobro_clock_now (provider->clock) },
  };

  if (g_str_has_prefix (request->path, "pay/"))
    {
      visit.payment_id = request->path + strlen ("pay/");
      return serve_card (&visit, request, error);
    }
  if (g_str_has_prefix (request->path, "challenge/"))
    {
      visit.payment_id = request->path + strlen ("challenge/");
      return serve_challenge (&visit, request, error);
    }
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such page");
  return NULL;
}
