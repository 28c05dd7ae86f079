/** Where elements stand, and what is filled in there until it is sent. */

const filled = new Map();

/** A message, or what only I was told. */
export const inMessage = (message, store) => ({
  store,
  key: `${message.channel}/${message.ts}`,
  app: store.apps.find((one) => one.id === message.app_id),
  body: { channel: message.channel, ts: message.ts },
});

/** An open modal. */
export const inModal = (view, store) => ({
  store,
  key: view.id,
  app: store.apps.find((one) => one.id === view.app_id),
  body: { view: view.id },
});

/** The home tab of an app. */
export const inHome = (view, store) => ({
  store,
  key: `home ${view.app_id} ${store.me.id}`,
  app: store.apps.find((one) => one.id === view.app_id),
  body: { home: true, app: view.app_id },
});

const name = (where, block, element) => `${where.key}\n${block.block_id}\n${element.action_id}`;

/** What a field holds: what was chosen or typed, else what the app put there. */
export function valueOf(where, block, element) {
  const key = name(where, block, element);
  return filled.has(key) ? filled.get(key) : initial(element);
}

export function fill(where, block, element, value) {
  filled.set(name(where, block, element), value);
}

/** Everything that stands in the fields of these blocks, by block. */
export function held(where, blocks) {
  const values = {};
  for (const block of blocks) {
    for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
      if (element?.action_id && filled.has(name(where, block, element))) {
        values[block.block_id] = filled.get(name(where, block, element));
      }
    }
  }
  return values;
}

/** It is closed: nothing of it is remembered. */
export function forget(key) {
  for (const one of filled.keys()) if (one.startsWith(`${key}\n`)) filled.delete(one);
}

const INITIAL = ["initial_value", "initial_option", "initial_options", "initial_user", "initial_conversation", "initial_channel", "initial_date", "initial_time"];
const initial = (element) => element[INITIAL.find((one) => one in element)] ?? null;
