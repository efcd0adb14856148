/* src/document/cobro-einvoice.c — EN 16931 written as UBL 2.1 (libxml2). The order of the elements is the schema's.
 * Layer: document. Any thread. */
#include "cobro-einvoice.h"
#include "cobro-einvoice-model.h"
#include "cobro-error.h"

#include <libxml/xmlwriter.h>
#include <string.h>

#define NAMESPACE_INVOICE "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
#define NAMESPACE_CREDIT  "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
#define NAMESPACE_CAC     "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
#define NAMESPACE_CBC     "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
#define CUSTOMIZATION     "urn:cen.eu:en16931:2017"

typedef struct
{
  xmlTextWriter *xml;
  const CobroEinvoice *einvoice;
  const CobroInvoice *invoice;
  gboolean credit;
} Ubl;

/* ── Elements ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
begin (Ubl *ubl, const char *name)
{
  xmlTextWriterStartElement (ubl->xml, BAD_CAST name);
}

static void
end (Ubl *ubl)
{
  xmlTextWriterEndElement (ubl->xml);
}

/* (transfer full) without what XML 1.0 cannot hold. The books take no such text; an XML that nobody can open would be
 * worse than a missing character. */
static char *
clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF))
        g_string_append_unichar (out, c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Nothing for "". The writer escapes. */
static void
put (Ubl *ubl, const char *name, const char *text)
{
  g_autofree char *shown = clean (text);

  if (shown[0] != '\0')
    xmlTextWriterWriteElement (ubl->xml, BAD_CAST name, BAD_CAST shown);
}

static void
put_with (Ubl *ubl, const char *name, const char *attribute, const char *value, const char *text)
{
  begin (ubl, name);
  xmlTextWriterWriteAttribute (ubl->xml, BAD_CAST attribute, BAD_CAST value);
  xmlTextWriterWriteString (ubl->xml, BAD_CAST text);
  end (ubl);
}

static void
put_money (Ubl *ubl, const char *name, CobroMoney money)
{
  g_autofree char *text = cobro_money_to_decimal (money);

  put_with (ubl, name, "currencyID", cobro_currency_code (ubl->invoice->currency), text);
}

static void
put_scheme (Ubl *ubl, const char *scheme)
{
  begin (ubl, "cac:TaxScheme");
  put (ubl, "cbc:ID", scheme);
  end (ubl);
}

/* Rates are absent for what is not subject to VAT (BR-O-05). */
static void
put_category (Ubl *ubl, const char *name, CobroTaxCategory category, CobroDecimal rate, gboolean with_reason)
{
  g_autofree char *percent = cobro_decimal_to_text (rate);

  begin (ubl, name);
  put (ubl, "cbc:ID", cobro_tax_category_code (category));
  if (category != COBRO_TAX_OUTSIDE)
    put (ubl, "cbc:Percent", percent);
  if (with_reason)
    {
      put (ubl, "cbc:TaxExemptionReasonCode", cobro_einvoice_reason_code (category));
      put (ubl, "cbc:TaxExemptionReason", cobro_einvoice_reason (category));
    }
  put_scheme (ubl, "VAT");
  end (ubl);
}

/* ── People ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
put_address (Ubl *ubl, const char *name, const CobroAddress *address)
{
  g_auto (GStrv) street = g_strsplit (address->street, "\n", 3);

  begin (ubl, name);
  put (ubl, "cbc:StreetName", street[0] != NULL ? street[0] : "");
  if (street[0] != NULL && street[1] != NULL)
    put (ubl, "cbc:AdditionalStreetName", street[1]);
  put (ubl, "cbc:CityName", address->city);
  put (ubl, "cbc:PostalZone", address->postal_code);
  put (ubl, "cbc:CountrySubentity", address->region);
  if (street[0] != NULL && street[1] != NULL && street[2] != NULL)
    {
      begin (ubl, "cac:AddressLine");
      put (ubl, "cbc:Line", street[2]);
      end (ubl);
    }
  begin (ubl, "cac:Country");
  put (ubl, "cbc:IdentificationCode", address->country);
  end (ubl);
  end (ubl);
}

static void
put_tax_number (Ubl *ubl, const char *number, const char *scheme)
{
  if (number[0] == '\0')
    return;
  begin (ubl, "cac:PartyTaxScheme");
  put (ubl, "cbc:CompanyID", number);
  put_scheme (ubl, scheme);
  end (ubl);
}

static void
put_contact (Ubl *ubl, const CobroParty *party)
{
  if (party->contact[0] == '\0' && party->phone[0] == '\0' && party->email[0] == '\0')
    return;
  begin (ubl, "cac:Contact");
  put (ubl, "cbc:Name", party->contact);
  put (ubl, "cbc:Telephone", party->phone);
  put (ubl, "cbc:ElectronicMail", party->email);
  end (ubl);
}

static void
put_party (Ubl *ubl, const char *name, const CobroParty *party, const char *vat, const char *tax)
{
  begin (ubl, name);
  begin (ubl, "cac:Party");
  put_address (ubl, "cac:PostalAddress", &party->address);
  if (!ubl->einvoice->outside)
    put_tax_number (ubl, vat, "VAT");
  put_tax_number (ubl, tax, "TAX");
  begin (ubl, "cac:PartyLegalEntity");
  put (ubl, "cbc:RegistrationName", party->name);
  put (ubl, "cbc:CompanyID", party->registration);
  end (ubl);
  put_contact (ubl, party);
  end (ubl);
  end (ubl);
}

/* ── The head ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
put_reference (Ubl *ubl)
{
  if (!ubl->credit || ubl->invoice->corrects_number[0] == '\0')
    return;
  begin (ubl, "cac:BillingReference");
  begin (ubl, "cac:InvoiceDocumentReference");
  put (ubl, "cbc:ID", ubl->invoice->corrects_number);
  put (ubl, "cbc:IssueDate", ubl->invoice->corrects_date);
  end (ubl);
  end (ubl);
}

static void
put_head (Ubl *ubl)
{
  const CobroInvoice *invoice = ubl->invoice;

  put (ubl, "cbc:CustomizationID", CUSTOMIZATION);
  put (ubl, "cbc:ID", invoice->number);
  put (ubl, "cbc:IssueDate", invoice->issue_date);
  if (!ubl->credit)
    put (ubl, "cbc:DueDate", invoice->due_date);
  put (ubl, ubl->credit ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", ubl->credit ? "381" : "380");
  put (ubl, "cbc:Note", invoice->notes);
  put (ubl, "cbc:DocumentCurrencyCode", cobro_currency_code (invoice->currency));
  put (ubl, "cbc:BuyerReference", invoice->reference);
  put_reference (ubl);
}

/* BG-13. The address only where goods go to another one, or where the tax depends on it (BR-IC-12). */
static void
put_delivery (Ubl *ubl)
{
  const CobroInvoice *invoice = ubl->invoice;
  const CobroAddress *to = cobro_address_is_empty (&invoice->delivery) ? &invoice->buyer.address : &invoice->delivery;

  begin (ubl, "cac:Delivery");
  put (ubl, "cbc:ActualDeliveryDate", invoice->delivery_date[0] != '\0' ? invoice->delivery_date : invoice->issue_date);
  begin (ubl, "cac:DeliveryLocation");
  put_address (ubl, "cac:Address", to);
  end (ubl);
  end (ubl);
}

/* (transfer full) without the blanks between the groups. */
static char *
compact (const char *text)
{
  g_auto (GStrv) groups = g_strsplit (text, " ", -1);

  return g_strjoinv ("", groups);
}

/* 58: a SEPA credit transfer, 30: any other one, 1: not said. */
static void
put_payment (Ubl *ubl)
{
  const CobroInvoice *invoice = ubl->invoice;
  g_autofree char *iban = compact (invoice->iban);
  gboolean transfer = iban[0] != '\0' && !ubl->credit;
  const char *code = !transfer ? "1" : g_str_equal (cobro_currency_code (invoice->currency), "EUR") ? "58" : "30";

  begin (ubl, "cac:PaymentMeans");
  put (ubl, "cbc:PaymentMeansCode", code);
  if (ubl->credit)
    put (ubl, "cbc:PaymentDueDate", invoice->due_date);
  put (ubl, "cbc:PaymentID", invoice->number);
  if (transfer)
    {
      begin (ubl, "cac:PayeeFinancialAccount");
      put (ubl, "cbc:ID", iban);
      if (invoice->bic[0] != '\0')
        {
          begin (ubl, "cac:FinancialInstitutionBranch");
          put (ubl, "cbc:ID", invoice->bic);
          end (ubl);
        }
      end (ubl);
    }
  end (ubl);
}

/* ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
put_allowance (Ubl *ubl, gboolean charge, CobroMoney amount, const CobroEinvoiceTax *tax)
{
  if (cobro_money_is_zero (amount))
    return;
  begin (ubl, "cac:AllowanceCharge");
  put (ubl, "cbc:ChargeIndicator", charge ? "true" : "false");
  put (ubl, "cbc:AllowanceChargeReasonCode", charge ? "FC" : "95"); /* UNCL 7161 freight, UNCL 5189 discount */
  put (ubl, "cbc:AllowanceChargeReason", charge ? "Shipping" : "Discount");
  put_money (ubl, "cbc:Amount", amount);
  put_category (ubl, "cac:TaxCategory", tax->category, tax->rate, FALSE);
  end (ubl);
}

