/*
 * Fingers on the map: one scrolls the page, so that nobody is caught on the map, and two move and zoom it. That
 * is what Leaflet does where dragging is off (map.css says to the browser which fingers are its own), so fingers
 * switch dragging off, and a mouse switches it on. A tap stays a click.
 */
"use strict";

window.JituTouch = (() => {
  const SHOWN_MS = 1500; // how long the hint is told

  /** Answer to fingers on a Leaflet map; `words` tell whoever swipes with one that it takes two. */
  function on(map, words) {
    const hint = L.DomUtil.create("div", "jitu-hint", map.getContainer());
    hint.setAttribute("aria-hidden", true);
    hint.textContent = words;
    let pending = 0;

    // Told before Leaflet's own events: a gesture finds dragging as it should be.
    listen("pointerdown", ({ pointerType, isPrimary }) => {
      if (pointerType === "mouse") map.dragging.enable();
      else map.dragging.disable();
      if (!isPrimary) tell(false);
    });
    // The browser takes a finger away from the page when it begins to scroll with it.
    listen("pointercancel", ({ target }) => target.closest(".leaflet-control") || tell(true));

    function listen(event, answer) {
      map.getContainer().addEventListener(event, answer, { capture: true });
    }

    function tell(yes) {
      clearTimeout(pending);
      hint.classList.toggle("jitu-hint-told", yes);
      if (yes) pending = setTimeout(tell, SHOWN_MS, false);
    }
  }

  return { on };
})();
