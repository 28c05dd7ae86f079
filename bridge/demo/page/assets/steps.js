/** The three steps of a first hand-over: each is done when the desk saw it done. */

const list = document.getElementById("steps");
const steps = [...list.children].slice(0, 3);
const end = list.querySelector(".steps-done");

export class Steps {
  #at = 0;

  get over() {
    return this.#at >= steps.length;
  }

  /** Everything before `step` has happened. */
  reach(step) {
    if (step <= this.#at) return;
    this.#at = step;
    for (const [index, item] of steps.entries()) {
      item.classList.toggle("done", index < step);
      if (index === step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
    end.hidden = !this.over;
    list.classList.toggle("over", this.over);
  }
}
