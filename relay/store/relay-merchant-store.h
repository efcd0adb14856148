/* relay/store/relay-merchant-store.h — merchants, customers, and who may speak for them: devices and pairing codes
 * (API keys: relay-key-store.h). Layer: relay/store. */
#pragma once
#include "cobro-customer.h"
#include "cobro-merchant.h"
#include "relay-event-store.h"
#include "relay-key-store.h"

/* A pairing code as people type it: XXXX-XXXX-XXXX-XXXX. */
typedef struct
{
  char text[24];
  CobroTime expires_at;
} RelayPairCode;

/* Writes the merchant (its id is made when it has none). */
gboolean relay_merchant_insert (RelayTx *tx, CobroMerchant *merchant, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores the profile; rev as given; event merchant.updated. @edited: (nullable) JSON kept for desktops. */
gboolean relay_merchant_update (RelayTx *tx, CobroMerchant *merchant, const char *edited,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. @out_edited: (optional) (nullable). */
CobroMerchant *relay_merchant_find (CobroDb *db, const CobroId *id, char **out_edited, GError **error);
/* (transfer full) (element-type CobroMerchant) all, oldest first. */
GPtrArray *relay_merchant_list (CobroDb *db, GError **error);

/* One paired desktop. */
typedef struct
{
  CobroId id;
  char *name;
  gboolean livemode;
  CobroTime paired_at, revoked_at;
  gint64 used_on; /* the last day of use of its keys, days since 1970; 0: never */
} RelayDevice;
void relay_device_free (RelayDevice *device);
/* (transfer full) (element-type RelayDevice) */
GPtrArray *relay_device_list (CobroDb *db, const CobroId *merchant_id, GError **error);
/* Its key stops working at once; again is no error. FALSE with COBRO_ERROR_NOT_FOUND, also for the other mode's. */
gboolean relay_device_revoke (RelayTx *tx, const RelayScope *scope, const CobroId *device_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A code of 80 random bits, valid for 10 minutes, 5 tries, one use; older unused ones of this merchant and mode die. */
gboolean relay_pair_code_insert (RelayTx *tx, const RelayScope *scope, RelayPairCode *out_code,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_pair:
 * @code: as typed: any case, with or without dashes and blanks, O read as 0, I and L as 1
 * @out_holder_scope: (out): whose code it was
 *
 * Spends the code, makes a device and its key. One command of its own on the writer: a wrong try is counted and
 * committed.
 *
 * Returns: %FALSE with %COBRO_ERROR_UNAUTHORIZED (unknown, wrong) or %COBRO_ERROR_GONE (expired, used, too many tries)
 */
gboolean relay_pair (RelayStore *store, const char *code, const char *device_name, RelayScope *out_scope,
                     CobroId *out_device_id, RelayKeyText *out_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Customers, kept for the desktops of one merchant. @edited: (nullable). */
gboolean relay_customer_put (RelayTx *tx, const CobroId *merchant_id, const CobroCustomer *customer, const char *edited,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroCustomer *relay_customer_find (CobroDb *db, const CobroId *merchant_id, const CobroId *id, char **out_edited,
                                    GError **error);
