/*
 * What the files of the map read and pass to each other, for the type check only: no browser reads this file. The
 * scene is written by layers/web/scene.py, the message by app/page/atlas_map.py. What a script offers to the
 * others is not listed here: the check reads it from the script.
 */

export {};

declare module "leaflet" {
  interface Map {
    /** Where a position will be when the running zoom has ended; Leaflet's own layers use it, too. */
    _latLngToNewLayerPoint(position: LatLng, zoom: number, center: LatLng): Point;
  }
}

/** What the map uses of topojson-client, with the atlas's own types: that library's say nothing of what areas are. */
interface TopologyTools {
  feature<Properties>(atlas: Atlas, areas: Areas<Properties>): { features: Area<Properties>[] };
  merge(atlas: Atlas, areas: Areas<unknown>["geometries"]): GeoJSON.MultiPolygon;
  mesh(atlas: Atlas, areas: Areas<unknown>, keep: (a: object, b: object) => boolean): GeoJSON.MultiLineString;
}

declare global {
  var topojson: TopologyTools;

  // -------------------------------------------------------------- small things

  /** Longitude and latitude in degrees. */
  type LonLat = [lon: number, lat: number];

  /** South-west and north-east corner, each with the latitude first. */
  type Corners = [[south: number, west: number], [north: number, east: number]];

  /** Two sides and the two opposite ones: west, south, east, north in degrees; left, top, right, bottom in px. */
  type Box = [number, number, number, number];

  /** How far something reaches from its point to each side, in px. */
  type Reach = { left: number; top: number; right: number; bottom: number };

  type XY = { x: number; y: number };

  /** What covers an area. */
  type Areal = GeoJSON.Polygon | GeoJSON.MultiPolygon;

  /** Of an SVG or HTML element. */
  type Attributes = Record<string, string | number>;

  // -------------------------------------------------------------- the atlas (TopoJSON)

  interface Atlas extends TopoJSON.Topology {
    objects: { counties: Areas<County>; neighbours: Areas<Neighbour> };
  }

  interface Areas<Properties> extends TopoJSON.GeometryCollection {
    geometries: ((TopoJSON.Polygon | TopoJSON.MultiPolygon) & { id: string; properties: Properties })[];
  }

  interface Area<Properties> {
    id: string;
    geometry: Areal;
    properties: Properties;
  }

  type County = { name: string; city: string | null };
  type Neighbour = { name: string; enclosed: boolean; at: LonLat };

  // -------------------------------------------------------------- the scene

  interface Scene {
    bounds: Corners;
    target_sizes: [value: number, radius: number][];
    panes: { id: string; z: number }[];
    styles: Record<string, Style>;
    symbol_colors: { legend: string; text: string; star: string };
    symbols: Record<string, Design>;
    letterings: Record<string, Lettering>;
    lettering: {
      fonts: string[];
      line_height: number;
      dot: number;
      dot_outline: number;
      leader: number;
      halo: number;
    };
    hatch: { step: number; line: number; degrees: number };
    base_map: BaseMapLook;
    surroundings: Record<string, number>;
    layers: Record<string, { division: boolean; cluster: "whole" | "part" | "mark" | null; point: boolean }>;
    features: SceneFeature[];
    legend: LegendGroup[];
    filter_options: FilterOptions;
    notes: { schematic: string; attribution: string };
    text: Record<SceneText, string>;
  }

  type SceneText =
    | "map"
    | "legend_of"
    | "empty"
    | "more"
    | "stack"
    | "failed"
    | "zoom_in"
    | "zoom_out"
    | "home"
    | "home_title"
    | "two_fingers"
    | "badge"
    | "sheet"
    | "basemap_failed"
    | "km"
    | "m";

  /** Of a polygon; `hatch` fills it with lines in place of a colour. */
  interface Style {
    fill: string | null;
    fillOpacity: number;
    hatch: boolean;
    stroke: string | null;
    weight: number;
    opacity: number;
    dash: string | null;
  }

  /** How a kind of symbol looks; one without marks is drawn from its feature's figures. */
  interface Design {
    marks: DesignMark[];
    reach: Box;
    text: string;
    scale: number;
    halos: number[];
    pane: string;
    shared: boolean; // whether several at one place are counted
  }

  interface DesignMark {
    shape: "circle" | "square" | "diamond" | "triangle" | "star" | "letter";
    size_px: number;
    fill: string | null;
    stroke: string | null;
    stroke_px: number;
    right_px: number;
  }

  interface Lettering {
    rank: number;
    lines: TextType[]; // of the name, then of its figures
    narrow: TextType[] | null;
    place: "area" | "seat" | "symbol" | "site";
    led: boolean;
    whole: boolean;
  }

  type TextType = { size: number; weight: number; spacing: number };

  interface BaseMapLook {
    land: string;
    neighbour: string;
    enclosed: string;
    sea: string;
    county_line: string;
    county_weight: number;
    neighbour_line: string;
    neighbour_weight: number;
    province_line: string;
    province_weight: number;
    glow: string;
    glow_weight: number;
    glow_opacity: number;
    name: string;
    lettering: string;
  }

  interface SceneFeature {
    id: string;
    layer: string;
    name: string;
    symbol: MapSymbol | null;
    label: SceneLabel | null;
    filter_values: FilterValues;
    members: string[]; // ids of the areas that it is the union of
    style: string;
    pane: string;
    keys: string[]; // of the legend
    geometry?: Areal; // its own
    layout_diagram?: LayoutDiagram;
  }

  /** How a feature is drawn on a layout diagram. */
  interface LayoutDiagram {
    at: LonLat;
    geometry: Areal | null;
    style: string | null;
    symbol: MapSymbol | null;
  }

  /** A symbol on the map. */
  type MapSymbol = PlainSymbol | ClusterCircles;

  interface PlainSymbol {
    kind: string;
    at: LonLat;
    color?: string;
    rings?: undefined;
    folded?: boolean; // a stack stands for it; a note of the map that draws it, as are the next two
    shift?: L.Point; // how far it stands from its place
    move?(shift: L.Point): void;
  }

  /** The circles of a cluster's targets; `image`, `shift` and `move` are notes of the map that draws them. */
  interface ClusterCircles {
    kind: string;
    at: LonLat;
    color: string;
    rings: Ring[];
    folded?: undefined;
    image: SVGSVGElement;
    shift?: L.Point;
    move?(shift: L.Point): void;
  }

  /** The circle of a revenue target. */
  type Ring = { year: number; radius: number; fill: string; passes: boolean };

  interface SceneLabel {
    kind: string;
    text: string;
    by_year?: Record<string, string> | null;
    at: LonLat;
    priority: number;
    min_zoom: number;
    color: string;
  }

  interface LegendGroup {
    title: string;
    notes: string[];
    items: LegendItem[];
  }

  /** An entry of the legend; `planned` is its style on a layout diagram. */
  interface LegendItem {
    key: string;
    title: string;
    style: string;
    symbol: string | null;
    planned: string | null;
  }

  // -------------------------------------------------------------- filters and the message

  type Filter = "industry" | "tier" | "city" | "county";

  /** What filters test in a feature. */
  type FilterValues = { year: number | null } & Partial<Record<Filter, string[]>>;

  /** Parameter → title → value. */
  type FilterOptions = Record<string, Record<string, string>>;

  type Choice = { year: number; layer: string[] } & Partial<Record<Filter, string[]>>;

  /** What makes a map show a view. */
  interface Message {
    choice: Choice;
    selected?: string[];
    at?: LonLat | null;
    fit?: Corners | null;
    sheet?: boolean;
    badge?: boolean;
    basemap?: Basemap | null;
  }

  type Basemap = { tiles: string[]; subdomains: string; attribution: string };

  // -------------------------------------------------------------- the map

  type MapView = { center: LonLat; zoom: number };

  interface MapConfig {
    atlas: Atlas | Promise<Atlas>;
    scene: Scene | Promise<Scene>;
    view?: MapView | null;
  }

  /** What JituMap.open() returns. */
  interface OpenedMap {
    show(message: Message): void;
    shows(message: Message): boolean;
    ids(): string[];
    filter_options(): FilterOptions;
    state(): MapState;
    close(): void;
    map: L.Map;
    element: HTMLElement;
  }

  interface MapState {
    ready: boolean;
    year: number | null;
    shown: Record<string, number>; // by layer
    labels: number;
    selected: string[];
    loads: number; // maps that this page ever opened
    view: MapView;
    sheet: boolean;
    basemap: boolean;
  }

  /** What has a place on the map: a feature, or an area of the base map; with the notes of the map that draws it. */
  interface Shaped {
    symbol?: MapSymbol | null;
    layout_diagram?: LayoutDiagram;
    geometry?: Areal;
    members?: string[];
    shape?: Areal | null;
    parts?: Part[];
    diagramParts?: Part[];
  }

  interface Feature extends SceneFeature, Shaped {
    members: string[];
    symbol: MapSymbol | null;
  }

  type Part = L.Polygon | L.Marker;

  /** Several sites at one place, drawn as one symbol; `fan` are their symbols while they are fanned out. */
  interface Stack {
    place: string;
    members: Feature[];
    symbol: PlainSymbol;
    image: SVGElement;
    marker: L.Marker;
    fan: L.Marker[];
  }

  /** The state of a map, as map.js shows it to its parts. */
  interface Drawing {
    scene(): Scene;
    atlas(): Atlas;
    year(): number | null;
    isDiagram(): boolean;
    diagramOf(feature: Shaped): LayoutDiagram | null;
    isNarrow(): boolean;
    shown(): Feature[];
    symbols(): MapSymbol[];
    isShown(id: string): boolean;
    /** Add a feature's label. */
    name(feature: Feature): void;
    /** Place the labels anew. */
    relabel(): void;
    home(): void;
    outlineOf(feature: Shaped): Areal | null;
    symbolOf(feature: Shaped): MapSymbol | null;
    pathOptions(style: string): PathLook;
  }

  /** A style as Leaflet's options; a colour that is missing is not drawn. */
  interface PathLook {
    stroke: boolean;
    color: string | undefined;
    weight: number;
    opacity: number;
    dashArray: string | undefined;
    fill: boolean;
    fillColor: string | undefined;
    fillOpacity: number;
  }

  type Panes = ReturnType<typeof JituPanes.on>;

  /** A map that moves with others. */
  interface Peer {
    send(): void;
    follow(center: L.LatLng, zoom: number, animate: boolean): void;
    isMoved(): boolean;
  }

  /** A line around what is selected. */
  type Casing = { color: string; weight: number };

  // -------------------------------------------------------------- labels

  /** What placement.js finds room for. */
  interface Placeable {
    text: string;
    /** What it belongs to. */
    point: XY;
    /** The best first: a label that finds no room is tried in the next size. */
    sizes: LabelSize[];
    /** What it stands beside, from that point; null: it stands on the point. */
    beside: Reach | null;
    /** Whether it may move away, tied to its point by a leader that runs through no other label. */
    led: boolean;
    /** How far it may move, in px. */
    reach: number;
    /** Whether a label that is not led may move into a box. */
    stays(box: Box): boolean;
    /** Whether it is tried again, before all others of its sort, where it finds no room. */
    second: boolean;
  }

  type LabelSize = { width: number; height: number; lines: TextLine[] };
  type TextLine = TextType & { text: string };

  /** The top left corner of a label from its point, its size, and the end of its leader if it has one. */
  type LabelPlace = XY & { size: LabelSize; end: XY | null };

  /** A label on the map, with the notes of the last layout. */
  interface MapLabel extends SceneLabel, Placeable {
    id: string;
    feature: Shaped;
    lettering: Lettering;
    order: number;
    from: string; // the view that these four belong to
    position: L.LatLng;
    area: Box | null;
    home: L.Point;
    point: L.Point;
    symbol: MapSymbol | null;
    shift: L.Point;
    narrow: boolean; // the width that these belong to
    measured: Record<string, LabelSize[]>;
    offset: L.Point;
    leader: XY | null;
    element: HTMLElement; // once it was written
    written?: TextLine[];
    dot?: SVGCircleElement;
    marked?: string;
  }
}
