"""Drafts, answers, supporting documents, deposit, lifecycle and timeline of applications."""
