/* relay/http/relay-cache.c — replies that may be given again.
 * Not a cache of all pages: only of those that are asked for many times a second. The least recently used go first.
 * Layer: relay/http, private. Listener thread only. */
#include "relay-cache.h"

#include <string.h>
#include "relay-head.h"
#include "relay-reply-private.h"

#define LANGUAGE_MAX 128 /* bytes of Accept-Language; who sends more is answered afresh */
#define ENTRY_COST   512 /* what an entry costs besides its body and key */

typedef struct
{
  char *key;
  RelayReply *reply;
  gint64 mark; /* wake number when its request began */
  gint64 until;
  gsize cost;
  GList link; /* in uses */
} Entry;

struct _RelayCache
{
  RelayWakes *wakes;
  GHashTable *entries; /* (element-type utf8 Entry) */
  GQueue uses;         /* most recent first */
  gsize bytes;
  gsize bytes_max;
  GString *key; /* scratch */
};

static void
entry_free (Entry *entry)
{
  relay_reply_free (entry->reply);
  g_free (entry->key);
  g_free (entry);
}

RelayCache *
relay_cache_new (RelayWakes *wakes, gsize bytes_max)
{
  RelayCache *cache = g_new0 (RelayCache, 1);

  cache->wakes = wakes;
  cache->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)entry_free);
  cache->bytes_max = bytes_max;
  cache->key = g_string_new (NULL);
  return cache;
}

void
relay_cache_free (RelayCache *cache)
{
  g_hash_table_unref (cache->entries);
  g_string_free (cache->key, TRUE);
  g_free (cache);
}

/* What the answer may depend on besides the rows: the target and the language. NULL: more than that. */
static const char *
key_of (RelayCache *cache, RelayRequest *request)
{
  const char *language = relay_request_header (request, "accept-language");

  if (request->route->auth != RELAY_AUTH_NONE || strcmp (request->route->method, "GET") != 0 ||
      relay_head_get (request->head, "cookie") != NULL || (language != NULL && strlen (language) > LANGUAGE_MAX))
    return NULL;
  g_string_assign (cache->key, request->target);
  if (language != NULL)
    g_string_append (g_string_append_c (cache->key, '\n'), language);
  return cache->key->str;
}

static void
forget (RelayCache *cache, Entry *entry)
{
  g_queue_unlink (&cache->uses, &entry->link);
  cache->bytes -= entry->cost;
  g_hash_table_remove (cache->entries, entry->key);
}

static gboolean
is_good (RelayCache *cache, const Entry *entry, gint64 now)
{
  const RelayReply *reply = entry->reply;

  if (now >= entry->until)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (reply->share_topics); i++)
    if (reply->share_topics[i] != NULL && relay_wakes_since (cache->wakes, reply->share_topics[i], entry->mark))
      return FALSE;
  return TRUE;
}

RelayReply *
relay_cache_find (RelayCache *cache, RelayRequest *request, gint64 now)
{
  const char *key = key_of (cache, request);
  Entry *entry = key != NULL ? g_hash_table_lookup (cache->entries, key) : NULL;

  if (entry == NULL)
    return NULL;
  if (!is_good (cache, entry, now))
    {
      forget (cache, entry);
      return NULL;
    }
  g_queue_unlink (&cache->uses, &entry->link);
  g_queue_push_head_link (&cache->uses, &entry->link);
  return relay_reply_ref (entry->reply);
}

void
relay_cache_offer (RelayCache *cache, RelayRequest *request, RelayReply *reply, gint64 now)
{
  const char *key = reply->share_for > 0 && reply->status == 200 ? key_of (cache, request) : NULL;
  Entry *entry;

  if (key == NULL || g_hash_table_contains (cache->entries, key))
    return;
  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->reply = relay_reply_ref (reply);
  entry->mark = request->wakes_seen;
  entry->until = now + reply->share_for;
  entry->cost = ENTRY_COST + strlen (key) + (reply->body != NULL ? g_bytes_get_size (reply->body) : 0);
  entry->link.data = entry;
  g_hash_table_insert (cache->entries, entry->key, entry);
  g_queue_push_head_link (&cache->uses, &entry->link);
  cache->bytes += entry->cost;
  while (cache->bytes > cache->bytes_max)
    forget (cache, cache->uses.tail->data);
}
