/* relay/delivery/relay-mail-message.h — a mail as it goes over the wire: headers, plain text, HTML, maybe a PDF.
 * Nothing that a field holds can become a header, a recipient or a part. Layer: relay/delivery. Any thread. */
#pragma once
#include "cobro-clock.h"
#include "cobro-id.h"
#include <gio/gio.h>

/* Lent. Texts may come from anywhere; addresses must be checked ones. */
typedef struct
{
  const char *from_name;        /* (nullable) */
  const char *from_address;     /* also whose domain the Message-ID has */
  const char *reply_to_name;    /* (nullable) */
  const char *reply_to_address; /* (nullable) */
  const char *to_name;          /* (nullable) */
  const char *to_address;
  const char *subject;
  const char *language; /* (nullable) "es" */
  const char *plain, *html;
  GBytes *pdf;           /* (nullable) */
  const char *file_name; /* with @pdf */
  const char *message_id;
  CobroTime date;
} RelayMailParts;
/* (transfer full) with CRLF line ends. */
GBytes *relay_mail_message_new (const RelayMailParts *parts);

/* (transfer full) "<hex SHA-256 of cause and kind>@domain", without brackets: the same for every try, so that what
 * came twice is recognised. @from_address: whose domain. */
char *relay_mail_message_id (const CobroId *cause, const char *kind, const char *from_address);
