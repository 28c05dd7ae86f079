/** Puts the chat on a page that only has the script tag; `data-…` become the element's attributes. */
import { DeskbridgeChat } from "./chat.js";

const script = document.currentScript;
CHANNEL.base ??= script?.src.replace(/\/widget\.js.*$/, "");

if (!customElements.get("deskbridge-chat")) customElements.define("deskbridge-chat", DeskbridgeChat);

function mount() {
  if (!script || script.dataset.mode === "none" || document.querySelector("deskbridge-chat")) return;
  const chat = document.createElement("deskbridge-chat");
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value);
  document.body.append(chat);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mount);
else mount();