static void
put_allowances (Ubl *ubl)
{
  for (guint i = 0; i < ubl->einvoice->taxes->len; i++)
    {
      const CobroEinvoiceTax *tax = ubl->einvoice->taxes->pdata[i];

      put_allowance (ubl, FALSE, tax->allowance, tax);
      put_allowance (ubl, TRUE, tax->charge, tax);
    }
}

static void
put_taxes (Ubl *ubl)
{
  begin (ubl, "cac:TaxTotal");
  put_money (ubl, "cbc:TaxAmount", ubl->invoice->totals->tax);
  for (guint i = 0; i < ubl->einvoice->taxes->len; i++)
    {
      const CobroEinvoiceTax *tax = ubl->einvoice->taxes->pdata[i];

      begin (ubl, "cac:TaxSubtotal");
      put_money (ubl, "cbc:TaxableAmount", tax->base);
      put_money (ubl, "cbc:TaxAmount", tax->tax);
      put_category (ubl, "cac:TaxCategory", tax->category, tax->rate, TRUE);
      end (ubl);
    }
  end (ubl);
}

static gboolean
put_totals (Ubl *ubl, GError **error)
{
  const CobroInvoiceTotals *totals = ubl->invoice->totals;
  CobroMoney with_tax;

  if (!cobro_money_add (totals->subtotal, totals->tax, &with_tax, error))
    return FALSE;
  begin (ubl, "cac:LegalMonetaryTotal");
  put_money (ubl, "cbc:LineExtensionAmount", ubl->einvoice->lines_total);
  put_money (ubl, "cbc:TaxExclusiveAmount", totals->subtotal);
  put_money (ubl, "cbc:TaxInclusiveAmount", with_tax);
  if (!cobro_money_is_zero (ubl->einvoice->allowances))
    put_money (ubl, "cbc:AllowanceTotalAmount", ubl->einvoice->allowances);
  if (!cobro_money_is_zero (ubl->einvoice->charges))
    put_money (ubl, "cbc:ChargeTotalAmount", ubl->einvoice->charges);
  if (!cobro_money_is_zero (totals->rounding))
    put_money (ubl, "cbc:PayableRoundingAmount", totals->rounding);
  put_money (ubl, "cbc:PayableAmount", totals->total);
  end (ubl);
  return TRUE;
}

