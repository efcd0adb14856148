/* src/document/cobro-bank-camt.c — CAMT.053, "BankToCustomerStatement" of ISO 20022, versions 02, 04 and 08 (the others
 * differ in what is not read here). Streamed, entry by entry; a document type, and so every entity, is refused.
 * Layer: document. Any thread. */
#include "cobro-bank-private.h"
#include "cobro-error.h"

#include <libxml/xmlreader.h>
#include <string.h>

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"
#define MESSAGE   "camt.053.001."

typedef struct
{
  CobroBankFile *file;
  xmlTextReader *reader;
  char *account;  /* of the present statement */
  char *fault;    /* (nullable) what the parser said */
  guint at;       /* and on which line */
  gboolean known; /* the outermost element was looked at */
} Camt;

/* ── Elements ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static xmlNode *
first_called (xmlNode *node, const char *name, gsize n)
{
  for (; node != NULL; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strlen ((const char *)node->name) == n && memcmp (node->name, name, n) == 0)
      return node;
  return NULL;
}

/* "Refs/EndToEndId" below @node, or NULL. */
static xmlNode *
child (xmlNode *node, const char *path)
{
  while (node != NULL && *path != '\0')
    {
      gsize n = strcspn (path, "/");

      node = first_called (node->children, path, n);
      path += path[n] == '/' ? n + 1 : n;
    }
  return node;
}

static xmlNode *
next_called (xmlNode *node)
{
  return node->next != NULL ? first_called (node->next, (const char *)node->name, strlen ((const char *)node->name))
                            : NULL;
}

/* (transfer full) stripped; "" where there is no such element. */
static char *
text_of (xmlNode *node, const char *path)
{
  xmlNode *found = child (node, path);
  xmlChar *content = found != NULL ? xmlNodeGetContent (found) : NULL;
  char *text = g_strstrip (g_strdup (content != NULL ? (const char *)content : ""));

  xmlFree (content);
  return text;
}

static char *
first_text_of (xmlNode *node, const char *const *paths)
{
  for (; paths[1] != NULL; paths++)
    {
      char *text = text_of (node, paths[0]);

      if (*text != '\0')
        return text;
      g_free (text);
    }
  return text_of (node, paths[0]);
}

static gboolean
refuse (xmlNode *node, GError **error, const char *what, const char *value)
{
  cobro_error_set (error, COBRO_ERROR_INVALID, "%s: “%s” %s", (const char *)node->name, value, what);
  return cobro_bank_at_line (error, (guint)MAX (xmlGetLineNo (node), 0));
}

/* ── Amounts and dates ──────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_amount (xmlNode *node, CobroMoney *out_money, GError **error)
{
  g_autofree char *text = text_of (node, "");
  xmlChar *code = xmlGetNoNsProp (node, (const xmlChar *)"Ccy");
  g_autofree char *currency_code = g_strdup (code != NULL ? (const char *)code : "");
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  xmlFree (code);
  if (!cobro_currency_from_code (currency_code, &currency, NULL))
    return refuse (node, error, "is no currency", currency_code);
  if (text[0] == '-' || text[0] == '+' || !cobro_bank_money (text, currency, out_money, NULL))
    return refuse (node, error, "is no amount", text);
  return TRUE;
}

/* CRDT came in, DBIT went out. */
static gboolean
read_side (xmlNode *node, CobroMoney *amount, GError **error)
{
  xmlNode *indicator = child (node, "CdtDbtInd");
  g_autofree char *side = text_of (node, "CdtDbtInd");

  if (strcmp (side, "CRDT") == 0)
    return TRUE;
  if (strcmp (side, "DBIT") == 0)
    return cobro_money_negate (*amount, amount, error);
  return refuse (indicator != NULL ? indicator : node, error, "is neither CRDT nor DBIT", side);
}

/* A date, or the date of a point in time; "" where there is none. */
static gboolean
read_date (xmlNode *node, const char *name, char out_date[COBRO_DATE_SIZE], GError **error)
{
  g_autofree char *day_path = g_strconcat (name, "/Dt", NULL), *time_path = g_strconcat (name, "/DtTm", NULL);
  const char *const paths[] = { day_path, time_path, NULL };
  g_autofree char *text = first_text_of (node, paths);
  CobroDay day;

  if (*text == '\0')
    {
      out_date[0] = '\0';
      return TRUE;
    }
  if (strlen (text) > 10 && strchr ("TZ+-", text[10]) != NULL)
    text[10] = '\0';
  if (!cobro_day_from_text (text, &day, NULL))
    return refuse (child (node, name), error, "is no date", text);
  cobro_day_to_text (day, out_date);
  return TRUE;
}

