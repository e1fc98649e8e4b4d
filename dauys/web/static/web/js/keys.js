// Keys of the desk: j and k walk rows, Enter opens, / searches, ? shows the keys, data-key presses a button.
"use strict";

const rows = () => Array.from(document.querySelectorAll("[data-rows] [data-row]"));

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable], [role=application]") !== null;
}

function step(by) {
  const all = rows();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.hasAttribute("data-here"));
  const next = now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by));
  for (const row of all) row.removeAttribute("data-here");
  const row = all[next];
  row.setAttribute("data-here", "");
  (row.querySelector("[data-open]") || row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const here = document.querySelector("[data-here]");
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const target = here?.querySelector(selector) || document.querySelector(selector);
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => {
    const help = document.querySelector("[data-keys]");
    if (!help) return;
    help.open = !help.open;
    help.querySelector("summary")?.focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    const { form } = event.target;
    form?.requestSubmit(form.querySelector('button[data-kind="strong"]'));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (isTyping(event.target)) return;
  // With a Kazakh or Russian layout the letter differs, the key on the board does not.
  const key = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
  if (key === "Enter" && event.target === document.body) {
    document.querySelector("[data-here] [data-open]")?.click();
  } else if (KEYS[key]) {
    event.preventDefault();
    KEYS[key]();
  } else if (key.length === 1 && press(key)) {
    event.preventDefault();
  }
});
