/** Completing `/commands` in the composer: the command's word first, then what its arguments offer. */
import { h } from "./ui.js";

export function completion(field, form) {
  const list = document.getElementById("completions");
  const commands = JSON.parse(form.dataset.commands);
  const number = document.getElementById("thread").dataset.number;
  let options = [], at = 0, asked = 0;

  const close = () => {
    asked++;
    list.hidden = true;
    list.replaceChildren();
    options = [];
    field.removeAttribute("aria-activedescendant");
  };

  const draw = () => {
    list.hidden = !options.length;
    list.replaceChildren(...options.map((option, index) =>
      h("li", { id: `completion-${index}`, role: "option", "aria-selected": String(index === at), onmousedown: (event) => (event.preventDefault(), choose(index)) },
        h("b", {}, option.shown), h("small", {}, option.hint ?? ""))));
    if (options.length) field.setAttribute("aria-activedescendant", `completion-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };

  const offer = (found) => {
    options = found;
    at = 0;
    draw();
  };

  const choose = (index) => {
    field.value = options[index].text;
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  const look = async () => {
    const text = field.value;
    const typed = /^\s*([/!])([a-z-]*)$/i.exec(text);
    if (typed) {
      const [, mark, start] = typed;
      return offer(commands.filter(({ name }) => name.startsWith(start.toLowerCase()))
        .map(({ name, help }) => ({ shown: mark + name, hint: help, text: `${mark}${name} ` })));
    }
    const inside = /^\s*[/!]([a-z-]+)\s+(?:#\d+\s+)?([^\n]*)$/i.exec(text);
    const command = inside && commands.find(({ name }) => name === inside[1].toLowerCase());
    if (!command) return close();
    const words = inside[2].split(/\s+/);
    const prefix = words.at(-1);
    const turn = ++asked;
    const query = new URLSearchParams({ command: command.name, word: words.length - 1, prefix, number });
    const answer = await fetch(`/desk/complete?${query}`).catch(() => null);
    if (turn !== asked || !answer?.ok || field.value !== text) return;
    const head = text.slice(0, text.length - prefix.length);
    const found = (await answer.json()).filter(({ value }) => value.toLowerCase() !== prefix.toLowerCase());
    offer(found.map(({ value, label, hint }) => ({ shown: label, hint: [value === label ? "" : value, hint].filter(Boolean).join(" · "), text: `${head}${value} ` })));
  };

  field.addEventListener("input", look);
  field.addEventListener("blur", () => setTimeout(close, 150));

  /** True when the key was for the list. */
  const keydown = (event) => {
    if (list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = (at + step + options.length) % options.length;
      draw();
    } else if (event.key === "Tab" || (event.key === "Enter" && options[at].text.trim() !== field.value.trim())) choose(at);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  };
  return { keydown, close };
}
