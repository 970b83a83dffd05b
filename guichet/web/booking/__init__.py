"""Pages to take an appointment and to manage it: choosing, the week grid, the bot check, the details, the request by its link.

Holds no rule of appointments; what a browser chose on the way is in its session.
"""