/* ── One transaction ────────────────────────────────────────────────────────────────────────────────────────────── */

static void
read_remittance (xmlNode *details, CobroBankLine *line)
{
  xmlNode *info = child (details, "RmtInf");

  for (xmlNode *node = child (info, "Ustrd"); node != NULL; node = next_called (node))
    {
      g_autofree char *text = text_of (node, "");

      cobro_bank_append (&line->text, text, COBRO_BANK_TEXT_MAX);
    }
  for (xmlNode *node = child (info, "Strd"); node != NULL; node = next_called (node))
    {
      g_autofree char *reference = text_of (node, "CdtrRefInf/Ref"), *number = text_of (node, "RfrdDocInf/Nb"),
                      *more = text_of (node, "AddtlRmtInf");

      if (line->reference[0] == '\0')
        cobro_bank_set_reference (&line->reference, reference);
      else
        cobro_bank_append (&line->text, reference, COBRO_BANK_TEXT_MAX);
      cobro_bank_append (&line->text, number, COBRO_BANK_TEXT_MAX);
      cobro_bank_append (&line->text, more, COBRO_BANK_TEXT_MAX);
    }
}

static void
read_parties (xmlNode *details, CobroBankLine *line)
{
  static const char *const payers[] = { "RltdPties/UltmtDbtr/Nm", "RltdPties/UltmtDbtr/Pty/Nm", "RltdPties/Dbtr/Nm",
                                        "RltdPties/Dbtr/Pty/Nm", NULL };
  static const char *const payees[] = { "RltdPties/Cdtr/Nm", "RltdPties/Cdtr/Pty/Nm", NULL };
  static const char *const payer_accounts[] = { "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id", NULL };
  static const char *const payee_accounts[] = { "RltdPties/CdtrAcct/Id/IBAN", "RltdPties/CdtrAcct/Id/Othr/Id", NULL };
  gboolean out = cobro_money_is_negative (line->amount) != line->reversal;
  g_autofree char *name = first_text_of (details, out ? payees : payers);
  g_autofree char *account = first_text_of (details, out ? payee_accounts : payer_accounts);

  cobro_bank_set (&line->name, name, COBRO_BANK_NAME_MAX);
  cobro_bank_set_reference (&line->other_account, account);
}

/* @details: (nullable). */
static void
read_details (xmlNode *entry, xmlNode *details, CobroBankLine *line)
{
  static const char *const references[] = { "Refs/AcctSvcrRef", "Refs/TxId", NULL };
  g_autofree char *own = first_text_of (details, references), *whole = text_of (entry, "AcctSvcrRef"),
                  *end_to_end = text_of (details, "Refs/EndToEndId"), *more = text_of (details, "AddtlTxInf"),
                  *entry_more = text_of (entry, "AddtlNtryInf");

  cobro_bank_set_reference (&line->bank_reference, own);
  if (line->bank_reference[0] == '\0')
    cobro_bank_set_reference (&line->bank_reference, whole);
  cobro_bank_set_reference (&line->end_to_end, end_to_end);
  if (details != NULL)
    {
      read_remittance (details, line);
      read_parties (details, line);
    }
  if (line->text[0] == '\0')
    cobro_bank_set (&line->text, *more != '\0' ? more : entry_more, COBRO_BANK_TEXT_MAX);
}

/* ── One entry ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) what all transactions of an entry have in common. NULL with an error. */
static CobroBankLine *
read_frame (Camt *camt, xmlNode *entry, GError **error)
{
  g_autoptr (CobroBankLine) line = cobro_bank_line_new ();
  xmlNode *amount = child (entry, "Amt");
  g_autofree char *reversal = text_of (entry, "RvslInd");

  line->line = (guint)MAX (xmlGetLineNo (entry), 0);
  line->reversal = strcmp (reversal, "true") == 0 || strcmp (reversal, "1") == 0;
  cobro_bank_set (&line->account, camt->account, COBRO_BANK_REFERENCE_MAX);
  if (amount == NULL)
    {
      refuse (entry, error, "is missing", "Amt");
      return NULL;
    }
  if (!read_amount (amount, &line->amount, error) || !read_side (entry, &line->amount, error) ||
      !read_date (entry, "BookgDt", line->date, error) || !read_date (entry, "ValDt", line->value_date, error))
    return NULL;
  if (line->date[0] == '\0')
    memcpy (line->date, line->value_date, sizeof line->date);
  if (line->date[0] == '\0')
    {
      refuse (entry, error, "is missing", "BookgDt");
      return NULL;
    }
  return g_steal_pointer (&line);
}

