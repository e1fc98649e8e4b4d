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

// What stands in a row belongs to the row the keys are on: never is another row pressed in its place.
function find(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const here = document.querySelector("[data-here]:not([data-leaving])")?.querySelector(selector);
  return here || Array.from(document.querySelectorAll(selector)).find((one) => !one.closest("[data-row]"));
}

function press(key, isHeld) {
  const target = find(key);
  if (!target) return false;
  if (target.matches("input, textarea, select")) {
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.focus();
  } else if (target.form?.matches("[data-settles]")) {
    settle(target, isHeld);
  } else if (!isHeld) {
    target.click();
  }
  return true;
}

// The row under the keys has changed within a blink of the last press: a key pressed twice means the first row only.
const BLINK = 250;
let settledAt = -BLINK;

function settle(button, isHeld) {
  if (isHeld || performance.now() - settledAt < BLINK) return;
  settledAt = performance.now();
  button.click();
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
  if (event.key === "Enter" && event.target.matches("form[data-settles] select") && event.target.value) {
    event.preventDefault();
    settle(event.target.form.querySelector("button"), event.repeat);
    return;
  }
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
  } else if (key.length === 1 && press(key, event.repeat)) {
    event.preventDefault();
  }
});

// A row that settles something leaves the list: the next one has the keys at once, before the server has answered.
const FEW = 6;
const settled = [];
let told = -1;

document.addEventListener("htmx:beforeRequest", (event) => {
  const failure = event.target.querySelector?.("[data-when-failed]");
  if (failure) failure.hidden = true;
  if (!event.target.matches("form[data-settles]")) return;
  const row = event.target.closest("[data-row]");
  const all = rows();
  const next = all[all.indexOf(row) + 1] || all[all.indexOf(row) - 1];
  row.setAttribute("data-leaving", "");
  row.removeAttribute("data-here");
  row.querySelector("[data-when-failed]").hidden = true;
  settled.push(event.detail.pathInfo.requestPath);
  if (next) go(next);
  more();
});

// While the list is short its next part is fetched, so that the next row is there before it is needed.
function more() {
  const link = document.querySelector("[data-more]");
  if (link && rows().length <= FEW) htmx.trigger(link, "more");
}

function failed(event) {
  const row = event.target.closest?.("[data-leaving]");
  const notice = (row || event.target).querySelector?.("[data-when-failed]");
  if (notice) notice.hidden = false;
  if (!row) return;
  row.removeAttribute("data-leaving");
  if (!isTyping(document.activeElement)) go(row);
  isEmpty();
}
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:timeout", failed);

// Led elsewhere (to the door, when the session has ended): the answer is another page, not a part of this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === pathInfo.requestPath.split("?")[0]) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// Two answers may overtake each other: the way back leads to what was done last.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const what = event.detail.fragment.querySelector?.("[name=what]")?.value;
  const at = what ? settled.findLastIndex((path) => path.endsWith(`/${what}/`)) : told;
  if (at < told) event.detail.shouldSwap = false;
  else told = at;
});

function isEmpty() {
  const empty = document.querySelector("[data-when-empty]");
  if (!empty) return;
  const isDone = document.querySelector("[data-rows] [data-row], [data-more]") === null;
  const isNew = isDone && empty.hidden;
  empty.hidden = !isDone;
  for (const one of document.querySelectorAll("[data-while-rows]")) one.hidden = isDone;
  if (isNew) empty.querySelector("h2").focus();
}

document.addEventListener("htmx:afterSettle", () => {
  const left = rows();
  const here = left.filter((row) => row.hasAttribute("data-here"));
  if (left.length > 0 && document.querySelector("[data-when-empty]")) {
    if (here.length !== 1) go(here[0] || left[0]);
    // What left above has moved the rest up: a tall row would be seen from its end.
    const row = here[0] || left[0];
    const focused = document.activeElement;
    if (isTyping(focused)) focused.scrollIntoView({ block: "nearest" });
    else if (row.contains(focused) && row.getBoundingClientRect().top < 0) row.scrollIntoView({ block: "start" });
  }
  isEmpty();
  more();
});
