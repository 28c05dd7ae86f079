/** Sets the theme before anything is drawn, so that nothing flashes. */
const chosen = localStorage.getItem("deskbridge-demo:theme");
if (chosen) document.documentElement.dataset.theme = chosen;
