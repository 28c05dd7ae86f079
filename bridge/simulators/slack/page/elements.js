/** Everything that can be pressed, chosen or filled in. */
import { Picker } from "./picker.js";
import { drawText, plain } from "./mrkdwn.js";
import { el, icon, unique } from "./dom.js";
import { fill, valueOf } from "./places.js";
import { menuButton } from "./popup.js";
import { use } from "./clicks.js";
import { t } from "./words.js";

/** One element; `more` are attributes that a form wants on its field. */
export function drawElement(element, block, where, more = {}) {
  const draw = DRAWN[element.type];
  if (!draw) return el("span", { class: "quiet" }, t("unknown"));
  return draw({ element, block, where, more });
}

const DRAWN = {
  button,
  overflow,
  static_select: chooser,
  external_select: chooser,
  users_select: chooser,
  conversations_select: chooser,
  channels_select: chooser,
  radio_buttons: (spot) => boxes(spot, "radio"),
  checkboxes: (spot) => boxes(spot, "checkbox"),
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  datepicker: (spot) => native(spot, "date"),
  timepicker: (spot) => native(spot, "time"),
  image: ({ element }) => el("img", { src: element.image_url, alt: element.alt_text }),
};

/** What stands for an element when it is drawn again. */
const focusOf = ({ element, block }) => `${block.block_id}/${element.action_id}/${element.value ?? ""}`;

/** It was chosen or typed: kept, and told where the app wants to know at once. */
function put(spot, value, node, { tell = true } = {}) {
  const { element, block, where } = spot;
  fill(where, block, element, value);
  if (tell && (block.type !== "input" || block.dispatch_action)) use(where, block, element, { option: value, node });
}

function button(spot) {
  const { element, block, where } = spot;
  const style = { primary: "primary-button", danger: "danger-button" }[element.style] ?? "plain-button";
  const props = { class: style, "aria-label": element.accessibility_label, data: { focus: focusOf(spot) } };
  const face = plain(element.text.text, element.text.emoji !== false);
  if (element.url) {
    const told = () => use(where, block, element);
    const here = element.url.match(/\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/);
    const place = here ? { href: `#in=${here[1]}&thread=${here[2]}.${here[3]}` } : { href: element.url, target: "_blank", rel: "noopener noreferrer" };
    return el("a", { ...props, ...place, onclick: told }, face);
  }
  const node = el("button", { ...props, type: "button", onclick: () => !node.ariaBusy && use(where, block, element, { node }) }, face);
  return node;
}

function overflow(spot) {
  const { element, block, where } = spot;
  const entries = () => element.options.map((option) => ({
    label: plain(option.text.text, option.text.emoji !== false),
    hint: option.description?.text,
    act: () => use(where, block, element, { option }),
  }));
  return menuButton({ class: "plain-button icon-button", "aria-label": t("more"), data: { focus: focusOf(spot) } }, icon("more"), entries);
}

function chooser(spot) {
  const { element, block, where, more } = spot;
  const picker = new Picker({
    value: asOption(valueOf(where, block, element), element, where.store),
    placeholder: element.placeholder?.text,
    draw: (option) => drawn(option, where.store),
    props: { ...more, data: { focus: focusOf(spot) }, "aria-label": more.id ? null : element.placeholder?.text ?? t("choose") },
    now: element.type !== "external_select",
    least: element.type === "external_select" ? element.min_query_length ?? 3 : 0,
    find: (typed) => ENTRIES[element.type](spot, typed),
    chosen: (option) => put(spot, VALUES[element.type] ? option.value : option, picker.input),
  });
  return picker.node;
}

const drawn = (option, store) => ({
  words: option.text?.text ?? "",
  face: drawText(option.text, store),
  hint: option.description && drawText(option.description, store),
});

const VALUES = { users_select: true, conversations_select: true, channels_select: true };
const ENTRIES = {
  static_select: ({ element }, typed) => narrowed(element.option_groups ?? [{ options: element.options }], typed),
  external_select: async ({ element, block, where }, typed) => {
    const asked = { ...where.body, action_id: element.action_id, block_id: block.block_id, typed };
    return [{ options: (await where.store.act("searches", asked)).options }];
  },
  users_select: ({ where }, typed) => narrowed([{ options: where.store.staff.map((one) => made(one.id, one.real_name)) }], typed),
  conversations_select: (spot, typed) => narrowed([{ options: rooms(spot) }], typed),
  channels_select: (spot, typed) => narrowed([{ options: rooms(spot) }], typed),
};

const rooms = ({ where }) => where.store.rooms.mine.map((one) => made(one.id, `#${one.name}`));
const made = (value, text) => ({ value, text: { type: "plain_text", text } });
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrowed(groups, typed) {
  const fits = (option) => bare(option.text.text).includes(bare(typed));
  return groups
    .map((one) => ({ label: one.label?.text, options: one.options.filter(fits) }))
    .filter((one) => one.options.length);
}

/** A chosen id as an entry. */
function asOption(value, element, store) {
  if (!value || typeof value === "object") return value;
  if (element.type === "users_select") return made(value, store.people.get(value)?.real_name ?? value);
  return made(value, `#${store.channels.get(value)?.name ?? value}`);
}

function boxes(spot, type) {
  const { element, block, where, more } = spot;
  const name = unique("choice");
  const before = [valueOf(where, block, element) ?? []].flat().map((one) => one.value ?? one);
  const rows = element.options.map((option, at) => {
    const props = { type, name, value: option.value, checked: before.includes(option.value), data: { focus: `${focusOf(spot)}${at}` }, onchange: changed };
    return el("label", { class: "choice" }, el("input", props), el("span", {}, drawText(option.text, where.store)), option.description && el("small", {}, drawText(option.description, where.store)));
  });
  const box = el("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": more["aria-labelledby"], "aria-describedby": more["aria-describedby"] }, rows);
  function changed() {
    const on = [...box.querySelectorAll("input")].flatMap((one, at) => (one.checked ? [element.options[at]] : []));
    put(spot, type === "radio" ? on[0] : on);
  }
  return box;
}

function typed(spot) {
  const { element, block, where, more } = spot;
  const onEnter = element.dispatch_action_config?.trigger_actions_on?.includes("on_enter_pressed") ?? true;
  const onCharacter = element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
  const tag = element.multiline ? "textarea" : "input";
  const props = {
    ...more, data: { focus: focusOf(spot) }, maxlength: element.max_length, placeholder: element.placeholder?.text,
    rows: element.multiline ? 4 : null, autocomplete: "off",
    type: element.multiline ? null : { number_input: "number", email_text_input: "email", url_text_input: "url" }[element.type] ?? "text",
    oninput: () => put(spot, node.value, null, { tell: Boolean(onCharacter) && block.dispatch_action }),
    onkeydown: (event) => {
      if (event.key !== "Enter" || element.multiline || !block.dispatch_action || !onEnter) return;
      event.preventDefault();
      put(spot, node.value, node);
    },
  };
  const node = el(tag, props);
  node.value = valueOf(where, block, element) ?? "";
  return node;
}

function native(spot, type) {
  const { element, block, where, more } = spot;
  const node = el("input", { ...more, type, data: { focus: focusOf(spot) }, onchange: () => put(spot, node.value || null, node) });
  node.value = valueOf(where, block, element) ?? "";
  return node;
}
