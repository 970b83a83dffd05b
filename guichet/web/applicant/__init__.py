"""The applicant: drafts, applications, notifications, documents."""
