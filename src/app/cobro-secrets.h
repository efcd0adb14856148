/* src/app/cobro-secrets.h — device keys in the system's keyring, through libsecret. Asynchronous and cancellable,
 * because a keyring may wait for somebody to unlock it. Failures are worded; a secret is never kept anywhere else.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-keyring.h"

G_BEGIN_DECLS

#define COBRO_TYPE_SECRETS (cobro_secrets_get_type ())
G_DECLARE_FINAL_TYPE (CobroSecrets, cobro_secrets, COBRO, SECRETS, GObject)

/* A CobroKeyring. @books: tells the keys of several books with one relay apart; "" for the first ones. */
CobroSecrets *cobro_secrets_new (const char *books);

G_END_DECLS
