// The code scanned from a receipt stands behind "#", which no browser sends anywhere: put it into the form
// and take it out of the address, so that it stays in no history.
"use strict";

const scanned = decodeURIComponent(location.hash.slice(1));
const code = document.querySelector("[data-track] [name=code]");
if (code && /^[0-9A-Za-z-]{28,40}$/.test(scanned)) {
  code.value = scanned;
  history.replaceState(null, "", location.pathname + location.search);
}