/* What one transaction of a batch came to: its own amount in the account's currency. FALSE: it does not say. */
static gboolean
read_share (xmlNode *details, const CobroBankLine *frame, CobroMoney *out_share)
{
  static const char *const paths[] = { "Amt", "AmtDtls/TxAmt/Amt" };
  g_autofree char *side = text_of (details, "CdtDbtInd");

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      xmlNode *amount = child (details, paths[i]);

      if (amount == NULL || !read_amount (amount, out_share, NULL) ||
          cobro_money_currency (*out_share) != cobro_money_currency (frame->amount))
        continue;
      if (*side != '\0' ? strcmp (side, "DBIT") == 0 : cobro_money_is_negative (frame->amount))
        return cobro_money_negate (*out_share, out_share, NULL);
      return TRUE;
    }
  return FALSE;
}

/* (transfer container) (element-type xmlNode) an entry may group them. */
static GPtrArray *
list_details (xmlNode *entry)
{
  GPtrArray *list = g_ptr_array_new ();

  for (xmlNode *group = child (entry, "NtryDtls"); group != NULL; group = next_called (group))
    for (xmlNode *details = child (group, "TxDtls"); details != NULL; details = next_called (details))
      g_ptr_array_add (list, details);
  return list;
}

/* (transfer full) (element-type CobroMoney) one for each transaction; NULL where they do not come to the entry. */
static GArray *
read_shares (GPtrArray *list, const CobroBankLine *frame)
{
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (CobroMoney));
  CobroMoney sum = cobro_money_zero (cobro_money_currency (frame->amount)), share = frame->amount;

  if (list->len == 1)
    {
      g_array_append_val (shares, share);
      return g_steal_pointer (&shares);
    }
  for (guint i = 0; i < list->len; i++)
    {
      if (!read_share (list->pdata[i], frame, &share) || !cobro_money_add (sum, share, &sum, NULL))
        return NULL;
      g_array_append_val (shares, share);
    }
  return cobro_money_equal (sum, frame->amount) ? g_steal_pointer (&shares) : NULL;
}

static CobroBankLine *
line_like (const CobroBankLine *frame, CobroMoney amount)
{
  CobroBankLine *line = cobro_bank_line_new ();

  line->line = frame->line;
  line->reversal = frame->reversal;
  line->amount = amount;
  memcpy (line->date, frame->date, sizeof line->date);
  memcpy (line->value_date, frame->value_date, sizeof line->value_date);
  cobro_bank_set (&line->account, frame->account, COBRO_BANK_REFERENCE_MAX);
  return line;
}

/* A batch becomes one line per transaction where these say what they came to, and add up; else it stays one line with
 * all their words. */
static gboolean
add_entry (Camt *camt, xmlNode *entry, const CobroBankLine *frame, GError **error)
{
  g_autoptr (GPtrArray) list = list_details (entry);
  g_autoptr (GArray) shares = list->len > 0 ? read_shares (list, frame) : NULL;
  CobroBankLine *whole;

  for (guint i = 0; shares != NULL && i < list->len; i++)
    {
      CobroBankLine *line = line_like (frame, g_array_index (shares, CobroMoney, i));

      read_details (entry, list->pdata[i], line);
      if (!cobro_bank_add (camt->file, line, error))
        return FALSE;
    }
  if (shares != NULL)
    return TRUE;
  whole = line_like (frame, frame->amount);
  for (guint i = 0; i < list->len; i++)
    read_remittance (list->pdata[i], whole);
  read_details (entry, NULL, whole);
  return cobro_bank_add (camt->file, whole, error);
}

