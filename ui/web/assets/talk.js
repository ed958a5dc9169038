// The conversation beyond asking: kept in this browser, edited, copied, saved, rated, by keyboard.
// The page's server hands over parcels (#parcel) and takes commands (#wire); see ui/web/records.py.
import { current, forget, keep, reopen, talk, talks } from "./kept.js";
import { button, dialog, make, say } from "./sheets.js";

const KEYS_OFF = "footnote.keys-off";
const QUOTING = "footnote.quoting";
const TAKE_MS = 60; // for Gradio to take over a value that was filled in

const $ = (selector) => document.querySelector(selector);
const field = (id) => $(`#${id} :is(textarea, input)`);
const turnOf = (link) => Number(link.hash.split("-").pop());
const asking = () => Boolean($("#conversation .pending"));
const answers = () => [...document.querySelectorAll("#conversation .answer")];
const questionOf = (turn) =>
  [...document.querySelectorAll("#conversation .question")][turn - 1]?.textContent ?? "";

// To the server

function fill(id, value) {
  const box = field(id);
  const kind = box.tagName === "INPUT" ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(box, value);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

let commands = 0;
function command(words) {
  commands += 1;
  fill("wire", JSON.stringify({ ...words, number: commands }));
  setTimeout(() => $("#deliver").click(), TAKE_MS);
}

function ask(question, turn = "") {
  if (!question || asking()) return;
  fill("at", String(turn));
  fill("question", question);
  setTimeout(() => ($("#send")?.click(), sent()), TAKE_MS);
  setEditing(false);
}

// Gradio drops what is asked while it still puts the last answer away: then it is asked again.
function sent(tries = 8) {
  const words = field("question")?.value ?? "";
  const again = () => {
    if (!tries || asking() || !words || field("question")?.value !== words) return;
    $("#send").click();
    sent(tries - 1);
  };
  if (tries) setTimeout(again, 400);
}

function setEditing(on) {
  document.documentElement.classList.toggle("editing-now", on);
}

function edit(turn) {
  fill("at", String(turn));
  fill("question", questionOf(turn));
  setEditing(true);
  const box = field("question");
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

function leaveEditing() {
  if (!document.documentElement.classList.contains("editing-now")) return false;
  fill("at", "");
  fill("question", "");
  setEditing(false);
  return true;
}

// From the server

function unpack(text) {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
}

let taken = "";
function takeParcel() {
  const text = $("#parcel .parcel")?.textContent ?? "";
  if (!text || text === taken) return;
  taken = text;
  const parcel = unpack(text);
  const doing = { keep, copy: copied, file: save, rated: rate, say: (p) => say(p.text, true) };
  doing[parcel.kind]?.(parcel);
}

let fulfil = null;
function copy(turn) {
  const text = new Promise((resolve) => (fulfil = resolve));
  command({ do: "copy", turn });
  // Written in the click itself, with the text to follow: some browsers allow it at no other time.
  const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
  navigator.clipboard
    .write([new ClipboardItem({ "text/plain": blob })])
    .then(() => say("Copied, with its footnotes.", true))
    .catch(() => say("This browser did not allow copying.", true));
}

function copied(parcel) {
  fulfil?.(parcel.text);
  fulfil = null;
}

function save(parcel) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([parcel.text], { type: parcel.type }));
  link.download = parcel.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  say(`Saved as ${parcel.name}.`, true);
}

const rated = new Map();
function rate(parcel) {
  rated.set(parcel.turn, parcel.liked);
  say("Thank you. Kept on this machine, for the evaluation.", true);
  showRated();
}

function showRated() {
  for (const [turn, liked] of rated) {
    for (const kind of ["like", "dislike"]) {
      const link = $(`#conversation a.${kind}[href="#${kind}-${turn}"]`);
      const on = String((kind === "like") === liked);
      if (link && link.getAttribute("aria-pressed") !== on) link.setAttribute("aria-pressed", on);
    }
  }
}

