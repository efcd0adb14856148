/* src/core/cobro-error.c — the error domain: stable names, and the path of the field kept inside the GError.
 * Layer: core. Any thread. */
#include "cobro-error.h"

typedef struct
{
  char *path;
} CobroErrorPrivate;

static void
cobro_error_private_init (CobroErrorPrivate *priv)
{
  priv->path = NULL;
}

static void
cobro_error_private_copy (const CobroErrorPrivate *src, CobroErrorPrivate *dest)
{
  dest->path = g_strdup (src->path);
}

static void
cobro_error_private_clear (CobroErrorPrivate *priv)
{
  g_clear_pointer (&priv->path, g_free);
}

G_DEFINE_EXTENDED_ERROR (CobroError, cobro_error)

const char *
cobro_error_code_name (CobroError code)
{
  static const char *const names[] = {
    [COBRO_ERROR_INVALID] = "VALIDATION_ERROR",
    [COBRO_ERROR_OVERFLOW] = "AMOUNT_OUT_OF_RANGE",
    [COBRO_ERROR_CURRENCY] = "CURRENCY_ERROR",
    [COBRO_ERROR_NOT_FOUND] = "NOT_FOUND",
    [COBRO_ERROR_EXISTS] = "ALREADY_EXISTS",
    [COBRO_ERROR_STATE] = "INVALID_STATE",
    [COBRO_ERROR_REVISION] = "REVISION_MISMATCH",
    [COBRO_ERROR_BUSY] = "BUSY",
    [COBRO_ERROR_GONE] = "GONE",
    [COBRO_ERROR_UNAUTHORIZED] = "UNAUTHORIZED",
    [COBRO_ERROR_FORBIDDEN] = "FORBIDDEN",
    [COBRO_ERROR_RATE_LIMITED] = "RATE_LIMITED",
    [COBRO_ERROR_TOO_LARGE] = "PAYLOAD_TOO_LARGE",
    [COBRO_ERROR_MEDIA_TYPE] = "UNSUPPORTED_MEDIA_TYPE",
    [COBRO_ERROR_METHOD] = "METHOD_NOT_ALLOWED",
    [COBRO_ERROR_PRECONDITION] = "PRECONDITION_REQUIRED",
    [COBRO_ERROR_UNAVAILABLE] = "UNAVAILABLE",
    [COBRO_ERROR_PROVIDER] = "PROVIDER_ERROR",
    [COBRO_ERROR_NO_ANSWER] = "PROVIDER_NO_ANSWER",
    [COBRO_ERROR_SIGNATURE] = "SIGNATURE_INVALID",
    [COBRO_ERROR_CONFIG] = "CONFIGURATION_ERROR",
    [COBRO_ERROR_IO] = "IO_ERROR",
    [COBRO_ERROR_CORRUPT] = "DATA_CORRUPT",
    [COBRO_ERROR_NEWER_SCHEMA] = "NEWER_SCHEMA",
    [COBRO_ERROR_INTERNAL] = "INTERNAL_ERROR",
    [COBRO_ERROR_REUSED] = "IDEMPOTENCY_KEY_REUSED",
    [COBRO_ERROR_PROTOCOL] = "UPGRADE_REQUIRED",
    [COBRO_ERROR_RUNNING] = "REQUEST_IN_PROGRESS",
    [COBRO_ERROR_KEYLESS] = "IDEMPOTENCY_KEY_REQUIRED",
  };

  g_return_val_if_fail ((guint)code < G_N_ELEMENTS (names), "INTERNAL_ERROR");
  return names[code];
}

static void
set_valist (GError **error, CobroError code, const char *path, const char *format, va_list args)
{
  if (error == NULL)
    return;
  g_return_if_fail (*error == NULL);
  *error = g_error_new_valist (COBRO_ERROR, (int)code, format, args);
  cobro_error_get_private (*error)->path = g_strdup (path);
}

gboolean
cobro_error_set (GError **error, CobroError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  set_valist (error, code, NULL, format, args);
  va_end (args);
  return FALSE;
}

gboolean
cobro_error_set_at (GError **error, CobroError code, const char *path, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  set_valist (error, code, path, format, args);
  va_end (args);
  return FALSE;
}

gboolean
cobro_error_prefix_path (GError **error, const char *prefix)
{
  CobroErrorPrivate *priv;
  char *joined;

  if (error == NULL || *error == NULL || (*error)->domain != COBRO_ERROR)
    return FALSE;

  priv = cobro_error_get_private (*error);
  if (priv->path == NULL || priv->path[0] == '\0')
    joined = g_strdup (prefix);
  else if (priv->path[0] == '[') /* "lines" + "[2].name" is "lines[2].name" */
    joined = g_strconcat (prefix, priv->path, NULL);
  else
    joined = g_strconcat (prefix, ".", priv->path, NULL);
  g_free (priv->path);
  priv->path = joined;
  return FALSE;
}

const char *
cobro_error_get_path (const GError *error)
{
  if (error == NULL || error->domain != COBRO_ERROR)
    return NULL;
  return cobro_error_get_private (error)->path;
}

gboolean
cobro_error_forgive_not_found (GError *take_failure, GError **error)
{
  if (take_failure == NULL || g_error_matches (take_failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_clear_error (&take_failure);
      return TRUE;
    }
  g_propagate_error (error, take_failure);
  return FALSE;
}
