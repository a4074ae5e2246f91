"""The app in Saleor's dashboard: its rows in the database, and the pages shown in its frames."""
