// tests/support/openpay_stand_in_data.js — what openpay-data.v1.min.js adds: the device session, as value and as hidden input of a form.
(function () {
  'use strict';
  window.OpenPay.deviceData = {
    setup: function (form, name) {
      var bytes = crypto.getRandomValues (new Uint8Array (16));
      var session = Array.from (bytes, function (byte) { return byte.toString (16).padStart (2, '0'); }).join ('');
      var element = typeof form === 'string' ? document.getElementById (form) : form;
      if (element) {
        var input = document.createElement ('input');
        input.type = 'hidden';
        input.name = input.id = name || 'deviceDataId';
        input.value = session;
        element.appendChild (input);
      }
      return session;
    },
  };
} ());
