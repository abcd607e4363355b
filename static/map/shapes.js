/*
 * Queries on polygons (GeoJSON, degrees).
 */
"use strict";

var JituShapes = (() => {
  /** @param {Areal} geometry */
  const polygonsOf = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);

  /**
   * Return `compute` with its results cached by object.
   * @template {object} From
   * @template To
   * @param {(object: From) => To} compute
   * @returns {(object: From) => To}
   */
  function cached(compute) {
    /** @type {WeakMap<From, To>} */
    const known = new WeakMap();
    return (object) => {
      if (!known.has(object)) known.set(object, compute(object));
      return /** @type {To} */ (known.get(object));
    };
  }

  /** Return the bounding box [west, south, east, north] of a polygon, in degrees. */
  const boxOf = cached((/** @type {Areal} */ geometry) => {
    /** @type {Box} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of polygonsOf(geometry).flatMap((rings) => rings[0])) {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    return box;
  });

  /**
   * Return whether a point lies in a polygon.
   * @param {LonLat} point
   * @param {Areal} geometry
   */
  function inside([x, y], geometry) {
    const [west, south, east, north] = boxOf(geometry);
    if (x < west || x > east || y < south || y > north) return false;
    let odd = false;
    for (const ring of polygonsOf(geometry).flat()) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
      }
    }
    return odd;
  }

  return { cached, boxOf, inside };
})();
