/*
 * Never a blank page. Watches whether Streamlit's page starts and stays connected, and otherwise shows one of the
 * notices that app/serving/fallback.py puts into the document. It must run in any browser: nothing later than ES5,
 * except behind a test.
 */
(function () {
  "use strict";

  var SLOW_MS = 12000; // without the page's first content, before a notice says so
  var ERROR_MS = 3000; // in which the page may still start after an error in a script
  var LOST_MS = 3000; // in which a lost connection usually comes back by itself
  var REFUSALS = 2; // connections that were refused, before the first one that was not
  var REPEAT_MS = 5000; // between two looks at a server that does not answer
  /**
   * Notices that take the page's place, with the one-file atlas. The others are banners above it.
   * @type {Record<string, boolean>}
   */
  var INSTEAD = { browser: true, websocket: true, error: true };

  var arrived = false; // the page's first content
  var connections = 0; // that are open now
  var connected = false; // since the document was loaded
  var refusals = 0; // in a row
  /** @type {string | null} */
  var shown = null; // name of the notice
  var left = false; // the page, which closes its connection
  var failure = ""; // first error of a script before the page's first content

  /** Return whether the browser lacks something that Streamlit's scripts cannot do without. */
  function isTooOld() {
    try {
      new RegExp("a", "v"); // Chromium 112, Firefox 116, Safari 17
    } catch (error) {
      return true;
    }
    return !(window.WebSocket && window.Proxy && window.Reflect && "noModule" in HTMLScriptElement.prototype);
  }

  function notice() {
    return /** @type {HTMLElement} */ (document.getElementById("jitu-notice"));
  }

  /**
   * Show a notice in place of the one before, or none.
   * @param {string | null} name
   */
  function show(name) {
    var root = notice();
    var sections = root.getElementsByTagName("section");
    var instead = name !== null && Boolean(INSTEAD[name]);
    var i;
    if (left || shown === name) return;
    shown = name;
    for (i = 0; i < sections.length; i++) sections[i].hidden = sections[i].getAttribute("data-notice") !== name;
    root.getElementsByTagName("code")[0].textContent = name === "error" ? failure : "";
    root.className = instead ? "instead" : "banner";
    root.hidden = !name;
    document.documentElement.classList.toggle("jitu-lost", name === "server" || name === "login");
    if (instead) putAtlas(root);
    else remove(root.querySelector("iframe"));
    offerLinks(root, name !== "server" && name !== "login");
  }

  /**
   * Show the links to the one-file atlas; where the server is down, only if a proxy in front of it has the file.
   * @param {HTMLElement} root
   * @param {boolean} served
   */
  function offerLinks(root, served) {
    var links = root.getElementsByTagName("nav")[0];
    var name = shown;
    links.hidden = !served;
    if (served) return;
    ask(root.getElementsByTagName("a")[0].href, function (request) {
      if (shown === name) links.hidden = request.status !== 200;
    });
  }

  /**
   * Ask the server for the head of a document; the status is 0 if there is no answer.
   * @param {string} address
   * @param {(request: XMLHttpRequest) => void} answer
   */
  function ask(address, answer) {
    var request = new XMLHttpRequest();
    request.open("HEAD", address);
    request.timeout = REPEAT_MS;
    request.onloadend = function () {
      answer(request);
    };
    request.send();
  }

  /**
   * Show the one-file atlas below the notice, and take the cover away, which would never become a page.
   * @param {HTMLElement} root
   */
  function putAtlas(root) {
    var link = root.getElementsByTagName("a")[0];
    var frame = document.createElement("iframe");
    remove(document.getElementById("jitu-cover"));
    if (root.querySelector("iframe")) return;
    frame.src = link.href;
    frame.title = link.textContent;
    root.appendChild(frame);
  }

  /** @param {Element | null} element */
  function remove(element) {
    if (element && element.parentNode) element.parentNode.removeChild(element);
  }

  /** Ask the server for the document's head, and show the notice for what it answers. */
  function diagnose() {
    if (connections && arrived) return;
    ask(location.href.split("#")[0], function (request) {
      var status = request.status;
      if (connections && arrived) return;
      if (status === 401 || status === 403) show("login");
      else if (!status || status >= 500) show("server");
      else if (refusals >= REFUSALS) show("websocket");
      else if (!arrived) show(failure ? "error" : "slow");
      if (shown === "server" || refusals < REFUSALS) setTimeout(diagnose, REPEAT_MS);
    });
  }

  function opened() {
    connections += 1;
    if (connected) reloadIfRestarted();
    connected = true;
    refusals = 0;
    if (shown === "server" || shown === "login" || shown === "websocket") show(null);
  }

  /** A server that was started since does not know this page, and would lose its next click: load it again. */
  function reloadIfRestarted() {
    ask(location.href.split("#")[0], function (request) {
      var instance = request.getResponseHeader("X-Jitu-Instance");
      if (instance && instance !== notice().getAttribute("data-instance")) location.reload();
    });
  }

  /** @param {boolean} wasOpen */
  function closed(wasOpen) {
    if (wasOpen) connections -= 1;
    else refusals += 1;
    if (wasOpen || refusals === REFUSALS) setTimeout(diagnose, connected ? LOST_MS : 0);
  }

  /** Learn of every connection that the page opens: Streamlit's is the only one. */
  function watchConnections() {
    window.WebSocket = new Proxy(window.WebSocket, {
      construct: function (Socket, values) {
        /** @type {WebSocket} */
        var socket = Reflect.construct(Socket, values);
        var isOpen = false;
        socket.addEventListener("open", function () {
          isOpen = true;
          opened();
        });
        socket.addEventListener("close", function () {
          closed(isOpen);
          isOpen = false;
        });
        return socket;
      },
    });
  }

  /** @param {ErrorEvent} event */
  function failed(event) {
    if (arrived || failure || !event.message) return;
    failure = event.message;
    setTimeout(function () {
      if (!arrived) diagnose();
    }, ERROR_MS);
  }

  /** @param {() => void} begin */
  function onReady(begin) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
    else begin();
  }

  function watchStart() {
    setTimeout(function () {
      if (!arrived) diagnose();
    }, SLOW_MS);
  }

  function explain() {
    show("browser");
  }

  if (isTooOld()) {
    onReady(explain);
    return;
  }
  watchConnections();
  onReady(watchStart);
  // The page's first script (widgets.js) says so.
  document.addEventListener("jitu-arrived", function () {
    arrived = true;
    if (shown === "slow" || shown === "error") show(null);
  });
  window.addEventListener("error", failed);
  window.addEventListener("pagehide", function () {
    left = true;
  });
})();
