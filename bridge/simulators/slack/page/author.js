/** Who a message is from, as Slack names him. */

/** What stands over a message: who, and whether a program wrote it. */
export function author(message, store) {
  if (message.is_ephemeral && !message.app_id) return { name: "Slackbot", app: true };
  const app = store.apps.find((one) => one.id === message.app_id);
  if (message.subtype === "bot_message") return { name: message.username ?? app?.name ?? "?", app: true, customised: true };
  if (app) return { name: app.name, app: true };
  return { name: message.author || store.people.get(message.user)?.real_name || "Slackbot", app: false };
}
