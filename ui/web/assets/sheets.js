// What opens over the page, and what the page says in passing.

export function make(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

// Words for those who don't see the page, and a line that goes away for those who do.
export function say(words, seen = false) {
  let region = document.querySelector("#said");
  if (!region) {
    region = make("div", "", "unseen");
    region.id = "said";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = words;
  if (!seen) return;
  document.querySelector("#toast")?.remove();
  const toast = make("div", words);
  toast.id = "toast";
  toast.setAttribute("aria-hidden", "true");
  document.body.append(toast);
  setTimeout(() => toast.remove(), 3500);
}

export function dialog(id, title, ...content) {
  document.querySelector(`#${id}`)?.remove();
  const box = make("dialog", "", "sheet");
  box.id = id;
  const head = make("h2", title);
  head.id = `${id}-title`;
  box.setAttribute("aria-labelledby", head.id);
  const close = button("Close", () => box.close(), "close");
  box.append(head, close, ...content);
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

export function button(words, act, kind = "") {
  const made = make("button", words, kind);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
