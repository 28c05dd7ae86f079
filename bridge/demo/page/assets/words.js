/** Everything this page says, in the language of whoever looks at it. */

export const facts = JSON.parse(document.getElementById("facts").textContent);
const KEY = "deskbridge-demo:language";

let language = localStorage.getItem(KEY) ?? document.documentElement.dataset.language;

export const spoken = () => language;
export const tag = () => language.replace("_", "-");

/** The text of a key, with `{names}` filled. */
export const t = (key, values = {}) =>
  (facts.words[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Speaks this language from now on, everywhere on the page. */
export function speak(wanted = language) {
  language = wanted in facts.words ? wanted : "en";
  document.documentElement.lang = tag();
  document.documentElement.dataset.language = language;
  document.title = `${t("title")} · ${facts.brand}`;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
  for (const node of document.querySelectorAll("button[data-language]")) {
    node.setAttribute("aria-pressed", String(node.dataset.language === language));
  }
}

/** Speaks another language and remembers it. */
export function choose(wanted) {
  localStorage.setItem(KEY, wanted);
  speak(wanted);
}

/** A request that changes something of the demo; the answer's JSON. */
export async function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
