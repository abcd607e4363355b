"""The panels of the page, its state and its languages, built with Streamlit."""
