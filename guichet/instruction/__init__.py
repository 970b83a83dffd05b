"""What officers do with a deposited application: take up, verdicts, notes, complement requests and their answers, decisions.

The room owns who may do what (``powers.py``), the reasons for rejecting a document, the terms of a complement and the letters.
It does not own the state of an application (``applications/lifecycle.py``), nor the PDFs (``certificates``), nor the mails.
"""
