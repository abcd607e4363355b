/*
 * The map's lettering. Placed by priority (placement.js): no label covers a symbol, a control or another
 * label. A cluster's may move away from its dot, and is then tied to it by a leader; the name of an area may
 * move within the area.
 */
"use strict";

window.JituLabels = (() => {
  const { boxOf, inside } = JituShapes;
  const { FONT, svg, anchorOf, sizeOf, radiusOf } = JituSymbols;
  const LONG = 10; // characters; a longer cluster name takes two lines
  const NARROW = 600; // px; below this width band names are small
  // Lines of a label: size in px, weight, letter spacing in px. Rank breaks ties between equal priorities.
  const TYPE = {
    unit: { rank: 0, lines: [{ size: 14, weight: 700, spacing: 0.5 }] },
    growth: { rank: 1, lines: [{ size: 12.5, weight: 700, spacing: 0 }, { size: 11, weight: 500, spacing: 0 }] },
    cluster: { rank: 1, lines: [{ size: 12.5, weight: 700, spacing: 0 }, { size: 11, weight: 500, spacing: 0 }] },
    belt: { rank: 2, lines: [{ size: 17, weight: 700, spacing: 4 }], narrow: [{ size: 13, weight: 700, spacing: 1.5 }] },
    region: { rank: 3, lines: [{ size: 16, weight: 700, spacing: 3 }], narrow: [{ size: 13, weight: 700, spacing: 1.5 }] },
    city: { rank: 4, lines: [{ size: 13, weight: 700, spacing: 1 }] },
    base: { rank: 5, lines: [{ size: 11, weight: 500, spacing: 0 }] },
    project: { rank: 5, lines: [{ size: 11, weight: 400, spacing: 0 }] },
    county: { rank: 5, lines: [{ size: 11, weight: 400, spacing: 0 }] },
    neighbour: { rank: 6, lines: [{ size: 12.5, weight: 500, spacing: 3 }] },
  };
  const DOT = 3.2; // px; radius of the dot that marks a cluster's core

  /** Letter a Leaflet map; `drawing` tells what is drawn on it now (map.js). */
  function on(map, drawing) {
    const known = new Map(); // id -> label record
    let placed = [];
    let pending = 0;
    let leaders = null;
    let written = ""; // what was laid out last: a layout that finds the same leaves the page alone
    const pen = document.createElement("canvas").getContext("2d");

    function add(label, id, feature) {
      if (known.has(id)) return;
      const led = label.kind === "cluster" || label.kind === "growth";
      const made = { ...label, id, feature, led, second: label.kind === "cluster", type: TYPE[label.kind], order: known.size };
      known.set(id, Object.assign(made, { stays: (box) => stays(made, box) }));
    }

    /** Where a label belongs now: its position, the symbol it stands beside, its point on the screen. */
    function locate(label, from) {
      const { feature } = label;
      label.symbol = drawing.symbolOf(feature);
      label.shift = (label.symbol && label.symbol.shift) || L.point(0, 0);
      if (label.from !== from) {
        const position = latLng(drawing.isSheet() && feature.layout_diagram ? feature.layout_diagram.at : label.at);
        const area = label.symbol || label.led ? null : areaOf(feature); // others stand on their area
        Object.assign(label, { from, position, area, home: map.latLngToContainerPoint(position) });
      }
      label.point = label.home.add(label.shift);
    }

    /** What places on the screen depend on; while it is the same, they are. */
    const viewpoint = () => [map.getZoom(), map.getSize(), map.getPixelOrigin(), map.containerPointToLayerPoint([0, 0]), drawing.isSheet()].join();

    // A frame asked for while the page is hidden never comes: ask anew each time instead of waiting for it.
    function schedule() {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(layout);
    }

    function layout() {
      const { x: width, y: height } = map.getSize();
      if (!width || !height) return; // out of sight
      const zoom = map.getZoom();
      const view = L.bounds([0, 0], map.getSize());
      const present = (l) => (l.kind === "neighbour" ? !drawing.hasBasemap() : drawing.isShown(l.id)) && zoom >= l.min_zoom;
      const symbols = drawing.shown().map(drawing.symbolOf).filter(Boolean);
      spreadCircles(symbols);
      const wanted = [...known.values()].filter(present);
      const from = viewpoint();
      wanted.forEach((label) => locate(label, from));
      const controls = controlBoxes();
      const hidden = (l) => l.led && controls.some((box) => contains(box, l.point));
      const seen = wanted.filter((l) => view.contains(l.point) && !hidden(l));
      seen.sort((a, b) => a.priority - b.priority || a.type.rank - b.type.rank || a.order - b.order);
      seen.forEach(measure);
      const dots = seen.filter((l) => l.second).map((l) => JituPlacement.around(l.point, DOT + 1.5));
      const places = JituPlacement.arrange(seen, [...controls, ...symbols.map(symbolBox), ...dots], map.getSize());
      const laid = JSON.stringify([[...places].map(toText), seen.filter((l) => l.led).map(({ id, point, shift }) => [id, point, shift])]);
      if (laid === written) return;
      placed.forEach((l) => places.has(l) || l.element.remove());
      placed = [...places.keys()];
      places.forEach(({ x, y, size, end }, label) => {
        Object.assign(label, { offset: L.point(x, y).add(label.shift).round(), leader: end });
        write(label, size);
      });
      follow();
      drawLeaders(seen, places);
      written = laid;
    }

    /** Push circles off each other and off the layout's symbols, and note how far each was moved. */
    function spreadCircles(symbols) {
      const circles = symbols.filter((mark) => mark.rings);
      if (!circles.length) return;
      const fixed = symbols.filter((mark) => !mark.rings && !mark.slots);
      const bodies = [...circles, ...fixed].map((mark) => {
        const home = map.latLngToContainerPoint(latLng(mark.at));
        return { mark, home, at: home, radius: (mark.rings ? radiusOf(mark) : sizeOf(mark).anchor[0]) + 1.5 };
      });
      for (let round = 0; round < 60; round += 1) {
        bodies.slice(0, circles.length).forEach((a, i) => bodies.slice(i + 1).forEach((b) => {
          const distance = a.at.distanceTo(b.at);
          const missing = a.radius + b.radius - distance;
          if (missing <= 0) return;
          const away = distance ? b.at.subtract(a.at).divideBy(distance) : L.point(1, 0);
          a.at = a.at.subtract(away.multiplyBy(b.mark.rings ? missing / 2 : missing));
          if (b.mark.rings) b.at = b.at.add(away.multiplyBy(missing / 2));
        }));
      }
      bodies.slice(0, circles.length).forEach(({ mark, home, at }) => {
        mark.shift = at.subtract(home).round();
        mark.image.style.transform = `translate(${mark.shift.x}px, ${mark.shift.y}px)`;
      });
    }

    const toText = ([{ id, position }, place]) => [id, map.latLngToLayerPoint(position), place];

    /** What a label takes of the screen, and where it may go. */
    function measure(label) {
      const { symbol: mark, led } = label;
      const narrow = map.getSize().x < NARROW;
      if (label.narrow !== narrow) Object.assign(label, { narrow, measured: measured(label, narrow) });
      label.sizes = label.measured[drawing.year()] || label.measured.none;
      const reach = Math.min(160, 0.14 * map.getSize().x);
      label.beside = mark || led ? besideOf(mark) : null;
      label.reach = led ? reach : label.area ? Math.min(reach, diagonal(label.area)) : 0;
    }

    /** Sizes by year, of all years at once: another year then has nothing to measure. */
    function measured(label, narrow) {
      const { lines, narrow: small } = label.type;
      const types = !small ? [lines] : narrow ? [small] : [lines, small];
      const figures = Object.entries({ ...label.by_year, none: "" });
      return Object.fromEntries(figures.map(([year, text]) => [year, types.map((type) => sizeFor(linesOf(label, text, type)))]));
    }

    function besideOf(mark) {
      const { width, height } = mark ? sizeOf(mark) : { width: 12, height: 12 };
      const [x, y] = mark ? anchorOf(mark) : [6, 6];
      return { left: -x, top: -y, right: width - x, bottom: height - y };
    }

    /** The box on the screen in which a feature's polygon lies. */
    function areaOf(feature) {
      const outline = drawing.outlineOf(feature);
      if (!outline) return null;
      const [west, south, east, north] = boxOf(outline);
      const [first, last] = [map.latLngToContainerPoint([north, west]), map.latLngToContainerPoint([south, east])];
      return [first.x, first.y, last.x, last.y];
    }

    function sizeFor(lines) {
      const width = Math.ceil(Math.max(...lines.map(lengthOf))) + 4;
      return { lines, width, height: Math.ceil(lines.reduce((sum, line) => sum + line.size * 1.25, 0)) };
    }

    function linesOf(label, figures, [name, year]) {
      const lines = (label.led ? halves(label.text) : [label.text]).map((text) => ({ text, ...name }));
      return [...lines, ...figures.split("\n").filter(Boolean).map((text) => ({ text, ...year }))];
    }

    function lengthOf({ text, size, weight, spacing }) {
      pen.font = `${weight} ${size}px ${FONT}`;
      return pen.measureText(text).width + spacing * text.length;
    }

    function controlBoxes() {
      const origin = map.getContainer().getBoundingClientRect();
      return [...map.getContainer().querySelectorAll(".leaflet-control")].map((element) => {
        const box = element.getBoundingClientRect();
        return [box.left - origin.left - 4, box.top - origin.top - 4, box.right - origin.left + 4, box.bottom - origin.top + 4];
      });
    }

    function symbolBox(mark) {
      const { width, height } = sizeOf(mark);
      const anchor = anchorOf(mark);
      const point = map.latLngToContainerPoint(latLng(mark.at)).add(mark.shift || [0, 0]);
      return [point.x - anchor[0], point.y - anchor[1], point.x - anchor[0] + width, point.y - anchor[1] + height];
    }

    // Does the name of an area lie in it: a neighbour's from end to end, others with their middle?
    function stays({ kind, feature, area }, [left, top, right, bottom]) {
      const y = (top + bottom) / 2;
      return (kind === "neighbour" ? [left, right] : [(left + right) / 2]).every((x) => {
        if (!contains(area, { x, y })) return false;
        const { lng, lat } = map.containerPointToLatLng([x, y]);
        return inside([lng, lat], drawing.outlineOf(feature));
      });
    }

    function write(label, { lines, width }) {
      if (!label.element) {
        label.element = L.DomUtil.create("div", `jitu-label jitu-label-${label.kind} leaflet-zoom-animated`);
        label.element.style.color = label.color;
      }
      if (label.written !== lines) {
        label.written = lines;
        label.element.replaceChildren(...lines.map(({ text: words, size, weight, spacing }) => {
          const line = document.createElement("div");
          line.textContent = words;
          line.style.font = `${weight} ${size}px/1.25 ${FONT}`;
          line.style.letterSpacing = `${spacing}px`;
          return line;
        }));
        label.element.style.width = `${width}px`;
      }
      if (!label.element.parentNode) map.getPane("jitu-labels").appendChild(label.element);
    }

    /** Keep labels at their places while the map zooms; the next layout places them anew. */
    function follow(event) {
      if (leaders) leaders.style.visibility = "hidden";
      written = "";
      placed.forEach((label) => {
        const point = event ? map._latLngToNewLayerPoint(label.position, event.zoom, event.center) : map.latLngToLayerPoint(label.position);
        L.DomUtil.setPosition(label.element, point.add(label.offset));
      });
    }

    function drawLeaders(seen, places) {
      if (!leaders) {
        leaders = svg("svg", { class: "jitu-leaders", width: 1, height: 1 }, map.getPane("jitu-leaders"));
        ["ties", "dots"].forEach((name) => svg("g", { class: name }, leaders));
      }
      const [ties, dots] = leaders.children;
      const shift = map.containerPointToLayerPoint([0, 0]);
      const tie = (from, to, color) => {
        const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
        return [
          svg("line", { ...ends, stroke: "#fff", "stroke-width": 3, "stroke-opacity": 0.8 }),
          svg("line", { ...ends, stroke: color, "stroke-width": 1.1 }),
        ];
      };
      // A cluster has its dot even where its name finds no room.
      const marked = new Set();
      ties.replaceChildren(...seen.filter((l) => l.led).flatMap((label) => {
        const from = label.point.add(shift);
        const home = from.subtract(label.shift);
        marked.add(dotAt(label, home, dots));
        const named = places.has(label) && label.leader ? tie(from, shift.add(label.leader), label.color) : [];
        const moved = label.shift.x || label.shift.y ? tie(from, home, label.color) : [];
        return [...named, ...moved];
      }));
      [...dots.children].forEach((dot) => marked.has(dot) || dot.remove());
      leaders.style.visibility = "visible";
    }

    /** A cluster's dot; to leave it alone where it stands takes less time than to write it again. */
    function dotAt(label, { x, y }, dots) {
      label.dot = label.dot || svg("circle", { r: DOT, fill: label.color, stroke: "#fff", "stroke-width": 1.4 });
      const place = `translate(${x} ${y})`;
      if (label.marked !== place) label.dot.setAttribute("transform", place);
      label.marked = place;
      if (!label.dot.parentNode) dots.append(label.dot);
      return label.dot;
    }

    const stop = () => cancelAnimationFrame(pending);

    return { add, schedule, layout, stop, follow, count: () => placed.length };
  }

  /** Break a long name in two, after a conjunction if one stands near the middle. */
  function halves(text) {
    if (text.length <= LONG) return [text];
    const middle = Math.ceil(text.length / 2);
    const breaks = [...text].flatMap((c, i) => ("和与及、".includes(c) && Math.abs(i + 1 - middle) <= 2 ? [i + 1] : []));
    const at = breaks.length ? breaks[0] : middle;
    return [text.slice(0, at), text.slice(at)];
  }

  const diagonal = ([left, top, right, bottom]) => Math.hypot(right - left, bottom - top);
  const contains = ([left, top, right, bottom], { x, y }) => left < x && x < right && top < y && y < bottom;
  const latLng = ([lon, lat]) => L.latLng(lat, lon);

  return { on };
})();
