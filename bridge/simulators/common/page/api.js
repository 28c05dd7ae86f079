/** The way to the simulator: looking, acting, and hearing of what happened. */

/** Slack's screen would not let this person do that; `message` says why. */
export class Refused extends Error {}

async function ask(path, options) {
  const answer = await fetch(`/sim/${path}`, options);
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.message);
  return body;
}

/** What there is to see at an address. */
export const look = (path) => ask(path);

/** What a person does. Raises `Refused`. */
export const act = (who, verb, body) =>
  ask(`people/${who}/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/** `heard(happening)` for everything; `lost(yes)` when the line is cut or back. */
export function listen(heard, lost) {
  const source = new EventSource("/sim/changes");
  source.addEventListener("message", ({ data }) => heard(JSON.parse(data)));
  source.addEventListener("open", () => lost(false));
  source.addEventListener("error", () => lost(true));
}

/** A file's bytes as `uploads` takes them. */
export async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let said = "";
  for (let at = 0; at < bytes.length; at += 0x8000) said += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(said);
}
