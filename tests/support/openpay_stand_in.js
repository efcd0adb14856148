// tests/support/openpay_stand_in.js — what openpay.v1.min.js is to a payment page: settings, tokens by XHR, and a form that is read by its
// data-openpay-card marks. Calls go to the origin that this script came from.
(function () {
  'use strict';
  var origin = new URL (document.currentScript.src).origin;
  var merchant = '', key = '', sandbox = false;

  function post (path, data, success, fail) {
    var request = new XMLHttpRequest ();
    request.open ('POST', origin + '/v1/' + merchant + path);
    request.setRequestHeader ('Content-Type', 'application/json');
    request.setRequestHeader ('Authorization', 'Basic ' + btoa (key + ':'));
    request.timeout = 40000;
    request.onload = function () {
      var body = JSON.parse (request.responseText);
      if (request.status >= 200 && request.status < 300) success ({ data: body, status: request.status });
      else fail ({ data: body, status: request.status, message: 'Request failed with status code ' + request.status });
    };
    request.onerror = request.ontimeout = function () { fail ({ status: 0, message: 'Network error', data: {} }); };
    request.send (JSON.stringify (data));
  }

  function create (data, success, fail) {
    if (!merchant || !key) throw new Error ('setId() and setApiKey() come first');
    if (!sandbox) throw new Error ('a stand-in takes no real cards: setSandboxMode (true)');
    post ('/tokens', data, success, fail);
  }

  function extract (form, success, fail) {
    var data = {};
    var element = typeof form === 'string' ? document.getElementById (form) : form;
    element.querySelectorAll ('[data-openpay-card]').forEach (function (input) {
      if (input.name) throw new Error ('a card field with a name would be sent to the page\'s server');
      data[input.getAttribute ('data-openpay-card')] = input.value;
    });
    create (data, success, fail);
  }

  window.OpenPay = {
    setId: function (id) { merchant = id; },
    getId: function () { return merchant; },
    setApiKey: function (text) { key = text; },
    getApiKey: function () { return key; },
    setSandboxMode: function (on) { sandbox = on === true; },
    getSandboxMode: function () { return sandbox; },
    token: { create: create, extractFormAndCreate: extract },
  };
} ());
