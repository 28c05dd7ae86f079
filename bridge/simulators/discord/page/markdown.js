/** Discord's markup: headings, lists, quotes, code, **bold**, ||spoilers||, mentions, moments. */
import { date, everybody, link, person, role, room, sign } from "./spans.js";
import { EMOJI } from "./emoji.js";
import { el } from "./dom.js";
import { t } from "./words.js";

const FENCE = /```(?:[a-zA-Z0-9+#-]*\n)?([\s\S]*?)```/g;
const URL_END = /[)\].,:;"'!?]+$/;
const PARTS = [
  [/^\\([^A-Za-z0-9\s])/, ([, char]) => char],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, ([, , code]) => el("code", {}, code)],
  [/^<@!?(\d+)>/, ([, id], where) => person(id, where.store)],
  [/^<@&(\d+)>/, ([, id], where) => role(id, where.store)],
  [/^<#(\d+)>/, ([, id], where) => room(id, where.store)],
  [/^<\/([^:>]+):\d+>/, ([, name]) => el("span", { class: "mention" }, `/${name}`)],
  [/^<t:(-?\d+)(?::([tTdDfFR]))?>/, ([, seconds, style]) => date(seconds, style)],
  [/^<a?:(\w+):(\d+)>/, ([, name, id]) => sign(`${name}:${id}`)],
  [/^<(https?:\/\/[^\s<>]+)>/i, ([, url], where) => link(url, url, where.store)],
  [/^\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^\s<>)]+)>?(?:\s+"[^"]*")?\)/i, ([, words, url], where) => link(url, el("span", {}, spans(words, where)), where.store)],
  [/^https?:\/\/[^\s<>]+/i, ([whole], where) => bare(whole, where)],
  [/^@(everyone|here)/, ([, range], where) => everybody(range, where.rings)],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, ([, inner], where) => el("b", {}, spans(inner, where))],
  [/^__([\s\S]+?)__(?!_)/, ([, inner], where) => el("u", {}, spans(inner, where))],
  [/^\*(?!\s)((?:\*\*|[^*])+?)\*(?!\*)/, ([, inner], where) => el("i", {}, spans(inner, where))],
  [/^_([^_]+?)_(?!\w)/, ([, inner], where) => el("i", {}, spans(inner, where))],
  [/^~~([\s\S]+?)~~/, ([, inner], where) => el("s", {}, spans(inner, where))],
  [/^\|\|([\s\S]+?)\|\|/, ([, inner], where) => spoiler(spans(inner, where))],
];
const STARTS = /[\\`<[h@*_~|H]|\p{Extended_Pictographic}/u;

/** A whole text; `where` has the `store`, and `rings` where @everyone did. */
export function markdown(source, where) {
  const parts = [];
  let at = 0;
  for (const found of source.matchAll(FENCE)) {
    if (!found[1].trim()) continue;
    parts.push(...lines(source.slice(at, found.index), where), el("pre", { tabindex: "0" }, found[1].replace(/\n$/, "")));
    at = found.index + found[0].length;
  }
  const rest = source.slice(at);
  parts.push(...lines(at ? rest.replace(/^\n/, "") : rest, where));
  return parts;
}

const BLOCKS = [
  ["quote", /^>\s(.*)$/],
  ["list", /^(\s*)[-*]\s+(.+)$/],
  ["numbers", /^(\s*)(\d+)\.\s+(.+)$/],
];

/** Lines, those of one kind together. */
function lines(source, where) {
  const parts = [];
  let run = { kind: "", rows: [] };
  const end = () => {
    if (run.rows.length) parts.push(...DRAWN[run.kind](run.rows, where));
    run = { kind: "", rows: [] };
  };
  const rows = source.split("\n");
  for (const [at, row] of rows.entries()) {
    if (row.startsWith(">>> ")) {
      end();
      parts.push(el("blockquote", {}, lines([row.slice(4), ...rows.slice(at + 1)].join("\n"), where)));
      return parts;
    }
    const heading = row.match(/^(#{1,3}|-#)\s+(.+)$/);
    if (heading) {
      end();
      parts.push(headed(heading[1], heading[2], where));
      continue;
    }
    const [kind, found] = kindOf(row);
    if (kind !== run.kind) end();
    run.kind = kind;
    run.rows.push(found);
  }
  end();
  return parts;
}

function kindOf(row) {
  for (const [kind, pattern] of BLOCKS) {
    const found = row.match(pattern);
    if (found) return [kind, found];
  }
  return ["text", row];
}

const headed = (mark, words, where) =>
  mark === "-#" ? el("small", { class: "subtext" }, spans(words, where)) : el(`h${mark.length + 2}`, { class: `heading-${mark.length}` }, spans(words, where));

const DRAWN = {
  quote: (rows, where) => [el("blockquote", {}, lines(rows.map((row) => row[1]).join("\n"), where))],
  list: (rows, where) => [el("ul", {}, rows.map((row) => el("li", { class: row[1].length > 1 ? "inner" : null }, spans(row[2], where))))],
  numbers: (rows, where) => [el("ol", { start: rows[0][2] }, rows.map((row) => el("li", {}, spans(row[3], where))))],
  text: (rows, where) => {
    const words = rows.join("\n");
    return words ? [el("span", {}, spans(words, where))] : [];
  },
};

/** One run of text with what is marked in it. */
export function spans(source, where) {
  const parts = [];
  let rest = source;
  let said = "";
  const flush = () => {
    if (said) parts.push(said);
    said = "";
  };
  while (rest) {
    const jump = rest.search(STARTS);
    if (jump < 0) break;
    said += rest.slice(0, jump);
    rest = rest.slice(jump);
    const taken = take(rest, where, said);
    if (taken.node !== undefined) {
      flush();
      parts.push(taken.node);
    } else said += rest.slice(0, taken.length);
    rest = rest.slice(taken.length);
  }
  said += rest;
  flush();
  return parts;
}

function take(rest, where, before) {
  const inWord = /\w$/.test(before);
  for (const [pattern, draw] of PARTS) {
    const found = rest.match(pattern);
    if (!found || (inWord && /^[_h]/i.test(found[0]))) continue;
    const node = draw(found, where);
    return { node, length: node?.covers ?? found[0].length };
  }
  const found = rest.match(EMOJI);
  if (found?.index === 0) return { node: sign(found[0]), length: found[0].length };
  return { length: [...rest][0].length };
}

/** An address as it stands in a sentence: the full stop after it is not part of it. */
function bare(whole, where) {
  const end = whole.match(URL_END);
  const url = end && !(end[0].startsWith(")") && whole.includes("(")) ? whole.slice(0, -end[0].length) : whole;
  const node = el("span", {}, link(url, url, where.store));
  node.covers = url.length;
  return node;
}

function spoiler(inner) {
  const show = () => node.classList.add("shown");
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler"), onclick: show, onkeydown: ({ key }) => key === "Enter" && show() }, el("span", {}, inner));
  return node;
}
