/*
 * What the scripts of the page get from Streamlit (its components v2) and from the module that app/page/assets.py
 * writes, for the type check only: no browser reads this file. The map's own types stand in static/map/types.d.ts.
 */

/** What Streamlit passes to a component: what the server sent, where to draw, and how to answer. */
interface Component<Data, Triggers> {
  data: Data;
  parentElement: HTMLElement;
  setTriggerValue<Name extends keyof Triggers>(name: Name, value: Triggers[Name]): void;
}

/** The server names the module that the component loads. */
type MapComponent = Component<Message & { module: string }, { clicked: LonLat; picked: string }>;
type LinksComponent = Component<{ module: string }, { chosen: string }>;

/** A map's files, by their addresses below static/, and the parts that mount() puts together. */
interface MountConfig {
  scripts: string[];
  sheets: string[];
  atlas: string;
  scene: string;
  /** Makes an empty map in an element. */
  create(element: HTMLElement): L.Map;
  answering: typeof import("./answers.js").answering;
  cover: typeof import("./cover.js").cover;
}

/** Opens a map in an element; `view`, if given, is where to begin. */
type DrawMap = (parent: HTMLElement, view?: MapView) => OpenedMap;

/** A place for a map on the page. */
interface MapPlace {
  scene: string; // that the map draws
  call?: object; // the newest
  map?: { drawing: OpenedMap; answers: ReturnType<MountConfig["answering"]> } | null;
  view?: MapView; // where the last map was closed
  clicked?(point: LonLat): void;
  picked?(id: string): void;
}
