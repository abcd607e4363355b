/*
 * The map's lettering, as the scene defines it. Labels are placed by priority (placement.js): none covers a
 * symbol, a control or another label. A led label may move away from its point and is then tied to it by a
 * leader; the name of an area may move within the area.
 */
"use strict";

var JituLabels = (() => {
  const { boxOf, inside } = JituShapes;
  const { svg, fontFamily } = JituSvg;
  const { latLng } = JituPanes;
  const LONG = 10; // characters; the name of a longer led label takes two lines
  const POINT = { left: 6, top: 6, right: 6, bottom: 6 }; // px that a label keeps from a point without a symbol
  const DOT_GAP = 1.5; // px that other labels keep from a dot
  const CONTROL_GAP = 4; // px that labels keep from a control
  const FARTHEST = { px: 160, share: 0.14 }; // that a label moves, the share being of the map's width
  const SEAT = "seat"; // a label around a point that is marked by a dot
  const NO_YEAR = "none"; // a label without the figures of a year

  /**
   * Return the labels of a Leaflet map: { create, add, schedule, layout, stop, follow, count }.
   * @param {L.Map} map
   * @param {Drawing} drawing
   */
  function on(map, drawing) {
    /** @type {Map<string, MapLabel>} */
    const known = new Map(); // by id
    /** @type {MapLabel[]} */
    let placed = [];
    let pending = 0;
    const ties = svg("g", { class: "ties" });
    const dots = svg("g", { class: "dots" });
    const leaders = svg("svg", { class: "jitu-leaders", width: 1, height: 1 });
    leaders.append(ties, dots);
    let written = ""; // the last layout: one with the same result leaves the page as it is
    const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

    /** Prepare the panes; needed once, before labels are added. */
    function create() {
      pane("labels").style.setProperty("--jitu-halo", `${drawing.scene().lettering.halo}px`);
      pane("leaders").append(leaders);
    }

    const pane = (/** @type {string} */ name) => /** @type {HTMLElement} */ (map.getPane(`jitu-${name}`));

    /**
     * Add a label.
     * @param {SceneLabel} label `kind` names its lettering
     * @param {string} id of the feature, or of the area of the base map
     * @param {Shaped} feature whose label it is
     */
    function add(label, id, feature) {
      if (known.has(id)) return;
      const lettering = drawing.scene().letterings[label.kind];
      const { led, place } = lettering;
      // The rest is noted by each layout.
      const record = /** @type {MapLabel} */ ({ ...label, id, feature, lettering, led, order: known.size });
      record.second = place === SEAT;
      record.stays = (box) => stays(record, box);
      known.set(id, record);
    }

    /**
     * Note where a label belongs now: its position, the symbol beside it, its point on the screen.
     * @param {MapLabel} label
     * @param {string} from the viewpoint
     */
    function locate(label, from) {
      const { feature } = label;
      label.symbol = drawing.symbolOf(feature);
      label.shift = label.symbol?.shift || L.point(0, 0);
      if (label.from !== from) {
        const position = latLng(drawing.diagramOf(feature)?.at || label.at);
        const area = label.symbol || label.led ? null : areaOf(feature);
        Object.assign(label, { from, position, area, home: map.latLngToContainerPoint(position) });
      }
      label.point = label.home.add(label.shift);
    }

    /** Positions on the screen change with this only. */
    const viewpoint = () =>
      [
        map.getZoom(),
        map.getSize(),
        map.getPixelOrigin(),
        map.containerPointToLayerPoint([0, 0]),
        drawing.isDiagram(),
      ].join();

    // A frame requested while the page is hidden never comes: request a new one each time.
    function schedule() {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(layout);
    }

    function layout() {
      const { x: width, y: height } = map.getSize();
      if (!width || !height) return; // hidden
      const zoom = map.getZoom();
      const view = L.bounds([0, 0], map.getSize());
      const symbols = drawing.symbols().filter((mark) => !mark.folded || mark.shift);
      spread(symbols);
      const wanted = [...known.values()].filter((l) => drawing.isShown(l.id) && isLegible(l, zoom));
      const from = viewpoint();
      wanted.forEach((label) => locate(label, from));
      const controls = controlBoxes();
      const hidden = (/** @type {MapLabel} */ l) => l.led && controls.some((box) => contains(box, l.point));
      const seen = wanted.filter((l) => view.contains(l.point) && !hidden(l));
      seen.sort((a, b) => a.priority - b.priority || a.lettering.rank - b.lettering.rank || a.order - b.order);
      seen.forEach(measure);
      const dots = seen
        .filter((l) => l.lettering.place === SEAT)
        .map((l) => JituPlacement.around(l.point, drawing.scene().lettering.dot + DOT_GAP));
      const places = JituPlacement.arrange(seen, [...controls, ...symbols.map(symbolBox), ...dots], map.getSize());
      const result = JSON.stringify([
        [...places].map(toText),
        seen.filter((l) => l.led).map(({ id, point, shift }) => [id, point, shift]),
      ]);
      if (result === written) return;
      placed.forEach((l) => places.has(l) || l.element.remove());
      placed = [...places.keys()];
      places.forEach(({ x, y, size, end }, label) => {
        Object.assign(label, { offset: L.point(x, y).add(label.shift).round(), leader: end });
        write(label, size);
      });
      follow();
      drawLeaders(seen, places);
      written = result;
    }

    /**
     * Whether a label may be written at a zoom level: that of a site in a stack only while it is fanned out.
     * @param {MapLabel} label
     * @param {number} zoom
     */
    function isLegible({ feature, min_zoom: from }, zoom) {
      const symbol = drawing.symbolOf(feature);
      return symbol?.folded ? Boolean(symbol.shift) : zoom >= from;
    }

    /**
     * Push what may move, circles and stacks, off each other and off symbols that have their place to themselves.
     * @param {MapSymbol[]} symbols
     */
    function spread(symbols) {
      const moving = symbols.filter((mark) => mark.move);
      if (!moving.length) return;
      const body = (/** @type {MapSymbol} */ mark) => ({
        home: map.latLngToContainerPoint(latLng(mark.at)),
        radius: mark.rings ? JituCircles.radiusOf(mark) : reachOf(mark).left,
      });
      const fixed = symbols.filter((mark) => !mark.rings && !drawing.scene().symbols[mark.kind].shared);
      JituCircles.spread(moving.map(body), fixed.map(body)).forEach((shift, n) => moving[n].move?.(shift));
    }

    /** @param {[MapLabel, LabelPlace]} entry */
    const toText = ([{ id, position }, place]) => [id, map.latLngToLayerPoint(position), place];
    const reachOf = (/** @type {MapSymbol} */ mark) => JituSymbols.of(drawing.scene()).reachOf(mark);

    /**
     * Note how large a label is, and where it may stand.
     * @param {MapLabel} label
     */
    function measure(label) {
      const { symbol, led, area } = label;
      const narrow = drawing.isNarrow();
      if (label.narrow !== narrow) Object.assign(label, { narrow, measured: measured(label, narrow) });
      label.sizes = label.measured[drawing.year() ?? NO_YEAR] || label.measured[NO_YEAR];
      const farthest = Math.min(FARTHEST.px, FARTHEST.share * map.getSize().x);
      label.beside = symbol || led ? besideOf(symbol) : null;
      label.reach = led ? farthest : area ? Math.min(farthest, diagonal(area)) : 0;
    }

    /**
     * Sizes by year, for all years at once: another year then needs no measuring.
     * @param {MapLabel} label
     * @param {boolean} narrow
     * @returns {Record<string, LabelSize[]>}
     */
    function measured(label, narrow) {
      const { lines, narrow: small } = label.lettering;
      const types = !small ? [lines] : narrow ? [small] : [lines, small];
      const figures = Object.entries({ ...label.by_year, [NO_YEAR]: "" });
      return Object.fromEntries(
        figures.map(([year, text]) => [year, types.map((type) => sizeFor(linesOf(label, text, type)))]),
      );
    }

    /**
     * @param {MapSymbol | null} symbol
     * @returns {Reach}
     */
    function besideOf(symbol) {
      const { left, top, right, bottom } = symbol ? reachOf(symbol) : POINT;
      return { left: -left, top: -top, right, bottom };
    }

    /**
     * The box on the screen around a feature's polygon.
     * @param {Shaped} feature
     * @returns {Box | null}
     */
    function areaOf(feature) {
      const outline = drawing.outlineOf(feature);
      if (!outline) return null;
      const [west, south, east, north] = boxOf(outline);
      const [first, last] = [map.latLngToContainerPoint([north, west]), map.latLngToContainerPoint([south, east])];
      return [first.x, first.y, last.x, last.y];
    }

    /**
     * @param {TextLine[]} lines
     * @returns {LabelSize}
     */
    function sizeFor(lines) {
      const width = Math.ceil(Math.max(...lines.map(lengthOf))) + 4;
      const { line_height: lineHeight } = drawing.scene().lettering;
      return { lines, width, height: Math.ceil(lines.reduce((sum, line) => sum + line.size * lineHeight, 0)) };
    }

    /**
     * @param {MapLabel} label
     * @param {string} figures
     * @param {TextType[]} types of the name and of the figures
     * @returns {TextLine[]}
     */
    function linesOf(label, figures, [name, year]) {
      const lines = (label.led ? halves(label.text) : [label.text]).map((text) => ({ text, ...name }));
      return [
        ...lines,
        ...figures
          .split("\n")
          .filter(Boolean)
          .map((text) => ({ text, ...year })),
      ];
    }

    /** @param {TextLine} line */
    function lengthOf({ text, size, weight, spacing }) {
      pen.font = `${weight} ${size}px ${fontFamily(drawing.scene())}`;
      return pen.measureText(text).width + spacing * text.length;
    }

    /** @returns {Box[]} */
    function controlBoxes() {
      const origin = map.getContainer().getBoundingClientRect();
      return [...map.getContainer().querySelectorAll(".leaflet-control")].map((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return [
          left - origin.left - CONTROL_GAP,
          top - origin.top - CONTROL_GAP,
          right - origin.left + CONTROL_GAP,
          bottom - origin.top + CONTROL_GAP,
        ];
      });
    }

    /**
     * @param {MapSymbol} mark
     * @returns {Box}
     */
    function symbolBox(mark) {
      const { left, top, right, bottom } = reachOf(mark);
      const { x, y } = map.latLngToContainerPoint(latLng(mark.at)).add(mark.shift || [0, 0]);
      return [x - left, y - top, x + right, y + bottom];
    }

    /**
     * Whether the name of an area lies in it: from end to end where its lettering says so, else with its middle.
     * @param {MapLabel} label
     * @param {Box} box
     */
    function stays({ lettering, feature, area }, [left, top, right, bottom]) {
      const y = (top + bottom) / 2;
      const outline = drawing.outlineOf(feature);
      if (!outline || !area) return false;
      return (lettering.whole ? [left, right] : [(left + right) / 2]).every((x) => {
        if (!contains(area, { x, y })) return false;
        const { lng, lat } = map.containerPointToLatLng([x, y]);
        return inside([lng, lat], outline);
      });
    }

    /**
     * Write a label, unless it is written so already.
     * @param {MapLabel} label
     * @param {LabelSize} size
     */
    function write(label, { lines, width }) {
      if (!label.element) {
        const { narrow, whole } = label.lettering;
        const names = [
          "jitu-label",
          `jitu-label-${label.kind}`,
          narrow && "jitu-label-large",
          whole && "jitu-label-whole",
        ];
        label.element = L.DomUtil.create("div", [...names.filter(Boolean), "leaflet-zoom-animated"].join(" "));
        label.element.style.color = label.color;
      }
      if (label.written !== lines) {
        label.written = lines;
        const { line_height: lineHeight } = drawing.scene().lettering;
        label.element.replaceChildren(
          ...lines.map(({ text, size, weight, spacing }) => {
            const line = document.createElement("div");
            line.textContent = text;
            line.style.font = `${weight} ${size}px/${lineHeight} ${fontFamily(drawing.scene())}`;
            line.style.letterSpacing = `${spacing}px`;
            return line;
          }),
        );
        label.element.style.width = `${width}px`;
      }
      if (!label.element.parentNode) pane("labels").appendChild(label.element);
    }

    /**
     * Keep labels at their places while the map zooms; the next layout places them again.
     * @param {L.ZoomAnimEvent} [event] of a zoom that begins now
     */
    function follow(event) {
      leaders.style.visibility = "hidden";
      written = "";
      placed.forEach((label) => {
        const point = event
          ? map._latLngToNewLayerPoint(label.position, event.zoom, event.center)
          : map.latLngToLayerPoint(label.position);
        L.DomUtil.setPosition(label.element, point.add(label.offset));
      });
    }

    /**
     * Draw what ties led labels and moved symbols to their places, and the dots that mark these.
     * @param {MapLabel[]} seen
     * @param {Map<MapLabel, LabelPlace>} places
     */
    function drawLeaders(seen, places) {
      const origin = map.containerPointToLayerPoint([0, 0]);
      const marked = new Set();
      ties.replaceChildren(
        ...seen
          .filter((l) => l.led)
          .flatMap((label) => {
            const { shift, color } = label;
            const point = label.point.add(origin);
            const home = point.subtract(shift);
            const isMoved = Boolean(shift.x || shift.y);
            // A seat has its dot even where its name finds no room.
            if (label.lettering.place === SEAT || isMoved) marked.add(dotAt(label, home));
            const named = places.has(label) && label.leader ? tie(point, origin.add(L.point(label.leader)), color) : [];
            return [...named, ...(isMoved ? tie(point, home, color) : [])];
          }),
      );
      [...dots.children].forEach((dot) => marked.has(dot) || dot.remove());
      leaders.style.visibility = "visible";
    }

    /**
     * @param {XY} from
     * @param {XY} to
     * @param {string} color
     */
    function tie(from, to, color) {
      const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
      return [
        svg("line", { ...ends, stroke: "#fff", "stroke-width": 3, "stroke-opacity": 0.8 }),
        svg("line", { ...ends, stroke: color, "stroke-width": drawing.scene().lettering.leader }),
      ];
    }

    /**
     * Return a label's dot at a place; one that stays where it is takes no time.
     * @param {MapLabel} label
     * @param {XY} place
     */
    function dotAt(label, { x, y }) {
      const { dot: r, dot_outline: outline } = drawing.scene().lettering;
      label.dot = label.dot || svg("circle", { r, fill: label.color, stroke: "#fff", "stroke-width": outline });
      const place = `translate(${x} ${y})`;
      if (label.marked !== place) label.dot.setAttribute("transform", place);
      label.marked = place;
      if (!label.dot.parentNode) dots.append(label.dot);
      return label.dot;
    }

    const stop = () => cancelAnimationFrame(pending);

    return { create, add, schedule, layout, stop, follow, count: () => placed.length };
  }

  /**
   * Break a long name in two, after a conjunction if one stands near the middle.
   * @param {string} text
   */
  function halves(text) {
    if (text.length <= LONG) return [text];
    const middle = Math.ceil(text.length / 2);
    const breaks = [...text].flatMap((c, i) =>
      "和与及、".includes(c) && Math.abs(i + 1 - middle) <= 2 ? [i + 1] : [],
    );
    const at = breaks.length ? breaks[0] : middle;
    return [text.slice(0, at), text.slice(at)];
  }

  const diagonal = (/** @type {Box} */ [left, top, right, bottom]) => Math.hypot(right - left, bottom - top);
  /**
   * @param {Box} box
   * @param {XY} point
   */
  const contains = ([left, top, right, bottom], { x, y }) => left < x && x < right && top < y && y < bottom;

  return { on };
})();
