/* relay/delivery/relay-mail-message.c — MIME by GMime.
 * Layer: relay/delivery. */
#include "relay-mail-message.h"

#include <gmime/gmime.h>
#include <string.h>

#define LINE_MAX_CHARACTERS 200

static void
start_library (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      g_mime_init ();
      g_once_init_leave (&once, 1);
    }
}

static gboolean
is_line_breaking (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

/* What stands in a header is one line, and reads as it is written: what looks like an encoded word ("=?…") would be
 * decoded by readers, line breaks and all. */
static char *
one_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *line = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p != '\0' && n < LINE_MAX_CHARACTERS; p = g_utf8_next_char (p), n++)
    {
      if (*p == '?' && line->len > 0 && line->str[line->len - 1] == '=')
        g_string_append_c (line, ' ');
      g_string_append_unichar (line, is_line_breaking (g_utf8_get_char (p)) ? ' ' : g_utf8_get_char (p));
    }
  return g_strstrip (g_string_free (line, FALSE));
}

/* The domain in the letters of the network. */
static char *
network_address (const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *domain = at != NULL ? g_hostname_to_ascii (at + 1) : NULL;

  return domain != NULL ? g_strdup_printf ("%.*s@%s", (int)(at - address), address, domain) : g_strdup (address);
}

static void
add_address (GMimeMessage *message, GMimeAddressType type, const char *name, const char *address)
{
  g_autofree char *line = one_line (name), *where = network_address (address);

  g_mime_message_add_mailbox (message, type, *line != '\0' ? line : NULL, where);
}

static void
set_content (GMimePart *part, gconstpointer bytes, gsize n, GMimeContentEncoding encoding)
{
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer (bytes, n);
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);

  g_mime_part_set_content (part, content);
  g_mime_part_set_content_encoding (part, encoding);
  g_object_unref (content);
  g_object_unref (stream);
}

static GMimeObject *
make_text (const char *subtype, const char *text)
{
  GMimePart *part = g_mime_part_new_with_type ("text", subtype);

  g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset", "utf-8");
  set_content (part, text, strlen (text), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  return GMIME_OBJECT (part);
}

static GMimeObject *
make_pdf (GBytes *pdf, const char *file_name)
{
  GMimePart *part = g_mime_part_new_with_type ("application", "pdf");
  g_autofree char *name = one_line (file_name);
  gsize n;
  gconstpointer bytes = g_bytes_get_data (pdf, &n);

  set_content (part, bytes, n, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_object_set_disposition (GMIME_OBJECT (part), GMIME_DISPOSITION_ATTACHMENT);
  g_mime_part_set_filename (part, *name != '\0' ? name : "document.pdf");
  return GMIME_OBJECT (part);
}

static void
take_part (GMimeMultipart *multipart, GMimeObject *part)
{
  g_mime_multipart_add (multipart, part);
  g_object_unref (part);
}

static GMimeObject *
make_body (const RelayMailParts *parts)
{
  GMimeMultipart *texts = g_mime_multipart_new_with_subtype ("alternative");
  GMimeMultipart *mixed;

  take_part (texts, make_text ("plain", parts->plain));
  take_part (texts, make_text ("html", parts->html));
  if (parts->pdf == NULL)
    return GMIME_OBJECT (texts);
  mixed = g_mime_multipart_new_with_subtype ("mixed");
  take_part (mixed, GMIME_OBJECT (texts));
  take_part (mixed, make_pdf (parts->pdf, parts->file_name));
  return GMIME_OBJECT (mixed);
}

static void
set_headers (GMimeMessage *message, const RelayMailParts *parts)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (parts->date / COBRO_SECOND);
  g_autofree char *subject = one_line (parts->subject);

  add_address (message, GMIME_ADDRESS_TYPE_FROM, parts->from_name, parts->from_address);
  if (parts->reply_to_address != NULL && *parts->reply_to_address != '\0')
    add_address (message, GMIME_ADDRESS_TYPE_REPLY_TO, parts->reply_to_name, parts->reply_to_address);
  add_address (message, GMIME_ADDRESS_TYPE_TO, parts->to_name, parts->to_address);
  g_mime_message_set_subject (message, subject, "utf-8");
  g_mime_message_set_date (message, date);
  g_mime_message_set_message_id (message, parts->message_id);
  /* Machines are asked not to answer a machine. */
  g_mime_object_set_header (GMIME_OBJECT (message), "Auto-Submitted", "auto-generated", NULL);
  if (parts->language != NULL && *parts->language != '\0')
    {
      g_autofree char *language = one_line (parts->language);

      g_mime_object_set_header (GMIME_OBJECT (message), "Content-Language", language, NULL);
    }
}

GBytes *
relay_mail_message_new (const RelayMailParts *parts)
{
  GMimeMessage *message;
  GMimeFormatOptions *options;
  GMimeObject *body;
  GMimeStream *stream;
  GByteArray *array;
  GBytes *bytes;

  start_library ();
  message = g_mime_message_new (TRUE);
  set_headers (message, parts);
  body = make_body (parts);
  g_mime_message_set_mime_part (message, body);
  g_object_unref (body);
  options = g_mime_format_options_new ();
  g_mime_format_options_set_newline_format (options, GMIME_NEWLINE_FORMAT_DOS);
  stream = g_mime_stream_mem_new ();
  g_mime_object_write_to_stream (GMIME_OBJECT (message), options, stream);
  array = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
  bytes = g_bytes_new (array->data, array->len);
  g_object_unref (stream);
  g_mime_format_options_free (options);
  g_object_unref (message);
  return bytes;
}

char *
relay_mail_message_id (const CobroId *cause, const char *kind, const char *from_address)
{
  g_autofree char *text = g_strdup_printf ("%s|%s", cause->text, kind);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *address = network_address (from_address);
  const char *at = strrchr (address, '@');

  return g_strdup_printf ("%s@%s", sum, at != NULL ? at + 1 : "localhost");
}
