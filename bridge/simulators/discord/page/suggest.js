/** What a word that is being typed may become: a command, its options and their values, a person, a channel. */
import { headOf, isSub, optionsOf, typedAs, written } from "./command.js";
import { tag } from "./words.js";

const MOST = 10;

/** `[{ word, label, hint, length, open }]` for the text before the cursor; `length` of it is replaced. */
export async function suggest(before, store, { channel }) {
  if (before.startsWith("/")) return commanding(before, store, channel);
  const found = before.match(/(?:^|\s)([@#])([\w.-]*)$/);
  if (!found) return [];
  const [, mark, typed] = found;
  const all = mark === "@" ? people(store) : store.rooms.map((one) => ({ word: `#${one.name}`, label: `#${one.name}` }));
  return fitting(all, `${mark}${typed}`);
}

const people = (store) => [...store.people.values()].map((one) => ({ word: `@${one.name}`, label: `@${one.real_name}`, hint: one.name }));

function fitting(all, typed) {
  const wanted = typed.toLowerCase();
  const fits = (one) => [one.word, one.label].some((words) => words.toLowerCase().startsWith(wanted));
  return all.filter(fits).slice(0, MOST).map((one) => ({ ...one, length: typed.length }));
}

/** Whether something must be said with it. */
const wants = (options = []) => options.some((one) => one.required || isSub(one));

const said = (one) => one.description_localizations?.[tag] ?? one.description ?? "";

async function commanding(before, store, channel) {
  const commands = (await store.commandsIn(channel)).filter((one) => one.type === 1);
  const typed = before.slice(1);
  if (!/\s/.test(typed)) {
    const names = commands.map((one) => ({ word: one.options?.length ? `/${one.name} ` : `/${one.name}`, label: `/${one.name}`, hint: said(one), open: Boolean(one.options?.length) }));
    const whole = commands.find((one) => `/${one.name}` === before);
    return whole && !wants(whole.options) ? [] : fitting(names, before);
  }
  const { command, path, rest } = headOf(typed, commands);
  if (!command) return [];
  const value = rest.match(/(?:^|\s)([\p{L}\p{N}_-]+):("?)([^"]*)$/u);
  const option = value && optionsOf(command, path).find((one) => one.name === value[1]);
  if (option && (value[2] || !/\s/.test(value[3]))) return values(option, value, { store, channel, command, path, before });
  const word = before.match(/[\p{L}\p{N}_-]*$/u)[0];
  const given = new Set([...rest.matchAll(/([\p{L}\p{N}_-]+):/gu)].map((one) => one[1]));
  const open = optionsOf(command, path).filter((one) => !given.has(one.name) && one.name.startsWith(word));
  return open.slice(0, MOST).map((one) => ({ word: isSub(one) ? `${one.name} ` : `${one.name}:`, label: one.name, hint: said(one), length: word.length, open: true, idle: !word && !isSub(one) && !one.required }));
}

/** Its choices, people, or what the app completes. */
async function values(option, [, , quote, typed], { store, channel, command, path, before }) {
  const length = quote.length + typed.length;
  const entries = await known(option, typed, { store, channel, command, path, before });
  return entries.slice(0, MOST).map((one) => ({ word: typedAs(one), label: one.label ?? one.name, length }));
}

async function known(option, typed, { store, channel, command, path, before }) {
  const wanted = typed.toLowerCase();
  if (option.type === 6) return store.staff.filter((one) => one.real_name.toLowerCase().startsWith(wanted)).map((one) => ({ name: `@${one.real_name}`, value: one.id }));
  if (option.choices?.length) return option.choices.map((one) => ({ name: one.name_localizations?.[tag] ?? one.name, value: one.value })).filter((one) => one.name.toLowerCase().startsWith(wanted));
  if (option.type === 5) return [{ name: "true", value: true }, { name: "false", value: false }];
  if (!option.autocomplete) return [];
  const { options } = written(before, [command]);
  delete options[option.name];
  const asked = { channel: channel.id, command: [command.name, ...path].join(" "), option: option.name, typed, options };
  try {
    const { choices } = await store.act("completes", asked);
    return choices.map((one) => ({ ...one, name: one.name_localizations?.[tag] ?? one.name }));
  } catch {
    return []; // the app did not answer in time: what is typed stays
  }
}
