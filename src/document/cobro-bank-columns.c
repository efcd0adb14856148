/* src/document/cobro-bank-columns.c — what banks call the columns of their tables.
 * Layer: document. Any thread. */
#include "cobro-bank-private.h"
#include "cobro-bank-text.h"

#include <string.h>

/* Names as banks in English, Spanish, German, French, Portuguese and Arabic write them, apart from case, accents and
 * blanks. What is not here is not read. */
static const struct
{
  CobroBankColumn column;
  const char *names; /* separated by '|' */
} columns[] = {
  { COBRO_BANK_DATE,
    "date|booking date|transaction date|posting date|posted date|date posted|completed date|date completed|"
    "process date|entry date|fecha|fecha operación|fecha de operación|f operación|fecha contable|"
    "f contable|fecha de la operación|fecha movimiento|fecha mov|fecha de transacción|buchungstag|"
    "buchungsdatum|buchung|datum|umsatzdatum|date comptable|date de comptabilisation|"
    "date opération|date d'opération|date de l'opération|date de transaction|date d'écriture|"
    "data|data mov|data movimento|data do movimento|data operação|data da operação|data de lançamento|"
    "data lançamento|data lanc|data contabilística|تاريخ|التاريخ|تاريخ العملية|تاريخ الحركة|"
    "تاريخ المعاملة|تاريخ القيد|تاريخ الترحيل" },
  { COBRO_BANK_VALUE_DATE,
    "value date|fecha valor|fecha de valor|f valor|valuta|valutadatum|wertstellung|wertstellungstag|"
    "wertstellungsdatum|wert|date de valeur|date valeur|data valor|data de valor|data-valor|"
    "تاريخ الحق|تاريخ القيمة|تاريخ الاستحقاق" },
  { COBRO_BANK_AMOUNT, "amount|transaction amount|value|net amount|sum|importe|monto|cantidad|importe operación|valor|"
                       "betrag|umsatz|betrag soll haben|umsatz soll haben|montant|montant opération|quantia|"
                       "valor movimento|valor do movimento|montante|importância|المبلغ|مبلغ|قيمة|القيمة|مبلغ العملية" },
  { COBRO_BANK_DEBIT, "debit|debit amount|withdrawal|withdrawals|paid out|money out|payments|out|cargo|cargos|debe|"
                      "débito|débitos|retiros|retiro|gastos|soll|lastschrift|belastung|ausgang|débit|débits|"
                      "montant débit|saída|saídas|a débito|مدين|المدين|سحب|السحب|مسحوبات|خصم" },
  { COBRO_BANK_CREDIT, "credit|credit amount|deposit|deposits|paid in|money in|receipts|in|abono|abonos|haber|crédito|"
                       "créditos|depósito|depósitos|ingresos|ingreso|haben|gutschrift|eingang|crédit|crédits|"
                       "montant crédit|entrada|entradas|a crédito|دائن|الدائن|إيداع|الإيداع|ايداع|إيداعات" },
  { COBRO_BANK_CURRENCY, "currency|ccy|currency code|divisa|moneda|währung|waehrung|whg|devise|monnaie|moeda|divisas|"
                         "العملة|عملة" },
  { COBRO_BANK_SIDE, "debit credit|credit debit|dr cr|cr dr|d c|c d|cargo abono|debe haber|signo|soll haben|s h|kz|"
                     "débit crédit|débito crédito|sens|natureza|مدين دائن|نوع الحركة" },
  { COBRO_BANK_PAYER, "name|payee|payer|payer name|counterparty|counterparty name|sender|sender name|from|remitter|"
                      "ordering party|merchant|other party|beneficiary payer|payer payee|ordenante|nombre|contraparte|"
                      "emisor|remitente|beneficiario|nombre ordenante|ordenante beneficiario|auftraggeber|"
                      "auftraggeber empfänger|auftraggeber begünstigter|beguenstigter zahlungspflichtiger|"
                      "begünstigter zahlungspflichtiger|empfänger auftraggeber|empfänger zahlungspflichtiger|"
                      "zahlungspflichtige r|zahlungspflichtiger|name zahlungsbeteiligter|zahlungsbeteiligter|"
                      "auftraggeber zahlungsempfänger|donneur d'ordre|émetteur|nom|contrepartie|tiers|tireur|"
                      "nom de la contrepartie|ordenador|nome|contraparte nome|remetente|pagador|"
                      "الاسم|اسم المرسل|المرسل|اسم الدافع|الدافع|الطرف الآخر|المحول" },
  { COBRO_BANK_OTHER_ACCOUNT,
    "counterparty account|counterparty iban|account of payer|payer account|from account|sender account|"
    "cuenta ordenante|cuenta contraparte|iban ordenante|kontonummer|kontonummer iban|iban|"
    "iban zahlungsbeteiligter|iban auftraggeber|konto auftraggeber|compte contrepartie|"
    "iban contrepartie|compte du donneur d'ordre|conta contraparte|iban contraparte|"
    "conta do ordenante|حساب المرسل|رقم حساب المرسل" },
  { COBRO_BANK_TEXT,
    "description|details|memo|narrative|particulars|remittance|remittance information|payment reference|"
    "payment details|transaction details|transaction description|message|purpose|notes|note|"
    "reference text|reference|concepto|descripción|detalle|detalles|observaciones|más datos|mas datos|"
    "información adicional|glosa|referencia|movimiento|referencia 1|referencia 2|concepto ampliado|"
    "buchungstext|verwendungszweck|vorgang|vorgang verwendungszweck|text|umsatztext|zahlungsgrund|"
    "zahlungsreferenz|libellé|libellé opération|libellé simplifié|libellé de l'opération|motif|détail|"
    "détail de l'écriture|communication|informations complémentaires|référence|descrição|"
    "descritivo|histórico|detalhe|detalhes|observações|referência|mensagem|"
    "البيان|الوصف|وصف|التفاصيل|تفاصيل|ملاحظات|الغرض|المرجع|وصف العملية" },
  { COBRO_BANK_CREDITOR_REFERENCE, "creditor reference|structured reference|rf reference|structured remittance|"
                                   "referencia del acreedor|referencia estructurada|creditor referenz|"
                                   "strukturierte referenz|qr referenz|référence structurée|"
                                   "communication structurée|référence créancier|referência estruturada" },
  { COBRO_BANK_END_TO_END, "end to end id|end to end reference|end to end identification|e2e id|customer reference|"
                           "kundenreferenz|kundenreferenz end to end|ende zu ende referenz|end to end referenz|"
                           "referencia cliente|référence de bout en bout|référence client|referência do cliente" },
  { COBRO_BANK_BANK_REFERENCE, "transaction id|id|transaction reference|bank reference|transaction number|fitid|"
                               "payment id|reference number|número de operación|nº operación|id movimiento|"
                               "número de movimiento|id de transacción|transaktions id|bankreferenz|buchungsnummer|"
                               "umsatz id|buchungs id|numéro d'opération|id transaction|n° opération|"
                               "número da operação|id da transação|nº documento|رقم العملية|رقم المعاملة|رقم الحركة" },
  { COBRO_BANK_STATE,
    "status|state|booking status|transaction status|estado|situación|umsatzstatus|buchungsstatus|info|"
    "statut|état|situação|الحالة" },
  { COBRO_BANK_OWN_ACCOUNT,
    "account|account number|own account|cuenta|número de cuenta|auftragskonto|iban auftragskonto|"
    "konto|compte|numéro de compte|conta|número da conta|nº conta|الحساب|رقم الحساب" },
};

