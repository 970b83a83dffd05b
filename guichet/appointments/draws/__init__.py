"""Places given by a draw that anybody replays: taking part, the draw itself, what is told and published."""
