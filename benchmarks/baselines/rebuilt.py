"""Baseline A: every change rebuilds the map, as on most pages with folium."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from benchmarks.baselines.drawing import HEIGHT, add_layers, choose, drawing, empty_map

st.set_page_config(layout="wide")
drawn = drawing()
view = choose(drawn.atlas)
shown = empty_map(drawn.bounds)
add_layers(shown, drawn, view)
st_folium(shown, height=HEIGHT, use_container_width=True)
