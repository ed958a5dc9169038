// Footnotes of the conversation and marks of the sources pane find each other.
// Gradio renders its nodes anew whenever it likes, so nothing is bound to a node: one listener each
// on the document. A footnote is <a class="fn" href="#a2c1">; its words are <mark class="a2c1">.
"use strict";
(() => {
  const WIDE = matchMedia("(min-width: 821px)");
  const CALM = matchMedia("(prefers-reduced-motion: reduce)");
  const WAIT_MS = 4000; // for the sources of an older answer to arrive from the server
  const SHOW_MS = 90; // a pointer on its way across a mark does not ask for its quote
  const HIDE_MS = 160; // time to move from the mark into its quote
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

  function follow(link) {
    hide();
    if (!open(nameOf(link))) wanted = { name: nameOf(link), until: Date.now() + WAIT_MS };
  }

  // The quote of a mark, or how a figure was checked, beside it.
  let peeked = null;
  let timer = 0;
  let touched = false;

  function peek() {
    let box = document.querySelector("#peek");
    if (box) return box;
    box = document.createElement("div");
    box.id = "peek";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    document.body.append(box);
    return box;
  }

  function line(kind, text) {
    const made = document.createElement("p");
    made.className = kind;
    made.textContent = text;
    return made;
  }

  function show(target) {
    const note = noteOf(target);
    if (!note || target.closest(".notes, .side")) return; // the quote stands beside these already
    const box = peek();
    const cut = target.matches(".fn") ? note.lastIndexOf("” · ") : -1;
    box.replaceChildren(
      ...(cut < 0
        ? [line("says", note)]
        : [line("quote", note.slice(0, cut + 1)), line("by", note.slice(cut + 4))]),
    );
    if (touched && target.matches(".fn")) {
      const go = document.createElement("button");
      go.textContent = "Open in the article";
      go.addEventListener("click", () => follow(target));
      box.append(go);
    }
    box.hidden = false;
    peeked = target;
    const at = target.getBoundingClientRect();
    const width = box.offsetWidth;
    const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
    const below = at.bottom + 8; // the sentence that it belongs to stands above
    const fits = below + box.offsetHeight < innerHeight - 8;
    box.style.left = `${left}px`;
    box.style.top = `${fits ? below : Math.max(8, at.top - box.offsetHeight - 8)}px`;
  }

  function hide() {
    clearTimeout(timer);
    peeked = null;
    const box = document.querySelector("#peek");
    if (box) box.hidden = true;
  }

  // A browser shows a title on its own, late and in its own look: the note is kept elsewhere.
  function noteOf(target) {
    if (target.title) {
      target.dataset.note = target.title;
      target.removeAttribute("title");
    }
    return target.dataset.note || "";
  }

  const noted = (event) => event.target.closest?.("a.fn, .fig, #peek");

  document.addEventListener("pointerover", (event) => {
    const target = noted(event);
    if (event.pointerType !== "mouse" || !target) return;
    clearTimeout(timer);
    if (target.id !== "peek" && target !== peeked) timer = setTimeout(show, SHOW_MS, target);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse" || !noted(event)) return;
    clearTimeout(timer);
    timer = setTimeout(hide, HIDE_MS);
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (peeked && !noted(event)) hide();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  // A touch on the quote's button takes the focus away from the mark; it hides nothing.
  document.addEventListener("focusout", (event) => !touched && noted(event) && hide());

  document.addEventListener("click", (event) => {
    const figure = event.target.closest(".fig");
    if (figure && touched) show(figure);
    const link = event.target.closest("a.fn, a.back, a.step");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".step")) step(link.hash === "#next" ? 1 : -1);
    else if (link.matches(".back")) back(nameOf(link));
    else if (touched && peeked !== link) show(link); // a second touch, or its button, opens it
    else follow(link);
  });

  document.addEventListener("focusin", (event) => {
    const link = event.target.closest("#conversation a.fn");
    if (!link) return;
    if (marksOf(nameOf(link)).length) point(nameOf(link));
    if (link.matches(":focus-visible")) show(link);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("footnote:step", (event) => step(event.detail));

  // A new question: on a phone the page itself scrolls, so bring the question to its top.
  function followQuestion() {
    const questions = document.querySelectorAll("#conversation .question");
    if (questions.length > asked && !WIDE.matches) {
      questions[questions.length - 1].scrollIntoView({ block: "start", behavior: motion() });
    }
    asked = questions.length;
  }

  // Gradio labels a message with its source text, which here is HTML; the words say it better.
  function label() {
    for (const message of document.querySelectorAll("#conversation [aria-label*='message:']")) {
      message.removeAttribute("aria-label");
    }
    for (const link of document.querySelectorAll("a.fn[title]")) {
      link.setAttribute("aria-label", `Footnote ${link.textContent}: ${noteOf(link)}`);
    }
  }

  // New sources: show the passage that was asked for, else the first one without moving a phone's page.
  new MutationObserver(() => {
    label();
    followQuestion();
    if (peeked && !peeked.isConnected) hide();
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
