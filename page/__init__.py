"""The editors' page: one module per tab, and what they share. `app.py` puts them together."""
