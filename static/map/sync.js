/*
 * Maps on one page, such as a comparison of years, move together: the one in use leads, the others follow. A
 * follower sends nothing, so no movement goes round in circles.
 */
"use strict";

var JituSync = (() => {
  /** @type {Set<Peer>} */
  const peers = new Set(); // maps that move together

  /**
   * Return the part of a Leaflet map in this: { join, leave, yield }.
   * @param {L.Map} map
   * @param {() => boolean} isFramed whether the map shows anything yet
   * @param {() => boolean} isMoved whether somebody has moved it
   */
  function on(map, isFramed, isMoved) {
    /** @type {Peer} */
    const peer = { send, follow, isMoved };
    let leading = false;
    let last = ""; // the view followed last: the end of a zoom sends it again

    function join() {
      const lead = () => (leading = true);
      ["pointerdown", "wheel", "keydown"].forEach((event) =>
        map.getContainer().addEventListener(event, lead, { capture: true, passive: true }),
      );
      map.on("move", () => leading && send());
      map.on("zoomanim", ({ center, zoom }) => leading && send(center, zoom, true));
      const [first] = peers;
      peers.add(peer);
      if (first?.isMoved()) first.send(); // a map that nobody has moved is framed on its own
    }

    function send(center = map.getCenter(), zoom = map.getZoom(), animate = false) {
      if (isFramed()) peers.forEach((other) => other !== peer && other.follow(center, zoom, animate));
    }

    /**
     * @param {L.LatLng} center
     * @param {number} zoom
     * @param {boolean} animate
     */
    function follow(center, zoom, animate) {
      leading = false;
      const view = JSON.stringify([center, zoom]);
      if (!isFramed() || view === last) return;
      last = view;
      map.setView(center, zoom, { animate });
    }

    return {
      join,
      leave: () => peers.delete(peer),
      /** Stop leading, for a movement that the other maps make by themselves. */
      yield: () => (leading = false),
    };
  }

  return { on };
})();
