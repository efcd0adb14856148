/* relay/providers/openpay/relay-openpay-hooks.c — webhooks. Openpay signs nothing: what it sends is let in by the user
 * and password that the merchant entered there, and is believed only after the charge was asked about.
 * Layer: relay/providers. Pure. */
#include "relay-openpay-private.h"

#include <string.h>
#include "cobro-error.h"
#include "cobro-token.h"

#define SECRET_MIN 16 /* bytes */
#define SCHEME     "Basic "

/* ── Letting in ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* Compares texts as they travel: what is not the one canonical base64 of user and password is refused, unread. Every
 * active secret is tried, and how long it takes does not tell which one it was. */
static gboolean
matches (const RelayAccount *account, const char *credentials)
{
  gsize length = strlen (credentials);
  gboolean found = FALSE;

  for (guint i = 0; i < account->webhook_secrets->len; i++)
    {
      const char *secret = account->webhook_secrets->pdata[i];
      g_autofree char *plain = NULL, *expected = NULL;

      if (strlen (secret) < SECRET_MIN)
        continue;
      plain = g_strconcat (RELAY_OPENPAY_USER ":", secret, NULL);
      expected = g_base64_encode ((const guchar *)plain, strlen (plain));
      found |= strlen (expected) == length && cobro_bytes_equal_constant_time (expected, credentials, length);
    }
  return found;
}

static gboolean
has_secret (const RelayAccount *account)
{
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    if (strlen (account->webhook_secrets->pdata[i]) >= SECRET_MIN)
      return TRUE;
  return FALSE;
}

/* There is no id of an event: what it says is its name. NULL where that could be another event's, too. */
static char *
name_event (GBytes *raw)
{
  gsize size;
  const char *text = g_bytes_get_data (raw, &size);
  g_autoptr (CobroWireObject) body = text != NULL ? cobro_wire_parse (text, (gssize)size, NULL) : NULL;
  g_autoptr (CobroWireObject) transaction = body != NULL ? relay_adapter_object (body, "transaction") : NULL;
  g_autoptr (CobroWireObject) refund = transaction != NULL ? relay_adapter_object (transaction, "refund") : NULL;
  g_autofree char *type = NULL, *id = NULL, *status = NULL, *refund_id = NULL;

  if (transaction == NULL)
    return NULL;
  type = relay_adapter_text (body, "type");
  id = relay_adapter_text (transaction, "id");
  status = relay_adapter_text (transaction, "status");
  refund_id = refund != NULL ? relay_adapter_text (refund, "id") : g_strdup ("");
  if (*type == '\0' || *id == '\0' || *status == '\0' || (strstr (type, "refund") != NULL && *refund_id == '\0'))
    return NULL;
  return g_strdup_printf ("%s/%s/%s/%s", type, id, status, refund_id);
}

gboolean
relay_openpay_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
                      char **out_event_id, GError **error)
{
  const char *header = relay_adapter_header (headers, "authorization");

  if (!has_secret (account))
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "the Openpay account has no webhook password of at least %d bytes", SECRET_MIN);
  if (header == NULL || g_ascii_strncasecmp (header, SCHEME, strlen (SCHEME)) != 0 ||
      !matches (account, header + strlen (SCHEME)))
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "not the user and password of this account's webhooks");
  *out_event_id = name_event (raw);
  return TRUE;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroWireObject *
parse (GBytes *raw, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (raw, &size);

  return cobro_wire_parse (text != NULL ? text : "", (gssize)size, error);
}

/* Of what it says about the charge only that is read which is asked about again; the type says nothing more. */
static gboolean
add_facts (const RelayAccount *account, CobroWireObject *transaction, GPtrArray *facts, GError **error)
{
  g_autofree char *order_id = relay_adapter_text (transaction, "order_id");
  g_autofree char *type = relay_adapter_text (transaction, "transaction_type");
  g_autoptr (RelayOpenpayCharge) charge = NULL;
  g_autoptr (GError) failure = NULL;

  if (!relay_openpay_is_ours (order_id) || (*type != '\0' && g_ascii_strcasecmp (type, "charge") != 0))
    return TRUE;
  if ((charge = relay_openpay_charge_read (transaction, &failure)) != NULL &&
      relay_openpay_charge_add_facts (account, charge, facts, &failure))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "transaction", "%s", failure->message);
}

GPtrArray *
relay_openpay_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autoptr (CobroWireObject) body = parse (raw, error);
  g_autoptr (CobroWireObject) transaction = NULL;

  if (body == NULL)
    return NULL;
  transaction = relay_adapter_object (body, "transaction");
  return transaction == NULL || add_facts (account, transaction, facts, error) ? g_steal_pointer (&facts) : NULL;
}

/* Openpay's dashboard asks for the code that it sends when a webhook is entered there. */
char *
relay_openpay_tell (RelayProvider *self, const RelayAccount *account, GBytes *raw)
{
  g_autoptr (CobroWireObject) body = parse (raw, NULL);
  g_autofree char *type = body != NULL ? relay_adapter_text (body, "type") : g_strdup ("");
  g_autofree char *code = body != NULL ? relay_adapter_text (body, "verification_code") : g_strdup ("");

  if (strcmp (type, "verification") != 0 || !relay_openpay_is_id (code))
    return NULL;
  return g_strdup_printf ("Verification code: %s", code);
}
