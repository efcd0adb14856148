/* relay/delivery/relay-mail-letter.h — what a queued mail says at the moment it is sent: looked up in the books,
 * written in the reader's language, with its PDF. Layer: relay/delivery. Any thread; blocks for a read. */
#pragma once
#include "relay-mail-store.h"

/* Whose letters. Lent. */
typedef struct
{
  RelayStore *store;
  const char *public_url;
  const char *from; /* the relay's own address */
} RelayMailDesk;

typedef struct
{
  char *sender;    /* the address it comes from */
  GBytes *message; /* as it goes over the wire */
} RelayMailLetter;
void relay_mail_letter_free (RelayMailLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMailLetter, relay_mail_letter_free)

/**
 * relay_mail_letter_new:
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_STATE (it would not be true any more: a reminder of what was
 * paid, an invoice that was voided), or why the books or the PDF could not be had now
 */
RelayMailLetter *relay_mail_letter_new (const RelayMailDesk *desk, const RelayMail *mail, CobroTime now,
                                        GError **error);
/* Looks once more, at the last moment. FALSE with COBRO_ERROR_STATE as above. */
gboolean relay_mail_letter_check (const RelayMailDesk *desk, const RelayMail *mail, CobroTime now,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
