"""The officers: sign-in, queue, review, complement, decision."""
