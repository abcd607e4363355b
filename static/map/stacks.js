/*
 * Sites that stand for the same place are one symbol with their number. A click on it, or Enter, fans them out
 * around it; then each is a button of its own.
 */
"use strict";

var JituStacks = (() => {
  const { svg } = JituSvg;
  const COUNTED = "counted"; // the design of the symbol with the number
  const APART = 26; // px between the symbols of a fan
  const NEAREST = 38; // px; radius of the smallest fan
  const ROOM = 16; // px around a fan that its ground covers
  const ABOVE = 10000; // z-index offset of a fan

  /**
   * Return the stacks of a Leaflet map: { gather, symbols, close }.
   * @param {L.Map} map
   * @param {Drawing} drawing
   * @param {Panes} panes
   */
  function on(map, drawing, panes) {
    /** @type {Map<string, Stack>} */
    const stacks = new Map(); // by place
    /** @type {Stack | null} */
    let fanned = null;

    /**
     * Gather the sites of a view that stand for the same place, and count them. A stack of the same sites stays.
     * @param {Iterable<Feature>} features
     */
    function gather(features) {
      /** @type {Map<string, Feature[]>} */
      const places = new Map();
      for (const feature of features) {
        const { symbol } = feature;
        if (!symbol || !drawing.scene().symbols[symbol.kind].shared) continue;
        const place = symbol.at.join();
        const members = places.get(place);
        if (members) members.push(feature);
        else places.set(place, [feature]);
      }
      const again = fanned?.place;
      stacks.forEach((stack, place) => sameAs(stack.members, places.get(place)) || remove(stack));
      places.forEach((members, place) => {
        if (members.length === 1) fold(members, false);
        else if (!stacks.has(place)) stacks.set(place, stackOf(place, members));
      });
      const changed = again !== undefined && !fanned && stacks.get(again);
      if (changed) fan(changed);
    }

    /**
     * @param {string} place
     * @param {Feature[]} members
     * @returns {Stack}
     */
    function stackOf(place, members) {
      fold(members, true);
      const scene = drawing.scene();
      const { draw } = JituSymbols.of(scene);
      /** @type {PlainSymbol} */
      const symbol = { kind: COUNTED, at: /** @type {MapSymbol} */ (members[0].symbol).at };
      const image = draw(COUNTED, undefined, String(members.length));
      const words = scene.text.stack.replace("{n}", String(members.length));
      const stack = {
        place,
        members,
        symbol,
        image,
        marker: buttonFor(symbol, image, words, () => press(stack)),
        fan: [],
      };
      stack.marker.addTo(map).getElement()?.setAttribute("aria-expanded", "false");
      symbol.move = (shift) => move(stack, shift);
      return stack;
    }

    /**
     * Move a stack from its place to where it covers no other symbol; one that is fanned out stays.
     * @param {Stack} stack
     * @param {L.Point} shift
     */
    function move(stack, shift) {
      const element = stack.marker.getElement();
      if (stack === fanned || !element) return;
      const { reach } = drawing.scene().symbols[COUNTED];
      stack.symbol.shift = shift;
      stack.image.querySelector(".jitu-tie")?.remove();
      if (shift.x || shift.y) stack.image.prepend(tieTo(shift.multiplyBy(-1)));
      // The margins are the marker's anchor.
      Object.assign(element.style, { marginLeft: `${shift.x - reach[0]}px`, marginTop: `${shift.y - reach[1]}px` });
    }

    /**
     * @param {MapSymbol} symbol drawn beside its place if it has a shift
     * @param {SVGElement} image
     * @param {string} words
     * @param {() => void} pressed
     */
    function buttonFor({ kind, at, shift }, image, words, pressed) {
      const { reach, pane } = drawing.scene().symbols[kind];
      const { x, y } = L.point(reach[0], reach[1]).subtract(shift || [0, 0]);
      return panes.button(at, image, [x, y], pane, words, pressed);
    }

    /** A click on a stack is a click on its place, too: what lies there is listed. */
    function press(/** @type {Stack} */ stack) {
      const wasFanned = stack === fanned;
      map.fire("click", { latlng: stack.marker.getLatLng() }); // closes a fan
      if (!wasFanned) fan(stack);
      drawing.relabel();
    }

    /** A line to the place of a stack that has moved, and a dot there. */
    function tieTo(/** @type {L.Point} */ { x, y }) {
      const tie = svg("g", { class: "jitu-tie" });
      svg("line", { x2: x, y2: y }, tie);
      svg("circle", { cx: x, cy: y, r: 2.5 }, tie);
      return tie;
    }

    function fan(/** @type {Stack} */ stack) {
      const { members, image, marker } = stack;
      fanned = stack;
      marker.setZIndexOffset(ABOVE).getElement()?.setAttribute("aria-expanded", "true");
      const radius = Math.max(NEAREST, (members.length * APART) / (2 * Math.PI));
      const legs = svg("g", { class: "jitu-legs" });
      svg("circle", { r: radius + ROOM }, legs);
      image.prepend(legs);
      const { draw } = JituSymbols.of(drawing.scene());
      stack.fan = members.map((feature, n) => {
        const turn = (2 * Math.PI * n) / members.length;
        const way = L.point(radius * Math.sin(turn), -radius * Math.cos(turn)).round();
        const symbol = /** @type {PlainSymbol} */ (feature.symbol);
        symbol.shift = way.add(stack.symbol.shift || [0, 0]);
        svg("line", { x2: way.x, y2: way.y }, legs);
        drawing.name(feature);
        const part = buttonFor(symbol, draw(symbol.kind, symbol.color), feature.name, () => pick(stack, n));
        return part.setZIndexOffset(ABOVE + 1).addTo(map);
      });
    }

    /**
     * @param {Stack} stack
     * @param {number} chosen the number of the site
     */
    function pick({ members, fan: parts }, chosen) {
      parts.forEach((part, n) => part.getElement()?.setAttribute("aria-pressed", String(n === chosen)));
      map.fire("pick", { id: members[chosen].id });
    }

    function foldUp(/** @type {Stack} */ stack) {
      stack.fan.forEach((part) => part.remove());
      stack.image.querySelector(".jitu-legs")?.remove();
      stack.marker.setZIndexOffset(0).getElement()?.setAttribute("aria-expanded", "false");
      fold(stack.members, true);
      fanned = null;
    }

    /** Fold the fan, if there is one. */
    function close() {
      if (!fanned) return;
      foldUp(fanned);
      drawing.relabel();
    }

    function remove(/** @type {Stack} */ stack) {
      if (stack === fanned) foldUp(stack);
      stack.marker.remove();
      stacks.delete(stack.place);
    }

    /**
     * Note on sites whether a stack stands for them.
     * @param {Feature[]} members
     * @param {boolean} folded
     */
    function fold(members, folded) {
      members.forEach(({ symbol }) => symbol && Object.assign(symbol, { folded, shift: undefined }));
    }

    return {
      gather,
      close,
      /** The symbols of the stacks, for the placing of labels. */
      symbols: () => [...stacks.values()].map(({ symbol }) => symbol),
    };
  }

  /**
   * @param {Feature[]} one
   * @param {Feature[]} [other]
   */
  const sameAs = (one, other) => one.length === other?.length && one.every((feature, n) => feature === other[n]);

  return { on };
})();
