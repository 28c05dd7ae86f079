/** Moments as a reader sees them: in his language and in his own time zone. */
import { t, tag } from "./words.js";

const DAY = 86_400_000;

const show = (at, options) => at.toLocaleString(tag, options);
const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);

/** Slack's stamp as a date. */
export const moment = (ts) => new Date(Number(ts) * 1000);

/** `14:05` or `2:05 PM`. */
export const clock = (at) => show(at, { hour: "numeric", minute: "2-digit" });

/** `Today`, `Yesterday`, `Monday, 23 November`. */
export function day(at) {
  const back = Math.round((midnight(Date.now()) - midnight(at)) / DAY);
  if (back === 0) return t("today");
  if (back === 1) return t("yesterday");
  return show(at, { weekday: "long", day: "numeric", month: "long" });
}

/** Everything about a moment, for a tooltip. */
export const whole = (at) => show(at, { dateStyle: "full", timeStyle: "medium" });

/** `3 min ago`. */
export function ago(at) {
  const minutes = Math.floor((Date.now() - at) / 60_000);
  if (minutes < 1) return t("ago_now");
  if (minutes < 60) return t("ago_min", { n: minutes });
  if (minutes < 24 * 60) return t("ago_hour", { n: Math.floor(minutes / 60) });
  return show(at, { day: "numeric", month: "short" });
}

const LONG = { day: "numeric", month: "long", year: "numeric" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };
const FORMS = {
  date_num: (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
  date_slash: (at) => show(at, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (at) => show(at, LONG),
  date_long: (at) => show(at, { weekday: "long", ...LONG }),
  date_long_full: (at) => show(at, { weekday: "long", ...LONG }),
  date_long_pretty: (at) => pretty(at, { weekday: "long", ...LONG }),
  date_pretty: (at) => pretty(at, LONG),
  date_short: (at) => show(at, SHORT),
  date_short_pretty: (at) => pretty(at, SHORT),
  time: clock,
  time_secs: (at) => show(at, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** Slack's `{date_short_pretty} {time}`; the fallback for what is no format or no moment. */
export function formatted(timestamp, format, fallback) {
  const at = moment(timestamp);
  if (Number.isNaN(at.getTime()) || !/\{\w+\}/.test(format)) return fallback;
  return format.replace(/\{(\w+)\}/g, (part, name) => (FORMS[name] ? FORMS[name](at) : part));
}

function pretty(at, otherwise) {
  const away = Math.round((midnight(at) - midnight(Date.now())) / DAY);
  if (Math.abs(away) > 1) return show(at, otherwise);
  return new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(away, "day");
}

const two = (number) => String(number).padStart(2, "0");