let told = "";
function tellAnswer() {
  const log = $("#conversation [role=log]");
  if (log && log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
  const last = answers().pop();
  if (!last || asking()) return;
  const words = [...last.querySelectorAll(":scope > p:not(.acts), .card h4, .card > p")];
  const text = words.map((part) => part.textContent).join(" ");
  if (!text || text === told) return;
  told = text;
  const n = last.querySelectorAll("ol.notes li").length;
  say(`${text} ${n} ${n === 1 ? "footnote" : "footnotes"}.`);
}

function resume(name) {
  const kept = talk(name);
  if (!kept) return false;
  reopen(kept);
  rated.clear();
  command({ do: "open", talk: name, exchanges: kept.exchanges });
  return true;
}

function showTalks() {
  const list = make("ul", "", "talks");
  const kept = talks();
  for (const one of kept) {
    const row = make("li");
    const first = one.exchanges[0]?.question ?? "";
    const n = one.exchanges.length;
    const day = new Date(one.when).toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    const open = button(first, () => (resume(one.name), box.close()), "open");
    open.append(make("small", `${n} ${n === 1 ? "question" : "questions"} · ${day}`));
    const drop = button("Delete", () => {
      forget(one.name);
      if (current.get() === one.name) $("#again")?.click();
      row.remove();
      say("Deleted from this browser.");
    });
    drop.setAttribute("aria-label", `Delete “${first}”`);
    row.append(open, drop);
    list.append(row);
  }
  const none = make("p", "None yet. What you ask is kept in this browser only.");
  const box = dialog("talks", "Earlier conversations", kept.length ? list : none);
}

function showExport() {
  const formats = [
    ["markdown", "Markdown", "for notes, with footnotes"],
    ["html", "Web page", "one file that opens anywhere"],
    ["json", "JSON", "every quote with its offsets"],
  ];
  const made = formats.map(([format, name, words]) => {
    const one = button(name, () => (command({ do: "export", format }), box.close()), "choice");
    one.append(make("small", words));
    return one;
  });
  const box = dialog("export", "Save this conversation", ...made);
}

function showRating(turn, liked) {
  const label = make("label", liked ? "What was good? (optional)" : "What was wrong? (optional)");
  const reason = make("textarea");
  reason.rows = 3;
  reason.maxLength = 1000;
  label.append(reason);
  const send = button("Send", () => {
    command({ do: "feedback", turn, liked, reason: reason.value });
    box.close();
  }, "primary");
  const note = make("small", "Stays on this machine, as a case for the evaluation.");
  const box = dialog("rating", liked ? "A good answer" : "A bad answer", label, note, send);
  reason.focus();
}

const KEYS = [
  ["/", "Write a question"],
  ["Enter", "Ask it (Shift+Enter: a new line)"],
  ["j  k", "Next and previous cited passage (also → ←)"],
  ["Tab", "Through footnotes: the quote is shown, Enter opens the article"],
  ["s", "Stop answering"],
  ["r", "Ask the last question again"],
  ["u", "Edit the last question"],
  ["c", "Copy the last answer with its footnotes"],
  ["e", "Save the conversation"],
  ["h", "Earlier conversations"],
  ["n", "New conversation"],
  ["Esc", "Close what is open; cancel editing"],
  ["?", "This list"],
];

function showKeys() {
  const list = make("dl");
  for (const [key, words] of KEYS) list.append(make("dt", key), make("dd", words));
  const label = make("label", "Use single keys ", "check");
  const box = make("input");
  box.type = "checkbox";
  box.checked = !localStorage.getItem(KEYS_OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });
  label.prepend(box);
  dialog("keys", "Keyboard", list, label);
}

// What the reader does

const acts = {
  copy,
  edit,
  retry: (turn) => ask(questionOf(turn), turn),
  export: showExport,
  like: (turn) => showRating(turn, true),
  dislike: (turn) => showRating(turn, false),
  history: showTalks,
  keys: showKeys,
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.act, a.chip");
  if (link) {
    event.preventDefault();
    if (link.matches(".chip")) ask(link.textContent);
    else acts[link.hash.slice(1).split("-")[0]]?.(turnOf(link));
  }
  if (event.target.closest("#again")) {
    current.clear();
    rated.clear();
    setEditing(false);
  }
  if (event.target.closest("#send")) {
    setEditing(false);
    if (event.isTrusted) sent();
  }
});

// Who has a model left out leaves it out until they say otherwise, also after a reload.
document.addEventListener("change", (event) => {
  if (!event.target.matches("#quoting input")) return;
  if (event.target.checked) localStorage.setItem(QUOTING, "1");
  else localStorage.removeItem(QUOTING);
});

const keys = {
  "?": showKeys,
  "/": () => field("question")?.focus(),
  j: () => document.dispatchEvent(new CustomEvent("footnote:step", { detail: 1 })),
  k: () => document.dispatchEvent(new CustomEvent("footnote:step", { detail: -1 })),
  s: () => asking() && $("#stop")?.click(),
  r: () => answers().length && acts.retry(answers().length),
  u: () => answers().length && edit(answers().length),
  c: () => answers().length && copy(answers().length),
  e: showExport,
  h: showTalks,
  n: () => $("#again")?.click(),
};
keys.ArrowRight = keys.j;
keys.ArrowLeft = keys.k;

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === " " && at.matches?.("a[role=button]")) {
    event.preventDefault();
    at.click();
    return;
  }
  if (at.matches?.("#question textarea") && event.key === "Enter" && !event.shiftKey) {
    setTimeout(setEditing, 0, false);
    sent();
  }
  if (event.key === "Escape" && !$("dialog[open]")) {
    if (!leaveEditing() && at.matches?.("#question textarea")) at.blur();
    return;
  }
  const typing = at.matches?.("input, textarea, select, [contenteditable=true], [role=tab]");
  const free = !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !$("dialog[open]");
  const shown = $("#talk")?.getClientRects().length;
  if (!free || !shown || !keys[event.key] || localStorage.getItem(KEYS_OFF)) return;
  event.preventDefault();
  keys[event.key]();
});

// A reload shows the conversation of before, as soon as Gradio has made its fields.
// Until it can take a command, Gradio drops it: then it is given again.
let ready = false;
function start() {
  if (ready || !field("wire") || !field("question")) return;
  ready = true;
  if (localStorage.getItem(QUOTING)) $("#quoting input:not(:checked)")?.click();
  const name = current.get();
  if (name) setTimeout(restore, 150, name, 6);
}

function restore(name, tries) {
  if (!tries || current.get() !== name || $("#conversation .question")) return;
  if (resume(name)) setTimeout(restore, 1500, name, tries - 1);
}

function look() {
  start();
  takeParcel();
  showRated();
  tellAnswer();
}

new MutationObserver(look).observe(document.documentElement, {
  childList: true,
  subtree: true,
  characterData: true,
});
look(); // Gradio may have been quicker than this script
