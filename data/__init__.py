"""What the plan documents state: models, reader and checks of the records.

The package reads documents, plans, industries and places from a data folder and reports every fault
it finds. It holds no geometry and draws nothing: see :mod:`geo` and :mod:`layers`.
"""
