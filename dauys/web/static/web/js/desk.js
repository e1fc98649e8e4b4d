// The desk: an outcome by its digit, a row chosen by x, seconds that run down, a list that asks only whether it changed.
"use strict";

const here = () => document.querySelector("[data-row][data-here]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  if (digit && !event.shiftKey) {
    const radio = document.querySelectorAll("#id_outcome input[type=radio]")[Number(digit[1]) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.click();
    document.getElementById("id_text")?.focus();
  } else if (event.code === "KeyX") {
    const box = here()?.querySelector("input[type=checkbox]");
    if (box) {
      event.preventDefault();
      box.click();
    }
  }
});

// A 304 has no words in it: what was said before still stands.
document.addEventListener("htmx:configRequest", (event) => {
  const { tag } = event.target.dataset;
  if (tag) event.detail.headers["If-None-Match"] = tag;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (xhr.status === 304) event.detail.shouldSwap = false;
  else if (target.hasAttribute("data-tag")) target.dataset.tag = xhr.getResponseHeader("ETag") || "";
});

setInterval(() => {
  for (const left of document.querySelectorAll("[data-seconds]")) {
    left.textContent = String(Math.max(0, Number(left.textContent) - 1));
  }
}, 1000);
