/*
 * The symbols of the map and its legend, drawn as SVG. Texts become text nodes only, never markup.
 *
 * A mark is { kind, at, text, color }: a symbol at a place; with { slot, slots } one of several sites that
 * stand for the same place, with { rings } the circles of a cluster's targets.
 */
"use strict";

window.JituSymbols = (() => {
  const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif';
  const CASING = [{ color: "#151b23", weight: 6.5 }, { color: "#ffd21f", weight: 3 }]; // of what is selected
  const RED = { core: "#c8102e", pole: "#9e1b32", wing: "#9e1b32" };
  const INK = "#1f2933";
  const GOLD = "#ffd21f";
  const SITE = "#5b6673"; // colour of a site in the legend, where it stands for all industries
  // Symbols: size and anchor in px, and the character that names the kind in the legend.
  const SYMBOL = {
    core: { width: 48, height: 32, anchor: [16, 16], text: "核" },
    pole: { width: 30, height: 30, anchor: [15, 15], text: "极" },
    wing: { width: 26, height: 26, anchor: [13, 13], text: "翼" },
    base: { width: 12, height: 12, anchor: [6, 6], text: "" },
    project: { width: 12, height: 12, anchor: [6, 6], text: "" },
    // On the layout sheet (规划图式); what radiates from them lies below other things' names.
    "core-sheet": { width: 68, height: 44, anchor: [22, 22], text: "核" },
    "pole-sheet": { width: 42, height: 42, anchor: [21, 21], text: "极" },
  };
  const SLOTS_IN_A_ROW = 6; // sites that stand for the same place lie side by side

  /** 核: red star in a ringed circle, its character beside it; 极: double ring; 翼: rounded diamond;
   * a base: square; a project: triangle. On a layout sheet 核 and 极 are larger and radiate. */
  function symbol(kind, text = SYMBOL[kind].text, color = SITE) {
    const { width, height, anchor } = SYMBOL[kind];
    const image = svg("svg", { width, height, viewBox: `${-anchor[0]} ${-anchor[1]} ${width} ${height}` });
    const letter = (x, size, color) => {
      const halo = { stroke: "#fff", "stroke-width": color === "#fff" ? 0 : 3, "paint-order": "stroke", "stroke-linejoin": "round" };
      const font = { "font-size": size, "font-weight": 700, "font-family": FONT, "text-anchor": "middle", "dominant-baseline": "central" };
      svg("text", { x, y: 0.5, fill: color, ...halo, ...font }, image).textContent = text;
    };
    if (kind.endsWith("-sheet")) {
      radiate(image, RED[kind.slice(0, 4)], kind === "core-sheet" ? [30, 42, 54] : [30, 40]);
      const large = svg("g", { transform: "scale(1.4)" }, image);
      large.append(...symbol(kind.slice(0, 4), text).childNodes);
    } else if (kind === "core") {
      svg("circle", { r: 15.5, fill: "#fff" }, image);
      svg("circle", { r: 13.2, fill: "#fff", stroke: RED.core, "stroke-width": 2.2 }, image);
      svg("path", { d: star(11), fill: RED.core }, image);
      letter(23.5, 14, RED.core);
    } else if (kind === "pole") {
      svg("circle", { r: 14.5, fill: "#fff" }, image);
      svg("circle", { r: 12.8, fill: "none", stroke: RED.pole, "stroke-width": 1.8 }, image);
      svg("circle", { r: 10, fill: RED.pole }, image);
      letter(0, 12.5, "#fff");
    } else if (kind === "base") {
      svg("rect", { x: -4, y: -4, width: 8, height: 8, fill: color, stroke: "#fff", "stroke-width": 1.5 }, image);
    } else if (kind === "project") {
      svg("path", { d: "M0 -5L5 4H-5Z", fill: color, stroke: "#fff", "stroke-width": 1.3 }, image);
    } else {
      const diamond = { x: -8, y: -8, width: 16, height: 16, rx: 3, fill: "#fff", transform: "rotate(45)" };
      svg("rect", { ...diamond, stroke: "#fff", "stroke-width": 4 }, image);
      svg("rect", { ...diamond, stroke: RED.wing, "stroke-width": 1.8 }, image);
      letter(0, 11.5, RED.wing);
    }
    return image;
  }

  /** Rings about a symbol that fade outwards; they say that it works on its surroundings, not how far. */
  function radiate(image, color, radii) {
    radii.forEach((r, n) => {
      const fading = { "fill-opacity": 0.07, "stroke-opacity": 0.55 - 0.15 * n };
      svg("circle", { r, fill: color, stroke: color, "stroke-width": 1.3, "stroke-dasharray": "5 4", ...fading }, image);
    });
  }

  function star(radius) {
    const tips = Array.from({ length: 10 }, (_, i) => {
      const r = i % 2 ? radius * 0.382 : radius;
      const angle = (Math.PI * i) / 5;
      return `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
    });
    return `M${tips.join("L")}Z`;
  }

  /** A symbol's anchor in px; sites of one place have a slot each in a small grid about it. */
  function anchorOf(mark) {
    const { width, height, anchor } = sizeOf(mark);
    const { slot = 0, slots = 1 } = mark;
    const column = (slot % SLOTS_IN_A_ROW) - (Math.min(slots, SLOTS_IN_A_ROW) - 1) / 2;
    const row = Math.floor(slot / SLOTS_IN_A_ROW);
    return [anchor[0] - column * (width + 1), anchor[1] - row * (height + 1)];
  }

  function sizeOf(mark) {
    if (!mark.rings) return SYMBOL[mark.kind];
    const reach = radiusOf(mark) + 2;
    return { width: 2 * reach, height: 2 * reach, anchor: [reach, reach] };
  }

  const radiusOf = ({ rings }) => Math.max(...rings.map(({ radius }) => radius));

  /** Draw a cluster's circles for the year: earlier years inside and darker, a ring round the year's, a star for what passes. */
  function drawCircles({ image, rings, color }, chosen, selected) {
    const year = rings.find((ring) => ring.year === chosen);
    image.replaceChildren();
    const around = (line) => svg("circle", { r: radiusOf({ rings }) + 3.5, fill: "none", stroke: line.color, "stroke-width": line.weight }, image);
    if (selected) CASING.forEach(around);
    [...rings].sort((a, b) => b.radius - a.radius).forEach(({ radius, fill }, n) =>
      svg("circle", { r: radius, fill, stroke: n ? "#fff" : color, "stroke-width": n ? 0.6 : 1 }, image));
    if (!year) return;
    svg("circle", { r: year.radius, fill: "none", stroke: INK, "stroke-width": 2.2 }, image);
    if (year.passes) svg("path", { d: star(7.5), fill: GOLD, stroke: INK, "stroke-width": 1, "stroke-linejoin": "round" }, image);
  }

  /** The circles of a few revenue targets, in the map's own size. */
  function sizes(targets) {
    const all = [...targets].reverse();
    const [[, most]] = all;
    const [width, height] = [2 * most + 60, 2 * most + 10];
    const image = svg("svg", { width, height, class: "jitu-sizes" });
    let line = -Infinity;
    all.forEach(([value, radius]) => {
      const top = height - 3 - 2 * radius;
      line = Math.max(top, line + 12);
      svg("circle", { cx: most + 2, cy: height - 3 - radius, r: radius, fill: "#fff", stroke: SITE, "stroke-width": 1 }, image);
      svg("path", { d: `M${most + 2} ${top}H${2 * most + 4}L${2 * most + 14} ${line}`, fill: "none", stroke: SITE, "stroke-width": 0.8 }, image);
      const at = { x: 2 * most + 18, y: line, "font-size": 11, "dominant-baseline": "central", fill: INK };
      svg("text", at, image).textContent = value.toLocaleString("en-US");
    });
    return image;
  }

  function svg(name, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return parent ? parent.appendChild(element) : element;
  }

  return { FONT, CASING, svg, symbol, sizes, anchorOf, sizeOf, radiusOf, drawCircles };
})();
