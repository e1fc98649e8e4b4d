// Keys of the desk: j and k walk rows, Enter opens, / searches, ? shows the keys, data-key presses a button.
"use strict";

const rows = () => Array.from(document.querySelectorAll("[data-rows] [data-row]:not([data-leaving])"));

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable], [role=application]") !== null;
}

function step(by) {
  const all = rows();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.hasAttribute("data-here"));
  go(all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by))]);
}

function go(row) {
  for (const other of document.querySelectorAll("[data-here]")) other.removeAttribute("data-here");
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
  // On a Kazakh layout even the row of digits gives letters.
  const board = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  const key = board && !(board[1] >= "0" && event.shiftKey) ? board[1].toLowerCase() : event.key;
  if (key === "Enter" && event.target === document.body) {
    document.querySelector("[data-here] [data-open]")?.click();
  } else if (KEYS[key]) {
    event.preventDefault();
    KEYS[key]();
  } else if (key.length === 1 && press(key)) {
    event.preventDefault();
  }
});

// A row that settles something leaves the list: the next one has the keys at once, before the server has answered.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("form[data-settles]")) return;
  const row = event.target.closest("[data-row]");
  const after = rows();
  const next = after[after.indexOf(row) + 1] || after[after.indexOf(row) - 1];
  row.setAttribute("data-leaving", "");
  row.querySelector("[data-when-failed]").hidden = true;
  if (next) go(next);
});

function failed(event) {
  const row = event.target.closest?.("[data-leaving]");
  if (!row) return;
  row.removeAttribute("data-leaving");
  row.querySelector("[data-when-failed]").hidden = false;
  go(row);
}
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:timeout", failed);

document.addEventListener("htmx:afterSettle", () => {
  const empty = document.querySelector("[data-when-empty]");
  if (!empty) return;
  const left = rows();
  const here = left.filter((row) => row.hasAttribute("data-here"));
  if (left.length > 0 && here.length !== 1) go(here[0] || left[0]);
  empty.hidden = document.querySelector("[data-rows] [data-row], [data-more]") !== null;
});
