/** Slack's markup in texts: `*bold*`, `<@U1>`, `<https://…|label>`, `:tada:`; and plain texts. */
import { el } from "./dom.js";
import { known } from "./emoji.js";
import { date, everybody, link, person, room, sign } from "./spans.js";

const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\w*])|(?<!\w)_(?!\s)([^_\n]+?)(?<!\s)_(?!\w)|(?<![\w~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\w~])|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g;

/** A text object of a block. */
export function drawText(text, store) {
  if (!text) return [];
  if (text.type !== "mrkdwn") return plain(text.text, text.emoji !== false);
  return mrkdwn(text.text, store);
}

/** Lines and quotes. */
export function mrkdwn(source, store) {
  const parts = [];
  let quote = [];
  const end = () => {
    if (quote.length) parts.push(el("blockquote", {}, spans(quote.join("\n"), store)));
    quote = [];
  };
  const rest = [];
  const flush = () => {
    if (rest.length) parts.push(...spans(rest.splice(0).join("\n"), store));
  };
  for (const line of source.split("\n")) {
    const quoted = line.match(/^&gt;\s?(.*)$/);
    if (quoted) {
      flush();
      quote.push(quoted[1]);
    } else {
      end();
      rest.push(line);
    }
  }
  flush();
  end();
  return parts;
}

function spans(source, store) {
  const parts = [];
  let at = 0;
  for (const found of source.matchAll(TOKEN)) {
    parts.push(unescaped(source.slice(at, found.index)), token(found, store));
    at = found.index + found[0].length;
  }
  parts.push(unescaped(source.slice(at)));
  return parts;
}

function token([whole, pre, code, control, bold, italic, strike, name], store) {
  if (pre) return el("pre", { tabindex: "0" }, unescaped(pre.replace(/^\n/, "")));
  if (code) return el("code", {}, unescaped(code));
  if (control) return controlled(control, store) ?? unescaped(whole);
  if (bold) return el("b", {}, spans(bold, store));
  if (italic) return el("i", {}, spans(italic, store));
  if (strike) return el("s", {}, spans(strike, store));
  return known(name) ? sign(name) : whole;
}

function controlled(body, store) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescaped(body.slice(bar + 1));
  if (/^@[UW]/.test(target)) return person(target.slice(1), store, label);
  if (/^#[CDG]/.test(target)) return room(target.slice(1), store, label);
  if (/^!(here|channel|everyone)$/.test(target)) return everybody(target.slice(1));
  if (target.startsWith("!date^")) {
    const [, timestamp, format] = target.split("^");
    return date(timestamp, format, label);
  }
  return target.startsWith("!") ? label || target : link(unescaped(target), label, store);
}

/** A text without markup; names of emoji become emoji. */
export function plain(source, signs = true) {
  if (!signs) return [source];
  const parts = [];
  let at = 0;
  for (const found of source.matchAll(EMOJI)) {
    if (!known(found[1])) continue;
    parts.push(source.slice(at, found.index), sign(found[1]));
    at = found.index + found[0].length;
  }
  parts.push(source.slice(at));
  return parts;
}

export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
