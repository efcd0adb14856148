/* relay/delivery/relay-post.c — results of messages.
 * Layer: relay/delivery. Any thread. */
#include "relay-post.h"

RelayPostResult *
relay_post_result_new (gint status, const char *retry_after, GBytes *answer)
{
  RelayPostResult *result = g_new0 (RelayPostResult, 1);

  result->status = status;
  result->error = g_strdup ("");
  result->retry_after = g_strdup (retry_after);
  result->answer = answer != NULL ? g_bytes_ref (answer) : NULL;
  return result;
}

RelayPostResult *
relay_post_result_new_failure (const char *error)
{
  RelayPostResult *result = relay_post_result_new (0, NULL, NULL);

  g_free (result->error);
  result->error = g_strdup (error);
  return result;
}

void
relay_post_result_free (RelayPostResult *result)
{
  if (result == NULL)
    return;
  g_free (result->error);
  g_free (result->retry_after);
  g_free (result->headers);
  g_clear_pointer (&result->answer, g_bytes_unref);
  g_free (result);
}