static gboolean
read_entry (Camt *camt, xmlNode *entry, GError **error)
{
  static const char *const states[] = { "Sts/Cd", "Sts/Prtry", "Sts", NULL }; /* a choice since version 08 */
  g_autofree char *state = first_text_of (entry, states);
  g_autoptr (CobroBankLine) frame = read_frame (camt, entry, error);

  if (frame == NULL)
    return FALSE;
  if (*state == '\0' || strcmp (state, "BOOK") == 0)
    return add_entry (camt, entry, frame, error);
  camt->file->n_pending++;
  return TRUE;
}

/* ── The document ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
on_fault (gpointer data, xmlErrorPtr fault)
{
  Camt *camt = data;

  if (camt->fault != NULL || fault->level < XML_ERR_ERROR)
    return;
  camt->fault = g_utf8_make_valid (fault->message != NULL ? fault->message : "", -1);
  g_strstrip (camt->fault);
  camt->at = (guint)MAX (fault->line, 0);
}

static gboolean
check_root (Camt *camt, GError **error)
{
  const char *space = (const char *)xmlTextReaderConstNamespaceUri (camt->reader);

  camt->known = TRUE;
  if (space != NULL && g_str_has_prefix (space, NAMESPACE MESSAGE))
    return TRUE;
  if (space != NULL && g_str_has_prefix (space, NAMESPACE))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "is a message of another kind (%s): a statement is camt.053",
                            space + strlen (NAMESPACE));
  return cobro_error_set (error, COBRO_ERROR_INVALID, "is XML, but no account statement (camt.053)");
}

static xmlNode *
expand (Camt *camt, GError **error)
{
  xmlNode *node = xmlTextReaderExpand (camt->reader);

  if (node == NULL && camt->fault == NULL)
    cobro_error_set (error, COBRO_ERROR_INVALID, "is no well-formed XML");
  return node;
}

/* FALSE: with an error, or the parser has found a fault. */
static gboolean
take_node (Camt *camt, gboolean *out_skip, GError **error)
{
  static const char *const accounts[] = { "Id/IBAN", "Id/Othr/Id", NULL };
  const char *name = (const char *)xmlTextReaderConstLocalName (camt->reader);
  int type = xmlTextReaderNodeType (camt->reader), depth = xmlTextReaderDepth (camt->reader);
  xmlNode *node;

  *out_skip = FALSE;
  if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "has a document type, which no statement has");
  if (type != XML_READER_TYPE_ELEMENT)
    return TRUE;
  if (!camt->known && !check_root (camt, error))
    return FALSE;
  if (depth == 2)
    g_clear_pointer (&camt->account, g_free);
  if (depth != 3 || (strcmp (name, "Acct") != 0 && strcmp (name, "Ntry") != 0))
    return TRUE;
  *out_skip = TRUE;
  if ((node = expand (camt, error)) == NULL)
    return FALSE;
  if (strcmp (name, "Ntry") == 0)
    return read_entry (camt, node, error);
  g_free (camt->account);
  camt->account = first_text_of (node, accounts);
  return TRUE;
}

static gboolean
read_document (Camt *camt, GError **error)
{
  gboolean skip = FALSE;
  int read;

  while ((read = skip ? xmlTextReaderNext (camt->reader) : xmlTextReaderRead (camt->reader)) == 1)
    if (!take_node (camt, &skip, error))
      break;
  if (error != NULL && *error != NULL)
    return FALSE;
  if (read == 0 && camt->known)
    return TRUE;
  cobro_error_set (error, COBRO_ERROR_INVALID, "is no well-formed XML: %s",
                   camt->fault != NULL ? camt->fault : "it ends too early");
  return camt->at != 0 ? cobro_bank_at_line (error, camt->at) : FALSE;
}

gboolean
cobro_bank_read_camt (CobroBankFile *file, GBytes *bytes, GError **error)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);
  Camt camt = { .file = file };
  g_autoptr (GError) failure = NULL;
  gboolean read;

  file->format = COBRO_BANK_CAMT053;
  camt.reader = xmlReaderForMemory (data, (int)n, NULL, NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
  if (camt.reader == NULL)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "is no well-formed XML");
  xmlTextReaderSetStructuredErrorHandler (camt.reader, (xmlStructuredErrorFunc)on_fault, &camt);
  read = read_document (&camt, &failure);
  xmlFreeTextReader (camt.reader);
  g_free (camt.account);
  g_free (camt.fault);
  if (!read)
    g_propagate_error (error, g_steal_pointer (&failure));
  return read;
}
