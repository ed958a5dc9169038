// The conversations that this browser keeps, each under a name of its own.
const KEPT = "footnote.talk."; // localStorage: one conversation each, so that two tabs don't clash
const CURRENT = "footnote.current"; // sessionStorage: the one that this tab shows
const MAX_TALKS = 30;
const MAX_CHARS = 150_000; // of a conversation, which has to fit a request when it is opened again

export function talk(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT + name));
    return kept && Array.isArray(kept.exchanges) ? { ...kept, name } : null;
  } catch {
    return null;
  }
}

export function talks() {
  const names = Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
  const found = names.map((key) => talk(key.slice(KEPT.length))).filter(Boolean);
  return found.sort((one, other) => other.when - one.when);
}

export function keep(parcel) {
  const before = talk(parcel.talk) ?? { dropped: 0, exchanges: [] };
  let dropped = before.dropped || 0; // the server still counts those that were too many
  const exchanges = [...before.exchanges.slice(0, parcel.at - 1 - dropped), parcel.exchange];
  while (exchanges.length > 1 && JSON.stringify(exchanges).length > MAX_CHARS) {
    exchanges.shift();
    dropped += 1;
  }
  store(parcel.talk, { when: Date.now(), dropped, exchanges });
  current.set(parcel.talk);
}

// A conversation that is opened again: the server counts from its first exchange.
export function reopen(kept) {
  store(kept.name, { when: kept.when, dropped: 0, exchanges: kept.exchanges });
  current.set(kept.name);
}

function store(name, record) {
  const text = JSON.stringify(record);
  for (const old of talks().slice(MAX_TALKS - 1)) forget(old.name);
  for (;;) {
    try {
      localStorage.setItem(KEPT + name, text);
      return;
    } catch { // full, by this page or another one of this address
      const oldest = talks().filter((kept) => kept.name !== name).pop();
      if (!oldest) return;
      forget(oldest.name);
    }
  }
}

export function forget(name) {
  localStorage.removeItem(KEPT + name);
}

export const current = {
  get: () => sessionStorage.getItem(CURRENT),
  set: (name) => sessionStorage.setItem(CURRENT, name),
  clear: () => sessionStorage.removeItem(CURRENT),
};
