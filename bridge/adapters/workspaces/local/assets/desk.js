/** Starts everything on a page of the local workspace; each part finds what it needs, or nothing. */
import { startClock } from "./time.js";
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startThread } from "./thread.js";
import { startComposer } from "./composer.js";
import { startUnread } from "./unread.js";
import { startPresses } from "./presses.js";
import { startDrawer, startTroubles, tellAgain } from "./ui.js";

startClock();
startPresses();
startTroubles();
startDrawer();
startDialogs();
startThread();
startComposer();
startKeys();
startUnread();
startLive();
tellAgain();
document.addEventListener("DOMContentLoaded", globalThis.deskReady);  // after htmx, which starts then
