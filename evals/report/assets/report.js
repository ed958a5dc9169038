/* Chooses among the cards of the failed cases; without it all of them are shown. */
"use strict";
(() => {
  const form = document.querySelector(".filters");
  if (!form) return;
  const cards = [...document.querySelectorAll(".card")];
  const selects = [...form.querySelectorAll("select")];
  const words = form.querySelector("#words");
  const shown = form.querySelector("#shown");
  const texts = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));

  function choose() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const card of cards) {
      const fits = selects.every(
        ({ value, dataset }) => !value || card.dataset[dataset.by].includes(`\n${value}\n`));
      card.hidden = !(fits && wanted.every((word) => texts.get(card).includes(word)));
      n += !card.hidden;
    }
    shown.textContent = n === cards.length ? `${n} shown` : `${n} of ${cards.length} shown`;
  }

  function reset() {
    for (const select of selects) select.value = "";
    words.value = "";
    choose();
  }

  // A link leads to its card also when the card is filtered out.
  function follow() {
    const card = document.getElementById(location.hash.slice(1));
    if (!card || !card.hidden) return;
    reset();
    card.scrollIntoView();
  }

  form.hidden = false;
  form.addEventListener("input", choose);
  form.querySelector("#reset").addEventListener("click", reset);
  addEventListener("hashchange", follow);
  choose();
})();
