/** How it looks. A constructed sheet: no inline style, nothing for a strict CSP to refuse. */
const CSS = `
:host { all: initial; display: contents; }
:host([mode="inline"]) { display: block; height: 100%; min-height: 0; }
:host([hidden]) { display: none; }
.inline { height: 100%; }

.root {
  --accent: #4353d8; --on: #fff;
  --ground: #fff; --soft: #f3f4f7; --line: #e5e7ec; --ink: #15171c; --dim: #646a78;
  --bad: #c22b3d; --warn: #fff4d6; --warn-ink: #6b4a00; --good: #1f8a4c;
  --shade: 0 12px 40px rgb(20 24 40 / .18), 0 2px 8px rgb(20 24 40 / .08);
  font: 400 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--ink); color-scheme: light; -webkit-text-size-adjust: 100%; text-align: start;
}
.root.dark {
  --ground: #16181d; --soft: #23262e; --line: #30343e; --ink: #eceef3; --dim: #9ba1b0;
  --bad: #ff8b97; --warn: #3a2f12; --warn-ink: #ffdf94; --good: #5fd08e;
  --shade: 0 16px 48px rgb(0 0 0 / .55), 0 0 0 1px #30343e;
  color-scheme: dark;
}
*, *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; }
button { border: 0; background: none; padding: 0; cursor: pointer; }
.icon { width: 44px; height: 44px; display: grid; place-items: center; flex: none; border-radius: 50%; color: var(--dim); }
.icon:hover { background: var(--soft); color: var(--ink); }
svg { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; flex: none; display: block; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.dark :focus-visible { outline-color: #aeb7ff; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

/* launcher and panel */
.launcher { position: fixed; z-index: 2147483000; inset: auto 20px 20px auto; width: 56px; height: 56px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--on); box-shadow: var(--shade); transition: transform .15s; }
.launcher:hover { transform: scale(1.05); }
.launcher svg { width: 26px; height: 26px; grid-area: 1 / 1; transition: opacity .15s, transform .2s; }
.launcher svg:nth-of-type(2), .open .launcher svg:nth-of-type(1) { opacity: 0; transform: rotate(-60deg) scale(.6); }
.open .launcher svg:nth-of-type(2) { opacity: 1; transform: none; }
.badge { position: absolute; top: -3px; inset-inline-end: -3px; min-width: 21px; height: 21px; padding: 0 6px; border-radius: 11px; background: #d92d43; color: #fff; font: 600 12px/21px system-ui; text-align: center; box-shadow: 0 0 0 2px var(--ground); }
.panel { position: relative; display: flex; flex-direction: column; overflow: hidden; background: var(--ground); height: 100%; }
.floating .panel { position: fixed; z-index: 2147483000; inset: auto 20px 92px auto; width: 392px; height: min(660px, 100vh - 116px); border-radius: 18px; box-shadow: var(--shade); animation: rise .22s cubic-bezier(.2, .9, .3, 1); transform-origin: bottom right; }
:host([position="left"]) .launcher { inset: auto auto 20px 20px; }
:host([position="left"]) .panel { inset: auto auto 92px 20px; transform-origin: bottom left; }

header { display: flex; align-items: center; gap: 11px; padding: 13px 10px 13px 16px; border-bottom: 1px solid var(--line); flex: none; }
header div { flex: 1; min-width: 0; }
h2 { margin: 0; font-size: 15px; font-weight: 650; line-height: 1.3; letter-spacing: -.01em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
header p { margin: 0; font-size: 13px; line-height: 1.3; color: var(--dim); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.brand { width: 38px; height: 38px; border-radius: 12px; display: grid; place-items: center; background: var(--accent); color: var(--on); flex: none; }
.banner { padding: 8px 16px; font-size: 13px; text-align: center; background: var(--warn); color: var(--warn-ink); flex: none; animation: fade .2s; }

/* the log */
.scroller { flex: 1; min-height: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 14px 14px 10px; display: flex; flex-direction: column; }
.log { outline-offset: -2px; border-radius: 8px; margin-top: auto; }
.welcome { margin: auto; padding: 20px; display: grid; justify-items: center; gap: 16px; text-align: center; font-size: 18px; font-weight: 600; letter-spacing: -.01em; white-space: pre-line; animation: in .3s; }
.welcome .brand { scale: 1.3; }
.earlier { align-self: center; min-height: 44px; padding: 0 16px; font-size: 13px; font-weight: 550; color: var(--dim); border-radius: 22px; flex: none; }
.earlier:hover { background: var(--soft); color: var(--ink); }
.day { display: flex; align-items: center; gap: 10px; margin: 14px 4px 12px; color: var(--dim); font-size: 12px; font-weight: 550; }
.day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.day span::first-letter { text-transform: uppercase; }

.msg { position: relative; display: flex; gap: 8px; margin-top: 2px; border-radius: 12px; animation: in .18s ease-out; }
.msg.first { margin-top: 12px; }
.log[aria-busy="true"] .msg { animation: none; }
.body { display: flex; flex-direction: column; max-width: min(80%, 460px); min-width: 0; align-items: flex-start; }
.out { flex-direction: row-reverse; }
.out .body { align-items: flex-end; }
.face { width: 30px; height: 30px; border-radius: 50%; display: grid; place-items: center; flex: none; align-self: flex-start; margin-top: 20px; font-size: 11.5px; font-weight: 650; letter-spacing: .02em; text-transform: uppercase; background: hsl(var(--hue) 62% 90%); color: hsl(var(--hue) 55% 26%); }
.dark .face { background: hsl(var(--hue) 30% 27%); color: hsl(var(--hue) 60% 87%); }
.face.bot, .dark .face.bot { background: var(--soft); color: var(--dim); }
.face svg { width: 17px; height: 17px; }
.msg:not(.first) .face { visibility: hidden; height: 0; margin: 0; }
.name { font-size: 12.5px; font-weight: 600; color: var(--dim); margin: 0 0 3px 12px; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.msg:not(.first) .name { display: none; }
.line { position: relative; max-width: 100%; }
.bubbles { display: flex; flex-direction: column; gap: 3px; min-width: 0; align-items: flex-start; }
.out .bubbles { align-items: flex-end; }

.bubble { padding: 8px 13px; border-radius: 18px; background: var(--soft); overflow-wrap: anywhere; max-width: 100%; unicode-bidi: plaintext; }
.out .bubble { background: var(--accent); color: var(--on); }
.in:not(.first) .bubble { border-start-start-radius: 6px; }
.in:not(.last) .bubble { border-end-start-radius: 6px; }
.out:not(.first) .bubble { border-start-end-radius: 6px; }
.out:not(.last) .bubble { border-end-end-radius: 6px; }
.bubble.gone { background: none; border: 1px dashed var(--line); color: var(--dim); font-style: italic; }
.bubble p { margin: 0; white-space: pre-wrap; }
.bubble p + p, .bubble > * + ul, .bubble > * + ol, .bubble > ul + *, .bubble > ol + * { margin-top: 7px; }
.bubble a { color: inherit; text-underline-offset: 2px; }
.bubble ul, .bubble ol { margin: 0; padding-inline-start: 20px; }
.bubble pre, .bubble code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: rgb(127 127 140 / .16); border-radius: 5px; }
.bubble code { padding: 1px 5px; }
.bubble pre { margin: 6px 0; padding: 9px 11px; overflow-x: auto; }
.bubble blockquote { margin: 4px 0; padding-inline-start: 10px; border-inline-start: 3px solid rgb(127 127 140 / .4); }
.quote { display: flex; flex-direction: column; padding: 5px 10px; margin: 1px -4px 6px; border-radius: 9px; background: rgb(127 127 140 / .12); border-inline-start: 3px solid var(--accent); font-size: 13px; min-width: 0; }
.out .quote { background: rgb(127 127 127 / .28); border-color: currentColor; }
.quote bdi { font-weight: 600; }
.quote span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; opacity: .85; }

.file { display: flex; align-items: center; gap: 10px; min-height: 48px; max-width: 260px; padding: 8px 14px 8px 12px; text-align: start; border: 1px solid var(--line); border-radius: 14px; background: var(--ground); }
.file:hover { background: var(--soft); }
.file > svg { color: var(--dim); width: 24px; height: 24px; }
.file > span { min-width: 0; display: flex; flex-direction: column; line-height: 1.3; }
.file bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 550; font-size: 14px; }
small { font-size: 12px; color: var(--dim); }
.picture:has(img) { padding: 0; overflow: hidden; border-radius: 16px; }
.picture img { display: block; max-width: 100%; max-height: 260px; min-width: 60px; min-height: 60px; object-fit: cover; }

.reacts { display: flex; gap: 4px; margin: -5px 8px 2px; position: relative; }
.reacts span { padding: 1px 7px; font-size: 13px; border-radius: 11px; background: var(--ground); border: 1px solid var(--line); }
.acts { position: absolute; z-index: 1; top: -18px; inset-inline-end: 6px; display: flex; padding: 1px; border: 1px solid var(--line); border-radius: 10px; background: var(--ground); box-shadow: 0 2px 8px rgb(20 24 40 / .1); opacity: 0; pointer-events: none; transition: opacity .12s; }
.msg:hover .acts, .msg:focus-within .acts { opacity: 1; pointer-events: auto; }
.acts button { width: 32px; height: 28px; border-radius: 8px; }
.acts svg { width: 16px; height: 16px; }
.choices { display: flex; flex-wrap: wrap; gap: 7px; margin-top: 7px; }
.choices button { min-height: 44px; padding: 8px 16px; border: 1.5px solid var(--accent); border-radius: 22px; font-weight: 550; text-align: start; transition: background .12s, color .12s; overflow-wrap: anywhere; }
.choices button:hover { background: var(--accent); color: var(--on); }
.meta { display: flex; align-items: center; gap: 5px; margin: 3px 12px 0; font-size: 11.5px; color: var(--dim); }
.msg:not(.last, .noted) .meta, .msg:not(.last) :is(time, .sent) { display: none; }
.meta button { color: inherit; font-weight: 600; text-decoration: underline; text-underline-offset: 2px; padding: 6px 0; }
.mark svg { width: 14px; height: 14px; stroke-width: 2.4; }
.mark.sent { color: var(--good); }
.why, .mark.failed { color: var(--bad); }
.system { justify-content: center; text-align: center; margin: 12px 20px; font-size: 13px; color: var(--dim); }
.system p { margin: 0; }

.dots { display: flex; align-items: center; gap: 4px; padding: 10px 4px 2px 38px; font-size: 12.5px; color: var(--dim); flex: none; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: hop 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; margin-inline-end: 6px; }
.jump { position: absolute; bottom: 84px; left: 50%; transform: translateX(-50%); z-index: 2; display: flex; align-items: center; gap: 6px; min-height: 44px; padding: 0 14px 0 18px; border-radius: 22px; background: var(--ground); box-shadow: var(--shade); font-size: 13px; font-weight: 600; animation: fade .2s; }
.jump svg { width: 16px; height: 16px; }

/* the question before the end */
.ask { position: absolute; inset: 0; z-index: 3; display: grid; align-items: end; padding: 12px; background: rgb(10 12 20 / .45); animation: fade .15s; }
.ask > div { padding: 18px; border-radius: 16px; background: var(--ground); box-shadow: var(--shade); }
.ask p { margin: 4px 0 16px; color: var(--dim); }
.ask div div { display: flex; flex-wrap: wrap; gap: 8px; }
.ask button { flex: 1 1 120px; min-height: 44px; padding: 8px 16px; border-radius: 22px; font-weight: 600; background: var(--soft); }
.ask .firm { background: var(--bad); color: var(--ground); }

/* the composer */
.composer { flex: none; padding: 8px 12px 12px; padding-bottom: max(12px, env(safe-area-inset-bottom)); }
.field { display: flex; align-items: flex-end; gap: 2px; border: 1px solid var(--line); border-radius: 24px; padding: 2px; transition: border-color .15s, box-shadow .15s; }
.field:focus-within { border-color: var(--accent); box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 18%, transparent); }
textarea:focus-visible { outline: 0; }
textarea { flex: 1; min-width: 0; margin: 0; padding: 11px 6px; border: 0; background: none; resize: none; line-height: 22px; }
textarea::placeholder { color: var(--dim); opacity: 1; }
.field .go { background: var(--accent); color: var(--on); transition: opacity .15s, transform .15s; background-clip: content-box; padding: 4px; }
.field .go:hover { background-color: var(--accent); color: var(--on); }
.go:disabled { opacity: .35; cursor: default; }
.go:not(:disabled):active { transform: scale(.92); }
.bar { display: flex; align-items: center; gap: 10px; padding: 2px 2px 8px 10px; font-size: 13px; color: var(--dim); }
.bar div { flex: 1; min-width: 0; border-inline-start: 3px solid var(--accent); padding-inline-start: 10px; }
.bar b { display: block; font-weight: 600; color: var(--ink); }
.bar span, .chip bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: block; }
.staged { display: flex; flex-wrap: wrap; gap: 6px; padding-bottom: 8px; }
.chip { display: flex; align-items: center; gap: 7px; max-width: 100%; padding-inline-start: 10px; border-radius: 12px; background: var(--soft); font-size: 13px; }
.chip svg { width: 16px; height: 16px; }
.problem { margin: 0; color: var(--bad); font-size: 13px; }
.problem:not(:empty) { padding: 0 6px 8px; }
.drop { position: absolute; inset: 8px; z-index: 3; display: none; place-content: center; justify-items: center; gap: 10px; border: 2px dashed var(--accent); border-radius: 14px; background: color-mix(in srgb, var(--ground) 90%, transparent); font-weight: 600; pointer-events: none; }
.over .drop { display: grid; }

@media (max-width: 480px) {
  .floating .panel { inset: 0 0 auto 0; width: auto; height: var(--height, 100dvh); border-radius: 0; }
  .floating.open .launcher { display: none; }
}
@media (pointer: coarse) {
  textarea { font-size: 16px; }
  .acts { top: -48px; }
  .acts button { width: 44px; height: 44px; }
}
@keyframes rise { from { opacity: 0; transform: translateY(12px) scale(.97); } }
@keyframes in { from { opacity: 0; transform: translateY(6px); } }
@keyframes fade { from { opacity: 0; } }
@keyframes hop { 30% { transform: translateY(-4px); opacity: .5; } 60% { transform: none; } }
@media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; } }
`;

let made;

/** One sheet for every chat on the page. */
export function sheet() {
  if (!made) (made = new CSSStyleSheet()).replaceSync(CSS);
  return made;
}
