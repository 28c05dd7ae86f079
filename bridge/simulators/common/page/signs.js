/** Emoji that we draw ourselves: machines without an emoji font see what an app marks things with. */

const SVG = "http://www.w3.org/2000/svg";
const disc = (fill, stroke = "none") => [["circle", { cx: 12, cy: 12, r: 9, fill, stroke }]];
const path = (d, fill, stroke = "none", width = 0) => ["path", { d, fill, stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" }];

const DRAWN = {
  large_green_circle: disc("#4caf50"),
  large_brown_circle: disc("#9a6a4f"),
  large_yellow_circle: disc("#f5c431"),
  large_orange_circle: disc("#f0892b"),
  large_blue_circle: disc("#3f83e0"),
  large_purple_circle: disc("#9a62d6"),
  red_circle: disc("#e0414f"),
  white_circle: disc("#f4f4f6", "#a9a9b2"),
  black_circle: disc("#3a3a40"),
  small_red_triangle: [path("M12 5 21 20H3z", "#e0414f")],
  rotating_light: [path("M5 17a7 7 0 0 1 14 0z", "#e0414f"), path("M4 18h16v3H4z", "#8b8b95"), path("M12 3v3M4.500 6.500 6.500 8.500M19.500 6.500l-2 2", "none", "#f0892b", 2)],
  memo: [path("M5 3h11l3 3v15H5z", "#f4f4f6", "#a9a9b2", 1), path("M8 9h7M8 12.500h5", "none", "#8b8b95", 1.5), path("M12 18l8-8 2 2-8 8-3 1z", "#f0b22b")],
  no_entry_sign: [path("M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.400 6.400l11.200 11.200", "none", "#e0414f", 3)],
  x: [path("M5.500 5.500 18.500 18.500M18.500 5.500 5.500 18.500", "none", "#e0414f", 4)],
  grey_question: [path("M8 8.500a4 4 0 1 1 5.500 3.700c-1.100.5-1.500 1.200-1.500 2.800", "none", "#9a9aa4", 3), ["circle", { cx: 12, cy: 19.500, r: 1.800, fill: "#9a9aa4" }]],
  white_check_mark: [["rect", { x: 3, y: 3, width: 18, height: 18, rx: 4, fill: "#4caf50" }], path("m7.500 12.500 3 3 6-7", "none", "#fff", 2.600)],
  warning: [path("M12 3.500 22 20.500H2z", "#f5c431"), path("M12 10v4.500M12 17.500v.1", "none", "#3a3a40", 2.200)],
  eyes: [path("M7.500 5a4 6 0 1 0 .1 0zM16.500 5a4 6 0 1 0 .1 0z", "#f4f4f6", "#8b8b95", 1.200), ["circle", { cx: 8.500, cy: 13, r: 2, fill: "#3a3a40" }], ["circle", { cx: 17.500, cy: 13, r: 2, fill: "#3a3a40" }]],
};

/** A drawing for this name, or nothing. */
export function drawing(name) {
  if (!(name in DRAWN)) return null;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of DRAWN[name]) {
    const part = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    svg.append(part);
  }
  return svg;
}
