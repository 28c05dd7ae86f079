/** What is pressed before everything has loaded is kept, and done as soon as it has: no press is lost. */
(() => {
  const kept = [];
  const keep = (event, again) => {
    event.preventDefault();
    event.stopPropagation();
    kept.push(again);
  };
  const click = (event) => {
    const button = event.target.closest('button[type="button"]');
    if (button) keep(event, () => button.isConnected && button.click());
  };
  const submit = (event) => {
    if (event.target.id === "composer") keep(event, () => event.target.isConnected && event.target.requestSubmit());
  };
  document.addEventListener("click", click, true);
  document.addEventListener("submit", submit, true);
  globalThis.deskReady = () => {
    document.removeEventListener("click", click, true);
    document.removeEventListener("submit", submit, true);
    for (const again of kept) again();
  };
})();
