/** What a word that is being typed may become: a command, a person, a channel. */

const MOST = 8;

/** `[{ word, label, hint, length }]` for the text before the cursor; `length` of it is replaced. */
export function suggest(before, store, { root }) {
  const command = before.match(/^\/([a-z-]*)$/);
  if (command && !root) return commands(command[1], store);
  const found = before.match(/(?:^|\s)([@#])([\w.-]*)$/);
  if (!found) return [];
  const [, mark, typed] = found;
  const all = mark === "@" ? people(store) : store.rooms.mine.map((one) => ({ word: `#${one.name}`, label: `#${one.name}` }));
  return fitting(all, `${mark}${typed}`);
}

/** A command that is whole already is only sent, so Enter may send it. */
function commands(typed, store) {
  const all = store.apps.flatMap((app) => app.commands.map((one) => ({ word: one, label: one, hint: app.name })));
  const found = fitting(all, `/${typed}`);
  return found.some((one) => one.word === `/${typed}`) ? [] : found;
}

function people(store) {
  const everybody = [...store.people.values()].filter((one) => !one.deleted && one.id !== "USLACKBOT");
  return everybody.map((one) => ({ word: `@${one.name}`, label: `@${one.name}`, hint: one.real_name ?? "" }));
}

function fitting(all, typed) {
  const wanted = typed.toLowerCase();
  const fits = (one) => one.word.toLowerCase().startsWith(wanted) || (wanted.length > 1 && one.hint?.toLowerCase().startsWith(wanted.slice(1)));
  return all.filter(fits).slice(0, MOST).map((one) => ({ ...one, length: typed.length }));
}
