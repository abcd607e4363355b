/*
 * The one-file export in the browser: filters, list, details, search and table around the map.
 *
 * Everything comes from the JSON in the file. Which features a view keeps follows the page's rule (keeps() in
 * map.js): a filter that a layer has no values for does not affect it, and the year removes only targets of
 * other years. map.js draws; texts reach the page as text nodes only.
 */
"use strict";

var JituFile = (() => {
  const FILTERS = { industry: "产业", city: "城市", tier: "集群层级" };
  const FILTER_NAMES = /** @type {FileFilter[]} */ (Object.keys(FILTERS));
  const MOST_HITS = 12; // names listed below the search box
  const NEAR = 0.3; // degrees shown around a place that is only a point
  const EXACT = 2e-5; // degrees; a click on a symbol is at its point

  /** @type {OpenedMap} */
  let drawing;
  /** @type {FileContent} */
  let data;
  /** @type {Map<string, FileFeature>} */
  let features; // by id
  /** @type {Map<string, FileLayer>} */
  let layers; // by id
  /** @type {Map<string, SceneFeature>} */
  let drawn; // the scene's features by id
  /** @type {FileLayer | undefined} */
  let clusters; // the layer of whole clusters, if the file has one
  /** @type {FileView} */
  let view;
  let isDiagram = false; // the layout is drawn as a layout diagram (规划图式), not as polygons
  /** @type {FileFocus} */
  let focus = { at: null, feature: null, place: null };
  /** @type {FileTable} */
  let table;

  // ---------------------------------------------------------------- entry points

  /**
   * Start on a Leaflet map, with the data that the file carries.
   * @param {L.Map} map
   */
  function open(map) {
    data = JSON.parse(element("jitu-data").textContent || "");
    features = new Map(data.features.map((f) => [f.id, f]));
    layers = new Map(data.layers.map((l) => [l.id, l]));
    clusters = data.layers.find(({ cluster }) => cluster === "whole");
    // The filters' values are in the file once, with its features, of which not all are drawn.
    drawn = new Map(
      data.scene.features.map((f) => [f.id, Object.assign(f, { filter_values: features.get(f.id)?.filter_values })]),
    );
    view = {
      year: data.view.year,
      industry: new Set(),
      city: new Set(),
      tier: new Set(),
      layers: new Set(data.view.layers),
    };
    table = { layer: data.layers[0].id, column: null, down: false };
    drawing = JituMap.open(map, { atlas: data.atlas, scene: data.scene });
    map.on("click", ({ latlng }) => lookAtPoint([latlng.lng, latlng.lat]));
    map.on("pick", (event) => {
      look({ feature: /** @type {L.LeafletEvent & { id: string }} */ (event).id });
      bringUp("details");
    });
    controls.create();
    search.create();
    about();
    element("print").addEventListener("click", () => window.print());
    window.addEventListener("beforeprint", paper.lay);
    window.addEventListener("afterprint", paper.clear);
    refresh();
  }

  /** What is chosen and shown: ids by layer (switched on or not), and what lies at the clicked point. */
  function state() {
    const shown = Object.fromEntries(data.layers.map(({ id }) => [id, kept(id).map((f) => f.id)]));
    const { layer, ...chosen } = choice();
    return { ...chosen, layers: layer, shown, found: found().map((f) => f.id), feature: focus.feature };
  }

  // ---------------------------------------------------------------- rules

  /**
   * What is chosen, as the map's messages have it.
   * @returns {Choice}
   */
  function choice() {
    const filters = FILTER_NAMES.map((name) => [name, [...view[name]]]);
    return { year: view.year, layer: [...view.layers], ...Object.fromEntries(filters) };
  }

  /**
   * Whether the view keeps a feature; layer switches do not matter.
   * @param {FileFeature} feature
   */
  const keeps = (feature) => JituMap.keeps(feature.filter_values, choice());

  const kept = (/** @type {string} */ layer) => data.features.filter((f) => f.layer === layer && keeps(f));

  /** What the list beside the map holds: everything at the clicked point or in the place searched for. */
  function found() {
    const { at, place } = focus;
    if (at) return lyingAt(at);
    const city = place?.city;
    return city ? data.features.filter((f) => keeps(f) && f.cities.includes(city)) : [];
  }

  /**
   * Every kept feature at a point; a site is found at its point and anywhere in its counties.
   * @param {LonLat} at
   */
  function lyingAt(at) {
    const area = areas().find(({ geometry }) => JituMap.inside(at, geometry));
    return data.features.filter((feature) => {
      if (!area || !keeps(feature)) return false;
      const shape = drawn.get(feature.id);
      if (shape?.geometry) return JituMap.inside(at, shape.geometry);
      if (shape?.members.length) return shape.members.includes(area.id);
      if (!shape?.symbol || !data.scene.symbols[shape.symbol.kind].shared) return false;
      return shape.symbol.at.every((part, n) => Math.abs(part - at[n]) < EXACT) || feature.counties.includes(area.id);
    });
  }

  const areas = once(() => {
    /** @type {Areas<unknown>[]} */
    const objects = Object.values(data.atlas.objects);
    return objects.flatMap((object) => topojson.feature(data.atlas, object).features);
  });

  /**
   * The bounds of counties, of a feature's own polygon, or around its symbol.
   * @param {{ members: string[], geometry?: Areal, symbol?: MapSymbol | null }} shape
   * @returns {Corners | null}
   */
  function boundsOf({ members, geometry, symbol }) {
    const counties = areas().filter(({ id }) => members.includes(id));
    const box = L.latLngBounds([]);
    (geometry ? [geometry] : counties.map((county) => county.geometry)).forEach((shape) =>
      box.extend(L.geoJSON(shape).getBounds()),
    );
    if (!box.isValid() && symbol)
      box.extend([symbol.at[1] - NEAR, symbol.at[0] - NEAR]).extend([symbol.at[1] + NEAR, symbol.at[0] + NEAR]);
    return box.isValid()
      ? [
          [box.getSouth(), box.getWest()],
          [box.getNorth(), box.getEast()],
        ]
      : null;
  }

  // ---------------------------------------------------------------- changes

  function choose(/** @type {Partial<FileView>} */ change) {
    Object.assign(view, change);
    refresh();
  }

  /**
   * Focus on a point, a feature or a place.
   * @param {Partial<FileFocus>} what
   * @param {Corners | null} fit moves the map there
   */
  function look({ at = null, feature = null, place = null }, fit = null) {
    focus = { at, feature, place };
    refresh(fit);
  }

  /**
   * @param {LonLat} at
   * @param {Corners | null} fit
   */
  function lookAtPoint(at, fit = null) {
    look({ at }, fit);
    bringUp("found");
  }

  function lookAtPlace(/** @type {FilePlace} */ place) {
    const fit = boundsOf({ members: place.counties });
    if (place.at) return lookAtPoint(place.at, fit);
    look({ place }, fit);
    return bringUp("found");
  }

  function lookAtFeature(/** @type {string} */ id) {
    const shape = drawn.get(id);
    look({ feature: id }, shape ? boundsOf(shape) : null);
    bringUp("details");
  }

  /**
   * Scroll the result into view: beside the map or, where there is no room, below it.
   * @param {"found" | "details"} id
   */
  function bringUp(id) {
    const [sheet, panel] = [one(".sheet"), one(".panel")];
    panel.scrollTop = 0;
    const below = panel.offsetTop > sheet.offsetTop;
    if (below) element(id).scrollIntoView({ block: id === "details" ? "start" : "nearest" });
    else sheet.scrollIntoView({ block: "nearest" });
  }

  function refresh(/** @type {Corners | null} */ fit = null) {
    drawing.show({
      choice: choice(),
      sheet: isDiagram,
      selected: focus.feature ? [focus.feature] : [],
      at: focus.at,
      fit,
    });
    controls.update();
    headline();
    words();
    list();
    details();
    tables();
  }

  // ---------------------------------------------------------------- filters

  const controls = (() => {
    /** @type {Partial<Record<FileFilter, HTMLElement>>} */
    let summaries;
    /** @type {[input: HTMLInputElement, checked: () => boolean][]} */
    let inputs;
    /** @type {HTMLButtonElement} */
    let clear;

    function create() {
      summaries = {};
      inputs = [];
      clear = h("button", { type: "button", class: "clear" }, "清除筛选");
      clear.addEventListener("click", () => choose({ industry: new Set(), city: new Set(), tier: new Set() }));
      const { industry, city, tier } = data.filter_options;
      const rest = [
        menu("industry", industry),
        menu("city", city),
        tier.length ? chips("tier", FILTERS.tier, tier) : null,
        chips("layers", "图层", data.layers),
        diagramSwitch(),
        clear,
      ];
      // On a phone all but the year folds away, so that the map comes first.
      const more = h("div", { id: "more", class: "more" }, ...rest.filter((part) => part !== null));
      const fold = h(
        "button",
        { type: "button", class: "fold", "aria-expanded": "false", "aria-controls": "more" },
        "筛选与图层",
      );
      fold.addEventListener("click", () => fold.setAttribute("aria-expanded", String(more.classList.toggle("open"))));
      element("filters").append(years(), fold, more);
      document.addEventListener("click", ({ target }) =>
        closeMenus((opened) => !opened.contains(/** @type {Node} */ (target))),
      );
      document.addEventListener("keydown", ({ key }) => key === "Escape" && closeMenus(() => true));
    }

    /** @param {(opened: HTMLDetailsElement) => boolean} which */
    function closeMenus(which) {
      /** @type {NodeListOf<HTMLDetailsElement>} */
      const menus = document.querySelectorAll("details.menu[open]");
      menus.forEach((opened) => {
        if (!which(opened)) return;
        const inner = opened.contains(document.activeElement);
        opened.open = false;
        if (inner) opened.querySelector("summary")?.focus();
      });
    }

    function years() {
      const options = data.filter_options.year.map(({ id, title }) => {
        const input = h("input", { type: "radio", name: "year", value: id });
        input.addEventListener("change", () => choose({ year: Number(id) }));
        inputs.push([input, () => view.year === Number(id)]);
        return h("label", {}, input, h("span", {}, title));
      });
      return h("fieldset", { class: "years" }, h("legend", {}, "目标年"), h("div", {}, ...options));
    }

    /**
     * @param {FileFilter | "layers"} name
     * @param {FileOption[]} options
     */
    function boxes(name, options) {
      return options.map(({ id, title }) => {
        const input = h("input", { type: "checkbox", name, value: id });
        input.addEventListener("change", () => {
          const wanted = new Set(view[name]);
          if (input.checked) wanted.add(id);
          else wanted.delete(id);
          choose({ [name]: wanted });
        });
        inputs.push([input, () => view[name].has(id)]);
        return h("label", {}, input, h("span", {}, title));
      });
    }

    /**
     * @param {"tier" | "layers"} name
     * @param {string} title
     * @param {FileOption[]} options
     */
    function chips(name, title, options) {
      return h("fieldset", { class: `chips ${name}` }, h("legend", {}, title), h("div", {}, ...boxes(name, options)));
    }

    /**
     * @param {FileFilter} name
     * @param {FileOption[]} options
     */
    function menu(name, options) {
      if (!options.length) return null;
      const summary = h("summary", { "aria-label": FILTERS[name] });
      summaries[name] = summary;
      const list = h("div", { class: "options", role: "group", "aria-label": FILTERS[name] }, ...boxes(name, options));
      return h(
        "div",
        { class: `field ${name}` },
        h("span", {}, FILTERS[name]),
        h("details", { class: "menu" }, summary, list),
      );
    }

    /** The switch to the layout diagram, where the file holds a layout. */
    function diagramSwitch() {
      if (!data.scene.features.some(({ layout_diagram }) => layout_diagram)) return null;
      const input = h("input", { type: "checkbox", role: "switch", name: "sheet" });
      input.addEventListener("change", () => {
        isDiagram = input.checked;
        refresh();
      });
      inputs.push([input, () => isDiagram]);
      return h(
        "label",
        { class: "switch", title: "以示意符号绘一核、两极、四带、两翼，代替推定的成员范围。" },
        input,
        h("span", {}, "规划图式"),
      );
    }

    function update() {
      inputs.forEach(([input, checked]) => (input.checked = checked()));
      clear.disabled = !isFiltered();
      FILTER_NAMES.forEach((name) => {
        const summary = summaries[name];
        if (!summary) return;
        summary.textContent = titlesOf(name).join("、") || `全部${FILTERS[name]}`;
        summary.classList.toggle("chosen", view[name].size > 0);
      });
    }

    return { create, update };
  })();

  const isFiltered = () => FILTER_NAMES.some((name) => view[name].size > 0);
  const titlesOf = (/** @type {FileFilter} */ name) =>
    data.filter_options[name].filter(({ id }) => view[name].has(id)).map(({ title }) => title);

  // ---------------------------------------------------------------- figures and words

  function headline() {
    const box = element("headline");
    const all = [...view.layers].flatMap(kept);
    const everything = data.features.length;
    const cells = [];
    if (clusters) {
      const rows = kept(clusters.id);
      const targets = rows.map(targetOf).filter((target) => target !== undefined);
      const passing = targets.filter((target) => target >= data.thousand_yi);
      const sum = targets.reduce((a, b) => a + b, 0);
      cells.push(
        ["产业集群", `${rows.length} 个`, `其中重点支持 ${rows.filter((c) => c.tier === "key").length} 个`],
        [
          `${view.year}年营业收入合计预计超`,
          targets.length ? `${number(sum)} 亿元` : "—",
          targets.length ? `${targets.length} 个集群有目标` : "所示集群无该年目标",
        ],
        ["预计达千亿元及以上", `${passing.length} 个`, `${view.year}年目标 ≥ ${number(data.thousand_yi)} 亿元`],
      );
    }
    cells.push(["所示内容", `${all.length} 项`, `${view.layers.size} 个图层；本文件共 ${everything} 项`]);
    box.replaceChildren(
      ...cells.map(([label, value, note]) =>
        h("div", {}, h("dt", {}, label), h("dd", {}, value), h("dd", { class: "note" }, note)),
      ),
    );
  }

  /** @type {(cluster: FileFeature) => number | undefined} */
  const targetOf = (cluster) => cluster.revenue_yi[view.year];
  const number = (/** @type {number} */ value) => value.toLocaleString("en-US");

  /** Say what is chosen, which layers a filter does not affect, and where nothing is left. */
  function words() {
    const chosen = FILTER_NAMES.filter((name) => view[name].size).map(
      (name) => `${FILTERS[name]}：${titlesOf(name).join("、")}`,
    );
    /** @type {[kind: string, text: string][]} */
    const lines = [];
    const none = (/** @type {string} */ what) =>
      `没有${what}同时符合所选条件：${chosen.join("；")}。请减少条件，或清除筛选。`;
    if (!view.layers.size) lines.push(["empty", "所有图层都已关闭，请至少打开一个图层。"]);
    else if (!clusters && ![...view.layers].some((layer) => kept(layer).length)) lines.push(["empty", none("内容")]);
    else if (clusters && !kept(clusters.id).length) lines.push(["empty", none("集群")]);
    FILTER_NAMES.forEach((name) => {
      const whole = data.layers.filter(
        ({ id, filters }) => view[name].size && view.layers.has(id) && !filters.includes(name),
      );
      if (whole.length)
        lines.push(["", `“${FILTERS[name]}”筛选不涉及${whole.map((l) => l.title).join("、")}，这些图层完整显示。`]);
    });
    const now = h(
      "span",
      { class: "chosen" },
      `目标年 ${view.year} · ${chosen.join("；") || (data.about.filter_titles.length ? "未再筛选" : "未筛选")}`,
    );
    element("words").replaceChildren(now, ...lines.map(([kind, text]) => h("span", { class: kind }, text)));
  }

  // ---------------------------------------------------------------- list and details

  function list() {
    const box = element("found");
    if (!focus.at && !focus.place) {
      const hint =
        "点击地图任一位置，查看该处的核心承载区、辐射区域、产业带和政区；也可在上方查找，或在下方表格中选择一项。";
      box.replaceChildren(...(focus.feature ? [] : [h("p", { class: "hint" }, hint)]));
      return;
    }
    const here = found();
    if (!here.length) {
      const why = focus.place || isFiltered() ? "此处没有符合所选条件的内容。" : "该处不在图集范围内，没有规划内容。";
      box.replaceChildren(h("p", { class: "hint" }, why));
      return;
    }
    const place = focus.place ? focus.place.title : "该处";
    const options = here.map((feature) => {
      const input = h("input", { type: "radio", name: "found", value: feature.id });
      input.checked = feature.id === focus.feature;
      input.addEventListener("change", () => {
        look({ ...focus, feature: feature.id });
        one("#found input:checked").focus({ preventScroll: true });
      });
      const owner = feature.belongs_to ? [" ", h("i", {}, feature.belongs_to)] : [];
      return h("label", {}, input, h("span", {}, h("b", {}, feature.role), " ", feature.name, ...owner));
    });
    box.replaceChildren(
      h(
        "fieldset",
        { class: "list" },
        h("legend", {}, `${place}共 ${here.length} 项，选一项看详情`),
        h("div", {}, ...options),
      ),
    );
  }

  function details() {
    const box = element("details");
    const feature = features.get(focus.feature || "");
    if (!feature) return box.replaceChildren();
    const targets = feature.targets.map(([year, text]) =>
      h("li", year === view.year ? { class: "now" } : {}, h("b", {}, `${year}年`), " ", text),
    );
    const facts = feature.facts.flatMap(([label, text]) => [h("dt", {}, label), h("dd", {}, text)]);
    const parts = [
      h("h2", {}, feature.name),
      h("p", {}, feature.heading),
      ...(keeps(feature) ? [] : [h("p", { class: "empty" }, "不符合当前筛选，地图与表格中未列出。")]),
      ...(targets.length ? [h("h3", {}, feature.targets_title), h("ul", {}, ...targets)] : []),
      h("dl", {}, ...facts),
      h(
        "footer",
        {},
        h("p", {}, h("b", {}, "来源"), " ", feature.source),
        h("p", {}, h("b", {}, "几何状态"), " ", feature.note ? `${feature.status}：${feature.note}` : feature.status),
      ),
    ];
    box.replaceChildren(h("article", { class: "details" }, ...parts));
  }

  // ---------------------------------------------------------------- search

  const search = (() => {
    /** @type {HTMLInputElement} */
    let input;
    /** @type {HTMLElement} */
    let box;
    /** @type {FileName[]} */
    let names;
    /** @type {FileName[]} */
    let hits;
    /** @type {number} */
    let active; // of the hits; -1 for none
    /** @type {Record<string, number | undefined>} */
    const STEPS = { ArrowDown: 1, ArrowUp: -1 }; // by key

    function create() {
      names = [
        ...data.places.map((place) => ({
          title: place.title,
          kind: place.city ? "城市" : "县(市、区)",
          go: () => lookAtPlace(place),
        })),
        ...data.features
          .filter((f) => !layerOf(f.layer).division)
          .map((f) => ({
            title: f.belongs_to ? `${f.name}　${f.belongs_to}` : f.name,
            kind: f.role,
            go: () => lookAtFeature(f.id),
          })),
      ];
      const listed = {
        role: "combobox",
        "aria-expanded": "false",
        "aria-controls": "hits",
        "aria-autocomplete": "list",
      };
      input = h("input", {
        type: "search",
        "aria-label": "查找",
        placeholder: "查找县、市、集群、基地、项目",
        autocomplete: "off",
        ...listed,
      });
      box = h("ul", { id: "hits", role: "listbox", "aria-label": "查找结果" });
      input.addEventListener("input", suggest);
      input.addEventListener("focus", suggest);
      input.addEventListener("blur", () => close());
      input.addEventListener("keydown", typed);
      element("search").append(input, box);
      close();
    }

    function suggest() {
      const text = input.value.trim().toLowerCase();
      const starts = (/** @type {FileName} */ name) => name.title.toLowerCase().startsWith(text);
      const matching = names.filter((name) => name.title.toLowerCase().includes(text));
      hits = text ? [...matching.filter(starts), ...matching.filter((name) => !starts(name))].slice(0, MOST_HITS) : [];
      active = hits.length ? 0 : -1;
      if (!text) return close();
      const rows = hits.map((hit, n) => {
        const row = h("li", { role: "option", id: `hit-${n}` }, h("span", {}, hit.title), " ", h("i", {}, hit.kind));
        // Before the box loses the focus, which would close the list.
        row.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(hit);
        });
        return row;
      });
      box.replaceChildren(
        ...(rows.length ? rows : [h("li", { class: "none" }, `本文件中没有名称含“${input.value.trim()}”的内容`)]),
      );
      box.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark();
    }

    function mark() {
      [...box.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === active)));
      if (active >= 0) input.setAttribute("aria-activedescendant", `hit-${active}`);
      else input.removeAttribute("aria-activedescendant");
    }

    function typed(/** @type {KeyboardEvent} */ event) {
      if (event.key === "Escape") return close();
      if (box.hidden || !hits.length) return undefined;
      if (event.key === "Enter") return take(hits[active]);
      const step = STEPS[event.key];
      if (!step) return undefined;
      event.preventDefault();
      active = (active + step + hits.length) % hits.length;
      return mark();
    }

    function take(/** @type {FileName} */ hit) {
      input.value = hit.title;
      close();
      hit.go();
    }

    function close() {
      box.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    return { create };
  })();

  // ---------------------------------------------------------------- table

  function tables() {
    const shown = data.layers.filter(({ id }) => view.layers.has(id));
    if (shown.length && !view.layers.has(table.layer)) table = { layer: shown[0].id, column: null, down: false };
    const tabs = shown.map(({ id, title }) => {
      const tab = h(
        "button",
        { type: "button", class: "tab", "aria-pressed": String(id === table.layer) },
        `${title} ${kept(id).length}`,
      );
      tab.addEventListener("click", () => again({ layer: id, column: null, down: false }, ".tab[aria-pressed=true]"));
      return tab;
    });
    const content = shown.length
      ? [h("div", { class: "tabs", role: "group", "aria-label": "图层的表格" }, ...tabs), ...sheet(table.layer)]
      : [];
    element("tables").replaceChildren(...content);
  }

  /**
   * Redraw the table and keep the focus where it was.
   * @param {FileTable} next
   * @param {string} focused its selector
   */
  function again(next, focused) {
    table = next;
    tables();
    one(`#tables ${focused}`).focus({ preventScroll: true });
  }

  function sheet(/** @type {string} */ layer) {
    const rows = kept(layer);
    if (!rows.length) return [h("p", { class: "hint" }, `${layerOf(layer).title}没有符合所选条件的内容。`)];
    const columns = columnsOf(layer);
    // Clusters are sorted by the year's target, highest first, until a column is chosen.
    const by = columns.find((c) => c.title === table.column) || columns.find((c) => c.year === view.year);
    const down = table.column ? table.down : true;
    if (by) rows.sort((a, b) => compare(by.value(a), by.value(b), down));
    const heads = columns.map((column) => head(column, by === column ? down : null));
    const body = rows.map((feature) => {
      const cells = columns.map((column) =>
        h(column.row ? "th" : "td", column.row ? { scope: "row" } : classOf(column, feature), column.cell(feature)),
      );
      return h("tr", feature.id === focus.feature ? { class: "selected" } : {}, ...cells);
    });
    const grid = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...body));
    const lead = isClusters(layer) ? [passing(rows)] : [];
    return [
      ...lead,
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${layerOf(layer).title}表` }, grid),
    ];
  }

  /**
   * The clusters whose target of the year reaches the threshold, by name.
   * @param {FileFeature[]} rows
   */
  function passing(rows) {
    const names = rows.filter((c) => passes(targetOf(c))).map((c) => c.name);
    const text = `${view.year}年目标达 ${number(data.thousand_yi)} 亿元及以上：`;
    return h(
      "p",
      { class: "passing" },
      h("b", {}, `${text}${names.length} 个`),
      names.length ? `　${names.join("、")}` : "",
    );
  }

  const layerOf = (/** @type {string} */ id) => /** @type {FileLayer} */ (layers.get(id));
  const isClusters = (/** @type {string} */ layer) => layer === clusters?.id;
  const passes = (/** @type {number | undefined} */ target) => target !== undefined && target >= data.thousand_yi;

  /**
   * @param {string} layer
   * @returns {FileColumn[]}
   */
  function columnsOf(layer) {
    /** @type {(label: string) => (f: FileFeature) => string} */
    const fact = (label) => (f) => (f.facts.find(([name]) => name === label) || [])[1] || "";
    /** @type {(title: string, value: (f: FileFeature) => string) => FileColumn} */
    const plain = (title, value) => ({ title, value, cell: (f) => value(f) || "—" });
    /** @type {FileColumn} */
    const name = { title: "名称", row: true, value: (f) => f.name, cell: nameButton };
    const source = plain("来源", (f) => f.locator);
    if (!isClusters(layer)) {
      const { columns, division } = layerOf(layer);
      return [name, ...columns.map((label) => plain(label, fact(label))), ...(division ? [] : [source])];
    }
    const tier = (/** @type {FileFeature} */ f) =>
      data.filter_options.tier
        .filter(({ id }) => id === f.tier)
        .map(({ title }) => title)
        .join("");
    /** @type {FileColumn[]} */
    const years = data.filter_options.year.map(({ id }) => ({
      title: `${id}年目标`,
      year: Number(id),
      value: (f) => f.revenue_yi[id],
      cell: (f) => (f.targets.find(([year]) => year === Number(id)) || [])[1] || "—",
    }));
    return [name, plain("层级", tier), plain("产业", fact("产业")), plain("城市", fact("城市")), ...years, source];
  }

  /**
   * @param {FileColumn} column
   * @param {FileFeature} feature
   * @returns {Attributes}
   */
  function classOf({ year }, feature) {
    if (!year) return {};
    const isPassing = passes(feature.revenue_yi[year]);
    return { class: ["figure", year === view.year && "now", isPassing && "passes"].filter(Boolean).join(" ") };
  }

  function nameButton(/** @type {FileFeature} */ feature) {
    const button = h("button", { type: "button", class: "name" }, feature.name);
    button.addEventListener("click", () => lookAtFeature(feature.id));
    return button;
  }

  /**
   * @param {FileColumn} column
   * @param {boolean | null} down how it is sorted, if it is
   */
  function head({ title, year }, down) {
    const order = down === null ? "none" : down ? "descending" : "ascending";
    const button = h("button", { type: "button" }, title);
    const next = down === null ? Boolean(year) : !down;
    button.addEventListener("click", () =>
      again({ ...table, column: title, down: next }, `th[data-column="${title}"] button`),
    );
    const classes = [year && "figure", year === view.year && "now"].filter(Boolean).join(" ");
    return h("th", { scope: "col", "aria-sort": order, "data-column": title, class: classes }, button);
  }

  /**
   * Compare two values of a column; what is missing comes last in either direction.
   * @param {string | number | undefined} a
   * @param {string | number | undefined} b
   * @param {boolean} down
   */
  function compare(a, b, down) {
    const [noA, noB] = [a, b].map((value) => value === undefined || value === "");
    if (noA || noB) return Number(noA) - Number(noB);
    const areNumbers = typeof a === "number" && typeof b === "number";
    const order = areNumbers ? a - b : String(a).localeCompare(String(b), "zh-CN", { numeric: true });
    return down ? -order : order;
  }

  // ---------------------------------------------------------------- the file itself

  function about() {
    const { about: said } = data;
    const documents = said.citations.map((citation) => h("li", {}, citation));
    const counts = data.layers.map(({ id, title }) => `${title}：${said.counts[id]}`);
    const facts = [
      ["导出内容", said.title],
      ["各图层项数", counts.join("；")],
      ["数据版本", said.data_version],
      ["处理步骤", said.steps.join("；")],
      ["底图与点位", said.attribution],
      ["声明", said.disclaimer],
    ];
    const missing = said.filter_titles.length ? [h("p", {}, "筛选以外的内容不在本文件中。")] : [];
    element("about").append(
      ...(documents.length ? [h("h2", {}, "资料来源"), h("ul", {}, ...documents)] : []),
      h("h2", {}, "关于本文件"),
      h("dl", {}, ...facts.flatMap(([label, text]) => [h("dt", {}, label), h("dd", {}, text)])),
      ...missing,
    );
  }

  /** On paper the map is the screen's, scaled to the sheet, with its whole legend below it. */
  const paper = (() => {
    const WIDTH = 690; // CSS pixels between the margins of A4
    const frame = () => one(".sheet > .map");

    function lay() {
      clear();
      const { width, height } = frame().getBoundingClientRect();
      Object.assign(frame().style, { width: `${width}px`, height: `${height}px`, zoom: String(WIDTH / width) });
      const legend = h("section", { class: "legend" });
      legend.append(...one(".jitu-legend-body").cloneNode(true).childNodes);
      frame().after(legend);
    }

    function clear() {
      frame().removeAttribute("style");
      document.querySelectorAll(".sheet > .legend").forEach((legend) => legend.remove());
    }

    return { lay, clear };
  })();

  // ---------------------------------------------------------------- small tools

  const element = (/** @type {string} */ id) => one(`#${id}`);

  /**
   * The first element that a selector finds; it must be there.
   * @param {string} selector
   */
  const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

  /**
   * An element with attributes and children; strings become text nodes.
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {Attributes} attributes
   * @param {(Node | string)[]} children
   */
  function h(name, attributes, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, String(value)));
    made.append(...children);
    return made;
  }

  /**
   * @template {object} Made
   * @param {() => Made} make
   */
  function once(make) {
    /** @type {Made | undefined} */
    let made;
    return () => (made = made || make());
  }

  return { open, state };
})();
