/* tests/relay/delivery/mail-samples.c — mails made of what its input says: lines of blank-separated base64 fields
 * (from name, reply name, to name, to, subject, plain, html, file name); for each a line of base64. mails.py reads them
 * with another library. Layer: tests. */
#include <stdio.h>
#include <string.h>

#include "relay-mail-message.h"

static char *
decode (const char *word)
{
  gsize n;
  guchar *bytes = g_base64_decode (word, &n);
  char *text = g_strndup ((const char *)bytes, n);

  g_free (bytes);
  return text;
}

int
main (void)
{
  static char line[1 << 20];
  static const guint8 pdf[] = "%PDF-1.5\n\0\r\n.\r\nbinary\xff\n";
  CobroId cause = { "evt_01k0000000000000000000000" };

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);
      g_auto (GStrv) fields = g_new0 (char *, 9);
      g_autofree char *id = relay_mail_message_id (&cause, "invoice", "relay@pay.example");
      g_autofree char *out = NULL;
      g_autoptr (GBytes) document = g_bytes_new_static (pdf, sizeof pdf - 1);
      g_autoptr (GBytes) message = NULL;
      RelayMailParts parts = { .from_address = "relay@pay.example",
                               .reply_to_address = "seller@shop.example",
                               .language = "es",
                               .pdf = document,
                               .message_id = id,
                               .date = G_GINT64_CONSTANT (1796119200000000) };

      for (guint i = 0; i < 8; i++)
        fields[i] = decode (words[i]);
      parts.from_name = fields[0];
      parts.reply_to_name = fields[1];
      parts.to_name = fields[2];
      parts.to_address = fields[3];
      parts.subject = fields[4];
      parts.plain = fields[5];
      parts.html = fields[6];
      parts.file_name = fields[7];
      message = relay_mail_message_new (&parts);
      out = g_base64_encode (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
      puts (out);
      fflush (stdout);
    }
  return 0;
}
