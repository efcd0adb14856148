/* relay/relay-control-mail.c — the sender that an operator allows.
 * Layer: relay (composition). Threads: the control server's, or main. */
#include "relay-control-mail.h"

#include "cobro-text.h"
#include "relay-mail-store.h"
#include "relay-merchant-store.h"

typedef struct
{
  CobroId merchant_id;
  const char *address; /* "": none */
} Sender;

static gboolean
set_work (RelayTx *tx, gpointer data, GError **error)
{
  const Sender *sender = data;
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &sender->merchant_id, NULL, error);

  return merchant != NULL &&
         relay_mail_sender_set (tx, &sender->merchant_id, *sender->address != '\0' ? sender->address : NULL, error);
}

char *
relay_control_mail_from (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *merchant = NULL;
  g_autofree char *address = NULL;
  Sender sender = { .address = NULL };

  if (!cobro_wire_get_text_needed (arguments, "merchant", &merchant, error) ||
      !cobro_wire_get_text (arguments, "address", "", &address, error) ||
      !cobro_id_parse (COBRO_ID_MERCHANT, merchant, &sender.merchant_id, error) ||
      !cobro_text_check_email (address, "address", error))
    return NULL;
  sender.address = address;
  if (!relay_store_write_for (store, &sender.merchant_id, set_work, &sender, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "merchantId", merchant);
  cobro_wire_put_text (writer, "mailFrom", *address != '\0' ? address : NULL);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_control_answer_mail_from (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_mail_from);
}
