/*
 * Symbols of the map and its legend, drawn as SVG from their designs in the scene.
 *
 * A symbol of a feature is { kind, at, color }; the circles of a cluster's targets have { rings } (circles.js).
 */
"use strict";

var JituSymbols = (() => {
  const { cached } = JituShapes;
  const { svg, star, fontFamily } = JituSvg;
  const OWN = "own"; // stands for the colour of the feature

  /** Return the symbols of a scene: { draw, reachOf, isSized }. */
  const of = cached((/** @type {Scene} */ scene) => {
    const { legend } = scene.symbol_colors;
    const font = fontFamily(scene);

    /**
     * Draw a symbol.
     * @param {string} kind name of its design
     * @param {string} [color] of the feature; by default the colour of the legend
     * @param {string} [text] of its letter; by default the design's
     */
    function draw(kind, color = legend, text = scene.symbols[kind].text) {
      const {
        marks,
        reach: [left, top, right, bottom],
        scale,
        halos,
      } = scene.symbols[kind];
      const [width, height] = [left + right, top + bottom];
      const image = svg("svg", { width, height, viewBox: `${-left} ${-top} ${width} ${height}` });
      const paint = (/** @type {string | null | undefined} */ value) => (value === OWN ? color : value || "none");
      drawHalos(image, paint(marks.find(({ stroke }) => stroke)?.stroke), halos);
      const body = scale === 1 ? image : svg("g", { transform: `scale(${scale})` }, image);
      marks.forEach((mark) => {
        /** @type {Attributes} */
        const line = mark.stroke ? { stroke: paint(mark.stroke), "stroke-width": mark.stroke_px } : {};
        drawMark(mark, { fill: paint(mark.fill), ...line }, body, text);
      });
      return image;
    }

    /**
     * @param {DesignMark} mark
     * @param {Attributes} look
     * @param {SVGElement} parent
     * @param {string} text of a letter
     */
    function drawMark({ shape, size_px: size, right_px: x }, look, parent, text) {
      const half = size / 2;
      /** @type {Attributes} */
      const place = x && shape !== "letter" ? { transform: `translate(${x} 0)` } : {};
      const square = (/** @type {number} */ side) => ({ x: -side / 2, y: -side / 2, width: side, height: side });
      const side = size * Math.SQRT1_2; // of a square on its corner
      const shapes = {
        circle: () => svg("circle", { r: half, ...look, ...place }, parent),
        square: () => svg("rect", { ...square(size), ...look, ...place }, parent),
        diamond: () =>
          svg(
            "rect",
            { ...square(side), rx: side * 0.1875, ...look, transform: `translate(${x} 0) rotate(45)` },
            parent,
          ),
        triangle: () => svg("path", { d: `M0 ${-half}L${half} ${0.4 * size}H${-half}Z`, ...look, ...place }, parent),
        star: () => svg("path", { d: star(half), ...look, ...place }, parent),
        letter: () => drawLetter({ x, "font-size": size, ...look }, parent, text),
      };
      shapes[shape]();
    }

    /**
     * @param {Attributes} look
     * @param {SVGElement} parent
     * @param {string} text
     */
    function drawLetter(look, parent, text) {
      const rim = { "paint-order": "stroke", "stroke-linejoin": "round" };
      const type = { "font-weight": 700, "font-family": font, "text-anchor": "middle", "dominant-baseline": "central" };
      svg("text", { y: 0.5, ...rim, ...type, ...look }, parent).textContent = text;
    }

    /**
     * Rings around a symbol fade outwards, in the colour of its outline.
     * @param {SVGElement} image
     * @param {string} color
     * @param {number[]} radii
     */
    function drawHalos(image, color, radii) {
      radii.forEach((r, n) => {
        const fading = { "fill-opacity": 0.07, "stroke-opacity": 0.55 - 0.15 * n };
        svg(
          "circle",
          { r, fill: color, stroke: color, "stroke-width": 1.3, "stroke-dasharray": "5 4", ...fading },
          image,
        );
      });
    }

    /**
     * Return how far a feature's symbol reaches from its point.
     * @param {MapSymbol} mark
     * @returns {Reach}
     */
    function reachOf(mark) {
      if (mark.rings) return JituCircles.reachOf(mark);
      const [left, top, right, bottom] = scene.symbols[mark.kind].reach;
      return { left, top, right, bottom };
    }

    /**
     * Whether a design has no marks: its size follows figures, and the legend shows some sizes.
     * @param {string} kind
     */
    const isSized = (kind) => !scene.symbols[kind].marks.length;

    return { draw, reachOf, isSized };
  });

  return { of };
})();
