/* tests/relay/providers/test-stripe-signature.c — thousands of Stripe-Signature headers, made with Stripe's own library
 * (tests/judges/stripe-vectors.mjs): ours accepts no other than the library does, and refuses on purpose what README.md
 * lists. Layer: tests. */
/* proves: OPL-9 */
#include <string.h>
#include "cobro-test.h"
#include "relay-stripe.h"

/* The stored file. */
typedef struct
{
  CobroTime now;
  GPtrArray *secrets, *bodies; /* (element-type GBytes) */
  GPtrArray *vectors;          /* (element-type GStrv) the columns of each */
} Vectors;

static GBytes *
unescape (const char *text)
{
  char *plain = g_strcompress (text);

  return g_bytes_new_take (plain, strlen (plain));
}

static void
read_line (Vectors *self, const char *line)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", -1);

  if (g_strcmp0 (columns[0], "N") == 0)
    self->now = g_ascii_strtoll (columns[1], NULL, 10) * COBRO_SECOND;
  else if (g_strcmp0 (columns[0], "S") == 0)
    g_ptr_array_add (self->secrets, unescape (columns[1]));
  else if (g_strcmp0 (columns[0], "B") == 0)
    g_ptr_array_add (self->bodies, unescape (columns[1]));
  else if (g_strcmp0 (columns[0], "V") == 0)
    {
      g_assert_cmpuint (g_strv_length (columns), ==, 7);
      g_ptr_array_add (self->vectors, g_steal_pointer (&columns));
    }
}

static Vectors *
read_vectors (void)
{
  Vectors *self = g_new0 (Vectors, 1);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "stripe-signatures.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  self->secrets = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->vectors = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (self, lines[i]);
  return self;
}

static void
vectors_free (Vectors *self)
{
  g_ptr_array_unref (self->secrets);
  g_ptr_array_unref (self->bodies);
  g_ptr_array_unref (self->vectors);
  g_free (self);
}

/* Whether ours accepts one vector. */
static gboolean
accepts (const Vectors *self, char **columns)
{
  const RelayAdapterClass *class = relay_stripe_adapter ();
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) secrets = g_strsplit (columns[4], ",", -1);
  GBytes *body = self->bodies->pdata[g_ascii_strtoull (columns[5], NULL, 10)];
  g_autofree char *header = g_strcompress (columns[6]);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  for (guint i = 0; secrets[i] != NULL; i++)
    {
      GBytes *secret = self->secrets->pdata[g_ascii_strtoull (secrets[i], NULL, 10)];

      g_ptr_array_add (account->webhook_secrets,
                       g_strndup (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret)));
    }
  g_hash_table_insert (headers, (gpointer) "stripe-signature", header);
  ok = class->facts.verify (NULL, account, headers, body, self->now, &id, &error);
  g_assert_true (ok == (error == NULL));
  g_assert_true (ok || id == NULL);
  if (error != NULL && !g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CONFIG))
    g_assert_error (error, COBRO_ERROR, COBRO_ERROR_SIGNATURE);
  return ok;
}

static gboolean
is_on_purpose (const char *name)
{
  static const char *const differences[] = {
    "future", "two-times", "odd-time", "second-equals", "short-secret", "many"
  };

  for (guint i = 0; i < G_N_ELEMENTS (differences); i++)
    if (strcmp (differences[i], name) == 0)
      return TRUE;
  return FALSE;
}

static void
test_vectors (void)
{
  Vectors *self = read_vectors ();
  guint accepted = 0;

  g_assert_cmpuint (self->vectors->len, >=, 3000);
  for (guint i = 0; i < self->vectors->len; i++)
    {
      char **columns = self->vectors->pdata[i];
      gboolean library = strcmp (columns[2], "accept") == 0;
      gboolean ours = accepts (self, columns);

      if (ours != (library && !is_on_purpose (columns[1])))
        g_error ("%s: the library %ss, ours %s: %s", columns[1], columns[2], ours ? "accepts" : "refuses", columns[6]);
      g_assert_true (ours == (strcmp (columns[3], "accept") == 0));
      accepted += ours;
    }
  g_assert_cmpuint (accepted, >=, 500);
  vectors_free (self);
}

/* One that the script did not make: an amount of Australian dollars, a café and a euro sign. */
static void
test_known (void)
{
  static const char body[] =
    "{\n  \"id\": \"evt_1Vector\",\n  \"object\": \"event\",\n  \"type\": "
    "\"payment_intent.succeeded\",\n  \"data\": {\"object\": {\"id\": \"pi_1\", \"amount\": 8250, "
    "\"currency\": \"aud\", \"description\": \"caf\xc3\xa9 \xe2\x82\xac\"}}\n}";
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new_static (body, sizeof body - 1);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (account->webhook_secrets, g_strdup ("whsec_test_secret"));
  g_hash_table_insert (headers, (gpointer) "stripe-signature",
                       (gpointer) "t=1700000000,v1=37bd2b77931d4226df47e5b56f84693e629a0a95c798c172d40c3d0912b7bf53");
  g_assert_true (
    relay_stripe_adapter ()->facts.verify (NULL, account, headers, raw, 1700000300 * COBRO_SECOND, &id, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "evt_1Vector");
  g_assert_false (
    relay_stripe_adapter ()->facts.verify (NULL, account, headers, raw, 1700000301 * COBRO_SECOND, &id, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
}

/* Without any secret that could be one, nothing is verified, and the operator is told. */
static void
test_not_configured (void)
{
  static const char *const secrets[] = { "", "   ", "                              ", "fifteen_bytes_x" };
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_assert_false (relay_stripe_adapter ()->facts.verify (NULL, account, headers, body, 1, &id, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
      g_ptr_array_add (account->webhook_secrets, g_strdup (secrets[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stripe/signature/vectors", test_vectors);
  g_test_add_func ("/stripe/signature/known", test_known);
  g_test_add_func ("/stripe/signature/not-configured", test_not_configured);
  return g_test_run ();
}
