/** How far each person has read, in this tab. */

const KEY = "workspace:read";
const marks = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
const name = (who, channel, root) => `${who}/${channel}/${root ?? ""}`;

/** The stamp up to which it was read; empty where nobody looked. */
export const readTo = (who, channel, root) => marks[name(who, channel, root)] ?? "";

/** Everything up to this stamp was seen. */
export function seen(who, channel, root, ts) {
  if (ts <= readTo(who, channel, root)) return false;
  marks[name(who, channel, root)] = ts;
  sessionStorage.setItem(KEY, JSON.stringify(marks));
  return true;
}
