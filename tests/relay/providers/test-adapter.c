/* tests/relay/providers/test-adapter.c — the runner of adapters: what it sends, what a lost answer means at each point
 * of a talk, and the lenient readers that adapters share. Layer: tests. */
#include "relay-adapter.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-test.h"

#define NOW G_GINT64_CONSTANT (1796119200000000) /* 2026-12-01T10:00:00Z */

/* ── A company that answers what it is told to ──────────────────────────────────────────────────────────────── */

typedef struct
{
  GPtrArray *asked;  /* (element-type utf8) "POST https://… body" */
  const char *lines; /* answers, one per line: "200 {…}", or "lost connect", "lost tls" */
  guint at;
  gboolean endless; /* always the first */
} Company;

static CobroNetAnswer *
answer_line (const char *line, GError **error)
{
  CobroNetAnswer *answer;

  if (g_str_has_prefix (line, "lost "))
    {
      cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, line + strlen ("lost "), "as told");
      return NULL;
    }
  answer = g_new0 (CobroNetAnswer, 1);
  answer->status = (guint)strtoul (line, NULL, 10);
  answer->headers = g_hash_table_new (g_str_hash, g_str_equal);
  answer->body = g_bytes_new (line + 4, strlen (line + 4));
  return answer;
}

static CobroNetAnswer *
carry (const CobroNetRequest *request, gpointer data, GError **error)
{
  Company *company = data;
  g_auto (GStrv) lines = g_strsplit (company->lines, "\n", -1);
  const char *body = request->body != NULL ? g_bytes_get_data (request->body, NULL) : "";

  g_ptr_array_add (company->asked,
                   g_strdup_printf ("%s %s %.*s", request->method, request->url,
                                    request->body != NULL ? (int)g_bytes_get_size (request->body) : 0, body));
  if (company->endless)
    return answer_line (lines[0], error);
  g_assert_cmpuint (company->at, <, g_strv_length (lines));
  return answer_line (lines[company->at++], error);
}

/* ── An adapter that looks first, then acts, then looks again ───────────────────────────────────────────────── */

static RelayTalkStep
toy_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  if (answer != NULL && answer->status >= 400)
    {
      relay_adapter_refuse (answer->status, talk->step == 1, "said\nthe company", error);
      return RELAY_TALK_FAILED;
    }
  if (talk->step == 3)
    {
      talk->fact = relay_adapter_fact (talk->account, COBRO_FACT_PENDING, "obj_1", "pending");
      return RELAY_TALK_DONE;
    }
  relay_ask_set (ask, talk->step == 1 ? "POST" : "GET", g_strdup_printf ("/v1/step/%u", talk->step), talk->step != 1);
  if (talk->step == 1)
    relay_ask_set_body (ask, "application/json", g_strdup ("{\"do\":1}"));
  relay_ask_add_basic (ask, "user", "password");
  return RELAY_TALK_ASK;
}

static RelayTalkStep
endless_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  relay_ask_set (ask, "GET", g_strdup ("/again"), TRUE);
  return RELAY_TALK_ASK;
}

static const RelayAdapterClass toy = {
  .facts = { .name = "toy", .title = "Toy", .methods = COBRO_METHOD_CARD },
  .test_base = "https://test.toy.example",
  .live_base = "https://live.toy.example",
  .next = toy_next,
};
static const RelayAdapterClass endless = {
  .facts = { .name = "toy", .title = "Toy", .methods = COBRO_METHOD_CARD },
  .test_base = "https://test.toy.example",
  .live_base = "https://live.toy.example",
  .next = endless_next,
};

