"""Components every page stands on: base page, forms, steppers, error summaries, language."""
