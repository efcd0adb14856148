/* tests/core/test-pair-link.c — links that anybody may send: what is written is read, everything else is refused by
 * name. Layer: tests. */
#include "cobro-pair-link.h"

#include "cobro-error.h"

#define CODE "1A2B-3C4D-5E6F-7G8H"

static void
test_there_and_back (void)
{
  static const char *const relays[] = { "https://pay.example", "https://pay.example/shop?a=b&code=x",
                                        "http://127.0.0.1:8080", "https://xn--caf-dma.example:8443" };

  for (gsize i = 0; i < G_N_ELEMENTS (relays); i++)
    {
      g_autofree char *link = cobro_pair_link_new (relays[i], CODE);
      g_autofree char *relay = NULL;
      g_autofree char *code = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (cobro_pair_link_is (link));
      g_assert_true (cobro_pair_link_read (link, &relay, &code, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (relay, ==, relays[i]);
      g_assert_cmpstr (code, ==, CODE);
    }
}

static void
test_as_typed (void)
{
  g_autofree char *relay = NULL;
  g_autofree char *code = NULL;

  g_assert_true (cobro_pair_link_read ("COBRO://pair?code=1a2b3c4d5e6f7g8h&relay=https%3a%2f%2fpay.example%2f", &relay,
                                       &code, NULL));
  g_assert_cmpstr (relay, ==, "https://pay.example");
  g_assert_cmpstr (code, ==, CODE);
  g_assert_false (cobro_pair_link_is ("https://pay.example"));
  g_assert_false (cobro_pair_link_is ("pay.example"));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *link, *path;
  } wrong[] = {
    { "cobro://", "link" },
    { "cobro://open?relay=https%3A%2F%2Fpay.example&code=" CODE, "link" },
    { "cobro://pair/x?relay=https%3A%2F%2Fpay.example&code=" CODE, "link" },
    { "cobro://pair?", "relay" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&code=" CODE "&then=delete", "link" },
    { "cobro://pair?code=" CODE, "relay" },
    { "cobro://pair?relay=&code=" CODE, "relay" },
    { "cobro://pair?relay=pay.example&code=" CODE, "relay" },
    { "cobro://pair?relay=http%3A%2F%2Fpay.example&code=" CODE, "relay" }, /* a key in the clear */
    { "cobro://pair?relay=https%3A%2F%2Fana%40pay.example&code=" CODE, "relay" },
    { "cobro://pair?relay=javascript%3Aalert(1)&code=" CODE, "relay" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&relay=https%3A%2F%2Fevil.example&code=" CODE, "relay" },
    { "cobro://pair?relay=%ff%fe&code=" CODE, "relay" },
    { "cobro://pair?relay=%zz&code=" CODE, "relay" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example", "code" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&code=1A2B", "code" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&code=" CODE "0", "code" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&code=" CODE "&code=" CODE, "code" },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&code=1A2B-3C4D-5E6F-7G8H#x", "code" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      char *relay = NULL, *code = NULL;

      g_test_message ("%s", wrong[i].link);
      g_assert_false (cobro_pair_link_read (wrong[i].link, &relay, &code, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
      g_assert_cmpstr (cobro_error_get_path (error), ==, wrong[i].path);
      g_assert_null (relay);
      g_assert_null (code);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair-link/there-and-back", test_there_and_back);
  g_test_add_func ("/pair-link/as-typed", test_as_typed);
  g_test_add_func ("/pair-link/refused", test_refused);
  return g_test_run ();
}
