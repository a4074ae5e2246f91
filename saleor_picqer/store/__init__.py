"""Access to the plugin's tables. No other package imports `saleor_picqer.models`."""
