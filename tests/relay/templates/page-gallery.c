/* tests/relay/templates/page-gallery.c — writes every page of the samples, every error page and the mock gateway's
 * pages into a folder, with pages.json saying which headers each wants: what the browser tests and people look at.
 * Layer: tests. Usage: page-gallery FOLDER */
#include <string.h>
#include "cobro-wire.h"
#include "page-samples.h"
#include "relay-mock-private.h"
#include "relay-template-loader.h"
#include "relay-templates.h"

static gboolean
write_page (CobroWireWriter *list, const char *folder, const char *name, const char *language, guint status,
            const char *html, const RelayCsp *csp, GError **error)
{
  g_autoptr (GString) policy = g_string_new (NULL);
  g_autofree char *file = g_strdup_printf ("%s.%s.html", name, language);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  cobro_wire_begin_object (list, NULL);
  cobro_wire_put_text (list, "name", name);
  cobro_wire_put_text (list, "language", language);
  cobro_wire_put_text (list, "file", file);
  cobro_wire_put_int64 (list, "status", status);
  relay_csp_append (csp, TRUE, policy);
  cobro_wire_put_text (list, "policy", policy->str);
  cobro_wire_end_object (list);
  return g_file_set_contents (path, html, -1, error);
}

/* The scripts that @html loads from us. */
static gboolean
write_scripts (RelayTemplates *templates, const char *folder, const char *html, GError **error)
{
  for (const char *from = html, *type; (from = strstr (from, "/assets/")) != NULL;)
    {
      g_autofree char *name = g_strndup (from + strlen ("/assets/"), strcspn (from + strlen ("/assets/"), "\""));
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GBytes *script = relay_templates_asset (templates, name, &type);

      g_assert_nonnull (script);
      if (!g_file_set_contents (path, g_bytes_get_data (script, NULL), (gssize)g_bytes_get_size (script), error))
        return FALSE;
      from += strlen ("/assets/");
    }
  return TRUE;
}

static gboolean
write_checkout (RelayTemplates *templates, CobroWireWriter *list, const char *folder, const char *language,
                GError **error)
{
  static const guint errors[] = { 400, 403, 404, 405, 413, 415, 429, 500, 503 };
  g_autoptr (GPtrArray) samples = page_samples_new ();

  for (guint i = 0; i < samples->len; i++)
    {
      const PageSample *sample = g_ptr_array_index (samples, i);
      g_autoptr (RelayRendered) page = relay_templates_checkout (templates, sample->page, language);

      if (!write_page (list, folder, sample->name, language, page->status, page->html, &page->csp, error) ||
          !write_scripts (templates, folder, page->html, error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (RelayRendered) page = relay_templates_error (templates, errors[i], language, "req-7f3a9c21");
      g_autofree char *name = g_strdup_printf ("error-%u", errors[i]);

      if (!write_page (list, folder, name, language, page->status, page->html, &page->csp, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_mock (CobroWireWriter *list, const char *folder, const char *language, GError **error)
{
  g_autoptr (RelayMockPages) pages = relay_mock_pages_new (error);
  RelayMockPayment payment = {
    .id = (char *)"mp_0123456789abcdef01234567",
    .last4 = (char *)"3155",
    .language = (char *)"auto",
    .description = (char *)"Ana’s Café: Coffee beans, 1 kg",
    .return_url = (char *)"http://127.0.0.1/pay/x?back=1",
  };
  RelayMockCardErrors none = { NULL, NULL, NULL },
                      wrong = { "card-not-a-test-card", "card-expiry-past", "card-cvc-wrong" };
  g_autoptr (RelayVisitAnswer) card = NULL, wrong_card = NULL, challenge = NULL;
  CobroCurrency euro;

  if (pages == NULL || !cobro_currency_from_code ("EUR", &euro, error))
    return FALSE;
  payment.amount = cobro_money (1250, euro);
  card = relay_mock_pages_card (pages, &payment, &none, language);
  wrong_card = relay_mock_pages_card (pages, &payment, &wrong, language);
  challenge = relay_mock_pages_challenge (pages, &payment, language);
  return write_page (list, folder, "mock-card", language, card->status, card->html,
                     &(RelayCsp){ .style_src = card->style_sources }, error) &&
         write_page (list, folder, "mock-card-wrong", language, wrong_card->status, wrong_card->html,
                     &(RelayCsp){ .style_src = wrong_card->style_sources }, error) &&
         write_page (list, folder, "mock-challenge", language, challenge->status, challenge->html,
                     &(RelayCsp){ .style_src = challenge->style_sources }, error);
}

static gboolean
write_all (const char *folder, GError **error)
{
  g_autoptr (RelayTemplates) templates = relay_templates_new (error);
  g_autoptr (CobroWireWriter) list = cobro_wire_writer_new ();
  g_autofree char *json = NULL, *path = g_build_filename (folder, "pages.json", NULL);

  if (templates == NULL)
    return FALSE;
  cobro_wire_begin_object (list, NULL);
  cobro_wire_begin_array (list, "pages");
  for (guint i = 0; relay_languages[i] != NULL; i++)
    if (!write_checkout (templates, list, folder, relay_languages[i], error) ||
        !write_mock (list, folder, relay_languages[i], error))
      return FALSE;
  cobro_wire_end_array (list);
  cobro_wire_end_object (list);
  json = cobro_wire_writer_take (list);
  return g_file_set_contents (path, json, -1, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    {
      g_printerr ("usage: page-gallery FOLDER\n");
      return 2;
    }
  if (g_mkdir_with_parents (argv[1], 0755) != 0 || !write_all (argv[1], &error))
    {
      g_printerr ("page-gallery: %s\n", error != NULL ? error->message : "cannot make the folder");
      return 1;
    }
  return 0;
}