/* The first line of the description is the item's name (BT-153), the whole is its description (BT-154). */
static void
put_item (Ubl *ubl, const CobroInvoiceLine *line)
{
  g_auto (GStrv) words = g_strsplit (line->description, "\n", 2);

  begin (ubl, "cac:Item");
  if (words[1] != NULL)
    put (ubl, "cbc:Description", words[1]);
  put (ubl, "cbc:Name", words[0]);
  put_category (ubl, "cac:ClassifiedTaxCategory", line->tax_category, line->tax_rate, FALSE);
  end (ubl);
}

static void
put_line (Ubl *ubl, guint i)
{
  const CobroEinvoiceLine *line = ubl->einvoice->lines->pdata[i];
  g_autofree char *number = g_strdup_printf ("%u", i + 1);

  begin (ubl, ubl->credit ? "cac:CreditNoteLine" : "cac:InvoiceLine");
  put (ubl, "cbc:ID", number);
  put_with (ubl, ubl->credit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", "unitCode", line->unit, line->quantity);
  put_money (ubl, "cbc:LineExtensionAmount", line->net);
  if (cobro_money_is_set (line->allowance) && !cobro_money_is_zero (line->allowance))
    {
      begin (ubl, "cac:AllowanceCharge");
      put (ubl, "cbc:ChargeIndicator", "false");
      put (ubl, "cbc:AllowanceChargeReasonCode", "95");
      put (ubl, "cbc:AllowanceChargeReason", "Discount");
      put_money (ubl, "cbc:Amount", line->allowance);
      end (ubl);
    }
  put_item (ubl, line->line);
  begin (ubl, "cac:Price");
  put_with (ubl, "cbc:PriceAmount", "currencyID", cobro_currency_code (ubl->invoice->currency), line->price);
  end (ubl);
  end (ubl);
}

static gboolean
put_document (Ubl *ubl, GError **error)
{
  const CobroEinvoice *einvoice = ubl->einvoice;

  begin (ubl, ubl->credit ? "CreditNote" : "Invoice");
  xmlTextWriterWriteAttribute (ubl->xml, BAD_CAST "xmlns",
                               BAD_CAST (ubl->credit ? NAMESPACE_CREDIT : NAMESPACE_INVOICE));
  xmlTextWriterWriteAttribute (ubl->xml, BAD_CAST "xmlns:cac", BAD_CAST NAMESPACE_CAC);
  xmlTextWriterWriteAttribute (ubl->xml, BAD_CAST "xmlns:cbc", BAD_CAST NAMESPACE_CBC);
  put_head (ubl);
  put_party (ubl, "cac:AccountingSupplierParty", &ubl->invoice->seller, einvoice->seller_vat, einvoice->seller_tax);
  put_party (ubl, "cac:AccountingCustomerParty", &ubl->invoice->buyer, einvoice->buyer_vat, "");
  put_delivery (ubl);
  put_payment (ubl);
  put_allowances (ubl);
  put_taxes (ubl);
  if (!put_totals (ubl, error))
    return FALSE;
  for (guint i = 0; i < einvoice->lines->len; i++)
    put_line (ubl, i);
  end (ubl);
  return TRUE;
}

static char *
write_document (const CobroEinvoice *einvoice, GError **error)
{
  xmlBuffer *buffer = xmlBufferCreate ();
  Ubl ubl = { .xml = xmlNewTextWriterMemory (buffer, 0),
              .einvoice = einvoice,
              .invoice = einvoice->invoice,
              .credit = einvoice->invoice->kind == COBRO_INVOICE_CREDIT_NOTE };
  char *text = NULL;
  gboolean fine;

  xmlTextWriterSetIndent (ubl.xml, 1);
  xmlTextWriterStartDocument (ubl.xml, NULL, "UTF-8", NULL);
  fine = put_document (&ubl, error);
  xmlTextWriterEndDocument (ubl.xml);
  xmlFreeTextWriter (ubl.xml);
  if (fine)
    text = g_strdup ((const char *)xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  return text;
}

char *
cobro_einvoice_to_ubl (const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroEinvoice) einvoice = cobro_einvoice_new (invoice, error);
  g_autoptr (GPtrArray) broken = NULL;

  if (einvoice == NULL)
    return NULL;
  broken = cobro_einvoice_broken (einvoice);
  if (broken->len > 0)
    {
      cobro_error_set (error, COBRO_ERROR_INVALID, "%s", (const char *)broken->pdata[0]);
      return NULL;
    }
  return write_document (einvoice, error);
}

GPtrArray *
cobro_einvoice_check (const CobroInvoice *invoice)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (CobroEinvoice) einvoice = cobro_einvoice_new (invoice, &fault);
  GPtrArray *broken;

  if (einvoice != NULL)
    return cobro_einvoice_broken (einvoice);
  broken = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (broken, g_strdup (fault->message));
  return broken;
}
