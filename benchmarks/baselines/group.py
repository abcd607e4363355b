"""Baseline B: a constant base map, with the view's features in ``feature_group_to_add``."""

from __future__ import annotations

import folium
import streamlit as st
from streamlit_folium import st_folium

from benchmarks.baselines.drawing import HEIGHT, add_layers, choose, drawing, empty_map

st.set_page_config(layout="wide")
drawn = drawing()
view = choose(drawn.atlas)
features = folium.FeatureGroup(name="features")
add_layers(features, drawn, view)
st_folium(
    empty_map(drawn.bounds),
    key="map",
    height=HEIGHT,
    use_container_width=True,
    returned_objects=[],
    feature_group_to_add=features,
)
