"""The channels in which the plugin is set up, and what fails in each."""
