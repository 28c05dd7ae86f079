/** Discord writes emoji as they are, and a server's own as `name:id`. */
import { signs } from "./emoji-names.js";

const names_of = new Map([...signs].map(([name, sign]) => [sign, name]));
const bare = (sign) => sign.replace(/\uFE0F/g, "");
const plain = new Map([...signs].map(([name, sign]) => [bare(sign), name]));

/** Those that are offered first. */
export const QUICK = ["✅", "👀", "🙌", "👍", "❤️", "🎉"];

/** Every one, for a picker. */
export const names = () => [...names_of.keys()];

/** How it is called, if we know it. */
export const nameOf = (sign) => names_of.get(sign) ?? plain.get(bare(sign)) ?? "";

/** Whether a line has an emoji at its beginning; gives it. */
export const EMOJI = /\p{Extended_Pictographic}(?:\uFE0F|[\u{1F3FB}-\u{1F3FF}]|\u200D\p{Extended_Pictographic}\uFE0F?)*/u;
