/*
 * What is emphasised on the map: the outlines of selected features, and a point.
 */
"use strict";

var JituSelection = (() => {
  const { svg } = JituSvg;
  const { latLng } = JituPanes;
  const CASING = [
    { color: "#151b23", weight: 6.5 },
    { color: "#ffd21f", weight: 3 },
  ]; // from below
  const PIN = [
    { stroke: "#fff", "stroke-width": 4.5 },
    { stroke: "#151b23", "stroke-width": 2 },
  ];
  const MANY = 8; // outlines from which on their lines are thinner
  const THINNER = 0.55;

  /**
   * Return the selection of a Leaflet map: { show, mark, ids, casingOf }.
   * @param {L.Map} map
   * @param {Drawing} drawing
   * @param {Panes} panes
   */
  function on(map, drawing, panes) {
    const { outlineOf, symbolOf } = drawing;
    /** @type {{ id: string, parts: L.Path[] }[]} */
    let selected = [];
    /** @type {L.Marker | null} */
    let pin = null;

    /**
     * Emphasise features, of which only those that have a shape or a symbol can be.
     * @param {Feature[]} features
     */
    function show(features) {
      const wanted = features.filter((feature) => outlineOf(feature) || symbolOf(feature));
      if (wanted.map(({ id }) => id).join() === ids().join()) return;
      selected.forEach(({ parts }) => parts.forEach((part) => part.remove()));
      const share = wanted.length > MANY ? THINNER : 1;
      selected = wanted.map((feature) => ({ id: feature.id, parts: partsOf(feature, share) }));
      CASING.forEach((_, n) => selected.forEach(({ parts }) => parts[n]?.addTo(map)));
    }

    /**
     * Return the lines around a feature, from below.
     * @param {Feature} feature
     * @param {number} share of their width
     */
    function partsOf(feature, share) {
      const [outline, symbol] = [outlineOf(feature), symbolOf(feature)];
      if (symbol?.rings) return []; // circles draw their casing themselves
      return CASING.flatMap((line) => {
        const look = { ...line, weight: line.weight * share, fill: false };
        if (outline) return panes.polygon(outline, "selection", look);
        return symbol ? L.circleMarker(latLng(symbol.at), panes.options("selection", { ...look, radius: 20 })) : [];
      });
    }

    /**
     * Mark a point, or none.
     * @param {LonLat | null | undefined} at
     */
    function mark(at) {
      pin?.remove();
      pin = null;
      if (!at) return;
      const image = svg("svg", { width: 26, height: 26, viewBox: "-13 -13 26 26" });
      PIN.forEach((line) => {
        svg("path", { d: "M0 -12V-4M0 4V12M-12 0H-4M4 0H12", "stroke-linecap": "round", ...line }, image);
        svg("circle", { r: 6, fill: "none", ...line }, image);
      });
      pin = panes.marker(at, image, [13, 13], "symbols").addTo(map);
    }

    const ids = () => selected.map(({ id }) => id);

    /**
     * Return the lines around a feature's circles: none unless it is selected.
     * @param {string} id
     */
    const casingOf = (id) => (ids().includes(id) ? CASING : []);

    return { show, mark, ids, casingOf };
  }

  return { on };
})();
