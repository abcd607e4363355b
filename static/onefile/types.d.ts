/*
 * The JSON in a one-file page (layers/formats/onefile.py) and what onefile.js keeps of it, for the type check only:
 * no file that leaves holds this. The map's own types stand in static/map/types.d.ts.
 */

interface FileContent {
  about: FileAbout;
  view: { year: number; layers: string[] };
  layers: FileLayer[];
  filter_options: Record<"year" | FileFilter, FileOption[]>;
  thousand_yi: number;
  features: FileFeature[];
  places: FilePlace[];
  scene: Scene;
  atlas: Atlas;
}

type FileFilter = "industry" | "city" | "tier";

interface FileAbout {
  title: string;
  data_version: string;
  steps: string[];
  attribution: string;
  disclaimer: string;
  filter_titles: string[];
  counts: Record<string, string>; // how many items a layer has, and how many are on the map
  citations: string[];
}

type FileOption = { id: string; title: string };

interface FileLayer extends FileOption {
  filters: string[];
  columns: string[]; // labels of facts
  cluster: "whole" | "part" | "mark" | null;
  division: boolean;
}

interface FileFeature {
  id: string;
  layer: string;
  name: string;
  role: string;
  belongs_to: string | null;
  tier: string | null;
  cities: string[];
  counties: string[];
  filter_values: FilterValues;
  revenue_yi: Record<string, number>; // by year
  heading: string;
  facts: [label: string, text: string][];
  targets_title: string;
  targets: [year: number, text: string][];
  source: string;
  locator: string;
  note: string | null;
  status: string;
}

/** A city, or a county with its point. */
type FilePlace =
  | { city: string; title: string; counties: string[]; at?: undefined }
  | { city: null; title: string; counties: string[]; at: LonLat };

/** What is chosen: a year and sets of ids. */
type FileView = { year: number; layers: Set<string> } & Record<FileFilter, Set<string>>;

/** What is looked at: a point or a place, and a feature by its id. */
type FileFocus = { at: LonLat | null; feature: string | null; place: FilePlace | null };

/** The table that is open; without a chosen column, the year's is sorted by. */
type FileTable = { layer: string; column: string | null; down: boolean };

/** A column of a table; one of a year has figures. */
interface FileColumn {
  title: string;
  row?: boolean; // whether it heads its rows
  year?: number;
  value(feature: FileFeature): string | number | undefined; // that is sorted by
  cell(feature: FileFeature): string | Node;
}

/** What the search finds. */
type FileName = { title: string; kind: string; go(): void };
