/*
 * Circles of revenue targets: of a cluster on the map, of round figures in the legend.
 *
 * The circles of a cluster are a symbol { at, color, rings: [{ year, radius, fill, passes }] }.
 */
"use strict";

var JituCircles = (() => {
  const { svg, star } = JituSvg;
  const ROUNDS = 60; // after which circles that still overlap stay where they are
  const GAP = 1.5; // px between circles

  /**
   * Return the radius of the largest circle, in px.
   * @param {{ rings: Ring[] }} mark
   */
  const radiusOf = ({ rings }) => Math.max(...rings.map(({ radius }) => radius));

  /**
   * Return how far the circles reach to each side.
   * @param {{ rings: Ring[] }} mark
   * @returns {Reach}
   */
  function reachOf(mark) {
    const reach = radiusOf(mark) + 2;
    return { left: reach, top: reach, right: reach, bottom: reach };
  }

  /**
   * Draw a cluster's circles into their image: earlier years are inside and darker, a heavy ring marks the
   * chosen year, and a star a target that passes the threshold.
   * @param {ClusterCircles} mark
   * @param {number | null} chosen year
   * @param {{ text: string, star: string }} colors of the heavy ring and the star
   * @param {Casing[]} casing lines around a selected cluster
   */
  function draw({ image, rings, color }, chosen, colors, casing) {
    const year = rings.find((ring) => ring.year === chosen);
    image.replaceChildren();
    casing.forEach((line) =>
      svg(
        "circle",
        { r: radiusOf({ rings }) + 3.5, fill: "none", stroke: line.color, "stroke-width": line.weight },
        image,
      ),
    );
    [...rings]
      .sort((a, b) => b.radius - a.radius)
      .forEach(({ radius, fill }, n) =>
        svg("circle", { r: radius, fill, stroke: n ? "#fff" : color, "stroke-width": n ? 0.6 : 1 }, image),
      );
    if (!year) return;
    svg("circle", { r: year.radius, fill: "none", stroke: colors.text, "stroke-width": 2.2 }, image);
    if (year.passes)
      svg(
        "path",
        { d: star(7.5), fill: colors.star, stroke: colors.text, "stroke-width": 1, "stroke-linejoin": "round" },
        image,
      );
  }

  /**
   * Return an image of the circles of a few targets, at the map's scale.
   * @param {[number, number][]} targets value and radius, in rising order
   * @param {{ legend: string, text: string }} colors
   */
  function sizes(targets, colors) {
    const all = [...targets].reverse();
    const [[, most]] = all;
    const [width, height] = [2 * most + 60, 2 * most + 10];
    const image = svg("svg", { width, height, class: "jitu-sizes" });
    let line = -Infinity;
    all.forEach(([value, radius]) => {
      const top = height - 3 - 2 * radius;
      line = Math.max(top, line + 12);
      svg(
        "circle",
        { cx: most + 2, cy: height - 3 - radius, r: radius, fill: "#fff", stroke: colors.legend, "stroke-width": 1 },
        image,
      );
      svg(
        "path",
        {
          d: `M${most + 2} ${top}H${2 * most + 4}L${2 * most + 14} ${line}`,
          fill: "none",
          stroke: colors.legend,
          "stroke-width": 0.8,
        },
        image,
      );
      const at = { x: 2 * most + 18, y: line, "font-size": 11, "dominant-baseline": "central", fill: colors.text };
      svg("text", at, image).textContent = value.toLocaleString("en-US");
    });
    return image;
  }

  /**
   * Push circles off each other and off fixed symbols.
   * @param {{ home: L.Point, radius: number }[]} circles
   * @param {{ home: L.Point, radius: number }[]} fixed
   * @returns {L.Point[]} how far each circle moves
   */
  function spread(circles, fixed) {
    const bodies = [...circles, ...fixed].map(({ home, radius }, n) => ({
      at: home,
      radius: radius + GAP,
      moves: n < circles.length,
    }));
    for (let round = 0; round < ROUNDS; round += 1) {
      bodies.slice(0, circles.length).forEach((a, i) =>
        bodies.slice(i + 1).forEach((b) => {
          const distance = a.at.distanceTo(b.at);
          const missing = a.radius + b.radius - distance;
          if (missing <= 0) return;
          const away = distance ? b.at.subtract(a.at).divideBy(distance) : L.point(1, 0);
          a.at = a.at.subtract(away.multiplyBy(b.moves ? missing / 2 : missing));
          if (b.moves) b.at = b.at.add(away.multiplyBy(missing / 2));
        }),
      );
    }
    return circles.map(({ home }, n) => bodies[n].at.subtract(home).round());
  }

  return { radiusOf, reachOf, draw, sizes, spread };
})();
