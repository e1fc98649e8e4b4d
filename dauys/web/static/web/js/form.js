// Small comforts of forms; every form works the same without them.
"use strict";

const IMAGE = /^image\/(jpeg|png|webp|gif)$/;
const MEGABYTE = 1024 * 1024;

function countLetters(area) {
  const counter = document.getElementById(area.dataset.counter);
  const limit = Number(area.getAttribute("maxlength"));
  if (!counter || !limit) return;
  const show = () => {
    counter.hidden = area.value.length < limit * 0.8;
    counter.textContent = `${counter.dataset.words} ${limit - area.value.length}`;
  };
  area.addEventListener("input", show);
  show();
}

function showFiles(input) {
  const list = document.querySelector(`[data-files="${CSS.escape(input.id)}"]`);
  if (!list) return;
  input.addEventListener("change", () => {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(
      ...Array.from(input.files, (file) => {
        const row = document.createElement("li");
        if (IMAGE.test(file.type)) {
          const image = document.createElement("img");
          image.src = URL.createObjectURL(file);
          image.alt = "";
          row.append(image);
        }
        row.append(`${file.name} · ${(file.size / MEGABYTE).toFixed(1)} MB`);
        return row;
      }),
    );
    list.hidden = input.files.length === 0;
  });
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // The pressed button must stay enabled while the browser gathers the fields, or its own value is lost.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
    });
  });
}

// A browser shows its own error page when the line is gone, and the words may go with it. So where the line is known to
// be bad, a form with words first asks whether the server can be reached, and stays as it is if not.
const PATIENCE = 12000;
const SLOW = /^(slow-2g|2g|3g)$/;
let hasFailed = false;

function isDoubtful() {
  return hasFailed || !navigator.onLine || SLOW.test(navigator.connection?.effectiveType);
}

async function isReached() {
  const mark = document.querySelector('link[rel="icon"]');
  try {
    await fetch(mark.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    hasFailed = false;
    return true;
  } catch {
    return false;
  }
}

function sayUnsent(form, isUnsent) {
  form.querySelector("[data-unsent]")?.remove();
  const told = document.getElementById("unsent");
  if (isUnsent && told) form.append(told.content.cloneNode(true));
}

document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || !form.querySelector("textarea") || form.dataset.reached || !isDoubtful()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.reaching) return;
    form.dataset.reaching = "yes";
    const reached = await isReached();
    delete form.dataset.reaching;
    sayUnsent(form, !reached);
    if (!reached) return;
    form.dataset.reached = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.reached;
  },
  true,
);

// A list of many is narrowed by typing letters of a name; Enter presses its button. Without scripts the list is whole.
function narrow(input) {
  const list = document.getElementById(input.dataset.narrows);
  const button = document.getElementById(input.dataset.presses);
  if (!list || !button) return;
  const all = Array.from(list.options);
  input.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fit = all.filter((one) => words.every((word) => one.text.toLowerCase().includes(word)));
    list.replaceChildren(...(fit.length ? fit : all));
    list.selectedIndex = 0;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    button.click();
  });
}

// A draft that keeps itself must not fail in silence.
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const { target } = event.detail;
    hasFailed = true;
    if (target?.dataset.failed) target.textContent = target.dataset.failed;
  });
}

document.querySelectorAll("[data-counter]").forEach(countLetters);
document.querySelectorAll('input[type="file"]').forEach(showFiles);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelectorAll("input[data-narrows]").forEach(narrow);

// An address with an anchor takes the focus away again once the page stands; so it is given at the very end.
const first = document.querySelector("[data-focus]");
first?.focus();
window.addEventListener("load", () => setTimeout(() => first?.focus()));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// On a phone the ways scroll sideways: the current one must be in sight.
for (const here of document.querySelectorAll(".nav [aria-current], .tabs [aria-current]")) {
  const list = here.closest("ul");
  if (list.scrollWidth > list.clientWidth) {
    list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }
}

// A page brought back by the Back button must be usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }
});