/* "Betrag in EUR", "Amount (EUR)", "Importe €": without what stands behind. */
static char *
take_currency (const char *name, CobroCurrency *out_currency)
{
  g_auto (GStrv) words = g_strsplit_set (name, " ()[]/-_.", -1);
  g_autoptr (GString) left = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      CobroCurrency currency = COBRO_CURRENCY_NONE;
      g_autofree char *code = g_ascii_strup (words[i], -1);

      if (i > 0 && cobro_currency_from_code (strcmp (words[i], "€") == 0 ? "EUR" : words[i], &currency, NULL))
        *out_currency = currency;
      else if (i == 0 || (strcmp (code, "IN") != 0 && strcmp (code, "EN") != 0))
        g_string_append_printf (left, "%s ", words[i]);
    }
  return cobro_bank_fold (left->str);
}

GHashTable *
cobro_bank_column_names (void)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_auto (GStrv) all = g_strsplit (columns[i].names, "|", -1);

      for (guint n = 0; all[n] != NULL; n++)
        {
          char *folded = cobro_bank_fold (all[n]);

          if (g_hash_table_contains (names, folded)) /* whoever is first in the table */
            g_free (folded);
          else
            g_hash_table_insert (names, folded, GUINT_TO_POINTER (columns[i].column));
        }
    }
  return names;
}

gboolean
cobro_bank_column_of (GHashTable *names, const char *name, CobroBankColumn *out_column, CobroCurrency *out_currency)
{
  g_autofree char *whole = cobro_bank_fold (name);
  g_autofree char *bare = NULL;
  gpointer column;

  *out_currency = COBRO_CURRENCY_NONE;
  bare = take_currency (name, out_currency);
  if (*whole == '\0' || (!g_hash_table_lookup_extended (names, whole, NULL, &column) &&
                         !g_hash_table_lookup_extended (names, bare, NULL, &column)))
    return FALSE;
  *out_column = (CobroBankColumn)GPOINTER_TO_UINT (column);
  return TRUE;
}
