/* relay/providers/mock/relay-mock.h — the mock gateway: a whole foreign payment company in a box, for practice and
 * tests. It keeps its own books (mock.sqlite), serves its own card and challenge pages below /mock/, and sends its own
 * signed webhooks over HTTP. README.md says what it can do. Refuses livemode, always. Layer: relay/providers. Calls
 * from any thread; webhooks leave from its own. */
#pragma once
#include "relay-provider.h"

#define RELAY_MOCK_APPLICATION_ID 0x636d6f6bu /* "cmok" */

/* How it behaves; the names of relay_mock_options_set() are the README's. Percentages are whole, 0 … 100; times in ms.
 */
typedef struct
{
  guint64 seed;                   /* of every throw of the dice; logged at start, so that a run can be played again */
  guint success_rate;             /* of cards that would pay */
  guint latency_min, latency_max; /* of its API and of its pages' answers */
  guint api_errors;               /* calls that answer 503: nothing happened */
  guint api_lost;                 /* calls whose answer is lost after they happened */
  guint list_lost;                /* objects that its lists leave out */
  guint hooks_lost;               /* webhooks never sent */
  guint hooks_twice;              /* webhooks sent twice */
  guint hooks_renamed;            /* webhooks sent again under another event id */
  guint hooks_forged;             /* webhooks preceded by a forged one with a wrong signature */
  guint hook_delay_min, hook_delay_max; /* different delays put them out of order */
  guint wrong_amounts;                  /* payments captured for one minor unit less than asked */
  guint settle_delay;                   /* triggers 19 and 95: from processing or failed to paid */
} RelayMockOptions;

/* Everything works, at once; seed from the system. */
RelayMockOptions relay_mock_options_default (void);
/**
 * relay_mock_options_set:
 * @name: "success-rate", "latency", "seed" …
 * @value: "80", "50" or "50-300"
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG whose path is @name; nothing changed
 */
gboolean relay_mock_options_set (RelayMockOptions *self, const char *name, const char *value, GError **error);
/* Sets every option of a line "name=value name=value". */
gboolean relay_mock_options_read (RelayMockOptions *self, const char *line, GError **error);
/* (transfer full) one line with every option that is not the default, and always the seed: "seed=42 success-rate=80".
 */
char *relay_mock_options_to_text (const RelayMockOptions *self);

/* Sends one webhook; the answer's HTTP status, 0 for none. Runs on the mock's threads. */
typedef guint (*RelayMockPost) (gpointer data, const char *url, const char *const *headers, GBytes *body);

typedef struct
{
  const char *path; /* its books: "<data>/mock.sqlite" */
  CobroClock *clock;
  CobroRandom *random; /* of ids; the dice are seeded apart */
  RelayMockOptions options;
  RelayMockPost post; /* (nullable) NULL: real HTTP; tests take it over */
  gpointer post_data;
} RelayMockConfig;

/**
 * relay_mock_new:
 *
 * Opens or creates the books. It answers calls at once but sends nothing before relay_mock_start().
 *
 * Returns: (transfer full): or %NULL with the database's error
 */
RelayProvider *relay_mock_new (const RelayMockConfig *config, GError **error);

/**
 * relay_mock_start:
 * @public_url: where buyers reach the relay: its pages are <public_url>/mock/…
 * @hook_base: (nullable): where the mock reaches the relay for webhooks ("http://127.0.0.1:43211"), when it is not
 * @public_url; they go to <hook_base>/webhooks/mock/<account>
 *
 * Starts its thread: settles what is due, sends what is unsent, also what an earlier process left.
 */
void relay_mock_start (RelayProvider *provider, const char *public_url, const char *hook_base);
/* The same without a thread, for tests that drive it step by step. */
void relay_mock_set_urls (RelayProvider *provider, const char *public_url, const char *hook_base);

/* One step: settles and sends what is due at @now. Returns how much was done; -1 with @error. */
int relay_mock_run_once (RelayProvider *provider, CobroTime now, GError **error);
/* When the next thing is due; 0 if nothing is. */
CobroTime relay_mock_next_due (RelayProvider *provider);
