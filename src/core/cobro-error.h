/* src/core/cobro-error.h — one error domain with stable code names and the path of the field that was wrong.
 * Layer: core. Any thread. */
#pragma once
#include <glib.h>

typedef enum
{
  COBRO_ERROR_INVALID,  /* a value breaks a rule; the path names the field */
  COBRO_ERROR_OVERFLOW, /* an amount is out of range */
  COBRO_ERROR_CURRENCY, /* unknown or mixed currencies */
  COBRO_ERROR_NOT_FOUND,
  COBRO_ERROR_EXISTS,   /* id, reference or token already taken by something else */
  COBRO_ERROR_STATE,    /* not possible in the present state (paid link, cancelled link …) */
  COBRO_ERROR_REVISION, /* If-Match or base_rev is not the current revision */
  COBRO_ERROR_BUSY,     /* somebody else holds it right now; try again later */
  COBRO_ERROR_GONE,     /* expired, replaced, used up */
  COBRO_ERROR_UNAUTHORIZED,
  COBRO_ERROR_FORBIDDEN,
  COBRO_ERROR_RATE_LIMITED,
  COBRO_ERROR_TOO_LARGE,
  COBRO_ERROR_MEDIA_TYPE,
  COBRO_ERROR_METHOD,
  COBRO_ERROR_PRECONDITION, /* a required header or precondition is missing */
  COBRO_ERROR_UNAVAILABLE,  /* we cannot at the moment: disk full, shutting down, queue full */
  COBRO_ERROR_PROVIDER,     /* the provider answered and refused */
  COBRO_ERROR_NO_ANSWER,    /* the provider or relay did not answer: the outcome is unknown */
  COBRO_ERROR_SIGNATURE,    /* a signature did not verify */
  COBRO_ERROR_CONFIG,       /* configuration: file, line and key are in the message */
  COBRO_ERROR_IO,
  COBRO_ERROR_CORRUPT,      /* a file or row is damaged */
  COBRO_ERROR_NEWER_SCHEMA, /* the data was written by a newer Cobro */
  COBRO_ERROR_INTERNAL,
  COBRO_ERROR_REUSED,   /* an idempotency key that stands for another request */
  COBRO_ERROR_PROTOCOL, /* the other side speaks another version: one of us must be updated */
  COBRO_ERROR_RUNNING,  /* the request with this idempotency key has not been answered yet */
  COBRO_ERROR_KEYLESS,  /* an idempotency key is required */
} CobroError;

#define COBRO_ERROR (cobro_error_quark ())
GQuark cobro_error_quark (void);

/**
 * cobro_error_code_name:
 * @code: a code of the domain
 *
 * Returns: (transfer none): the stable upper-case name that travels on the wire, such as "VALIDATION_ERROR"
 */
const char *cobro_error_code_name (CobroError code);

/**
 * cobro_error_set:
 *
 * Sets @error; the message is lower case, without a full stop, and quotes user text.
 *
 * Returns: always %FALSE, so that error and exit stay together
 */
gboolean cobro_error_set (GError **error, CobroError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/**
 * cobro_error_set_at:
 * @path: the field, as the wire names it ("pricing.lines[2].quantity")
 *
 * As cobro_error_set(), and names the field.
 *
 * Returns: always %FALSE
 */
gboolean cobro_error_set_at (GError **error, CobroError code, const char *path, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

/**
 * cobro_error_prefix_path:
 *
 * Puts @prefix in front of the error's path: "lines[2]" + "quantity" is "lines[2].quantity". Does nothing for
 * %NULL or foreign errors.
 *
 * Returns: always %FALSE
 */
gboolean cobro_error_prefix_path (GError **error, const char *prefix);

/**
 * cobro_error_get_path:
 *
 * Returns: (nullable) (transfer none): the field that was wrong, or %NULL
 */
const char *cobro_error_get_path (const GError *error);

/**
 * cobro_error_forgive_not_found:
 * @take_failure: (nullable) (transfer full):
 *
 * For who looks for something that need not be there: %COBRO_ERROR_NOT_FOUND is no failure.
 *
 * Returns: %FALSE with any other failure in @error
 */
gboolean cobro_error_forgive_not_found (GError *take_failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;
