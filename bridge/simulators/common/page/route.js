/** Where one is, kept behind the # of the address: who, which channel, which thread. */

const KNOWN = ["as", "in", "tab", "thread", "theme", "lang", "framed", "find"];

const read = (text) => Object.fromEntries([...new URLSearchParams(text.replace(/^#/, ""))].filter(([name]) => KNOWN.includes(name)));

let route = read(location.hash);

export const now = () => route;

/** Go there: what is not said stays, but another channel has other threads and tabs. */
export function go(changes) {
  const moved = "in" in changes ? { thread: "", tab: "", find: "" } : {};
  const other = "as" in changes && changes.as !== route.as ? { thread: "", tab: "" } : {};
  route = Object.fromEntries(Object.entries({ ...route, ...moved, ...other, ...changes }).filter(([, value]) => value));
  history.replaceState(null, "", `#${new URLSearchParams(route)}`);
}

/** `moved()` is told when somebody followed a link. */
export function follow(moved) {
  addEventListener("hashchange", () => {
    go(read(location.hash));
    moved();
  });
}
