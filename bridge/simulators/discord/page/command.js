/** Slash commands as they are typed: `/transfer target:"Ana Lima" note:please`. */
import { Refused } from "./api.js";
import { t } from "./words.js";

const SUB = new Set([1, 2]);
const WORD = /(?:([\p{L}\p{N}_-]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gu;

/** Values that were chosen from a list say something else than what is sent. */
const chosen = new Map();

/** Remember what an entry stands for; gives how it is typed. */
export function typedAs({ name, value }) {
  chosen.set(name, value);
  return /[\s":]/.test(name) || !name ? `"${name.replaceAll(/["\\]/g, "\\$&")}"` : name;
}

/** `{ command, options }` of a line, for one of these commands. Raises `Refused`. */
export function written(line, commands) {
  const { command, path, rest } = headOf(line.slice(1), commands);
  if (!command) throw new Refused(t("no_commands"));
  const declared = optionsOf(command, path);
  const options = {};
  const loose = [];
  for (const [whole, name, quoted, plain] of rest.matchAll(WORD)) {
    const known = declared.find((one) => one.name === name);
    if (known) options[name] = valueOf(quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, "$1"));
    else loose.push(whole);
  }
  if (loose.length) putLoose(loose.join(" "), declared, options);
  return { command: [command.name, ...path].join(" "), options };
}

/** Words without a name go to the first option that is not there yet. */
function putLoose(words, declared, options) {
  const free = declared.find((one) => !(one.name in options));
  if (!free) throw new Refused(t("no_commands"));
  options[free.name] = valueOf(words);
}

const valueOf = (words) => chosen.get(words) ?? words;

/** Its name, with sub-commands, and what follows. */
export function headOf(typed, commands) {
  const [name, ...words] = typed.split(/\s+/);
  const command = commands.find((one) => one.type === 1 && one.name === name);
  let rest = typed.slice(name.length).trimStart();
  const path = [];
  let options = command?.options ?? [];
  for (const word of words) {
    const sub = options.find((one) => SUB.has(one.type) && one.name === word);
    if (!sub) break;
    path.push(word);
    options = sub.options ?? [];
    rest = rest.slice(word.length).trimStart();
  }
  return { command, path, rest };
}

/** The options of a command, or of its sub-command. */
export function optionsOf(command, path) {
  let options = command.options ?? [];
  for (const word of path) options = options.find((one) => one.name === word)?.options ?? [];
  return options;
}

export const isSub = (option) => SUB.has(option.type);
