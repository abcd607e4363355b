/*
 * Touch: one finger scrolls the page, so that nobody gets stuck on the map, and two move and zoom it. Leaflet
 * does so while dragging is off (map.css leaves one finger to the browser): touch switches dragging off, a mouse
 * switches it on. A tap stays a click.
 */
"use strict";

var JituTouch = (() => {
  const SHOWN_MS = 1500; // that the hint is shown

  /**
   * Handle touch on a Leaflet map.
   * @param {L.Map} map
   * @param {string} words the hint, after a swipe with one finger, that it takes two
   */
  function on(map, words) {
    const hint = L.DomUtil.create("div", "jitu-hint", map.getContainer());
    hint.setAttribute("aria-hidden", "true");
    hint.textContent = words;
    let pending = 0;

    // In the capture phase, before Leaflet's own handlers: a gesture finds dragging as it should be.
    listen("pointerdown", ({ pointerType, isPrimary }) => {
      if (pointerType === "mouse") map.dragging.enable();
      else map.dragging.disable();
      if (!isPrimary) toggle(false);
    });
    // The browser cancels the pointer when it begins to scroll with that finger.
    listen(
      "pointercancel",
      ({ target }) => /** @type {Element} */ (target).closest(".leaflet-control") || toggle(true),
    );

    /**
     * @param {"pointerdown" | "pointercancel"} event
     * @param {(event: PointerEvent) => void} handle
     */
    function listen(event, handle) {
      map.getContainer().addEventListener(event, handle, { capture: true });
    }

    function toggle(/** @type {boolean} */ yes) {
      clearTimeout(pending);
      hint.classList.toggle("jitu-hint-shown", yes);
      if (yes) pending = setTimeout(toggle, SHOWN_MS, false);
    }
  }

  return { on };
})();
