/* relay/observe/relay-trace-settings.c — OpenTelemetry's environment variables, checked.
 * Layer: relay/observe. Any thread. */
#include "relay-trace-export.h"

#include <string.h>

#include "cobro-decimal.h"
#include "cobro-error.h"

#define MILLION 1000000

typedef struct
{
  RelayTraceLookup lookup;
  gpointer data;
} Environment;

void
relay_trace_settings_clear (RelayTraceSettings *settings)
{
  g_clear_pointer (&settings->endpoint, g_free);
  g_clear_pointer (&settings->headers, g_strfreev);
  g_clear_pointer (&settings->service_name, g_free);
  g_clear_pointer (&settings->resource, g_strfreev);
}

/* An empty variable is as good as none. */
static const char *
get (const Environment *environment, const char *name)
{
  const char *value = environment->lookup (environment->data, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

/* The variable of traces alone, or the one of all signals. */
static const char *
get_otlp (const Environment *environment, const char *what, const char **out_name)
{
  g_autofree char *own = g_strconcat ("OTEL_EXPORTER_OTLP_TRACES_", what, NULL);
  g_autofree char *shared = g_strconcat ("OTEL_EXPORTER_OTLP_", what, NULL);
  const char *value = get (environment, own);

  *out_name = g_intern_string (value != NULL ? own : shared);
  return value != NULL ? value : get (environment, shared);
}

static gboolean
read_number (const Environment *environment, const char *name, guint64 most, guint fallback, guint *out_number,
             GError **error)
{
  const char *value = get (environment, name);
  guint64 number = fallback;

  if (value != NULL && !g_ascii_string_to_unsigned (value, 10, 1, most, &number, NULL))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s: expected a whole number from 1 to %" G_GUINT64_FORMAT, name,
                            most);
  *out_number = number;
  return TRUE;
}

/* "key=value,key2=value2" with percent escapes, as in W3C baggage. */
static gboolean
read_pairs (const char *name, const char *text, char ***out_pairs, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (g_strstrip (parts[i]), '=');
      g_autofree char *value = equals != NULL ? g_uri_unescape_string (g_strstrip (equals + 1), NULL) : NULL;

      if (*parts[i] == '\0')
        continue;
      if (value == NULL || equals == parts[i] || strpbrk (value, "\r\n") != NULL)
        return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s: expected key=value pairs, separated by commas", name);
      *equals = '\0';
      g_strv_builder_add (builder, g_strstrip (parts[i]));
      g_strv_builder_add (builder, value);
    }
  *out_pairs = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_endpoint (const Environment *environment, RelayTraceSettings *settings, GError **error)
{
  const char *name;
  const char *value = get_otlp (environment, "ENDPOINT", &name);
  g_autoptr (GUri) uri = NULL;

  if (value == NULL)
    return TRUE;
  uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 && strcmp (g_uri_get_scheme (uri), "https") != 0))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s: expected an http or https address", name);
  if (strstr (name, "_TRACES_") != NULL)
    settings->endpoint = g_strdup (value);
  else
    settings->endpoint = g_strconcat (value, g_str_has_suffix (value, "/") ? "" : "/", "v1/traces", NULL);
  return TRUE;
}

static gboolean
read_exporter (const Environment *environment, RelayTraceSettings *settings, GError **error)
{
  const char *name;
  const char *protocol = get_otlp (environment, "PROTOCOL", &name);
  guint timeout = 10000;

  if (protocol != NULL && strcmp (protocol, "http/json") != 0)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s: only http/json is spoken, not \"%s\"", name, protocol);
  if (!read_pairs ("OTEL_EXPORTER_OTLP_HEADERS", get_otlp (environment, "HEADERS", &name), &settings->headers, error))
    return FALSE;
  get_otlp (environment, "TIMEOUT", &name);
  if (!read_number (environment, name, 600000, timeout, &settings->timeout_ms, error))
    return FALSE;
  return read_number (environment, "OTEL_BSP_MAX_QUEUE_SIZE", 100000, 2048, &settings->queue_max, error) &&
         read_number (environment, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 10000, 512, &settings->batch_max, error) &&
         read_number (environment, "OTEL_BSP_SCHEDULE_DELAY", 600000, 5000, &settings->delay_ms, error);
}

static gboolean
read_sampler (const Environment *environment, RelayTraceSettings *settings, GError **error)
{
  const char *sampler = get (environment, "OTEL_TRACES_SAMPLER");
  const char *argument = get (environment, "OTEL_TRACES_SAMPLER_ARG");
  const char *kind = sampler != NULL ? sampler : "parentbased_always_on";

  settings->follow_parent = g_str_has_prefix (kind, "parentbased_");
  if (settings->follow_parent)
    kind += strlen ("parentbased_");
  settings->ratio_ppm = MILLION;
  if (strcmp (kind, "always_on") == 0)
    return TRUE;
  if (strcmp (kind, "always_off") == 0)
    {
      settings->ratio_ppm = 0;
      return TRUE;
    }
  if (strcmp (kind, "traceidratio") != 0)
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "OTEL_TRACES_SAMPLER: expected always_on, always_off or traceidratio, or parentbased_ and "
                            "one of these, not \"%s\"",
                            sampler);
  if (argument != NULL && (!cobro_decimal_from_text (argument, &settings->ratio_ppm, NULL) || settings->ratio_ppm < 0 ||
                           settings->ratio_ppm > MILLION))
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1 with at most 6 decimals, not "
                            "\"%s\"",
                            argument);
  return TRUE;
}

gboolean
relay_trace_settings_read (RelayTraceSettings *out_settings, RelayTraceLookup lookup, gpointer data, GError **error)
{
  g_auto (RelayTraceSettings) settings = { 0 };
  const Environment environment = { lookup, data };
  const char *disabled = get (&environment, "OTEL_SDK_DISABLED");
  const char *exporter = get (&environment, "OTEL_TRACES_EXPORTER");
  const char *service = get (&environment, "OTEL_SERVICE_NAME");

  *out_settings = (RelayTraceSettings){ 0 };
  if ((disabled != NULL && g_ascii_strcasecmp (disabled, "true") == 0) ||
      (exporter != NULL && strcmp (exporter, "none") == 0))
    return TRUE;
  if (exporter != NULL && strcmp (exporter, "otlp") != 0)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "OTEL_TRACES_EXPORTER: expected otlp or none, not \"%s\"",
                            exporter);
  if (!read_endpoint (&environment, &settings, error))
    return FALSE;
  if (settings.endpoint == NULL)
    return TRUE;
  settings.service_name = g_strdup (service != NULL ? service : "cobro-relay");
  if (!read_exporter (&environment, &settings, error) || !read_sampler (&environment, &settings, error) ||
      !read_pairs ("OTEL_RESOURCE_ATTRIBUTES", get (&environment, "OTEL_RESOURCE_ATTRIBUTES"), &settings.resource,
                   error))
    return FALSE;
  *out_settings = settings;
  settings = (RelayTraceSettings){ 0 };
  return TRUE;
}
