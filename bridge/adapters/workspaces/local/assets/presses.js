/** What somebody presses stays where it is: pictures that arrive meanwhile wait until the finger is up. */

let down = false;
const waiting = [];

/** Change the page now, or as soon as nothing is pressed. */
export function unlessPressed(change) {
  if (down) waiting.push(change);
  else change();
}

export const isPressed = () => down;

/** The click of a press comes after its end, so what waited comes after the click. */
function release() {
  down = false;
  setTimeout(() => {
    while (!down && waiting.length) waiting.shift()();
  });
}

export function startPresses() {
  addEventListener("pointerdown", () => (down = true), true);
  for (const end of ["pointerup", "pointercancel", "dragend", "blur", "pagehide"]) addEventListener(end, ({ target }) => (end !== "blur" || target === window) && release(), true);
}
