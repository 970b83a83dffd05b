"""Official PDFs: typeset, numbered, stored, revocable. Knows a subject by kind and id, never an application."""