/* ── Asking it ──────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  Company company;
  CobroClock *clock;
  CobroRandom *random;
  RelayProvider *provider;
  RelayAccount *account;
} Case;

static void
case_init (Case *self, const RelayAdapterClass *class, const char *lines, const char *stand_in)
{
  RelayAdapterConfig config = { .transport = carry, .transport_data = &self->company, .stand_in = stand_in };

  self->company = (Company){ .asked = g_ptr_array_new_with_free_func (g_free), .lines = lines };
  config.clock = self->clock = cobro_clock_new_fake (NOW);
  config.random = self->random = cobro_test_random ();
  self->provider = relay_adapter_new (class, &config);
  self->account = relay_account_new ();
  cobro_link_set_text (&self->account->id, "acc");
  cobro_link_set_text (&self->account->provider, "toy");
}

static void
case_clear (Case *self)
{
  relay_provider_free (self->provider);
  relay_account_free (self->account);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_ptr_array_unref (self->company.asked);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

/* One try, without the wrapper's retries. */
static CobroFact *
ask_once (Case *self, GError **error)
{
  RelayTarget target = { .object_id = "obj_1", .charge_id = "", .reference = "ours" };

  return self->provider->class->query (self->provider, self->account, &target,
                                       cobro_clock_monotonic (self->clock) + COBRO_SECOND, error);
}

static void
assert_fails (const char *lines, CobroError code)
{
  g_auto (Case) self;
  g_autoptr (GError) error = NULL;

  case_init (&self, &toy, lines, NULL);
  g_assert_null (ask_once (&self, &error));
  if (!g_error_matches (error, COBRO_ERROR, (int)code))
    g_error ("\"%s\" gave: %s", lines, error->message);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_talk (void)
{
  g_auto (Case) self;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroFact) fact = NULL;

  case_init (&self, &toy, "200 {}\n201 {}\n200 {}", NULL);
  fact = ask_once (&self, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fact->event_id, ==, "obj_1/pending");
  g_assert_cmpint (fact->source, ==, COBRO_FACT_FROM_JANITOR);
  g_assert_cmpuint (self.company.asked->len, ==, 3);
  g_assert_cmpstr (self.company.asked->pdata[0], ==, "GET https://test.toy.example/v1/step/0 ");
  g_assert_cmpstr (self.company.asked->pdata[1], ==, "POST https://test.toy.example/v1/step/1 {\"do\":1}");
}

/* Test accounts may be sent to a stand-in; live ones never. */
static void
test_stand_in (void)
{
  for (guint live = 0; live < 2; live++)
    {
      g_auto (Case) self;
      g_autoptr (CobroFact) fact = NULL;

      case_init (&self, &toy, "200 {}\n201 {}\n200 {}", "http://127.0.0.1:9");
      self.account->livemode = live;
      fact = ask_once (&self, NULL);
      g_assert_true (g_str_has_prefix (self.company.asked->pdata[0],
                                       live ? "GET https://live.toy.example/" : "GET http://127.0.0.1:9/"));
    }
}

/* What is lost before anything could happen there is no mystery; everything else is. */
static void
test_lost (void)
{
  assert_fails ("lost deadline", COBRO_ERROR_UNAVAILABLE);              /* a question */
  assert_fails ("200 {}\nlost address", COBRO_ERROR_UNAVAILABLE);       /* never sent */
  assert_fails ("200 {}\nlost tls", COBRO_ERROR_UNAVAILABLE);           /* never sent */
  assert_fails ("200 {}\nlost connect", COBRO_ERROR_NO_ANSWER);         /* who knows */
  assert_fails ("200 {}\nlost answer", COBRO_ERROR_NO_ANSWER);          /* who knows */
  assert_fails ("200 {}\n201 {}\nlost address", COBRO_ERROR_NO_ANSWER); /* it has happened */
  assert_fails ("429 {}", COBRO_ERROR_UNAVAILABLE);
  assert_fails ("200 {}\n503 {}", COBRO_ERROR_UNAVAILABLE);
  assert_fails ("500 {}", COBRO_ERROR_UNAVAILABLE);
  assert_fails ("200 {}\n500 {}", COBRO_ERROR_NO_ANSWER);
  assert_fails ("404 {}", COBRO_ERROR_NOT_FOUND);
  assert_fails ("402 {}", COBRO_ERROR_PROVIDER);
}

