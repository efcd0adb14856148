/* tests/relay/providers/test-razorpay-vectors.c — thousands of signatures with the verdict of Razorpay's own library
 * (tests/judges/razorpay-vectors.mjs made them): webhooks, and what comes back with the browser. We say what stands in
 * the file; where that is not what the library says, the file's maker names the reason. Layer: tests. */
#include <string.h>

#include "razorpay-talk.h"

static const char *file_name;

typedef struct
{
  RazorpayTalk talk;
  GPtrArray *secrets, *bodies; /* (element-type utf8) */
  guint n[3], accepted, differences;
} Vectors;

/* @index of a list in the file, as text. */
static const char *
entry (GPtrArray *list, const char *index)
{
  guint64 i;

  g_assert_true (g_ascii_string_to_unsigned (index, 10, 0, list->len - 1, &i, NULL));
  return list->pdata[i];
}

static gboolean
check_webhook (Vectors *self, char **fields)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) secrets = g_strsplit (fields[4], ",", -1);
  const char *body = entry (self->bodies, fields[5]);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autofree char *event_id = NULL;

  g_ptr_array_set_size (self->talk.account->webhook_secrets, 0);
  for (guint i = 0; secrets[i] != NULL; i++)
    g_ptr_array_add (self->talk.account->webhook_secrets, g_strdup (entry (self->secrets, secrets[i])));
  g_hash_table_insert (headers, (gpointer) "x-razorpay-signature", fields[6]);
  return relay_razorpay_adapter ()->facts.verify (NULL, self->talk.account, headers, raw, TALK_NOW, &event_id,
                                                  &self->talk.error);
}

/* @names: of what the browser brings, from @first on; "-" is not brought. */
static gboolean
check_browser (Vectors *self, char **fields, const char *reference, const char *const *names, guint first)
{
  g_autoptr (GHashTable) brought = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *charge = NULL;

  g_hash_table_insert (self->talk.account->settings, g_strdup ("key-secret"),
                       g_strdup (entry (self->secrets, fields[4])));
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (fields[first + i], "-") != 0)
      g_hash_table_insert (brought, (gpointer)names[i], fields[first + i]);
  return relay_razorpay_check_callback (self->talk.account, fields[5], reference, brought, &charge, &self->talk.error);
}

static gboolean
check (Vectors *self, char **fields)
{
  static const char *const order[] = { "razorpay_order_id", "razorpay_payment_id", "razorpay_signature", NULL };
  static const char *const link[] = { "razorpay_payment_link_id",     "razorpay_payment_link_reference_id",
                                      "razorpay_payment_link_status", "razorpay_payment_id",
                                      "razorpay_signature",           NULL };

  switch (*fields[0])
    {
    case 'W':
      self->n[0]++;
      return check_webhook (self, fields);
    case 'O':
      self->n[1]++;
      return check_browser (self, fields, "", order, 6);
    case 'L':
      self->n[2]++;
      return check_browser (self, fields, fields[6], link, 7);
    default:
      g_assert_not_reached ();
    }
}

static void
replay (Vectors *self, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  gboolean accepted;

  for (guint i = 0; fields[i] != NULL; i++)
    {
      char *plain = g_strcompress (fields[i]);

      g_free (fields[i]);
      fields[i] = plain;
    }
  if (*fields[0] == 'S' || *fields[0] == 'B')
    {
      g_ptr_array_add (*fields[0] == 'S' ? self->secrets : self->bodies, g_strdup (fields[1]));
      return;
    }
  accepted = check (self, fields);
  if (accepted != g_str_equal (fields[3], "accept"))
    g_error ("%s: %s", accepted ? "accepted" : "refused", line);
  if (!accepted)
    g_assert_nonnull (self->talk.error);
  g_clear_error (&self->talk.error);
  self->accepted += accepted;
  self->differences += !g_str_equal (fields[2], fields[3]);
}

/* proves: OPL-9 */
static void
test_all (void)
{
  Vectors self = { .secrets = g_ptr_array_new_with_free_func (g_free),
                   .bodies = g_ptr_array_new_with_free_func (g_free) };
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  razorpay_talk_set_up (&self.talk, NULL);
  g_file_get_contents (file_name, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && *lines[i] != '#')
      replay (&self, lines[i]);
  g_test_message ("%u webhooks, %u orders, %u links: %u accepted, %u not as the library says", self.n[0], self.n[1],
                  self.n[2], self.accepted, self.differences);
  for (guint i = 0; i < G_N_ELEMENTS (self.n); i++)
    g_assert_cmpuint (self.n[i], >, 900);
  g_assert_cmpuint (self.accepted, >, 200);
  razorpay_talk_tear_down (&self.talk, NULL);
  g_ptr_array_unref (self.secrets);
  g_ptr_array_unref (self.bodies);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  file_name = argv[1];
  g_test_add_func ("/razorpay-vectors/all", test_all);
  return g_test_run ();
}
