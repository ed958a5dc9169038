// Footnotes of the conversation and marks of the sources pane find each other.
// Gradio renders its nodes anew whenever it likes, so nothing is bound to a node: one listener each
// on the document. A footnote is <a class="fn" href="#a2c1">; its words are <mark class="a2c1">.
"use strict";
(() => {
  const WIDE = matchMedia("(min-width: 821px)");
  const CALM = matchMedia("(prefers-reduced-motion: reduce)");
  const WAIT_MS = 4000; // for the sources of an older answer to arrive from the server
  let wanted = null;
  let asked = 0;

  const pane = () => document.querySelector("#source");
  const marksOf = (name) => [...document.querySelectorAll(`#source mark.${CSS.escape(name)}`)];
  const nameOf = (link) => decodeURIComponent(link.hash.slice(1));
  const motion = () => (CALM.matches ? "auto" : "smooth");

  function reveal(element, how) {
    const box = pane();
    if (!WIDE.matches) {
      element.scrollIntoView({ block: "center", behavior: how });
      return;
    }
    const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top > 60 && top < box.clientHeight * 0.7) return;
    box.scrollTo({ top: box.scrollTop + top - box.clientHeight / 3, behavior: how });
  }

  // Cited passages in reading order, each once, by name.
  function passages() {
    const names = [];
    for (const mark of document.querySelectorAll("#source mark")) {
      for (const name of mark.classList) {
        if (name !== "now" && !names.includes(name)) names.push(name);
      }
    }
    return names;
  }

  function point(name) {
    for (const old of document.querySelectorAll("#source mark.now")) old.classList.remove("now");
    for (const mark of marksOf(name)) mark.classList.add("now");
    for (const link of document.querySelectorAll("#conversation a.fn")) {
      link.classList.toggle("now", nameOf(link) === name);
    }
    const names = passages();
    const where = document.querySelector("#source .where");
    if (where) where.textContent = `${names.indexOf(name) + 1} of ${names.length} cited passages`;
    pane().dataset.at = name;
  }

  function open(name, how = motion()) {
    const marks = marksOf(name);
    if (!marks.length) return false;
    point(name);
    reveal(marks[0], how);
    return true;
  }

  function step(by) {
    const names = passages();
    if (!names.length) return;
    const at = names.indexOf(pane().dataset.at);
    open(names[(at + by + names.length) % names.length]);
  }

  function back(name) {
    const link = document.querySelector(`#conversation a.fn[href="#${CSS.escape(name)}"]`);
    if (!link) return;
    point(name);
    link.scrollIntoView({ block: "center", behavior: motion() });
    link.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.fn, a.back, a.step");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".step")) step(link.hash === "#next" ? 1 : -1);
    else if (link.matches(".back")) back(nameOf(link));
    else if (!open(nameOf(link))) {
      wanted = { name: nameOf(link), until: Date.now() + WAIT_MS };
    }
  });

  document.addEventListener("focusin", (event) => {
    const link = event.target.closest("#conversation a.fn");
    if (link && marksOf(nameOf(link)).length) point(nameOf(link));
  });

  // A new question: on a phone the page itself scrolls, so bring the question to its top.
  function follow() {
    const questions = document.querySelectorAll("#conversation .question");
    if (questions.length > asked && !WIDE.matches) {
      questions[questions.length - 1].scrollIntoView({ block: "start", behavior: motion() });
    }
    asked = questions.length;
  }

  // New sources: show the passage that was asked for, else the first one without moving a phone's page.
  new MutationObserver(() => {
    // Gradio labels a message with its source text, which here is HTML; the words say it better.
    for (const message of document.querySelectorAll("#conversation [aria-label*='message:']")) {
      message.removeAttribute("aria-label");
    }
    follow();
    if (wanted && (Date.now() > wanted.until || open(wanted.name))) wanted = null;
    if (wanted || document.querySelector("#source mark.now")) return;
    const [first] = passages();
    if (!first) return;
    point(first);
    if (!WIDE.matches) return;
    pane().scrollTop = 0;
    reveal(marksOf(first)[0], "auto");
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
