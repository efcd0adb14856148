/* relay/providers/stripe/relay-stripe-errors.c — what Stripe's refusals mean for money: did something happen there,
 * surely nothing, or does nobody know? Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

/* (nullable) the error that an answer carries. */
static CobroWireObject *
error_of (const CobroNetAnswer *answer)
{
  gsize length;
  const char *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (CobroWireObject) body = text != NULL ? cobro_wire_parse (text, (gssize)length, NULL) : NULL;

  return body != NULL ? relay_adapter_object (body, "error") : NULL;
}

static char *
member_of (const CobroNetAnswer *answer, const char *key)
{
  g_autoptr (CobroWireObject) error = error_of (answer);

  return error != NULL ? relay_adapter_text (error, key) : g_strdup ("");
}

char *
relay_stripe_error_type (const CobroNetAnswer *answer)
{
  return member_of (answer, "type");
}

/* "stripe-should-retry" overrides what the status suggests. */
static gboolean
says_retry (const CobroNetAnswer *answer, const char *word)
{
  return g_strcmp0 (cobro_net_answer_header (answer, "stripe-should-retry"), word) == 0;
}

/* 409 and 429: nothing happened, unless the very same request is still being worked on. */
static gboolean
refuse_busy (const CobroNetAnswer *answer, gboolean safe, const char *code, GError **error)
{
  if (!safe && strcmp (code, "idempotency_key_in_use") == 0)
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe is still working on this very request");
  if (says_retry (answer, "false"))
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "stripe refused (%u) and does not want to be asked again",
                            answer->status);
  return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "stripe is busy (%u): nothing happened, try again",
                          answer->status);
}

/* The server's trouble. Even "do not retry" says nothing about what has happened. */
static gboolean
refuse_trouble (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  return cobro_error_set (
    error, safe ? COBRO_ERROR_UNAVAILABLE : COBRO_ERROR_NO_ANSWER,
    safe ? "stripe has trouble (%u)" : "stripe has trouble (%u): nobody knows whether it happened", answer->status);
}

/* What was asked for is not there; anything else that says 404 is not Stripe, or another address of it. */
static gboolean
refuse_missing (const char *code, gboolean safe, const char *words, GError **error)
{
  if (strcmp (code, "resource_missing") == 0)
    return relay_adapter_refuse (404, safe, words, error);
  return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered 404 without saying what is missing");
}

gboolean
relay_stripe_refuse (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  g_autofree char *type = relay_stripe_error_type (answer);
  g_autofree char *code = member_of (answer, "code");
  g_autofree char *words = member_of (answer, "message");
  guint status = answer->status;

  if (strcmp (type, "idempotency_error") == 0)
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe knows this key from another request");
  if (status == 409 || status == 429)
    return refuse_busy (answer, safe, code, error);
  if (status >= 500 || status < 400)
    return refuse_trouble (answer, safe, error);
  if (status == 404)
    return refuse_missing (code, safe, words, error);
  if (status == 401) /* its words quote the key */
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "stripe does not know this secret key");
  if (says_retry (answer, "true"))
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "stripe asks to try again (%u): nothing happened", status);
  return relay_adapter_refuse (status, safe, words, error);
}

CobroWireObject *
relay_stripe_parse (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  if (answer->status >= 200 && answer->status < 300)
    return relay_adapter_parse (RELAY_STRIPE_NAME, answer, error);
  (void)relay_stripe_refuse (answer, safe, error);
  return NULL;
}

gboolean
relay_stripe_nonsense (GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered nonsense: %s", failure->message);
}
