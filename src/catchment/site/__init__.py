"""Settings, urls, navigation, templates, command line: the only place that knows every room."""
