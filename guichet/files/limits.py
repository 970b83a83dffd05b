"""What a received file may be. Plain data and one exception: no Django here, the sandbox imports it.

The accepted formats and the 10 MB come from what the service promises on its preamble page; the other bounds protect the
machine and the officer who opens the file, and are wide enough for a photo of any telephone or a scanned judgment.
"""

MAX_BYTES = 10 * 1024 * 1024  # of one file, as sent and as stored
MAX_PIXELS = 80_000_000  # of one picture, read in its header before anything is decoded
LONGEST_SIDE = 3_500  # pixels; a bigger picture is made smaller
LONGEST_SIDE_OF_JOINED = 2_400  # pixels; an A4 page at about 200 dots per inch
MAX_PAGES = 100
MAX_JOINED = 20  # files joined into one PDF
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # of one PDF stream that is not a picture
MAX_UNPACKED_BYTES_IN_ALL = 256 * 1024 * 1024
MAX_PDF_OBJECTS = 200_000
PREVIEW_WIDTH = 1_500  # pixels

SECONDS = 15  # of waiting for the sandbox
CPU_SECONDS = 12
MEMORY_BYTES = 1_536 * 1024 * 1024


class Unacceptable(Exception):
    """The file cannot be taken. ``code`` names the reason; ``refusals.py`` holds the sentence for each."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