/* A company that repeats the key in its answer does not get it into our books. */
static void
test_repeated_secret (void)
{
  static const RelaySetting settings[] = { { .name = "key", .kind = RELAY_SETTING_SECRET } };
  RelayAdapterClass with_key = toy;
  g_auto (Case) self;
  g_autoptr (GError) error = NULL;

  with_key.facts.settings = settings;
  with_key.facts.n_settings = 1;
  case_init (&self, &with_key, "402 {}", NULL);
  g_hash_table_insert (self.account->settings, g_strdup ("key"), g_strdup ("the company"));
  g_assert_null (ask_once (&self, &error));
  g_assert_cmpstr (error->message, ==, "said ***********");
}

static void
test_endless (void)
{
  g_auto (Case) self;
  g_autoptr (GError) error = NULL;

  case_init (&self, &endless, "200 {}", NULL);
  self.company.endless = TRUE;
  g_assert_null (ask_once (&self, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NO_ANSWER);
  g_assert_cmpuint (self.company.asked->len, ==, 64);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_lenient (void)
{
  g_autoptr (CobroWireObject) object =
    cobro_wire_parse ("{\"t\":\"x\",\"n\":412,\"d\":82.50,\"s\":\"17\",\"b\":\"true\",\"e\":[],\"o\":{\"a\":1},"
                      "\"l\":[{},{}],\"m\":[1],\"z\":null,\"u\":1700000000,\"w\":\"2026-01-02T03:04:05.5-06:00\"}",
                      -1, NULL);
  g_autofree char *text = relay_adapter_text (object, "t"), *decimal = relay_adapter_text (object, "d");
  g_autofree char *none = relay_adapter_text (object, "z"), *list = relay_adapter_text (object, "e");
  g_autoptr (GPtrArray) two = relay_adapter_objects (object, "l");
  g_autoptr (GPtrArray) mixed = relay_adapter_objects (object, "m");
  g_autoptr (CobroWireObject) child = relay_adapter_object (object, "o");
  g_autoptr (CobroWireObject) empty = relay_adapter_object (object, "e");
  gint64 number = 0;

  g_assert_cmpstr (text, ==, "x");
  g_assert_cmpstr (decimal, ==, "82.50"); /* as written: money is not read through floating point */
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (list, ==, "");
  g_assert_true (relay_adapter_int64 (object, "s", &number));
  g_assert_cmpint (number, ==, 17);
  g_assert_false (relay_adapter_int64 (object, "d", &number));
  g_assert_true (relay_adapter_bool (object, "b"));
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpuint (mixed->len, ==, 0);
  g_assert_nonnull (child);
  g_assert_null (empty);
  g_assert_cmpint (relay_adapter_time (object, "u"), ==, 1700000000 * COBRO_SECOND);
  g_assert_cmpint (relay_adapter_time (object, "w"), ==, 1767344645 * COBRO_SECOND + 500000);
  g_assert_cmpint (relay_adapter_time (object, "t"), ==, 0);
}

static void
test_form (void)
{
  g_autoptr (GString) form = g_string_new (NULL);
  const guint8 mac[] = { 0x0a, 0xff };

  relay_form_add (form, "metadata[a b]", "ä&=+'");
  relay_form_add_int64 (form, "amount", -12);
  g_assert_cmpstr (form->str, ==, "metadata%5Ba%20b%5D=%C3%A4%26%3D%2B%27&amount=-12");
  g_assert_true (relay_adapter_hex_equal ("0aff", mac, 2));
  g_assert_false (relay_adapter_hex_equal ("0AFF", mac, 2));
  g_assert_false (relay_adapter_hex_equal ("0aff ", mac, 2));
  g_assert_false (relay_adapter_hex_equal ("", mac, 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/adapter/talk", test_talk);
  g_test_add_func ("/adapter/stand-in", test_stand_in);
  g_test_add_func ("/adapter/lost", test_lost);
  g_test_add_func ("/adapter/repeated-secret", test_repeated_secret);
  g_test_add_func ("/adapter/endless", test_endless);
  g_test_add_func ("/adapter/lenient", test_lenient);
  g_test_add_func ("/adapter/form", test_form);
  return g_test_run ();
}
