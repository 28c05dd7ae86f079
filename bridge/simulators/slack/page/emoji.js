/** Slack writes emoji by their names. What has no character here shows its name. */
import { signs } from "./emoji-names.js";

const TONES = ["", "\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];

/** Names that are offered first. */
export const QUICK = ["white_check_mark", "eyes", "raised_hands", "+1", "heart", "tada"];

/** Every name, for a picker. */
export const names = () => [...signs.keys()];

/** `+1::skin-tone-2` as a character, or `:name:` where it is not known. */
export function emoji(name) {
  const [bare, tone] = name.split("::skin-tone-");
  const sign = signs.get(bare);
  return sign ? sign + (TONES[tone - 1] ?? "") : `:${bare}:`;
}

/** Whether there is a character for it. */
export const known = (name) => signs.has(name.split("::")[0]);
