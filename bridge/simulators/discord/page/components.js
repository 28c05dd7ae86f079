/** Components and embeds as Discord draws them, and using them. */
import { Picker } from "./picker.js";
import { el, unique } from "./dom.js";
import { markdown } from "./markdown.js";
import { moment, whole } from "./dates.js";
import { sign } from "./spans.js";
import { t } from "./words.js";
import { toast } from "./popup.js";

const STYLES = { 1: "primary-button", 2: "plain-button", 3: "success-button", 4: "danger-button", 5: "plain-button" };

/** Components of a message; `where` has the `store` and the `message`. */
export function drawComponents(components, where) {
  return components.map((one) => (DRAWN[one.type] ?? unknown)(one, where));
}

const DRAWN = {
  1: (row, where) => el("div", { class: "actions" }, drawComponents(row.components ?? [], where)),
  2: button,
  3: chooser, 5: chooser, 6: chooser, 7: chooser, 8: chooser,
  9: (section, where) => el("div", { class: "section" }, el("div", { class: "section-main" }, drawComponents(section.components ?? [], where)), section.accessory && el("div", { class: "accessory" }, drawComponents([section.accessory], where))),
  10: (text, where) => el("div", { class: "text" }, markdown(text.content ?? "", where)),
  11: (one) => picture(one.media?.url, one.description),
  12: (gallery) => el("div", { class: "gallery" }, (gallery.items ?? []).map((one) => picture(one.media?.url, one.description))),
  14: (line) => el("hr", { class: `separator${line.divider === false ? " bare" : ""}${line.spacing === 2 ? " wide" : ""}` }),
  17: (box, where) => coloured(box.accent_color, el("div", { class: "container" }, drawComponents(box.components ?? [], where))),
};

const unknown = () => el("p", { class: "quiet" }, t("unknown"));
const picture = (url, words) => (/^https?:\/\//.test(url ?? "") ? el("img", { class: "picture", src: url, alt: words ?? t("image"), loading: "lazy" }) : null);

/** A number as a colour; the page allows no style in its markup, but a property may be set. */
function coloured(number, node) {
  if (Number.isInteger(number)) node.style.setProperty("--mark", `#${number.toString(16).padStart(6, "0")}`);
  return node;
}

function button(one, where) {
  const mark = one.emoji && sign(one.emoji.id ? `${one.emoji.name}:${one.emoji.id}` : one.emoji.name);
  const face = [mark, one.label && el("span", {}, one.label)];
  const props = { class: STYLES[one.style] ?? "plain-button", data: { focus: one.custom_id ?? one.url } };
  if (one.style === 5 && /^https?:\/\//.test(one.url ?? "")) {
    return el("a", { ...props, href: one.url, target: "_blank", rel: "noopener noreferrer" }, face);
  }
  const press = () => use(node, where, "presses", { custom_id: one.custom_id });
  const node = el("button", { ...props, type: "button", disabled: one.disabled, onclick: () => !node.ariaBusy && press() }, face);
  return node;
}

/** The app is told, and the person is told when the app says nothing. */
async function use(node, { store, message }, verb, body) {
  node.setAttribute("aria-busy", "true");
  try {
    const outcome = await store.act(verb, { ...store.at(message), ...body });
    if (!outcome.answered) toast(t("click_failed", { app: store.appName(message) }));
  } catch (refused) {
    toast(refused.message);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function chooser(one, where) {
  const chosen = (values) => use(box, where, "chooses", { custom_id: one.custom_id, values });
  const box = el("div", { class: "choosing" });
  box.append((one.max_values ?? 1) > 1 ? several(one, where, chosen) : single(one, where.store, ([value]) => chosen([value])));
  return box;
}

/** What a menu offers: its own entries, or people, roles and channels. */
export function entriesOf(one, store) {
  const made = (id, label) => ({ value: id, label });
  const people = () => store.staff.map((user) => made(user.id, `@${user.real_name}`));
  const roles = () => [...store.roles.values()].map((role) => made(role.id, `@${role.name}`));
  const KINDS = { 5: people, 6: roles, 7: () => [...people(), ...roles()], 8: () => store.rooms.map((room) => made(room.id, `#${room.name}`)) };
  return (KINDS[one.type] ?? (() => one.options ?? []))();
}

const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A menu of which one entry is taken. */
export function single(one, store, chosen, props = {}) {
  const entries = entriesOf(one, store);
  const ours = new Set((one.default_values ?? []).map((each) => each.id));
  const picker = new Picker({
    value: entries.find((each) => each.default || ours.has(each.value)),
    placeholder: one.placeholder,
    props: { disabled: one.disabled, "aria-label": props.id ? null : one.placeholder || t("choose"), data: { focus: one.custom_id }, ...props },
    now: true,
    draw: (option) => ({ words: option.label, face: [option.emoji && sign(option.emoji.name), option.emoji && " ", option.label], hint: option.description }),
    find: async (typed) => [{ options: entries.filter((each) => bare(each.label).includes(bare(typed))) }],
    chosen: (option) => chosen([option.value]),
  });
  return picker.node;
}

/** A menu of which several are taken, and a button when one is done. */
function several(one, where, chosen) {
  const node = boxes(one, where.store);
  const send = () => chosen(node.values());
  return el("div", { class: "several" }, node, el("button", { type: "button", class: "plain-button", onclick: send }, t("done")));
}

/** Entries with a box before each; `values()` are those that are ticked. */
export function boxes(one, store) {
  const name = unique("box");
  const rows = entriesOf(one, store).map((option) => el("label", { class: "choice" },
    el("input", { type: "checkbox", name, value: option.value, checked: option.default }), el("span", {}, option.label), option.description && el("small", {}, option.description)));
  const node = el("div", { class: "choices", role: "group", "aria-label": one.placeholder || t("choose") }, rows);
  node.values = () => [...node.querySelectorAll("input:checked")].map((box) => box.value);
  return node;
}

/** An embed: a box with a coloured edge. */
export function drawEmbed(one, where) {
  const title = one.title && el("b", { class: "embed-title" }, one.url ? el("a", { href: safe(one.url), target: "_blank", rel: "noopener noreferrer" }, one.title) : one.title);
  const fields = one.fields?.length && el("div", { class: "embed-fields" }, one.fields.map((field) => el("div", { class: field.inline ? "inline" : null }, el("b", {}, field.name), el("div", { class: "text" }, markdown(field.value, where)))));
  const foot = [one.footer?.text, one.timestamp && whole(moment(Date.parse(one.timestamp) / 1000))].filter(Boolean).join(" · ");
  return coloured(one.color, el("div", { class: "container embed" },
    one.author?.name && el("small", { class: "embed-author" }, one.author.name), title,
    one.description && el("div", { class: "text" }, markdown(one.description, where)), fields,
    one.image && picture(one.image.url), foot && el("small", { class: "embed-foot" }, foot)));
}

const safe = (url) => (/^https?:\/\//i.test(url) ? url : null);
